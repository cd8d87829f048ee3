// Query → one SQL expression. Every leaf yields 0 or 1, never NULL, so that negation is safe. Field names enter as
// quoted JSON paths, values through `bind`; nothing of a query is pasted raw.
import type { Condition, Query, Scalar } from '../query.ts';
import { conditionParts, queryParts, type ConditionPart } from '../query-parts.ts';
import type { Layout } from './layout.ts';
import { identifier } from './names.ts';
import { AFTER_TEXT, elementValue, FALSE, keyPath, TRUE, valueAt } from './spelling.ts';

/**
 * Puts a value into the statement: as a parameter, or as a literal when it is shown to people. Parameters go by their
 * place, so values are bound in the order in which they stand in the text.
 */
export type Bind = (value: string | number) => string;

export interface Target {
  readonly layout: Layout;
  readonly bind: Bind;
}

/** Longer lists travel as one JSON parameter: SQLite takes some 32,000 parameters and no more. */
const LIST_MAX = 16;
/** SQLite counts the depth of an expression, and a chain of ANDs is as deep as it is long. */
const CHAIN_MAX = 50;

/** Where the fields of a query are found: in the documents of a table, or in the rows of one. */
interface Scope extends Target {
  /** SQL of the JSON text. */
  readonly json: string;
  readonly depth: number;
}

/** What a condition is about. */
interface Subject {
  readonly value: string;
  /** The field it is, when it is one of a document. */
  readonly field?: string;
  /** SQL of the type as `json_type` names it, and the arguments of `json_each`; absent if it can be no array. */
  readonly array?: { readonly type: string; readonly each: string };
}

/** @throws TypeError on an operator or a shape that the language does not have */
export function compileQuery(query: Query, target: Target): string {
  return compile(query, { ...target, json: 'doc', depth: 0 });
}

/** The value of a field of a document, spelled as indexes spell it. */
export function column(field: string): string {
  return field === 'name' ? 'name' : valueAt('doc', field);
}

/** A number as SQLite reads it from a document: its reading of decimals is not JavaScript's to the last bit. */
export function bindValue(value: string | number, bind: Bind): string {
  if (typeof value === 'string' || Number.isSafeInteger(value)) return bind(value);
  return `json_extract(${bind(JSON.stringify(value))}, '$')`;
}

function compile(query: Query, scope: Scope): string {
  const parts = queryParts(query).map((part) => {
    switch (part.kind) {
      case '$and':
        return all(part.queries.map((each) => compile(each, scope)));
      case '$or':
        return any(part.queries.map((each) => compile(each, scope)));
      case '$nor':
        return not(any(part.queries.map((each) => compile(each, scope))));
      case 'field':
        return compileCondition(part.condition, subjectOf(part.field, scope), scope);
    }
  });
  return all(parts);
}

function subjectOf(field: string, { json, depth }: Scope): Subject {
  if (depth === 0 && field === 'name') return { value: 'name', field };
  const at = `${json}, ${keyPath(field)}`;
  const array = { type: `json_type(${at})`, each: at };
  return { value: valueAt(json, field), array, ...(depth === 0 ? { field } : {}) };
}

function compileCondition(condition: Condition, subject: Subject, scope: Scope): string {
  return all(conditionParts(condition).map((part) => compilePart(part, subject, scope)));
}

const COMPARISON = { $gt: '>', $gte: '>=', $lt: '<', $lte: '<=' } as const;

function compilePart(part: ConditionPart, subject: Subject, scope: Scope): string {
  const { value } = subject;
  switch (part.operator) {
    case '$eq':
      return equals(part.operand, subject, scope);
    case '$ne':
      return not(equals(part.operand, subject, scope));
    case '$in':
      return isOneOf(part.operand, subject, scope);
    case '$nin':
      return not(isOneOf(part.operand, subject, scope));
    case '$like':
      return `(${value} LIKE ${scope.bind(part.operand)}) IS 1`;
    case '$elemMatch':
      return someElement(part, subject, scope);
    default: {
      const types = typeof part.operand === 'string' ? "= 'text'" : "IN ('integer', 'real')";
      const bound = bindValue(part.operand, scope.bind);
      return `(typeof(${value}) ${types} AND ${value} ${COMPARISON[part.operator]} ${bound})`;
    }
  }
}

function equals(operand: Scalar, { value, field }: Subject, { bind, layout }: Scope): string {
  if (operand === null) return `${value} IS NULL`;
  const same = `${value} IS ${scalar(operand, bind)}`;
  return isGuarded(field, [operand], layout) ? `(${same} AND ${guarded(value)})` : same;
}

function isOneOf(operands: readonly Scalar[], { value, field }: Subject, { bind, layout }: Scope): string {
  const present = [...new Set(operands)].filter((operand) => operand !== null);
  const hint = isGuarded(field, present, layout) ? ` AND ${guarded(value)}` : '';
  const lists = listsOf(present, bind).map((list) => `${value} IN (${list})`);
  // NULL IN (…) is NULL, which must not leave the leaf.
  const among = lists.length === 0 ? [] : [`(${value} IS NOT NULL AND ${any(lists)}${hint})`];
  return any(operands.includes(null) ? [`${value} IS NULL`, ...among] : among);
}

