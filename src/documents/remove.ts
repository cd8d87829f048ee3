// Deletes a document that nothing holds back.
import type { Meta } from '../doctypes/meta.ts';
import { ValidationError } from '../errors/errors.ts';
import type { Doc } from '../storage/store.ts';
import { checkNotLinked } from './back-links.ts';
import type { Call } from './call.ts';
import type { Draft } from './draft.ts';
import { textOf } from './draft.ts';
import { accessFor, checkDocument, metaOf, missing } from './guard.ts';
import { runHook } from './lifecycle.ts';
import { loadStored } from './load.ts';
import { forgetPasswords } from './passwords.ts';
import type { DocRef } from './requests.ts';
import { releaseNumber } from './series.ts';
import { toDraftDoc } from './shape.ts';
import { checkLeaf } from './tree.ts';

/** @throws DoesNotExistError, PermissionError, LinkExistsError, ValidationError */
export async function removeDoc(call: Call, { doctype, name }: DocRef): Promise<void> {
  const meta = metaOf(call, doctype);
  const access = accessFor(call, meta, 'delete');
  if (meta.isSingle || meta.isTable) {
    throw new ValidationError(
      `${doctype} is a ${meta.isSingle ? 'Single' : 'child DocType'}: nothing to delete by name`,
    );
  }
  const before = await loadStored(call, meta, name);
  if (!before) throw missing(doctype, name);
  checkDocument(call, access, 'delete', { doctype, name, owner: before['owner'] ?? null });
  if (before['docstatus'] === 1) {
    throw new ValidationError(
      `${doctype} ${name}: Submitted Record cannot be deleted. You must Cancel it first.`,
    );
  }
  const draft: Draft = { meta, before, doc: toDraftDoc(meta, before) };
  await runHook(call, draft, 'on_trash');
  await checkLeaf(call, meta, before);
  await checkNotLinked(call, meta, { name: before.name, submittedOnly: false });
  giveBackNumber(call, meta, before);
  forgetPasswords(call, meta, before.name);
  call.work.remove(meta.collection, before.name, textOf(before['modified']));
  await runHook(call, draft, 'after_delete');
}

function giveBackNumber(call: Call, meta: Meta, doc: Doc): void {
  const rule = meta.autoname;
  if (rule.startsWith('naming_series:')) {
    const series = textOf(doc['naming_series']);
    if (series !== '') releaseNumber(call, doc, series);
  } else if (rule.includes('#') && !rule.startsWith('format:')) {
    releaseNumber(call, doc, rule);
  }
}
