// A checked definition → an immutable Meta. Pure; faults were found before.
import type { Ajv2020 } from '../validation/ajv.ts';
import { isJsonObject, type JsonObject } from '../util/json.ts';
import { isTree, parentFieldOf } from './complete.ts';
import { dataFieldnames } from './check.ts';
import { type Definition, fieldsOf } from './definition.ts';
import { toField } from './field.ts';
import { fieldType, isLayout } from './fieldtypes/index.ts';
import { type DocPerm, type Field, type Meta, RIGHTS } from './meta.ts';
import { isTolerated } from './names.ts';
import { count, flag, list, objects, text } from './properties.ts';
import { createValidator } from './validator.ts';

/** Where the documents of all Singles are kept. */
export const SINGLES = '_singles';

export interface CompileContext {
  readonly ajv: Ajv2020;
  readonly timeZone: string;
  /** The other DocTypes, once they are compiled. */
  find(doctype: string): Meta | undefined;
}

export function compileDocType(definition: Definition, context: CompileContext): Meta {
  const { name, raw } = definition;
  const isTable = flag(raw['istable']);
  const isSingle = flag(raw['issingle']);
  const fields = dataFields(definition, context.timeZone);
  const tables = fields.filter((field) => fieldType(field).storedAs === 'rows');
  const shape = {
    fields,
    fieldsByName: new Map(fields.map((field) => [field.fieldname, field])),
    tables,
    isSingle,
    schemaless: isSchemaless(definition),
    schema: definition.schema,
  };
  return Object.freeze({
    ...shape,
    name,
    module: text(raw['module']),
    isTable,
    isTree: isTree(definition),
    isVirtual: flag(raw['is_virtual']),
    isSubmittable: flag(raw['is_submittable']),
    custom: flag(raw['custom']),
    trackChanges: flag(raw['track_changes']),
    autoname: text(raw['autoname']).trim(),
    allowRename: flag(raw['allow_rename']),
    titleField: shape.fieldsByName.has(text(raw['title_field'])) ? text(raw['title_field']) : '',
    searchFields: words(raw['search_fields']).filter((field) => shape.fieldsByName.has(field)),
    sort: sortOf(definition),
    parentField: isTree(definition) ? parentFieldOf(definition) : '',
    permissions: objects(raw['permissions']).map(toPermission),
    collection: isSingle ? SINGLES : name,
    indexes: list(raw['indexes']).map((entry) => [entry].flat().map(text)),
    source: definition.file,
    raw,
    validate: createValidator(shape, context.ajv, context.find),
  });
}

/** Child tables do not nest, and standard fields are not declared: such fields are left out. */
function dataFields(definition: Definition, timeZone: string): readonly Field[] {
  const isTable = flag(definition.raw['istable']);
  return fieldsOf(definition)
    .filter((raw) => !isLayout(text(raw['fieldtype'])) && !isTolerated(text(raw['fieldname']), isTable))
    .map((raw) => toField(raw, timeZone))
    .filter((field) => !field.isVirtual && !(isTable && fieldType(field).storedAs === 'rows'));
}

const words = (value: JsonObject[string] | undefined): string[] =>
  text(value)
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');

/** Whether fields that are not declared are kept: always in JSON Schema that describes them, else on demand. */
function isSchemaless({ raw, schema }: Definition): boolean {
  if (!schema) return flag(raw['schemaless']);
  const extra = schema['additionalProperties'] ?? schema['unevaluatedProperties'];
  return extra === true || isJsonObject(extra) || isJsonObject(schema['patternProperties']);
}

/** `sort_field` is one field, or a list with directions; fields that do not exist are passed over. */
function sortOf(definition: Definition): Meta['sort'] {
  const { raw } = definition;
  const known = dataFieldnames(definition);
  const fallback = text(raw['sort_order']).trim().toLowerCase() === 'asc' ? 'asc' : 'desc';
  const keys = words(raw['sort_field']).flatMap((term) => {
    const [field = '', direction = ''] = term.replaceAll('`', '').split(/\s+/);
    const word = direction.toLowerCase();
    return known.has(field) ? [[field, word === 'asc' || word === 'desc' ? word : fallback] as const] : [];
  });
  return keys.length > 0 ? keys : [['modified', 'desc']];
}

const toPermission = (raw: JsonObject): DocPerm => ({
  role: text(raw['role']),
  permlevel: count(raw['permlevel']),
  ifOwner: flag(raw['if_owner']),
  rights: new Set(RIGHTS.filter((right) => flag(raw[right]))),
});