/** The inside of one or two `IN (…)`. JSON has booleans of its own, which would come out as numbers. */
function listsOf(operands: readonly (string | number | boolean)[], bind: Bind): string[] {
  if (operands.length === 0) return [];
  if (operands.length <= LIST_MAX) return [operands.map((operand) => scalar(operand, bind)).join(', ')];
  const booleans = operands.filter((operand) => typeof operand === 'boolean');
  const others = operands.filter((operand) => typeof operand !== 'boolean');
  const long = `SELECT value FROM json_each(${bind(JSON.stringify(others))})`;
  return [long, ...listsOf(booleans, bind)];
}

function scalar(operand: string | number | boolean, bind: Bind): string {
  if (typeof operand === 'boolean') return operand ? TRUE : FALSE;
  return bindValue(operand, bind);
}

/** A unique index serves a query only if the query says, too, that the value is one of those the index holds. */
function isGuarded(field: string | undefined, operands: readonly Scalar[], { unique }: Layout): boolean {
  if (field === undefined || !unique.has(field)) return false;
  return operands.every(
    (operand) => typeof operand === 'number' || (typeof operand === 'string' && operand !== ''),
  );
}

/** What a unique index holds: numbers and text but the empty one. The index and the queries spell it alike. */
export function guarded(value: string): string {
  return `${value} <> '' AND ${value} < ${AFTER_TEXT}`;
}

type ElemMatch = Extract<ConditionPart, { operator: '$elemMatch' }>;

function someElement(part: ElemMatch, { field, array }: Subject, scope: Scope): string {
  if (array === undefined) return '0';
  const narrowed = field === undefined ? [] : narrowings(part, field, scope);
  const alias = `e${scope.depth + 1}`;
  const inner: Scope = { ...scope, json: `${alias}.value`, depth: scope.depth + 1 };
  const met =
    'row' in part
      ? `${alias}.type IS 'object' AND ${compile(part.row, inner)}`
      : compileCondition(part.element, elementSubject(alias), inner);
  // Not EXISTS: since 3.51 SQLite may make a join of it, and then an OFFSET counts a document once per matching element.
  const found = `(SELECT 1 FROM json_each(${array.each}) AS ${alias} WHERE ${met} LIMIT 1) IS 1`;
  return all([...narrowed, `${array.type} IS 'array'`, found]);
}

function elementSubject(alias: string): Subject {
  return { value: elementValue(alias), array: { type: `${alias}.type`, each: `${alias}.value` } };
}

/** Equalities that the element must meet anyway, looked up in element indexes first. */
function narrowings(part: ElemMatch, field: string, scope: Scope): string[] {
  if ('row' in part) return rowNarrowings(part.row, field, scope);
  const side = scope.layout.elements.get(field);
  return side === undefined ? [] : lookups(part.element, side, scope.bind);
}

function rowNarrowings(row: Query, field: string, scope: Scope): string[] {
  return queryParts(row).flatMap((part) => {
    if (part.kind === '$and') return part.queries.flatMap((each) => rowNarrowings(each, field, scope));
    if (part.kind !== 'field') return [];
    const side = scope.layout.elements.get(`${field}.${part.field}`);
    return side === undefined ? [] : lookups(part.condition, side, scope.bind);
  });
}

function lookups(condition: Condition, side: string, bind: Bind): string[] {
  return conditionParts(condition).flatMap((part) => {
    const operands = part.operator === '$eq' ? [part.operand] : part.operator === '$in' ? part.operand : [];
    const present = operands.filter((operand) => operand !== null);
    // Null stands for missing elements' fields as well; the side table holds none of them.
    if (present.length === 0 || present.length < operands.length) return [];
    const tests = listsOf([...new Set(present)], bind).map((list) => `value IN (${list})`);
    return [`name IN (SELECT name FROM ${identifier(side)} WHERE ${any(tests)})`];
  });
}

const all = (parts: readonly string[]): string => chain(parts, 'AND', '1');
const any = (parts: readonly string[]): string => chain(parts, 'OR', '0');
const not = (part: string): string => `NOT (${part})`;

function chain(parts: readonly string[], word: 'AND' | 'OR', empty: string): string {
  const [only] = parts;
  if (only === undefined) return empty;
  if (parts.length === 1) return only;
  if (parts.length <= CHAIN_MAX) return `(${parts.join(` ${word} `)})`;
  const size = Math.max(CHAIN_MAX, Math.ceil(parts.length / CHAIN_MAX));
  const groups: string[] = [];
  for (let at = 0; at < parts.length; at += size) groups.push(chain(parts.slice(at, at + size), word, empty));
  return chain(groups, word, empty);
}
