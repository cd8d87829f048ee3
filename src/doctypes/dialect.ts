// Tells what a parsed JSON file holds: DocTypes of either dialect, or something else. Judges no details.
import { isJsonObject, type Json, type JsonObject } from '../util/json.ts';
import { type Definition, fieldsOf } from './definition.ts';
import type { Findings } from './findings.ts';
import { flag, list, slug, text } from './properties.ts';
import { isLayout } from './fieldtypes/index.ts';

/** A JSON Schema file, not yet converted: its references need the names of all others. */
export interface SchemaFile {
  readonly title: string;
  readonly schema: JsonObject;
  readonly file: string;
  readonly at: string;
}

export interface FileContents {
  readonly definitions: readonly Definition[];
  readonly schemas: readonly SchemaFile[];
}

/** Sorts the contents of one file; what is no DocType is warned of, what tries to be one and fails is a fault. */
export function readContents(file: string, value: Json, findings: Findings): FileContents {
  const definitions: Definition[] = [];
  const schemas: SchemaFile[] = [];
  const skipped = new Set<string>();
  const items: readonly (readonly [at: string, item: Json])[] = Array.isArray(value)
    ? value.map((item, index) => [`/${index}`, item])
    : [['', value]];
  for (const [at, item] of items) {
    const kind = kindOf(item);
    if (kind.is === 'doctype') definitions.push(toDefinition(kind.raw, file, at));
    else if (kind.is === 'schema') schemas.push({ title: kind.title, schema: kind.raw, file, at });
    else if (kind.is === 'fault') findings.fault(file, at + kind.path, kind.message);
    else skipped.add(kind.what);
  }
  if (skipped.size > 0) findings.warn(file, `skipped: holds ${[...skipped].join(', ')}, not a DocType`);
  return { definitions, schemas };
}

type Kind =
  | { readonly is: 'doctype'; readonly raw: JsonObject }
  | { readonly is: 'schema'; readonly raw: JsonObject; readonly title: string }
  | { readonly is: 'fault'; readonly path: string; readonly message: string }
  | { readonly is: 'other'; readonly what: string };

const JSON_SCHEMA_HOST = /json-schema\.org/;

function kindOf(item: Json): Kind {
  if (!isJsonObject(item)) return { is: 'other', what: Array.isArray(item) ? 'lists' : 'plain values' };
  const doctype = item['doctype'];
  if (doctype === 'DocType') return { is: 'doctype', raw: item };
  if (typeof doctype === 'string') {
    return doctype.replace(/\s/g, '').toLowerCase() === 'doctype'
      ? { is: 'fault', path: '/doctype', message: 'must be spelled "DocType"' }
      : { is: 'other', what: `${doctype} records` };
  }
  if (looksLikeSchema(item)) return schemaKind(item);
  if (looksLikeDocType(item)) return { is: 'fault', path: '/doctype', message: 'must be "DocType"' };
  return { is: 'other', what: 'other JSON' };
}

function looksLikeSchema(item: JsonObject): boolean {
  if ('x-doctype' in item) return true;
  if (isJsonObject(item['properties']) && (typeof item['title'] === 'string' || item['type'] === 'object'))
    return true;
  return JSON_SCHEMA_HOST.test(text(item['$schema']));
}

function schemaKind(item: JsonObject): Kind {
  const title = item['title'];
  if (typeof title === 'string' && title.trim() !== '') return { is: 'schema', raw: item, title };
  return { is: 'fault', path: '/title', message: 'is missing; a JSON Schema is named by its title' };
}

/** Fields with fieldtypes: a DocType whose `doctype` was forgotten or misspelled. */
const looksLikeDocType = (item: JsonObject): boolean =>
  list(item['fields']).some((field) => isJsonObject(field) && 'fieldtype' in field);

function toDefinition(raw: JsonObject, file: string, at: string): Definition {
  const named = { ...raw, ...(Array.isArray(raw['fields']) && { fields: raw['fields'].map(nameField) }) };
  return {
    name: text(raw['name']),
    raw: named,
    file,
    at,
    fieldAt: (i) => `${at}/fields/${i}`,
    schema: undefined,
  };
}

/** Fields without a name take it from their label, as Frappe does when a DocType is saved. */
function nameField(field: Json): Json {
  if (!isJsonObject(field) || text(field['fieldname']) !== '' || isLayout(text(field['fieldtype'])))
    return field;
  const name = slug(text(field['label']));
  return name === '' ? field : { ...field, fieldname: name };
}

/** The definition with other properties; its place in the file stays. */
export const withRaw = (definition: Definition, raw: JsonObject): Definition => ({ ...definition, raw });

/** The definition with fields after those it has. */
export const withFields = (definition: Definition, added: readonly JsonObject[]): Definition =>
  added.length === 0
    ? definition
    : withRaw(definition, { ...definition.raw, fields: [...fieldsOf(definition), ...added] });

export const isChild = (definition: Definition): boolean => flag(definition.raw['istable']);
