// The reference meaning of a Query and of a sort. Engines must agree with it; it also judges documents that are
// already in memory. What the language does not have throws.
import type { Json } from '../util/json.ts';
import { like } from '../util/like.ts';
import type { Condition, Query } from './query.ts';
import { conditionParts, isRecord, isScalar, queryParts, type ConditionPart } from './query-parts.ts';
import type { SortKey } from './store.ts';

export { assertQuery } from './query-parts.ts';

/** Does the document match? A missing field counts as null; arrays and objects are unlike every scalar. */
export function matches(query: Query, doc: Readonly<Record<string, Json>>): boolean {
  return queryParts(query).every((part) => {
    switch (part.kind) {
      case '$and':
        return part.queries.every((each) => matches(each, doc));
      case '$or':
        return part.queries.some((each) => matches(each, doc));
      case '$nor':
        return !part.queries.some((each) => matches(each, doc));
      case 'field':
        return meets(part.condition, valueOf(doc, part.field));
    }
  });
}

/** Orders documents: null, numbers, text (binary), booleans; ties are broken by name, ascending. */
export function compareBy(
  sort: readonly SortKey[],
): (a: Readonly<Record<string, Json>>, b: Readonly<Record<string, Json>>) => number {
  const keys: readonly SortKey[] = [...sort, ['name', 'asc']];
  return (a, b) => {
    for (const [field, direction] of keys) {
      const order = compareValues(valueOf(a, field), valueOf(b, field));
      if (order !== 0) return direction === 'asc' ? order : -order;
    }
    return 0;
  };
}

/** Order of text by code point, which is the order of its UTF-8 bytes; JavaScript's own `<` goes by UTF-16 unit. */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at += 1) {
    const left = a.charCodeAt(at);
    const right = b.charCodeAt(at);
    if (left !== right) return codePointRank(left) - codePointRank(right);
  }
  return a.length - b.length;
}

/** Own fields only: no document holds `constructor` by birth. */
function valueOf(doc: Readonly<Record<string, Json>>, field: string): Json {
  return (Object.hasOwn(doc, field) ? doc[field] : null) ?? null;
}

function meets(condition: Condition, actual: Json): boolean {
  return conditionParts(condition).every((part) => {
    switch (part.operator) {
      case '$eq':
        return actual === part.operand;
      case '$ne':
        return actual !== part.operand;
      case '$in':
        return isScalar(actual) && part.operand.includes(actual);
      case '$nin':
        return !isScalar(actual) || !part.operand.includes(actual);
      case '$like':
        return typeof actual === 'string' && like(part.operand, actual);
      case '$elemMatch':
        return Array.isArray(actual) && actual.some((each: Json) => elementMeets(part, each));
      default:
        return inRange(part.operator, compareSameType(actual, part.operand));
    }
  });
}

function elementMeets(part: Extract<ConditionPart, { operator: '$elemMatch' }>, element: Json): boolean {
  if ('element' in part) return meets(part.element, element);
  return isRecord(element) && matches(part.row, element);
}

function inRange(operator: '$gt' | '$gte' | '$lt' | '$lte', order: number | undefined): boolean {
  if (order === undefined) return false;
  if (order === 0) return operator === '$gte' || operator === '$lte';
  return order > 0 === operator.startsWith('$g');
}

function compareSameType(value: Json, operand: string | number): number | undefined {
  if (typeof value === 'number' && typeof operand === 'number') return value - operand;
  if (typeof value === 'string' && typeof operand === 'string') return compareText(value, operand);
  return undefined;
}

function compareValues(a: Json, b: Json): number {
  const byType = typeRank(a) - typeRank(b);
  if (byType !== 0) return byType;
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  return isScalar(a) ? Number(a) - Number(b) : 0;
}

function typeRank(value: Json): number {
  if (value === null) return 0;
  const rank = ['number', 'string', 'boolean', 'object'].indexOf(typeof value);
  return rank + 1;
}

/** Surrogates stand for code points above everything else, yet their units are below U+E000. */
function codePointRank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}
