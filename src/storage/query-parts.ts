// Walks a Query level by level with typed parts, for whoever evaluates or lowers one. The language is closed:
// an operator or a shape that it does not have throws, whatever the types said.
import type { Json } from '../util/json.ts';
import type { Condition, Query, Scalar } from './query.ts';

/** One requirement of a Query; a Query holds if all of its parts do. */
export type QueryPart =
  | { readonly kind: '$and' | '$or' | '$nor'; readonly queries: readonly Query[] }
  | { readonly kind: 'field'; readonly field: string; readonly condition: Condition };

/** One operator of a Condition with its operand; a Condition holds if all of them do. */
export type ConditionPart =
  | { readonly operator: '$eq' | '$ne'; readonly operand: Scalar }
  | { readonly operator: '$gt' | '$gte' | '$lt' | '$lte'; readonly operand: string | number }
  | { readonly operator: '$in' | '$nin'; readonly operand: readonly Scalar[] }
  | { readonly operator: '$like'; readonly operand: string }
  | { readonly operator: '$elemMatch'; readonly row: Query }
  | { readonly operator: '$elemMatch'; readonly element: Condition };

/**
 * The parts of a query, one level deep.
 * @throws TypeError on a shape the language does not have
 */
export function queryParts(query: unknown): QueryPart[] {
  return entries(query, 'query').map(([key, value]) => {
    if (key === '$and' || key === '$or' || key === '$nor') {
      if (!Array.isArray(value)) throw new TypeError(`${key} takes a list of queries`);
      return { kind: key, queries: value.map((part) => asQuery(part, key)) };
    }
    if (key.startsWith('$')) throw new TypeError(`unknown query operator ${key}`);
    return { kind: 'field', field: key, condition: asCondition(value, `condition on ${key}`) };
  });
}

/**
 * The operators of a condition with typed operands.
 * @throws TypeError on an unknown operator or an operand of the wrong type
 */
export function conditionParts(condition: unknown): ConditionPart[] {
  return entries(condition, 'condition').map(([operator, operand]) => conditionPart(operator, operand));
}

/**
 * Checks a query to its leaves and returns it.
 * @throws TypeError naming the first thing the language does not have
 */
export function assertQuery(query: unknown): Query {
  for (const part of queryParts(query)) {
    if (part.kind === 'field') assertCondition(part.condition);
    else part.queries.forEach(assertQuery);
  }
  return asQuery(query, 'the query');
}

const EQUALITY = ['$eq', '$ne'] as const;
const ORDERING = ['$gt', '$gte', '$lt', '$lte'] as const;
const MEMBERSHIP = ['$in', '$nin'] as const;

function conditionPart(operator: string, operand: unknown): ConditionPart {
  if (operator === '$elemMatch') return elementPart(operand);
  if (operator === '$like' && typeof operand === 'string') return { operator, operand };
  if (isOneOf(EQUALITY, operator) && isScalar(operand)) return { operator, operand };
  if (isOneOf(ORDERING, operator) && isOrdered(operand)) return { operator, operand };
  if (isOneOf(MEMBERSHIP, operator) && isScalarList(operand)) return { operator, operand };
  const known = isOneOf([...EQUALITY, ...ORDERING, ...MEMBERSHIP, '$like'], operator);
  if (!known) throw new TypeError(`unknown operator ${operator}`);
  throw new TypeError(`${operator} cannot take ${JSON.stringify(operand) ?? String(operand)}`);
}

/** A row is met by a query, whose keys are fields; a scalar by a condition, whose keys are operators. */
function elementPart(operand: unknown): ConditionPart {
  const keys = entries(operand, '$elemMatch').map(([key]) => key);
  const isRow = keys.every((key) => !key.startsWith('$') || isOneOf(['$and', '$or', '$nor'], key));
  if (isRow) return { operator: '$elemMatch', row: asQuery(operand, '$elemMatch') };
  return { operator: '$elemMatch', element: asCondition(operand, '$elemMatch') };
}

function isOneOf<T extends string>(known: readonly T[], operator: string): operator is T {
  return known.some((each) => each === operator);
}

function assertCondition(condition: Condition): void {
  for (const part of conditionParts(condition)) {
    if ('row' in part) assertQuery(part.row);
    else if ('element' in part) assertCondition(part.element);
  }
}

function entries(value: unknown, what: string): [string, unknown][] {
  if (!isRecord(value)) throw new TypeError(`a ${what} must be an object`);
  return Object.entries(value);
}

/** Typed as what it should be; its parts are checked when they are walked, level by level. */
function asQuery(value: unknown, what: string): Query {
  if (!isQueryLike(value)) throw new TypeError(`${what} takes a query, which is an object`);
  return value;
}

function asCondition(value: unknown, what: string): Condition {
  if (!isConditionLike(value)) throw new TypeError(`a ${what} must be an object`);
  return value;
}

function isQueryLike(value: unknown): value is Query {
  return isRecord(value);
}

function isConditionLike(value: unknown): value is Condition {
  return isRecord(value);
}

export function isRecord(value: unknown): value is Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isScalarList(value: unknown): value is readonly Scalar[] {
  return Array.isArray(value) && value.every(isScalar);
}

function isOrdered(value: unknown): value is string | number {
  return typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value));
}

export function isScalar(value: unknown): value is Scalar {
  if (typeof value === 'number') return Number.isFinite(value);
  return value === null || typeof value === 'string' || typeof value === 'boolean';
}
