// Changes a stored document by the fields given; submits, cancels and amends through `docstatus`.
import type { Access } from '../access/permissions.ts';
import type { Meta } from '../doctypes/meta.ts';
import { CannotChangeConstantError, TimestampMismatchError, ValidationError } from '../errors/errors.ts';
import type { Doc } from '../storage/store.ts';
import type { JsonObject } from '../util/json.ts';
import { after } from '../util/datetime.ts';
import type { Call } from './call.ts';
import { castValues, isTable } from './cast.ts';
import { applyDefaults, applyRowDefaults } from './defaults.ts';
import { RIGHT_FOR, actionOf, castDocstatus } from './docstatus.ts';
import type { Draft } from './draft.ts';
import { isBlank, rowsOf, textOf } from './draft.ts';
import { accessFor, checkDocument, metaOf, missing } from './guard.ts';
import { checkNotLinked } from './back-links.ts';
import { resetClosedFields, store } from './lifecycle.ts';
import { loadStored } from './load.ts';
import type { DocRef, WireDoc, WriteRequest } from './requests.ts';
import { matchRows, settleRows } from './rows.ts';
import { toDraftDoc, toWire } from './shape.ts';

/** @throws DoesNotExistError, PermissionError, TimestampMismatchError, ValidationError and its family */
export async function updateDoc(
  call: Call,
  { doctype, name, values }: WriteRequest & DocRef,
): Promise<WireDoc> {
  const meta = metaOf(call, doctype);
  if (meta.isTable)
    throw new ValidationError(`${doctype} is a child DocType: its rows are written through their parent`);
  const access = accessFor(call, meta, 'write');
  const before = await loadStored(call, meta, name);
  if (!before && !meta.isSingle) throw missing(doctype, name);
  const draft: Draft = { meta, before, doc: toDraftDoc(meta, before ?? { name: meta.name }) };
  if (before) checkDocument(call, access, 'write', { doctype, name, owner: before['owner'] ?? null });
  else await applyDefaults(call, meta, draft.doc);
  checkUnchanged(draft, values);

  const from = Number(before?.['docstatus'] ?? 0);
  const to = castDocstatus(values['docstatus'] ?? from);
  const action = actionOf(from, to);
  const right = RIGHT_FOR[action];
  checkDocument(call, accessFor(call, meta, right), right, {
    doctype,
    name,
    owner: before?.['owner'] ?? null,
  });

  await merge(call, { draft, access, values });
  stamp(call, draft, to);
  if (action === 'cancel')
    await checkNotLinked(call, meta, { name: draft.doc.name ?? name, submittedOnly: true });
  return toWire(
    call.registry,
    { meta, access: accessFor(call, meta, 'write') },
    await store(call, draft, action),
  );
}

/** `modified`, when sent, must be what is stored; what an update may not change must not differ. */
function checkUnchanged({ meta, before }: Draft, values: JsonObject): void {
  if (!before) return;
  if (values['modified'] !== undefined && values['modified'] !== before['modified'])
    throw mismatch(meta, before);
  if (!isBlank(values['name']) && textOf(values['name']) !== String(before.name)) {
    throw new ValidationError(
      `${meta.name} ${before.name}: an update cannot change the name; rename the document`,
      {
        details: { field: 'name' },
      },
    );
  }
  for (const field of ['owner', 'creation']) {
    if (isBlank(values[field]) || values[field] === before[field]) continue;
    const label = field === 'owner' ? 'Created By' : 'Created On';
    throw new CannotChangeConstantError(`Value cannot be changed for ${label}`, { details: { field } });
  }
}

export const mismatch = (meta: Meta, doc: Pick<Doc, 'name'>): TimestampMismatchError =>
  new TimestampMismatchError(
    `Error: ${doc.name} (${meta.name}) has been modified after you have opened it. Please refresh to get the latest document.`,
  );

interface Merge {
  readonly draft: Draft;
  readonly access: Access;
  readonly values: JsonObject;
}

async function merge(call: Call, { draft, access, values }: Merge): Promise<void> {
  const { meta, doc } = draft;
  const given = castValues(call.registry, meta, values);
  for (const [key, value] of Object.entries(given)) {
    if (!meta.fieldsByName.get(key)?.enforceReadOnly) doc[key] = value;
  }
  if (meta.autoname.startsWith('field:') && doc.name !== undefined) doc[meta.autoname.slice(6)] = doc.name;
  resetClosedFields(access, draft, doc);
  for (const table of meta.tables.filter(isTable)) {
    if (given[table.fieldname] === undefined) continue;
    matchRows(draft, table);
    const known = new Set(draft.before ? rowsOf(draft.before, table).map((row) => row.name) : []);
    await applyRowDefaults(call, table, doc, (row) => row.name === undefined || !known.has(row.name));
  }
  if (Number.isInteger(values['idx'])) doc['idx'] = values['idx'];
}

function stamp(call: Call, draft: Draft, docstatus: number): void {
  const { doc, before } = draft;
  const now = call.clock.now();
  doc['owner'] ??= call.principal.user;
  doc['creation'] ??= now;
  doc['modified'] = after(textOf(before?.['modified']), now);
  doc['modified_by'] = call.principal.user;
  doc['docstatus'] = docstatus;
  doc['idx'] ??= 0;
  settleRows(call, draft);
}
