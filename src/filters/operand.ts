// The value of a filter → what to compare stored values with, by the column's fieldtype. Null and blank text are
// judged by the operators first: they mean something else for each.
import { fieldType } from '../doctypes/fieldtypes/index.ts';
import { ValidationError } from '../errors/errors.ts';
import type { Json } from '../util/json.ts';
import { MAX_LIST_OPERAND } from '../validation/list-shapes.ts';
import type { Column } from './column.ts';
import type { Filter, Operator } from './filter.ts';
import { quoted } from './request-value.ts';

/** Longest pattern of `like`. */
export const MAX_PATTERN = 1_000;

export type Value = string | number | boolean;

export interface Operand {
  readonly column: Column;
  readonly operator: Operator;
  readonly value: Json;
  /** Zone that datetimes with an offset are moved into. */
  readonly zone: string;
}

/** A fault of one filter, named by its field. */
export function faultOf(
  { column, operator }: Pick<Operand, 'column' | 'operator'>,
  message: string,
): ValidationError {
  return new ValidationError(`Invalid filter on ${column.name}: ${operator} ${message}`, {
    details: { field: column.name, operator },
  });
}

const WHOLE_DAY = /^\s*\d{4}-\d{1,2}-\d{1,2}\s*$/;

/** The day alone was given, without a time. */
export const isDay = (value: Json): boolean => typeof value === 'string' && WHOLE_DAY.test(value);

/**
 * One value, not null, in the column's stored form.
 * @throws ValidationError when it is no value of the fieldtype
 */
export function coerce(operand: Operand, value: Value): Value {
  const { column, zone } = operand;
  if (!column.field) return value;
  const field = column.field.timeZone === undefined ? { ...column.field, timeZone: zone } : column.field;
  const plain = typeof value === 'boolean' ? Number(value) : value;
  const result = fieldType(field).operand(plain, field);
  if ('fault' in result) throw faultOf(operand, result.fault.message);
  return isValue(result.value) ? result.value : '';
}

/**
 * As `coerce`, and a date must be a whole one: a year or a month only makes sense for an order.
 * @throws ValidationError
 */
export function coerceExact(operand: Operand, value: Value): Value {
  const coerced = coerce(operand, value);
  const isMoment = operand.column.kind === 'date' || operand.column.kind === 'datetime';
  if (isMoment && typeof coerced === 'string' && coerced !== '' && coerced.length < 10) {
    throw faultOf(operand, `takes a date, YYYY-MM-DD, not ${quoted(coerced)}`);
  }
  return coerced;
}

/**
 * A single value or null.
 * @throws ValidationError for a list
 */
export function scalar(operand: Operand): Value | null {
  const { value } = operand;
  if (value === null || isValue(value)) return value;
  throw faultOf(operand, 'takes one value, not a list or an object');
}

/**
 * Text for `like`: numbers are written out, null is empty.
 * @throws ValidationError
 */
export function pattern(operand: Operand): string {
  const value = scalar(operand);
  const text = typeof value === 'boolean' ? String(Number(value)) : String(value ?? '');
  if (text.length > MAX_PATTERN) throw faultOf(operand, `takes at most ${MAX_PATTERN} characters`);
  return text;
}

/**
 * The values of a list, or of text separated by commas; null alone stands for a blank.
 * @throws ValidationError when it is too long or holds lists
 */
export function listValues(operand: Operand): readonly (Value | null)[] {
  const { value } = operand;
  if (typeof value === 'string')
    return withinLimit(
      operand,
      value.split(',').map((item) => item.trim()),
    );
  if (!Array.isArray(value)) return [scalar(operand)];
  return withinLimit(
    operand,
    value.map((item: Json) => scalar({ ...operand, value: item })),
  );
}

function withinLimit<T>(operand: Operand, values: readonly T[]): readonly T[] {
  if (values.length > MAX_LIST_OPERAND) throw faultOf(operand, `takes at most ${MAX_LIST_OPERAND} values`);
  return values;
}

export const operandOf = (column: Column, filter: Filter, zone: string): Operand => ({
  column,
  operator: filter.operator,
  value: filter.value,
  zone,
});

export function isValue(value: Json | undefined): value is Value {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
