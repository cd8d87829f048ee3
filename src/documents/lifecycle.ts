// The way of a document into the store: permission, casting, links, naming, hooks, checks, write (reference §3.2, §3.3).
// insert.ts and update.ts prepare a draft; from there both go the same way.
import type { Access } from '../access/permissions.ts';
import type { Meta } from '../doctypes/meta.ts';
import type { Doc } from '../storage/store.ts';
import type { Call } from './call.ts';
import { recastDraft } from './cast.ts';
import type { HookName } from './controller.ts';
import type { Action } from './docstatus.ts';
import { checkUpdateAfterSubmit } from './docstatus.ts';
import type { Draft } from './draft.ts';
import { textOf } from './draft.ts';
import { resolveLinks } from './links.ts';
import { nameRows, settleRows } from './rows.ts';
import { sealPasswords } from './passwords.ts';
import { toStored } from './shape.ts';
import { fillTitle } from './title.ts';
import { placeInTree } from './tree.ts';
import { checkRowsAcrossDocuments, validateDraft } from './validate.ts';

export async function runHook(call: Call, draft: Draft, hook: HookName): Promise<void> {
  const handler = call.controllers.get(draft.meta.name)?.[hook];
  if (handler) await handler(draft.doc, { call, doctype: draft.meta.name, before: draft.before });
}

const BEFORE: Readonly<Record<Action, readonly HookName[]>> = {
  save: ['before_validate', 'validate', 'before_save'],
  submit: ['before_validate', 'validate', 'before_submit'],
  update_after_submit: ['before_update_after_submit'],
  cancel: ['before_cancel'],
};
const AFTER: Readonly<Record<Action, readonly HookName[]>> = {
  save: ['on_update', 'on_change'],
  submit: ['on_update', 'on_submit', 'on_change'],
  update_after_submit: ['on_update_after_submit', 'on_change'],
  cancel: ['on_cancel', 'on_change'],
};

/** Fields above the caller's write permlevels go back to what they were, silently, as in Frappe. */
export function resetClosedFields(access: Access, { meta, doc, before }: Draft, initial: Draft['doc']): void {
  for (const field of meta.fields) {
    if (access.mayWrite(field)) continue;
    doc[field.fieldname] = before?.[field.fieldname] ?? initial[field.fieldname] ?? null;
  }
}

/** Runs hooks and checks, writes into the unit of work, and gives the document as stored. */
export async function store(call: Call, draft: Draft, action: Action): Promise<Doc> {
  if (action !== 'cancel') await resolveLinks(call, draft);
  for (const hook of BEFORE[action]) await runHook(call, draft, hook);
  if (call.controllers.has(draft.meta.name)) recastDraft(call.registry, draft.meta, draft.doc);
  settleRows(call, draft);
  await nameRows(call, draft);
  if (action !== 'cancel') await check(call, draft);
  if (action === 'update_after_submit') checkUpdateAfterSubmit(call, draft);
  await sealPasswords(call, draft);
  await placeInTree(call, draft);
  const doc = write(call, draft);
  if (!draft.before) await runHook(call, draft, 'after_insert');
  for (const hook of AFTER[action]) await runHook(call, draft, hook);
  return doc;
}

async function check(call: Call, draft: Draft): Promise<void> {
  fillTitle(draft);
  validateDraft(call, draft);
  blankUniqueToNull(draft.meta, draft);
  await checkRowsAcrossDocuments(call, draft);
}

/** Blank unique values never collide: they are stored as nothing. */
function blankUniqueToNull(meta: Meta, { doc }: Draft): void {
  for (const { unique, fieldname } of meta.fields) if (unique && doc[fieldname] === '') doc[fieldname] = null;
}

function write(call: Call, { meta, doc, before }: Draft): Doc {
  const stored = toStored(call.registry, meta, doc);
  if (before) call.work.replace(meta.collection, stored, textOf(before['modified']));
  else call.work.insert(meta.collection, stored);
  return stored;
}
