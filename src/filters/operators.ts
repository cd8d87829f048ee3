// What each comparison means: one row per operator. Null follows Frappe's v1 rules: it counts as the column's
// `nullAs` where Frappe writes IFNULL, and as nothing where it does not. Tree operators are tree.ts, spans of
// time are periods.ts.
import { compareText } from '../storage/match.ts';
import { ALL, type Condition, NONE, type Query } from '../storage/query.ts';
import { like } from '../util/like.ts';
import type { Column } from './column.ts';
import type { Operator } from './filter.ts';
import {
  coerce,
  coerceExact,
  faultOf,
  isDay,
  listValues,
  type Operand,
  pattern,
  scalar,
  type Value,
} from './operand.ts';
import { is, isNull, or } from './build-query.ts';

export type Lowering = (operand: Operand) => Query;

const isMoment = ({ kind }: Column): boolean => kind === 'date' || kind === 'datetime';

/** What an empty text stands for, as a stored value: nothing, for dates and times. */
function blankOf({ kind }: Column): string | number | null {
  if (kind === 'number') return 0;
  return kind === 'text' || kind === 'any' ? '' : null;
}

/** Documents without the field count as having this value. */
const nullCountsAs = (column: Column, value: Value | null): boolean =>
  (column.nullable || column.kind === 'number') && (value === null || value === column.nullAs);

/** The stored values that one operand stands for: null beside a value that null counts as. */
function alternatives(operand: Operand, value: Value | null): readonly (Value | null)[] {
  const { column } = operand;
  const given = value === null || value === '' ? '' : coerceExact(operand, value);
  const stored = given === '' ? blankOf(column) : given;
  return nullCountsAs(column, stored) && stored !== null ? [stored, null] : [stored];
}

const among = (name: string, values: readonly (Value | null)[]): Query => {
  const [first = null] = values;
  return is(name, values.length === 1 ? { $eq: first } : { $in: values });
};

const exceptFor = (name: string, values: readonly (Value | null)[]): Query => {
  const [first = null] = values;
  return is(name, values.length === 1 ? { $ne: first } : { $nin: values });
};

const isBlank = (value: Value | null): boolean => value === null || value === '';

/** `_assign` and `_liked_by` hold a JSON list of users as text. */
const holdsUsers = ({ name }: Column): boolean => name === '_assign' || name === '_liked_by';

function containing(operand: Operand, value: Value): Operand {
  const literal = String(value).replaceAll(/[\\%_]/g, String.raw`\$&`);
  return { ...operand, value: `%${literal}%` };
}

const equal: Lowering = (operand) => {
  const { column } = operand;
  const value = scalar(operand);
  if (value === null) return column.nullable ? isNull(column.name) : NONE;
  if (holdsUsers(column) && !isBlank(value)) return matching(containing(operand, value));
  return among(column.name, alternatives(operand, value));
};

const unequal: Lowering = (operand) => {
  const value = scalar(operand);
  if (value === null || value === '') return isSet(operand.column);
  if (holdsUsers(operand.column)) return notMatching(containing(operand, value));
  return exceptFor(operand.column.name, alternatives(operand, value));
};

interface Order {
  condition(value: string | number): Condition;
  holds(order: number): boolean;
  /** `<` and `<=`: a date that is not there counts as one long ago. */
  readonly below: boolean;
}

function nullIsOrdered({ column }: Operand, value: string | number, order: Order): boolean {
  if (column.kind !== 'number' && !column.nullable) return false;
  if (isMoment(column) && !order.below) return false;
  const { nullAs } = column;
  if (typeof nullAs === 'number') return typeof value === 'number' && order.holds(nullAs - value);
  return typeof value === 'string' && order.holds(compareText(nullAs, value));
}

const ordered =
  (order: Order): Lowering =>
  (operand) => {
    const { column } = operand;
    const given = scalar(operand);
    if (given === null) return NONE;
    const coerced = given === '' ? blankOf(column) : coerce(operand, given);
    if (coerced === null) return NONE;
    if (typeof coerced === 'boolean') throw faultOf(operand, 'takes text or a number');
    const comparison = is(column.name, order.condition(coerced));
    return nullIsOrdered(operand, coerced, order) ? or([comparison, isNull(column.name)]) : comparison;
  };

/** A number has no text to search, but a pattern without wildcards can still be its value. */
function numberLike(operand: Operand): readonly (Value | null)[] | 'any number' {
  const text = pattern(operand);
  if (/^%+$/.test(text)) return 'any number';
  if (/[%_]/.test(text)) throw faultOf(operand, 'searches text, but this field holds numbers');
  return alternatives(operand, text);
}

