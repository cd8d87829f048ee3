// fields, order_by and the limits of a list: syntax only. What the names mean is resolve-clauses.ts.
import { ValidationError } from '../errors/errors.ts';
import { isJsonObject, type Json } from '../util/json.ts';
import { fieldsFault } from '../validation/list-shapes.ts';
import { type FieldPath, parseFieldPath } from './field-path.ts';
import { faultAt, type ListParameter, parseJsonParameter, quoted } from './request-value.ts';

/** One entry of `fields` as written. */
export type FieldTerm =
  | { readonly kind: 'all' }
  | { readonly kind: 'field'; readonly path: FieldPath; readonly as: string | undefined };

export interface OrderTerm {
  readonly path: FieldPath;
  readonly direction: 'asc' | 'desc';
}

export interface ListLimits {
  readonly skip: number;
  /** 0 means no limit. */
  readonly limit: number;
}

export const DEFAULT_PAGE_LENGTH = 20;
/** Most keys of `order_by`. */
export const MAX_ORDER_KEYS = 8;
const MAX_ORDER_BY = 4_000;
const MAX_ALIAS = 140;

const NAME_ONLY: readonly FieldTerm[] = [
  { kind: 'field', path: { doctype: undefined, field: 'name' }, as: undefined },
];

/**
 * @throws DataError when the text is not JSON
 * @throws ValidationError for shapes and spellings that name no field
 */
export function parseFields(input: Json | undefined): readonly FieldTerm[] {
  const value = typeof input === 'string' && input.trim() === '*' ? '*' : parseJsonParameter(input, 'fields');
  if (value === null || value === '') return NAME_ONLY;
  const entries = typeof value === 'string' ? [value] : value;
  refuseStructured(entries);
  const fault = fieldsFault(entries);
  if (fault) throw faultAt('fields', fault);
  const texts = Array.isArray(entries) ? entries.map(String) : [];
  const terms = texts.flatMap((text, index) =>
    splitOutsideQuotes(text).map((part) => fieldTerm(part, [String(index)])),
  );
  return terms.length === 0 ? NAME_ONLY : terms;
}

function refuseStructured(entries: Json): void {
  if (!Array.isArray(entries)) return;
  const items: readonly Json[] = entries;
  const at = items.findIndex((item) => isJsonObject(item));
  if (at === -1) return;
  const keys = Object.keys(items[at] ?? {}).join(', ');
  throw faultAt('fields', {
    path: [String(at)],
    message: `is a dictionary (${quoted(keys)}): functions and nested child rows are not supported`,
  });
}

const ALIASED = /^(.+?)\s+as\s+('[^']+'|"[^"]+"|`[^`]+`|[^\s'"`]+)$/is;

function fieldTerm(text: string, at: readonly string[]): FieldTerm {
  const trimmed = text.trim();
  if (trimmed === '*') return { kind: 'all' };
  const [, source = trimmed, alias] = ALIASED.exec(trimmed) ?? [];
  if (/[()]/.test(source)) {
    throw faultAt('fields', { path: at, message: `is ${quoted(trimmed)}: functions are not supported` });
  }
  const path = parseFieldPath(source);
  if (!path) throw faultAt('fields', { path: at, message: `names no field: ${quoted(trimmed)}` });
  return { kind: 'field', path, as: alias === undefined ? undefined : checkAlias(alias, at) };
}

function checkAlias(alias: string, at: readonly string[]): string {
  const as = alias.replaceAll(/^['"`]|['"`]$/g, '');
  if (as.length <= MAX_ALIAS && as !== '__proto__') return as;
  throw faultAt('fields', { path: at, message: `has an alias that cannot be used: ${quoted(as)}` });
}

/** Commas inside quotes and backticks belong to a name. */
function splitOutsideQuotes(text: string): readonly string[] {
  const parts: string[] = [];
  let part = '';
  let quote = '';
  for (const char of text) {
    if (char === quote) quote = '';
    else if (quote === '' && '`\'"'.includes(char)) quote = char;
    if (char === ',' && quote === '') {
      parts.push(part);
      part = '';
    } else part += char;
  }
  return [...parts, part];
}

const ORDER_TERM = /^(.*?)(?:\s+(asc|desc))?$/is;
const KEEP_DEFAULT = 'KEEP_DEFAULT_ORDERING';

/**
 * Nothing means the DocType's own order.
 * @throws ValidationError for what is not a list of fields with directions
 */
export function parseOrderBy(input: Json | undefined): readonly OrderTerm[] | undefined {
  if (input === undefined || input === null) return undefined;
  if (typeof input !== 'string')
    throw new ValidationError('Invalid order_by: must be text such as "modified desc"');
  if (input.trim() === '' || input.trim() === KEEP_DEFAULT) return undefined;
  if (input.length > MAX_ORDER_BY) {
    throw new ValidationError(`Invalid order_by: longer than ${MAX_ORDER_BY} characters`);
  }
  const texts = splitOutsideQuotes(input);
  if (texts.length > MAX_ORDER_KEYS) {
    throw new ValidationError(
      `Invalid order_by: ${texts.length} keys given, at most ${MAX_ORDER_KEYS} are allowed`,
    );
  }
  return texts.map(orderTerm);
}

function orderTerm(text: string): OrderTerm {
  const match = ORDER_TERM.exec(text.trim());
  const source = match?.[1]?.trim() ?? '';
  const path = parseFieldPath(source);
  // Only a DocType's name may hold spaces: anything else is a direction that is none, or SQL.
  const isBareWords = /\s/.test(source) && !source.includes('`') && !source.startsWith('tab');
  if (!path || isBareWords || /[();'"]/.test(source)) {
    throw new ValidationError(
      `Invalid order_by: ${quoted(text.trim())} is not a field, optionally followed by asc or desc`,
    );
  }
  return { path, direction: match?.[2]?.toLowerCase() === 'desc' ? 'desc' : 'asc' };
}

/**
 * @throws ValidationError naming the parameter that is not a whole number of 0 or more
 */
export function parseLimits(input: {
  readonly limit_start?: Json | undefined;
  readonly limit_page_length?: Json | undefined;
}): ListLimits {
  return {
    skip: wholeNumber(input.limit_start, 'limit_start') ?? 0,
    limit: wholeNumber(input.limit_page_length, 'limit_page_length') ?? DEFAULT_PAGE_LENGTH,
  };
}

function wholeNumber(input: Json | undefined, parameter: ListParameter): number | undefined {
  if (input === undefined || input === null) return undefined;
  if (typeof input === 'string' && input.trim() === '') return undefined;
  const isDigits = typeof input === 'string' && /^\s*\+?\d+\s*$/.test(input);
  const number = typeof input === 'number' || isDigits ? Number(input) : Number.NaN;
  if (Number.isSafeInteger(number) && number >= 0) return number;
  const given = typeof input === 'object' ? 'a list or an object' : quoted(String(input));
  throw new ValidationError(`Invalid ${parameter}: must be a whole number, 0 or more, not ${given}`, {
    details: { parameter },
  });
}
