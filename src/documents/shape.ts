// The two faces of a document: as it is stored (plain JSON, nothing null) and as operations give it (every field).
import type { Access } from '../access/permissions.ts';
import { fieldType } from '../doctypes/fieldtypes/index.ts';
import type { Field, Meta } from '../doctypes/meta.ts';
import { ROW_FIELDS, SIDE_FIELDS, STANDARD_FIELDS } from '../doctypes/meta.ts';
import type { Registry } from '../doctypes/registry.ts';
import type { Doc } from '../storage/store.ts';
import type { Json } from '../util/json.ts';
import { isTable } from './cast.ts';
import type { DraftDoc } from './controller.ts';
import { rowsOf } from './draft.ts';
import type { WireDoc } from './requests.ts';

/** Ancestors of a tree node, root first; kept beside its fields. */
export const ANCESTORS = '_ancestors';

const KEPT_BESIDE = [...SIDE_FIELDS, ANCESTORS];

/** Standard fields first, then fields in the DocType's order, tables last; nulls are left out. */
export function toStored(registry: Registry, meta: Meta, doc: DraftDoc): Doc {
  const { name } = doc;
  if (name === undefined) throw new TypeError(`a ${meta.name} without a name cannot be stored`);
  const result: Record<string, Json> & { name: string | number } = { name };
  const copy = (key: string): void => {
    const value = doc[key];
    if (value !== undefined && value !== null) result[key] = value;
  };
  STANDARD_FIELDS.forEach(copy);
  for (const field of meta.fields) if (!isTable(field)) copy(field.fieldname);
  if (meta.schemaless) undeclaredKeys(meta, doc).forEach(copy);
  KEPT_BESIDE.forEach(copy);
  for (const table of meta.tables) {
    const child = registry.find(table.options);
    result[table.fieldname] = child ? rowsOf(doc, table).map((row) => toStoredRow(child, row)) : [];
  }
  return result;
}

function toStoredRow(child: Meta, row: DraftDoc): Json {
  const result: Record<string, Json> = {};
  const keys = [...STANDARD_FIELDS, ...child.fields.map((field) => field.fieldname)];
  for (const key of [...keys, ...(child.schemaless ? undeclaredKeys(child, row) : []), ...ROW_FIELDS]) {
    const value = row[key];
    if (value !== undefined && value !== null) result[key] = value;
  }
  result['doctype'] = child.name;
  return result;
}

const undeclaredKeys = (meta: Meta, doc: DraftDoc): string[] =>
  Object.keys(doc).filter((key) => !meta.fieldsByName.has(key) && !key.startsWith('_') && !RESERVED.has(key));

const RESERVED: ReadonlySet<string> = new Set([...STANDARD_FIELDS, ...ROW_FIELDS, 'doctype']);

/** What a field reads as: numbers that were never set are 0. */
export const readValue = (doc: Readonly<Record<string, Json>>, field: Field): Json =>
  doc[field.fieldname] ?? fieldType(field).unset;

/** Every field the caller may read, nulls included; fields above the caller's permlevels are absent. */
export function toWire(
  registry: Registry,
  { meta, access }: { meta: Meta; access: Access },
  doc: Doc,
): WireDoc {
  const result: Record<string, Json> = {};
  for (const key of STANDARD_FIELDS) result[key] = doc[key] ?? null;
  for (const field of meta.fields) {
    if (!isTable(field) && access.mayRead(field)) result[field.fieldname] = readValue(doc, field);
  }
  if (meta.schemaless) for (const key of undeclaredKeys(meta, doc)) result[key] = doc[key] ?? null;
  for (const key of ['_user_tags', '_liked_by']) if (doc[key]) result[key] = doc[key];
  result['doctype'] = meta.name;
  for (const table of meta.tables) {
    if (!access.mayRead(table)) continue;
    const child = registry.find(table.options);
    result[table.fieldname] = child ? rowsOf(doc, table).map((row) => wireRow(child, access, row)) : [];
  }
  return result;
}

function wireRow(child: Meta, access: Access, row: DraftDoc): Json {
  const result: Record<string, Json> = {};
  for (const key of STANDARD_FIELDS) result[key] = row[key] ?? null;
  for (const field of child.fields) {
    if (access.mayRead(field)) result[field.fieldname] = row[field.fieldname] ?? fieldType(field).unset;
  }
  if (child.schemaless) for (const key of undeclaredKeys(child, row)) result[key] = row[key] ?? null;
  for (const key of ROW_FIELDS) result[key] = row[key] ?? null;
  result['doctype'] = child.name;
  return result;
}

/** A draft of a stored document: every field present, rows copied so that hooks may change them. */
export function toDraftDoc(meta: Meta, doc: Doc): DraftDoc {
  const result: DraftDoc = structuredClone(doc);
  for (const field of meta.fields) {
    result[field.fieldname] ??= isTable(field) ? [] : fieldType(field).unset;
  }
  return result;
}
