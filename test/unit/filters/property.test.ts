// Random filters on random documents: the compiled Query against SQL as Frappe writes it, spelled out here once more.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/errors/errors.ts';
import { matches } from '../../../src/storage/match.ts';
import type { Json, JsonObject } from '../../../src/util/json.ts';
import { compile, compileOr } from './fixtures.ts';

type Cell = string | number | null;

interface SqlColumn {
  readonly field: string;
  readonly values: readonly (string | number)[];
  /** IFNULL(column, this). */
  readonly fallback: string | number;
  /** NOT NULL DEFAULT 0. */
  readonly notNull?: boolean;
  readonly isDate?: boolean;
  /** Stored form of what is compared with the blank text. */
  readonly blank: Cell;
}

const MIDNIGHT = '00:00:00.000000';
const DAYS = ['2023-12-31', '2024-01-01', '2024-02-29'];
const COLUMNS: readonly SqlColumn[] = [
  { field: 'title', values: ['', 'a', 'A', 'ab', 'b%', 'é'], fallback: '', blank: '' },
  { field: 'customer', values: ['', 'a', 'b'], fallback: '', blank: '' },
  { field: 'count', values: [-1, 0, 1, 2], fallback: 0, notNull: true, blank: 0 },
  { field: 'total', values: [-1.5, 0, 0.5], fallback: 0, notNull: true, blank: 0 },
  { field: 'took', values: [-1, 0, 1.5], fallback: 0, blank: 0 },
  { field: 'day', values: DAYS, fallback: '0001-01-01', isDate: true, blank: null },
  {
    field: 'at',
    values: DAYS.flatMap((day) => [`${day} ${MIDNIGHT}`, `${day} 23:59:59.999999`]),
    fallback: `0001-01-01 ${MIDNIGHT}`,
    isDate: true,
    blank: null,
  },
  { field: 'hour', values: ['00:00:00', '09:05:00', '23:59:59'], fallback: '00:00:00', blank: null },
];

const ifNull = (value: Cell, fallback: Cell): Cell => value ?? fallback;

const ORDERS: Readonly<Record<string, (a: string | number, b: string | number) => boolean>> = {
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
};

const textOf = (value: Json): string => (typeof value === 'string' ? value : '');

/** LIKE for the patterns used here: `%` at the ends only. */
function sqlLike(text: string, pattern: string): boolean {
  const core = pattern.replaceAll('%', '').toLowerCase();
  const [open, closed] = [pattern.startsWith('%'), pattern.endsWith('%')];
  const lower = text.toLowerCase();
  if (open && closed) return lower.includes(core);
  if (open) return lower.endsWith(core);
  return closed ? lower.startsWith(core) : lower === core;
}

function sqlOrder(
  column: SqlColumn,
  cell: Cell,
  { operator, value }: { operator: string; value: Json },
): boolean {
  const operand = value === '' ? column.blank : value;
  const neverNull = column.isDate === true && operator.startsWith('>');
  const left = neverNull ? cell : ifNull(cell, column.fallback);
  if (left === null || (typeof operand !== 'string' && typeof operand !== 'number')) return false;
  return ORDERS[operator]?.(left, operand) ?? false;
}

function sqlIn(column: SqlColumn, cell: Cell, values: readonly Json[]): boolean {
  return values.some((value) => {
    if (value !== null && value !== '') return ifNull(cell, column.fallback) === value;
    return column.blank === null ? cell === null : ifNull(cell, column.fallback) === column.blank;
  });
}

type Rule = (column: SqlColumn, cell: Cell, value: Json) => boolean;

const isBlank = (cell: Cell): boolean => cell === null || cell === '' || cell === 0;

const sqlBetween: Rule = (column, cell, value) => {
  const [from, to] = Array.isArray(value) ? value : [];
  const within = (operator: string, bound: Json): boolean =>
    sqlOrder(column, cell, { operator, value: bound });
  return cell !== null && within('>=', from ?? null) && within('<=', to ?? null);
};

const RULES: Readonly<Record<string, Rule>> = {
  '=': (column, cell, value) => (value === null ? cell === null : sqlIn(column, cell, [value])),
  '!=': (column, cell, value) =>
    value === null || value === '' ? !isBlank(cell) : !sqlIn(column, cell, [value]),
  in: (column, cell, value) => Array.isArray(value) && sqlIn(column, cell, value),
  'not in': (column, cell, value) => Array.isArray(value) && !sqlIn(column, cell, value),
  is: (_, cell, value) => (value === 'set') !== isBlank(cell),
  like: (_, cell, value) => typeof cell === 'string' && sqlLike(cell, textOf(value)),
  'not like': (_, cell, value) => !sqlLike(String(cell ?? ''), textOf(value)),
  between: sqlBetween,
};

