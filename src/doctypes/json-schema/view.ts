// A document as its author's JSON Schema sees it: booleans for Check, no nulls, no fields of the service's own; and
// the schema as AJV gets it. Pure.
import { isJsonObject, type Json, type JsonObject } from '../../util/json.ts';
import { type Field, ROW_FIELDS, SIDE_FIELDS, STANDARD_FIELDS } from '../meta.ts';
import { list } from '../properties.ts';
import { propertiesOf } from './convert.ts';
import { typeOf } from './infer.ts';
import { DATA_KEYWORDS, isLocalRef, NAMED_SCHEMAS } from './resolve.ts';

export interface Viewed {
  readonly fields: readonly Field[];
  readonly schemaless: boolean;
  readonly schema: JsonObject;
  /** The same for the rows of a Table field, when its child DocType is of this dialect too. */
  childOf(table: Field): Viewed | undefined;
}

const OWN_KEYS = new Set<string>([
  ...STANDARD_FIELDS,
  ...ROW_FIELDS,
  ...SIDE_FIELDS,
  'doctype',
  '_ancestors',
]);

export function schemaView(values: JsonObject, viewed: Viewed): JsonObject {
  const view = new Map<string, Json>();
  for (const field of viewed.fields) {
    const value = valueOf(field, values[field.fieldname], viewed);
    if (value !== undefined) view.set(field.fieldname, value);
  }
  const name = values['name'];
  if (name !== undefined && name !== null && propertiesOf(viewed.schema, viewed.schema).has('name')) {
    view.set('name', name);
  }
  if (viewed.schemaless) {
    const declared = new Set(viewed.fields.map((field) => field.fieldname));
    for (const [key, value] of Object.entries(values)) {
      const extra = !declared.has(key) && !OWN_KEYS.has(key) && !key.startsWith('__');
      if (extra && value !== null) view.set(key, value);
    }
  }
  return Object.fromEntries(view);
}

function valueOf(field: Field, value: Json | undefined, viewed: Viewed): Json | undefined {
  const child = viewed.childOf(field);
  const required = list(viewed.schema['required']).includes(field.fieldname);
  if (field.fieldtype === 'Table' || field.fieldtype === 'Table MultiSelect') {
    const rows = list(value).filter(isJsonObject);
    if (rows.length === 0) return required ? [] : undefined;
    return rows.map((row) => (child ? schemaView(row, child) : row));
  }
  const schema = field.raw['json_schema'];
  // A required property that is not mandatory may be null, and is when it is absent: the store tells no difference.
  if (value === undefined || value === null) return required && !field.reqd ? null : undefined;
  return isJsonObject(schema) ? asTyped(field, value, typeOf(schema)) : value;
}

function asTyped(field: Field, value: Json, type: string): Json | undefined {
  if (field.fieldtype === 'Check') return type === 'boolean' ? value === 1 : value;
  // No choice made. `enum` would refuse the blank that Frappe's Select allows.
  if (field.fieldtype === 'Select' && value === '') return undefined;
  // A kept secret is shown as asterisks, of which the schema says nothing.
  if (field.fieldtype === 'Password' && typeof value === 'string' && /^\*+$/.test(value)) return undefined;
  return type === 'integer' || type === 'number' ? asNumber(value) : value;
}

/** Names of numbered documents are kept as text in links to them. */
const asNumber = (value: Json): Json =>
  typeof value === 'string' && value !== '' && Number.isFinite(Number(value)) ? Number(value) : value;

/**
 * The schema to compile: identity and draft left out, rows of child tables left to the child's own validator,
 * references to other files dropped.
 */
export function enforcedSchema(schema: JsonObject, tables: readonly Field[]): JsonObject {
  const { $schema: _draft, $id: _id, properties, ...rest } = schema;
  const own = isJsonObject(properties) ? properties : {};
  const replaced = Object.fromEntries(
    tables.map((table) => {
      const tableSchema = table.raw['json_schema'];
      return [table.fieldname, { ...(isJsonObject(tableSchema) ? tableSchema : {}), items: true }];
    }),
  );
  return dropForeignRefs({ ...rest, type: 'object', properties: { ...own, ...replaced } });
}

function dropForeignRefs(node: JsonObject): JsonObject {
  const entries = Object.entries(node).filter(
    ([key, value]) => !(key === '$ref' && typeof value === 'string' && !isLocalRef(value)),
  );
  return Object.fromEntries(entries.map(([key, value]) => [key, clean(key, value)]));
}

function clean(keyword: string, value: Json): Json {
  if (DATA_KEYWORDS.has(keyword)) return value;
  if (Array.isArray(value)) return value.map((item) => clean('', item));
  if (!isJsonObject(value)) return value;
  if (!NAMED_SCHEMAS.has(keyword)) return dropForeignRefs(value);
  return Object.fromEntries(Object.entries(value).map(([name, schema]) => [name, clean('', schema)]));
}
