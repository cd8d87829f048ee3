// Makes a new document.
import type { Access } from '../access/permissions.ts';
import type { Meta } from '../doctypes/meta.ts';
import { ValidationError } from '../errors/errors.ts';
import type { Doc } from '../storage/store.ts';
import type { JsonObject } from '../util/json.ts';
import type { Call } from './call.ts';
import { castValues } from './cast.ts';
import type { DraftDoc } from './controller.ts';
import { applyDefaults } from './defaults.ts';
import { actionOf, castDocstatus } from './docstatus.ts';
import type { Draft } from './draft.ts';
import { textOf } from './draft.ts';
import { accessFor, metaOf } from './guard.ts';
import { resetClosedFields, runHook, store } from './lifecycle.ts';
import { loadStored } from './load.ts';
import { assignName } from './naming.ts';
import type { WireDoc, WriteRequest } from './requests.ts';
import { detachRows, settleRows } from './rows.ts';
import { toWire } from './shape.ts';
import { updateDoc } from './update.ts';

/**
 * A Single exists already: inserting one saves it.
 * @throws PermissionError, ValidationError and its family, NameError
 */
export async function insertDoc(call: Call, { doctype, values }: WriteRequest): Promise<WireDoc> {
  const meta = metaOf(call, doctype);
  if (meta.isSingle) return updateDoc(call, { doctype, name: doctype, values });
  if (meta.isTable) {
    throw new ValidationError(
      `${doctype} is a child DocType: its rows are written through their parent document`,
    );
  }
  const access = accessFor(call, meta, 'create');
  const doc = await insertStored(call, { meta, access, values });
  return toWire(call.registry, { meta, access }, doc);
}

interface Insertion {
  readonly meta: Meta;
  readonly access: Access;
  readonly values: JsonObject;
}

async function insertStored(call: Call, { meta, access, values }: Insertion): Promise<Doc> {
  const draft = await newDraft(call, { meta, access, values });
  const action = actionOf(0, Number(draft.doc['docstatus']));
  if (action === 'submit') accessFor(call, meta, 'submit');
  await checkAmended(call, draft);
  await runHook(call, draft, 'before_insert');
  await name(call, draft, textOf(values['name']) || textOf(values['__newname']));
  return store(call, draft, action);
}

async function newDraft(call: Call, { meta, access, values }: Insertion): Promise<Draft> {
  const doc: DraftDoc = castValues(call.registry, meta, values);
  const draft: Draft = { meta, doc, before: undefined };
  detachRows(draft);
  const initial: DraftDoc = {};
  await applyDefaults(call, meta, initial);
  resetClosedFields(access, draft, initial);
  for (const field of meta.fields) if (field.enforceReadOnly) delete doc[field.fieldname];
  await applyDefaults(call, meta, doc);
  const now = call.clock.now();
  Object.assign(doc, {
    owner: call.principal.user,
    creation: now,
    modified: now,
    modified_by: call.principal.user,
    docstatus: castDocstatus(values['docstatus'] ?? 0),
    idx: Number.isInteger(values['idx']) ? values['idx'] : 0,
  });
  settleRows(call, draft);
  return draft;
}

async function name(call: Call, draft: Draft, given: string): Promise<void> {
  await runHook(call, draft, 'before_naming');
  await runHook(call, draft, 'autoname');
  await assignName(call, draft.meta, draft.doc, given === '' ? undefined : given);
}

/** @throws ValidationError unless the document that is amended is cancelled */
async function checkAmended(call: Call, { meta, doc }: Draft): Promise<void> {
  const source = textOf(doc['amended_from']);
  if (source === '' || !meta.isSubmittable) return;
  const stored = await loadStored(call, meta, source);
  if (stored && stored['docstatus'] !== 2) {
    throw new ValidationError(`${meta.name} ${source} cannot be amended because it is not cancelled`, {
      details: { field: 'amended_from' },
    });
  }
}
