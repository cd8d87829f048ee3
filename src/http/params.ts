// Query string and body as one set of parameters, and the requests of the operations made from them.
// Frappe's spellings end here. Judges no field: that is documents/.
import { isSid } from '../auth/sessions.ts';
import type { Meta } from '../doctypes/meta.ts';
import type { ListRequest } from '../documents/requests.ts';
import { DataError, ValidationError } from '../errors/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../util/json.ts';
import { assertKey, parseJson } from './json-guard.ts';

export interface Input {
  readonly query: JsonObject;
  readonly body: Json;
  readonly kind: 'none' | 'json' | 'form';
}

const FIELDS_MAX = 1000;

/** Query strings and urlencoded bodies: all values are text, and the first of a repeated key counts. @throws DataError */
export function parseUrlencoded(text: string, place: string): JsonObject {
  let count = 1;
  for (let at = text.indexOf('&'); at >= 0; at = text.indexOf('&', at + 1)) count += 1;
  if (count > FIELDS_MAX) throw new DataError(`${place} has more than ${FIELDS_MAX} fields`);
  const values: Record<string, Json> = {};
  for (const [key, value] of new URLSearchParams(text)) {
    assertKey(key, place);
    if (!Object.hasOwn(values, key)) values[key] = value;
  }
  return values;
}

const bodyFields = ({ body }: Input): JsonObject => {
  if (isJsonObject(body)) return body;
  return Array.isArray(body) ? { data: body } : {};
};

/** Everything that was sent; the body wins. */
const allOf = (input: Input): JsonObject => ({ ...input.query, ...bodyFields(input) });

const textAt = (values: JsonObject, name: string): string => {
  const value = values[name];
  return typeof value === 'string' ? value : '';
};

/** In JSON a `sid` may be data of the caller's: it counts only if it has the shape of one. */
const isConsumed = (key: string, value: Json, input: Input): boolean => {
  if (key === '_' || key === 'csrf_token') return true;
  const isText = input.kind !== 'json' || !(key in bodyFields(input));
  if (key === 'sid') return isText || (typeof value === 'string' && isSid(value));
  return false;
};

/** The sid sent as a parameter, or ''. */
export const sidParameter = (input: Input): string => {
  const all = allOf(input);
  const sid = textAt(all, 'sid');
  return isConsumed('sid', sid, input) ? sid : '';
};

/** The method named by `cmd`, or ''. */
export const commandOf = (input: Input): string => textAt(allOf(input), 'cmd');

const without = (values: JsonObject, drop: (key: string, value: Json) => boolean): JsonObject =>
  Object.fromEntries(Object.entries(values).filter(([key, value]) => !drop(key, value)));

/** The parameters of a method or a list, without those that are not its own. */
export const parametersOf = (input: Input): JsonObject =>
  without(allOf(input), (key, value) => key === 'cmd' || isConsumed(key, value, input));

/**
 * The values of a document that is written: the body's fields, or the document under `data`.
 * @throws DataError when they are not an object
 */
export function documentValues(input: Input, meta: Meta | undefined): JsonObject {
  const wrapped = wrappedDocument(input, meta);
  if (!wrapped && Array.isArray(input.body)) throw new DataError('The request body must be a JSON object');
  return without(
    wrapped ?? allOf(input),
    (key, value) => key === 'doctype' || (!wrapped && isConsumed(key, value, input)),
  );
}

/**
 * A form carries a document as JSON text in its field `data`. In a JSON body `data` is that only when it stands alone
 * and the DocType has no such field.
 */
function wrappedDocument(input: Input, meta: Meta | undefined): JsonObject | undefined {
  const all = allOf(input);
  const { data } = all;
  const hasField = meta?.fieldsByName.has('data') ?? false;
  if (data === undefined || Array.isArray(data)) return undefined;
  if (input.kind === 'json' && 'data' in bodyFields(input)) {
    const alone = Object.keys(bodyFields(input)).length === 1 && !hasField;
    if (!alone) return undefined;
    return isJsonObject(data) ? data : parseWrapped(data, true);
  }
  return parseWrapped(data, hasField);
}

/** `lenient`: text that is no JSON object is the value of a field called `data`. */
function parseWrapped(data: Json, lenient: boolean): JsonObject | undefined {
  if (typeof data !== 'string' || (lenient && !/^\s*\{/.test(data))) return undefined;
  const document = parseJson(data, 'data');
  if (!isJsonObject(document)) throw new DataError('data must be a JSON object');
  return document;
}

const isTrue = (value: Json | undefined): boolean =>
  value === true || value === 1 || (typeof value === 'string' && /^(?:true|1)$/i.test(value));

const isFalse = (value: Json | undefined): boolean =>
  value === false || value === 0 || (typeof value === 'string' && /^(?:false|0)$/i.test(value));

export interface ListParameters {
  readonly request: ListRequest;
  /** Rows as objects rather than arrays. */
  readonly asDict: boolean;
}

/** @throws ValidationError for parameters that would change the result and are not served */
export function listParameters(doctype: string, input: Input): ListParameters {
  const values = parametersOf(input);
  if (values['group_by']) throw new ValidationError('group_by is not supported');
  const { fields, filters, or_filters, order_by, limit_start } = values;
  return {
    request: {
      doctype,
      fields,
      filters,
      or_filters,
      order_by,
      limit_start,
      limit_page_length: values['limit_page_length'] ?? values['limit'],
      debug: isTrue(values['debug']),
    },
    asDict: !isFalse(values['as_dict']),
  };
}
