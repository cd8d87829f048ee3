// Fieldtypes whose value is a number, Check among them. What is not a number is refused, never read as 0.
import type { Json } from '../../util/json.ts';
import type { Field } from '../meta.ts';
import { isFromSchema, ok, refuse, show } from './cast.ts';
import type { CastResult, FieldType } from './field-type.ts';

const NUMERAL = /^[+-]?(?:\d[\d,]*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?$/;

/** `12`, `-1,000.5`, `1e3`; undefined for anything else. */
export function parseNumber(text: string): number | undefined {
  const trimmed = text.trim();
  if (!NUMERAL.test(trimmed)) return undefined;
  const number = Number(trimmed.replaceAll(',', ''));
  return Number.isFinite(number) ? number : undefined;
}

/** The number a client means; null when nothing was given. */
function numberFrom(value: Json, field: Field): CastResult & { readonly value?: number | null } {
  if (value === null || value === '') return { value: null };
  const number = typeof value === 'string' ? parseNumber(value) : value;
  if (typeof number === 'boolean' && !isFromSchema(field)) return { value: Number(number) };
  if (typeof number !== 'number' || !Number.isFinite(number)) return refuseNumber(value);
  // Negative zero would be stored by one engine and not by the other.
  return { value: number === 0 ? 0 : number };
}

const refuseNumber = (value: Json) => ({
  fault: { kind: 'type' as const, message: `must be a number, not ${show(value)}` },
});

/** A number to compare with; blank counts as 0, as it does in Frappe's database. */
function operandNumber(value: Json): CastResult {
  if (value === null) return ok(null);
  if (value === '') return ok(0);
  if (typeof value === 'boolean') return ok(Number(value));
  const number = typeof value === 'string' ? parseNumber(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? ok(number) : refuseNumber(value);
}

const FOUR_BYTES = { minimum: -2_147_483_648, maximum: 2_147_483_647 };
const EXACT = { minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER };
/** Frappe makes a bigint column of an Int that is declared longer than this. */
const INT_DIGITS = 11;

const rangeOf = (field: Field): typeof EXACT =>
  field.fieldtype === 'Long Int' || field.length > INT_DIGITS || isFromSchema(field) ? EXACT : FOUR_BYTES;

function castInteger(value: Json, field: Field): CastResult {
  const result = numberFrom(value, field);
  if ('fault' in result || result.value === null || result.value === undefined) return result;
  const whole = Math.trunc(result.value);
  if (whole !== result.value && isFromSchema(field))
    return refuse(`must be a whole number, not ${show(value)}`);
  const { minimum, maximum } = rangeOf(field);
  if (whole < minimum || whole > maximum) {
    return refuse(`must be between ${minimum} and ${maximum}, not ${show(value)}`, 'range');
  }
  return ok(whole === 0 ? 0 : whole);
}

const integerType = (name: string, unset: 0 | null): FieldType => ({
  name,
  storedAs: 'integer',
  unset,
  nullAs: 0,
  cast: castInteger,
  operand: operandNumber,
  schema: (field) => {
    const range = rangeOf(field);
    return { type: 'integer', ...range, ...(field.nonNegative && { minimum: 0 }) };
  },
});

/** Decimals that Frappe's number columns keep. */
const DECIMALS = 9;
/** Above this a double has no decimals to round, and toFixed would print an exponent. */
const ROUNDABLE = 1e15;

function round(value: number, decimals: number): number {
  if (Math.abs(value) >= ROUNDABLE) return value;
  const rounded = Number(value.toFixed(decimals));
  return rounded === 0 ? 0 : rounded;
}

function castDecimal(value: Json, field: Field): CastResult {
  const result = numberFrom(value, field);
  if ('fault' in result || result.value === null || result.value === undefined) return result;
  return ok(isFromSchema(field) ? result.value : round(result.value, DECIMALS));
}

const decimalType = (name: string, unset: 0 | null): FieldType => ({
  name,
  storedAs: 'number',
  unset,
  nullAs: 0,
  cast: castDecimal,
  operand: operandNumber,
  schema: (field) => ({ type: 'number', ...(field.nonNegative && { minimum: 0 }) }),
});

const RATING_DECIMALS = 2;

const rating: FieldType = {
  ...decimalType('Rating', 0),
  cast(value, field) {
    const result = numberFrom(value, field);
    if ('fault' in result || result.value === null || result.value === undefined) return result;
    return ok(round(Math.min(1, Math.max(0, result.value)), RATING_DECIMALS));
  },
  schema: () => ({ type: 'number', minimum: 0, maximum: 1 }),
};

const TRUE = new Set(['1', 'true', 'yes', 'on']);
const FALSE = new Set(['0', 'false', 'no', 'off']);

function castCheck(value: Json): CastResult {
  if (value === null || value === '') return ok(null);
  if (value === true || value === 1) return ok(1);
  if (value === false || value === 0) return ok(0);
  const word = typeof value === 'string' ? value.trim().toLowerCase() : '';
  if (TRUE.has(word)) return ok(1);
  if (FALSE.has(word)) return ok(0);
  return refuse(`must be 0 or 1, not ${show(value)}`);
}

const check: FieldType = {
  name: 'Check',
  storedAs: 'integer',
  unset: 0,
  nullAs: 0,
  cast: castCheck,
  operand(value) {
    const result = castCheck(value);
    return 'fault' in result ? operandNumber(value) : ok(value === '' ? 0 : result.value);
  },
  schema: () => ({ type: 'integer', enum: [0, 1] }),
};

export const NUMBER_TYPES: readonly FieldType[] = [
  integerType('Int', 0),
  integerType('Long Int', null),
  decimalType('Float', 0),
  decimalType('Currency', 0),
  decimalType('Percent', 0),
  decimalType('Duration', null),
  rating,
  check,
];
