// Password fields: the document holds asterisks, the value is kept sealed beside it (reference §3.7).
import type { Meta } from '../doctypes/meta.ts';
import type { CollectionSpec } from '../storage/store.ts';
import type { Json } from '../util/json.ts';
import type { Call } from './call.ts';
import type { Draft } from './draft.ts';
import { draftRows, isRecord, textOf } from './draft.ts';

export const PASSWORDS: CollectionSpec = { name: '_passwords', indexes: [], elementIndexes: [] };

const keyOf = (meta: Meta, name: Json | undefined): string => JSON.stringify([meta.name, name ?? null]);

/** Seals what was newly set. Only asterisks mean "unchanged"; empty forgets the value. */
export async function sealPasswords(call: Call, draft: Draft): Promise<void> {
  const holders = [
    { meta: draft.meta, doc: draft.doc },
    ...[...draftRows(draft, (name) => call.registry.find(name))].map(({ meta, row }) => ({ meta, doc: row })),
  ].map(({ meta, doc }) => ({
    meta,
    doc,
    fields: meta.fields.filter(({ fieldtype }) => fieldtype === 'Password'),
  }));
  if (holders.every(({ fields }) => fields.length === 0)) return;

  const key = keyOf(draft.meta, draft.doc.name);
  const kept = (await call.work.get(PASSWORDS.name, key))?.['values'];
  const values: Record<string, Json> = isRecord(kept) ? { ...kept } : {};
  const before = JSON.stringify(values);
  for (const { doc, fields } of holders) {
    for (const { fieldname } of fields) {
      const slot = doc === draft.doc ? fieldname : `${String(doc.name)}.${fieldname}`;
      const value = textOf(doc[fieldname]);
      if (value === '') delete values[slot];
      if (/^\**$/.test(value)) continue;
      values[slot] = call.secrets.seal(value);
      doc[fieldname] = '*'.repeat(value.length);
    }
  }
  if (JSON.stringify(values) !== before) call.work.put(PASSWORDS.name, { name: key, values });
}

export function forgetPasswords(call: Call, meta: Meta, name: string | number): void {
  call.work.purge(PASSWORDS.name, { name: { $eq: keyOf(meta, name) } });
}

export async function renamePasswords(
  call: Call,
  meta: Meta,
  [from, to]: [string | number, string],
): Promise<void> {
  const kept = await call.work.get(PASSWORDS.name, keyOf(meta, from));
  if (!kept) return;
  forgetPasswords(call, meta, from);
  call.work.put(PASSWORDS.name, { ...kept, name: keyOf(meta, to) });
}
