// Query → SQL text with bound values. Every leaf yields 0 or 1, never NULL, so that NOT is safe.
import type { Query } from '../query.ts';
import type { ConditionPart } from '../query-parts.ts';
import { conditionParts, queryParts } from '../query-parts.ts';
import type { Scalar } from '../query.ts';

export type Bound = string | number | null;

export interface Sql {
  readonly text: string;
  readonly values: readonly Bound[];
}

/** Names the side table of an element index, when there is one for the path. */
export type ElementIndex = (path: string) => string | undefined;

const sql = (text: string, ...values: Bound[]): Sql => ({ text, values });
const TRUE = sql('1');
const FALSE = sql('0');

function join(parts: readonly Sql[], word: 'AND' | 'OR', empty: Sql): Sql {
  const [only] = parts;
  if (!only) return empty;
  if (parts.length === 1) return only;
  return {
    text: `(${parts.map(({ text }) => text).join(` ${word} `)})`,
    values: parts.flatMap(({ values }) => values),
  };
}

const not = ({ text, values }: Sql): Sql => ({
  text: `NOT ${text.startsWith('(') ? text : `(${text})`}`,
  values,
});

/** A JSON path of one key; the same spelling in indexes and queries, or the planner does not see that they agree. */
export const pathOf = (field: string): string => `'$.${JSON.stringify(field).replaceAll("'", "''")}'`;

/** The value of a field. */
export const column = (field: string): string =>
  field === 'name' ? 'name' : `json_extract(doc, ${pathOf(field)})`;

/** Where a condition looks: a field of the document, of a row, or an element itself. */
interface Place {
  readonly value: string;
  readonly type: string;
  readonly rows?: { readonly source: string; readonly field: string; readonly guard: string };
}

const documentPlace = (field: string): Place => {
  if (field === 'name') return { value: 'name', type: 'typeof(name)' };
  return {
    value: column(field),
    type: `json_type(doc, ${pathOf(field)})`,
    rows: {
      source: `json_each(doc, ${pathOf(field)})`,
      field,
      guard: `coalesce(json_type(doc, ${pathOf(field)}) = 'array', 0)`,
    },
  };
};

const rowPlace =
  (alias: string) =>
  (field: string): Place => ({
    value: `json_extract(${alias}.value, ${pathOf(field)})`,
    type: `json_type(${alias}.value, ${pathOf(field)})`,
  });

export function compileQuery(query: Query, elementIndex: ElementIndex): Sql {
  return compile(query, documentPlace, elementIndex);
}

function compile(query: Query, place: (field: string) => Place, elementIndex: ElementIndex): Sql {
  const parts = queryParts(query).map((part) => {
    if (part.kind === 'field')
      return compileCondition(conditionParts(part.condition), place(part.field), elementIndex);
    const inner = part.queries.map((one) => compile(one, place, elementIndex));
    switch (part.kind) {
      case '$and':
        return join(inner, 'AND', TRUE);
      case '$or':
        return join(inner, 'OR', FALSE);
      case '$nor':
        return not(join(inner, 'OR', FALSE));
    }
  });
  return join(parts, 'AND', TRUE);
}

const compileCondition = (parts: readonly ConditionPart[], place: Place, elementIndex: ElementIndex): Sql =>
  join(
    parts.map((part) => compilePart(part, place, elementIndex)),
    'AND',
    TRUE,
  );

const RANGE = { $gt: '>', $gte: '>=', $lt: '<', $lte: '<=' } as const;

function compilePart(part: ConditionPart, place: Place, elementIndex: ElementIndex): Sql {
  switch (part.operator) {
    case '$eq':
      return equals(place, part.operand);
    case '$ne':
      return not(equals(place, part.operand));
    case '$in':
      return oneOf(place, part.operand);
    case '$nin':
      return not(oneOf(place, part.operand));
    case '$like':
      return sql(`(${isText(place)} AND ${place.value} LIKE ?)`, part.operand);
    case '$elemMatch':
      return elements(part, place, elementIndex);
    default: {
      const guard = typeof part.operand === 'string' ? isText(place) : isNumber(place);
      return sql(`(${guard} AND ${place.value} ${RANGE[part.operator]} ?)`, part.operand);
    }
  }
}

