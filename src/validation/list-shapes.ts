// JSON Schemas of what a list request carries (filters, fields) and AJV over them. It knows the shapes only:
// which fields and operators exist is judged in filters/.
// oxlint-disable unicorn/no-thenable -- `then` is a keyword of JSON Schema here
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';

/** The first thing that is not as it should be. */
export interface ShapeFault {
  /** Keys and indexes from the root to the faulty value. */
  readonly path: readonly string[];
  /** What it should have been, as a clause: "must be …". */
  readonly message: string;
}

/** Most values in one `in` or `not in` list. */
export const MAX_LIST_OPERAND = 10_000;
/** Most entries of `fields`. */
export const MAX_FIELDS = 500;
const MAX_FIELD_SPELLING = 400;

const SCALAR_TYPES = ['string', 'number', 'boolean', 'null'];
// NUL and lone surrogates cannot be stored faithfully by every engine, so nothing stored can equal them.
const STORABLE_TEXT = '^[^\\0\\p{Surrogate}]*$';

const scalar = {
  description: 'must be text, a number, true, false or null',
  type: SCALAR_TYPES,
  pattern: STORABLE_TEXT,
};
const operand = {
  description: 'must be text, a number, true, false, null or a list of those',
  type: [...SCALAR_TYPES, 'array'],
  pattern: STORABLE_TEXT,
  maxItems: MAX_LIST_OPERAND,
  items: scalar,
};
const spelling = (what: string): object => ({
  description: `must be ${what}, as text`,
  type: 'string',
  minLength: 1,
  maxLength: MAX_FIELD_SPELLING,
  pattern: STORABLE_TEXT,
});
const field = spelling('a field name');
const operator = spelling('an operator');
const dictValue = {
  description: 'must be a value or [operator, value]',
  type: [...SCALAR_TYPES, 'array'],
  pattern: STORABLE_TEXT,
  if: { type: 'array' },
  then: {
    description: 'must be a value or [operator, value]',
    minItems: 2,
    maxItems: 2,
    prefixItems: [operator, operand],
  },
};
const dict = { propertyNames: field, additionalProperties: dictValue };
const tuple = {
  description: 'must be [field, value], [field, operator, value] or [doctype, field, operator, value]',
  minItems: 2,
  maxItems: 5,
  if: { maxItems: 2 },
  then: { prefixItems: [field, dictValue] },
  else: {
    if: { maxItems: 3 },
    then: { prefixItems: [field, operator, operand] },
    else: { prefixItems: [spelling('a DocType'), field, operator, operand] },
  },
};
const filters = {
  description: 'must be a list or a dictionary of filters',
  type: ['array', 'object'],
  ...dict,
  items: {
    description: 'must be a filter: a list such as ["status", "=", "Open"], or a dictionary',
    type: ['array', 'object'],
    if: { type: 'object' },
    then: dict,
    else: tuple,
  },
};
const fields = {
  description: 'must be a list of field names',
  type: 'array',
  maxItems: MAX_FIELDS,
  items: field,
};

const ajv = new Ajv2020({ strict: false, strictNumbers: true, verbose: true, logger: false });
const validateFilters = ajv.compile(filters);
const validateFields = ajv.compile(fields);

export const filtersFault = (value: unknown): ShapeFault | undefined =>
  validateFilters(value) ? undefined : toFault(validateFilters.errors?.[0]);

export const fieldsFault = (value: unknown): ShapeFault | undefined =>
  validateFields(value) ? undefined : toFault(validateFields.errors?.[0]);

function toFault(error: ErrorObject | undefined): ShapeFault {
  const path = error?.instancePath.split('/').slice(1) ?? [];
  const schema: unknown = error?.parentSchema;
  const message =
    error?.keyword === 'pattern'
      ? 'must not contain NUL or lone surrogate characters'
      : (lengthMessage(error) ?? descriptionOf(schema) ?? error?.message ?? 'is not valid');
  return { path: path.map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~')), message };
}

function lengthMessage(error: ErrorObject | undefined): string | undefined {
  const limit: unknown = error?.params['limit'];
  if (error?.keyword === 'maxLength') return `must be no longer than ${String(limit)} characters`;
  const isList = limit === MAX_LIST_OPERAND || limit === MAX_FIELDS;
  return error?.keyword === 'maxItems' && isList ? `must be a list of at most ${String(limit)}` : undefined;
}

function descriptionOf(schema: unknown): string | undefined {
  if (typeof schema !== 'object' || schema === null || !('description' in schema)) return undefined;
  return typeof schema.description === 'string' ? schema.description : undefined;
}