const matching: Lowering = (operand) => {
  const { name, kind, nullable } = operand.column;
  if (kind !== 'number') return is(name, { $like: pattern(operand) });
  const numbers = numberLike(operand);
  if (numbers !== 'any number') return among(name, numbers);
  return nullable ? is(name, { $ne: null }) : ALL;
};

const notMatching: Lowering = (operand) => {
  const { name, kind } = operand.column;
  if (kind === 'number') {
    const numbers = numberLike(operand);
    return numbers === 'any number' ? NONE : exceptFor(name, numbers);
  }
  const text = pattern(operand);
  // Null counts as empty text here, so it is left out exactly when the pattern matches that.
  return { $nor: [is(name, { $like: text }), ...(like(text, '') ? [isNull(name)] : [])] };
};

const listed = (operand: Operand): readonly (Value | null)[] => [
  ...new Set(listValues(operand).flatMap((value) => [...alternatives(operand, value)])),
];

const within: Lowering = (operand) => {
  const values = listed(operand);
  return values.length === 0 ? NONE : among(operand.column.name, values);
};

const notWithin: Lowering = (operand) => {
  const values = listed(operand);
  return values.length === 0 ? ALL : exceptFor(operand.column.name, values);
};

function isSet({ name, kind }: Column): Query {
  if (kind === 'rows') return is(name, { $elemMatch: ALL });
  return is(name, { $nin: [kind === 'number' ? 0 : '', null] });
}

function isNotSet(column: Column): Query {
  if (column.kind === 'rows') return { $nor: [isSet(column)] };
  return is(column.name, { $in: [column.kind === 'number' ? 0 : '', null] });
}

const presence: Lowering = (operand) => {
  const word = typeof operand.value === 'string' ? operand.value.trim().toLowerCase() : '';
  if (word === 'set') return isSet(operand.column);
  if (word === 'not set') return isNotSet(operand.column);
  throw faultOf(operand, 'takes "set" or "not set"');
};

/** Inclusive on both ends. A day stands for its first or last microsecond where times are stored. */
export function betweenQuery(operand: Operand, first: Value, last: Value): Query {
  const { name, kind, nullable } = operand.column;
  const from = coerceExact(operand, first);
  const end = coerceExact(operand, last);
  const to = kind === 'datetime' && isDay(last) ? `${String(end).slice(0, 10)} 23:59:59.999999` : end;
  if (typeof from === 'boolean' || typeof to === 'boolean') throw faultOf(operand, 'takes text or numbers');
  const range = is(name, { $gte: from, $lte: to });
  const missingIsZero = kind === 'number' && !nullable && Number(from) <= 0 && Number(to) >= 0;
  return missingIsZero ? or([range, isNull(name)]) : range;
}

const between =
  (today: string): Lowering =>
  (operand) => {
    const bounds = Array.isArray(operand.value) ? operand.value : [];
    const first: unknown = bounds[0];
    const last: unknown = bounds.length === 1 && isMoment(operand.column) ? today : bounds[1];
    if (bounds.length > 2 || !isBound(first) || !isBound(last)) {
      throw faultOf(operand, 'takes a list of two values: the first and the last');
    }
    return betweenQuery(operand, first, last);
  };

const isBound = (value: unknown): value is string | number =>
  (typeof value === 'string' && value.trim() !== '') || typeof value === 'number';

const COMPARISONS: ReadonlyMap<Operator, Lowering> = new Map<Operator, Lowering>([
  ['=', equal],
  ['!=', unequal],
  ['>', ordered({ condition: (value) => ({ $gt: value }), holds: (order) => order > 0, below: false })],
  ['>=', ordered({ condition: (value) => ({ $gte: value }), holds: (order) => order >= 0, below: false })],
  ['<', ordered({ condition: (value) => ({ $lt: value }), holds: (order) => order < 0, below: true })],
  ['<=', ordered({ condition: (value) => ({ $lte: value }), holds: (order) => order <= 0, below: true })],
  ['like', matching],
  ['not like', notMatching],
  ['in', within],
  ['not in', notWithin],
  ['is', presence],
]);

/** Nothing for operators that are not plain comparisons. */
export const comparison = (operator: Operator, today: string): Lowering | undefined =>
  operator === 'between' ? between(today) : COMPARISONS.get(operator);