function sqlHolds(column: SqlColumn, stored: Cell, operator: string, value: Json): boolean {
  const cell = column.notNull === true ? ifNull(stored, 0) : stored;
  const rule = RULES[operator];
  return rule ? rule(column, cell, value) : sqlOrder(column, cell, { operator, value });
}

interface Case {
  readonly column: SqlColumn;
  readonly operator: string;
  readonly value: Json;
}

const cases: fc.Arbitrary<Case> = fc.constantFrom(...COLUMNS).chain((column) => {
  const value = fc.constantFrom<Json>(...column.values, column.fallback, '', null);
  const real = fc.constantFrom<Json>(...column.values);
  const isText = typeof column.fallback === 'string' && column.isDate !== true;
  const pattern = fc.constantFrom<Json>('%', '', 'a', 'A%', '%b', '%A%', '09%', 'é%');
  const bounds = column.values.filter((each) => each !== '');
  const choices: fc.Arbitrary<Case>[] = [
    fc.record({
      column: fc.constant(column),
      operator: fc.constantFrom('=', '!=', '<', '<=', '>', '>='),
      value,
    }),
    fc.record({
      column: fc.constant(column),
      operator: fc.constantFrom('in', 'not in'),
      value: fc.array(value, { maxLength: 3 }),
    }),
    fc.record({
      column: fc.constant(column),
      operator: fc.constant('is'),
      value: fc.constantFrom<Json>('set', 'not set'),
    }),
    fc.record({ column: fc.constant(column), operator: fc.constantFrom('=', '!='), value: real }),
    fc.record({
      column: fc.constant(column),
      operator: fc.constant('between'),
      value: fc.tuple(fc.constantFrom<Json>(...bounds), fc.constantFrom<Json>(...bounds)),
    }),
  ];
  if (isText) {
    choices.push(
      fc.record({
        column: fc.constant(column),
        operator: fc.constantFrom('like', 'not like'),
        value: pattern,
      }),
    );
  }
  return fc.oneof(...choices);
});

const doc: fc.Arbitrary<JsonObject> = fc
  .record(
    Object.fromEntries(COLUMNS.map(({ field, values }) => [field, fc.constantFrom<Json>(...values, null)])),
    { requiredKeys: [] },
  )
  .map((values) =>
    Object.fromEntries(Object.entries(values).map(([field, value]) => [field, value ?? null])),
  );

const cellOf = (document: JsonObject, field: string): Cell => {
  const value = document[field];
  return typeof value === 'string' || typeof value === 'number' ? value : null;
};

const holds = ({ column, operator, value }: Case, document: JsonObject): boolean =>
  sqlHolds(column, cellOf(document, column.field), operator, value);

const triples = (filters: readonly Case[]): Json =>
  filters.map(({ column, operator, value }) => [column.field, operator, value]);

describe('a compiled query agrees with the SQL of Frappe', () => {
  it('for one filter', () => {
    fc.assert(
      fc.property(cases, doc, (filter, document) => {
        expect(matches(compile(triples([filter])), document)).toBe(holds(filter, document));
      }),
      { numRuns: 20_000 },
    );
  });

  it('for filters and or_filters of several', () => {
    fc.assert(
      fc.property(fc.array(cases, { minLength: 1, maxLength: 4 }), doc, (filters, document) => {
        expect(matches(compile(triples(filters)), document)).toBe(
          filters.every((each) => holds(each, document)),
        );
        expect(matches(compileOr(triples(filters)), document)).toBe(
          filters.some((each) => holds(each, document)),
        );
      }),
      { numRuns: 3_000 },
    );
  });
});

const statusOf = (filters: Json): number | 'compiled' => {
  try {
    compile(filters);
    return 'compiled';
  } catch (error) {
    if (error instanceof AppError) return error.status;
    throw error;
  }
};

it('whatever is sent either compiles or is refused as the client’s fault', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom(...COLUMNS), (value, { field }) => {
      const json: Json = JSON.parse(JSON.stringify(value));
      for (const filters of [json, { [field]: json }, [[field, 'in', json]], [[field, 'between', json]]]) {
        expect(['compiled', 417]).toContain(statusOf(filters));
      }
    }),
    { numRuns: 3_000 },
  );
});
