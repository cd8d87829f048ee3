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
      return { kind: key, queries: value.map((part) => shallow(part, 'query')) };
    }
    if (key.startsWith('$')) throw new TypeError(`unknown query operator ${key}`);
    return { kind: 'field', field: key, condition: shallow(value, `condition on ${key}`) };
  });
}

/**
 * The operators of a condition with typed operands.
 * @throws TypeError on an unknown operator or an operand of the wrong type
 */
export function conditionParts(condition: unknown): ConditionPart[] {
  return entries(condition, 'condition').map(([operator, operand]) => {
    switch (operator) {
      case '$eq':
      case '$ne':
        if (isScalar(operand)) return { operator, operand };
        break;
      case '$gt':
      case '$gte':
      case '$lt':
      case '$lte':
        if (isScalar(operand) && operand !== null && typeof operand !== 'boolean')
          return { operator, operand };
        break;
      case '$in':
      case '$nin':
        if (Array.isArray(operand) && operand.every(isScalar)) return { operator, operand };
        break;
      case '$like':
        if (typeof operand === 'string') return { operator, operand };
        break;
      case '$elemMatch':
        return elementPart(operand);
      default:
        throw new TypeError(`unknown operator ${operator}`);
    }
    throw new TypeError(`${operator} cannot take ${JSON.stringify(operand) ?? String(operand)}`);
  });
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
  return shallow(query, 'query');
}

function elementPart(operand: unknown): ConditionPart {
  const keys = entries(operand, '$elemMatch').map(([key]) => key);
  const isRow = keys.every(
    (key) => !key.startsWith('$') || key === '$and' || key === '$or' || key === '$nor',
  );
  if (isRow) return { operator: '$elemMatch', row: shallow(operand, '$elemMatch') };
  return { operator: '$elemMatch', element: shallow(operand, '$elemMatch') };
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

/** Typed as what it should be; its own parts are checked when they are walked, level by level. */
function shallow<T extends Query | Condition>(value: unknown, what: string): T {
  if (!isShallow<T>(value)) throw new TypeError(`a ${what} must be an object`);
  return value;
}

function isShallow<T>(value: unknown): value is T {
  return isRecord(value);
}

export function isRecord(value: unknown): value is Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isScalar(value: unknown): value is Scalar {
  if (typeof value === 'number') return Number.isFinite(value);
  return value === null || typeof value === 'string' || typeof value === 'boolean';
}
