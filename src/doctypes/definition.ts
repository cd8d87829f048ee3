// A DocType as its file defines it, and the shape such a definition must have. Meaning is checked in check.ts.
import { type Ajv2020, compileSchema, type SchemaCheck } from '../validation/ajv.ts';
import type { JsonObject } from '../util/json.ts';
import { objects } from './properties.ts';

export interface Definition {
  readonly name: string;
  /** In Frappe's dialect, whichever the file is in; fields are plain objects. */
  readonly raw: JsonObject;
  readonly file: string;
  /** JSON pointer of the definition inside the file; '' unless the file holds a list or inline children. */
  readonly at: string;
  /** JSON pointer of a field, by its position. */
  fieldAt(index: number): string;
  /** The definition as JSON Schema, when the file is of that dialect. */
  readonly schema: JsonObject | undefined;
}

export const fieldsOf = (definition: Definition): readonly JsonObject[] => objects(definition.raw['fields']);

const FLAG = { enum: [0, 1, true, false, '0', '1', '', null] };
const TEXT = { type: ['string', 'null'] };
const ROWS = { type: ['array', 'null'], items: { type: 'object' } };

const DOCTYPE_FLAGS = [
  'istable',
  'issingle',
  'is_tree',
  'is_virtual',
  'is_submittable',
  'custom',
  'track_changes',
  'allow_rename',
];
const FIELD_FLAGS = [
  'reqd',
  'unique',
  'search_index',
  'non_negative',
  'set_only_once',
  'allow_on_submit',
  'no_copy',
  'fetch_if_empty',
  'is_virtual',
  'ignore_user_permissions',
  'ignore_xss_filter',
  'enforce_read_only',
  'nullable',
];
const WHOLE_NUMBER = { type: ['integer', 'string', 'null'], pattern: '^\\d*$', minimum: 0 };

const flags = (names: readonly string[]): JsonObject => Object.fromEntries(names.map((name) => [name, FLAG]));

const FIELD: JsonObject = {
  type: 'object',
  required: ['fieldtype'],
  properties: {
    ...flags(FIELD_FLAGS),
    fieldname: TEXT,
    fieldtype: { type: 'string' },
    label: TEXT,
    options: { type: ['string', 'number', 'null'] },
    default: { type: ['string', 'number', 'boolean', 'null'] },
    fetch_from: TEXT,
    permlevel: WHOLE_NUMBER,
    length: WHOLE_NUMBER,
  },
};

const DEFINITION: JsonObject = {
  type: 'object',
  required: ['name', 'fields'],
  properties: {
    ...flags(DOCTYPE_FLAGS),
    name: { type: 'string' },
    module: TEXT,
    autoname: TEXT,
    title_field: TEXT,
    search_fields: TEXT,
    sort_field: TEXT,
    sort_order: TEXT,
    nsm_parent_field: TEXT,
    fields: { type: 'array', items: FIELD },
    permissions: {
      type: ['array', 'null'],
      items: {
        type: 'object',
        required: ['role'],
        properties: { role: { type: 'string', minLength: 1 }, permlevel: WHOLE_NUMBER, if_owner: FLAG },
      },
    },
    indexes: {
      type: ['array', 'null'],
      items: {
        oneOf: [{ type: 'string' }, { type: 'array', minItems: 1, items: { type: 'string' } }],
      },
    },
    actions: ROWS,
    links: ROWS,
    states: ROWS,
  },
};

export const definitionCheck = (ajv: Ajv2020): SchemaCheck => compileSchema(ajv, DEFINITION);