const isText = ({ type }: Place): string => `coalesce(${type} = 'text', 0)`;
const isNumber = ({ type }: Place): string => `coalesce(${type} IN ('integer','real'), 0)`;

function equals({ value, type }: Place, operand: Scalar): Sql {
  if (operand === null) return sql(`${value} IS NULL`);
  if (typeof operand === 'boolean') return sql(`coalesce(${type} = '${operand}', 0)`);
  if (typeof operand === 'string') return sql(`(${value} IS ? AND ${type} = 'text')`, operand);
  return sql(`(${value} IS ? AND ${type} IN ('integer','real'))`, operand);
}

/** Longer lists travel as one JSON parameter. */
const LIST_MAX = 100;

function oneOf(place: Place, operands: readonly Scalar[]): Sql {
  const plain = [...new Set(operands.filter((one) => typeof one === 'string' || typeof one === 'number'))];
  const rest = operands
    .filter((one) => one === null || typeof one === 'boolean')
    .map((one) => equals(place, one));
  const guarded = `coalesce(${place.type} IN ('text','integer','real'), 0)`;
  const list: Sql[] = [];
  if (plain.length > LIST_MAX) {
    list.push(
      sql(`(${place.value} IN (SELECT value FROM json_each(?)) AND ${guarded})`, JSON.stringify(plain)),
    );
  } else if (plain.length > 0) {
    list.push(sql(`(${place.value} IN (${plain.map(() => '?').join(',')}) AND ${guarded})`, ...plain));
  }
  return join([...list, ...rest], 'OR', FALSE);
}

type ElemMatch = Extract<ConditionPart, { operator: '$elemMatch' }>;

function elements(part: ElemMatch, { rows }: Place, elementIndex: ElementIndex): Sql {
  if (!rows) return FALSE;
  if ('element' in part) {
    const inner = compileCondition(
      conditionParts(part.element),
      { value: 'e.value', type: 'e.type' },
      elementIndex,
    );
    const exists = {
      text: `${rows.guard} AND (SELECT 1 FROM ${rows.source} e WHERE ${inner.text} LIMIT 1) IS 1`,
      values: inner.values,
    };
    const narrowed = conditionParts(part.element).map((one) => narrow(elementIndex(rows.field), one));
    return join([...narrowed.flatMap((one) => one ?? []), exists], 'AND', TRUE);
  }
  const inner = compile(part.row, rowPlace('e'), elementIndex);
  const exists = {
    text: `${rows.guard} AND (SELECT 1 FROM ${rows.source} e WHERE e.type = 'object' AND ${inner.text} LIMIT 1) IS 1`,
    values: inner.values,
  };
  return join([...narrowRows(part.row, rows.field, elementIndex), exists], 'AND', TRUE);
}

/** Equalities that every matching row must meet narrow the documents through the element index. */
function narrowRows(row: Query, field: string, elementIndex: ElementIndex): Sql[] {
  return queryParts(row).flatMap((part) => {
    if (part.kind === '$and') return part.queries.flatMap((one) => narrowRows(one, field, elementIndex));
    if (part.kind !== 'field') return [];
    const table = elementIndex(`${field}.${part.field}`);
    return conditionParts(part.condition).flatMap((one) => narrow(table, one) ?? []);
  });
}

function narrow(table: string | undefined, part: ConditionPart): Sql | undefined {
  if (table === undefined) return undefined;
  if (part.operator === '$eq' && (typeof part.operand === 'string' || typeof part.operand === 'number')) {
    return sql(`name IN (SELECT name FROM ${table} WHERE value = ?)`, part.operand);
  }
  if (
    part.operator === '$in' &&
    part.operand.every((one) => typeof one === 'string' || typeof one === 'number')
  ) {
    return sql(
      `name IN (SELECT name FROM ${table} WHERE value IN (SELECT value FROM json_each(?)))`,
      JSON.stringify(part.operand),
    );
  }
  return undefined;
}
