// A property's schema → the fieldtype that holds it. Pure; `x-field` is applied by convert.ts.
import { isJsonObject, type Json, type JsonObject } from '../../util/json.ts';
import { count, list, text } from '../properties.ts';
import { VARCHAR_LENGTH } from '../fieldtypes/text.ts';

export interface Inferred {
  readonly fieldtype: string;
  readonly options?: string;
  readonly length?: number;
}

const FORMATS: ReadonlyMap<string, Inferred> = new Map<string, Inferred>([
  ['date', { fieldtype: 'Date' }],
  ['date-time', { fieldtype: 'Datetime' }],
  ['time', { fieldtype: 'Time' }],
  ['email', { fieldtype: 'Data', options: 'Email', length: 254 }],
  ['uri', { fieldtype: 'Data', options: 'URL', length: 2048 }],
  ['url', { fieldtype: 'Data', options: 'URL', length: 2048 }],
  ['uuid', { fieldtype: 'Data' }],
  ['ipv4', { fieldtype: 'Data' }],
  ['ipv6', { fieldtype: 'Data' }],
  ['password', { fieldtype: 'Password' }],
]);

const STRUCTURE: Inferred = { fieldtype: 'JSON' };

/** Fieldtype of a schema that is neither a reference nor an array of rows. */
export function inferFieldtype(schema: JsonObject): Inferred {
  switch (typeOf(schema)) {
    case 'boolean':
      return { fieldtype: 'Check' };
    case 'integer':
      return { fieldtype: 'Int' };
    case 'number':
      return { fieldtype: 'Float' };
    case 'string':
      return inferText(schema);
    default:
      return STRUCTURE;
  }
}

function inferText(schema: JsonObject): Inferred {
  const choices = list(schema['enum']);
  if (choices.length > 0 && choices.every(isOptionLine)) {
    // The blank line: a choice that is not made stays open, where Frappe would take the first option.
    return { fieldtype: 'Select', options: ['', ...choices].join('\n') };
  }
  const format = FORMATS.get(text(schema['format']));
  if (format) return format;
  const longest = schema['maxLength'];
  // Without a limit the text may be of any length, which a Data field does not take.
  if (typeof longest !== 'number' || longest > VARCHAR_LENGTH) return { fieldtype: 'Small Text' };
  return { fieldtype: 'Data', length: count(longest) };
}

/** Whether a choice can stand as one line in the options of a Select. */
const isOptionLine = (value: Json): value is string =>
  typeof value === 'string' && value !== '' && value === value.trim() && !value.includes('\n');

/** The one type of a schema's values, from `type`, or from `const` and `enum`; '' when there are several. */
export function typeOf(schema: JsonObject): string {
  const type = schema['type'];
  if (typeof type === 'string') return type;
  const types = Array.isArray(type) ? list(type).map(text) : valueTypes(schema);
  const distinct = [...new Set(types)];
  if (distinct.every((one) => one === 'integer' || one === 'number') && distinct.length === 2)
    return 'number';
  return distinct.length === 1 ? (distinct[0] ?? '') : '';
}

function valueTypes(schema: JsonObject): string[] {
  const constant = schema['const'];
  const values = constant === undefined ? list(schema['enum']) : [constant];
  if (values.length > 0) return values.map(jsonType);
  return isJsonObject(schema['properties']) ? ['object'] : [];
}

function jsonType(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}
