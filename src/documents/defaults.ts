// Fills what a new document or row leaves open (reference §3.6). An explicit '' stays; only null is filled.
import { fieldType } from '../doctypes/fieldtypes/index.ts';
import type { Field, Meta } from '../doctypes/meta.ts';
import type { Json } from '../util/json.ts';
import type { Call } from './call.ts';
import type { DraftDoc } from './controller.ts';
import { isTable } from './cast.ts';
import { rowsOf, textOf } from './draft.ts';
import { loadStored } from './load.ts';

export async function applyDefaults(call: Call, meta: Meta, doc: DraftDoc): Promise<void> {
  await fillFields(call, { meta, doc, parent: doc });
  for (const table of meta.tables) await applyRowDefaults(call, table, doc, () => true);
}

/** Fills the rows of one table that `isNew` picks. */
export async function applyRowDefaults(
  call: Call,
  table: Field,
  doc: DraftDoc,
  isNew: (row: DraftDoc) => boolean,
): Promise<void> {
  const child = call.registry.find(table.options);
  if (!child) return;
  for (const row of rowsOf(doc, table)) {
    if (isNew(row)) await fillFields(call, { meta: child, doc: row, parent: doc });
  }
}

interface Filling {
  readonly meta: Meta;
  readonly doc: DraftDoc;
  readonly parent: DraftDoc;
}

async function fillFields(call: Call, { meta, doc, parent }: Filling): Promise<void> {
  for (const field of meta.fields) {
    if (isTable(field)) doc[field.fieldname] ??= [];
    else doc[field.fieldname] ??= await defaultOf(call, { meta, doc: parent }, field);
  }
}

async function defaultOf(call: Call, owner: { meta: Meta; doc: DraftDoc }, field: Field): Promise<Json> {
  const type = fieldType(field);
  const word = field.default;
  if (word === null || word === '') return firstOption(owner.meta, field) ?? type.unset;
  if (word === '__user') return call.principal.user;
  if (typeof word === 'string' && word.startsWith(':')) return fromDocument(call, owner.doc, field);
  const special = typeof word === 'string' ? type.defaultFor?.(word, call.clock) : undefined;
  if (special !== undefined) return special;
  const cast = type.cast(word, field);
  return 'value' in cast ? (cast.value ?? type.unset) : type.unset;
}

/** A Select without a default starts with its first line; a JSON Schema `enum` promises no such thing. */
function firstOption(meta: Meta, field: Field): string | null {
  if (field.fieldtype !== 'Select' || meta.schema) return null;
  return field.options.split('\n')[0]?.trim() ?? null;
}

/** `:Company` takes the field of the same name from the Company that the document's `company` names. */
async function fromDocument(call: Call, doc: DraftDoc, field: Field): Promise<Json> {
  const doctype = String(field.default).slice(1);
  const meta = call.registry.find(doctype);
  if (!meta) return null;
  const name = meta.isSingle ? doctype : textOf(doc[doctype.toLowerCase().replaceAll(' ', '_')]);
  if (name === '') return null;
  const source = await loadStored(call, meta, name);
  return source?.[field.fieldname] ?? null;
}
