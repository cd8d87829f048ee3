// Every operator on every kind of field, null and missing values included. matches() says what a Query means.
import { describe, expect, it } from 'vitest';
import { DataError, ValidationError } from '../../../src/errors/errors.ts';
import { filterTargets } from '../../../src/filters/compile.ts';
import { parseFilters } from '../../../src/filters/parse.ts';
import { matches } from '../../../src/storage/match.ts';
import type { Json, JsonObject } from '../../../src/util/json.ts';
import {
  compile,
  compileOr,
  contextFor,
  loose,
  namesOf,
  order,
  registry,
  select,
  ticket,
} from './fixtures.ts';

/** Documents as they are stored: a null is left out, except for `null`, which imported data may hold. */
const documents = (field: string, values: JsonObject): JsonObject[] =>
  Object.entries(values).map(([name, value]) => (name === 'gone' ? { name } : { name, [field]: value }));

type Row = readonly [operator: string, value: Json, expected: string];

/** Field, its documents by name (`gone` has no such field), and which of them each filter finds. */
const TABLES: readonly (readonly [field: string, docs: JsonObject, rows: readonly Row[]])[] = [
  [
    'title',
    { gone: null, null: null, blank: '', a: 'Apple', b: 'apple', c: 'Cherry' },
    [
      ['=', 'Apple', 'a'],
      ['=', '', 'gone null blank'],
      ['=', null, 'gone null'],
      ['!=', 'Apple', 'gone null blank b c'],
      ['!=', '', 'a b c'],
      ['!=', null, 'a b c'],
      ['>', 'Apple', 'b c'],
      ['>', '', 'a b c'],
      ['>=', '', 'gone null blank a b c'],
      ['>=', 'Cherry', 'b c'],
      ['<', 'Cherry', 'gone null blank a'],
      ['<', '', ''],
      ['<=', '', 'gone null blank'],
      ['<=', 'Apple', 'gone null blank a'],
      ['>', null, ''],
      ['<', null, ''],
      ['like', 'APP%', 'a b'],
      ['like', '%', 'blank a b c'],
      ['like', '', 'blank'],
      ['like', 'app', ''],
      ['like', '_herr_', 'c'],
      ['not like', 'APP%', 'gone null blank c'],
      ['not like', '%', ''],
      ['not like', '', 'a b c'],
      ['in', ['Apple', 'Cherry'], 'a c'],
      ['in', 'Apple, Cherry', 'a c'],
      ['in', ['Apple', ''], 'gone null blank a'],
      ['in', ['Apple', null], 'gone null blank a'],
      ['in', [], ''],
      ['in', null, 'gone null blank'],
      ['in', '', 'gone null blank'],
      ['not in', ['Apple', 'Cherry'], 'gone null blank b'],
      ['not in', 'Apple,Cherry', 'gone null blank b'],
      ['not in', ['Apple', ''], 'b c'],
      ['not in', [null], 'a b c'],
      ['not in', [], 'gone null blank a b c'],
      ['not in', null, 'a b c'],
      ['is', 'set', 'a b c'],
      ['is', 'not set', 'gone null blank'],
      ['is', ' NOT SET ', 'gone null blank'],
      ['between', ['Apple', 'Cherry'], 'a c'],
    ],
  ],
  ...['count', 'total', 'ratio', 'weight'].map(
    (field) =>
      [
        field,
        { gone: null, null: null, zero: 0, minus: -5, five: 5, ten: 10 },
        [
          ['=', 5, 'five'],
          ['=', '5', 'five'],
          ['=', 0, 'gone null zero'],
          ['=', false, 'gone null zero'],
          ['=', '', 'gone null zero'],
          ['=', null, ''],
          ['!=', 5, 'gone null zero minus ten'],
          ['!=', 0, 'minus five ten'],
          ['!=', '', 'minus five ten'],
          ['!=', null, 'minus five ten'],
          ['>', 0, 'five ten'],
          ['>', '-1', 'gone null zero five ten'],
          ['>', 4.5, 'five ten'],
          ['>=', 0, 'gone null zero five ten'],
          ['<', 5, 'gone null zero minus'],
          ['<', 0, 'minus'],
          ['<=', 0, 'gone null zero minus'],
          ['>', null, ''],
          ['in', [5, '10'], 'five ten'],
          ['in', '5, 10', 'five ten'],
          ['in', 5, 'five'],
          ['in', [0], 'gone null zero'],
          ['in', [], ''],
          ['not in', [5], 'gone null zero minus ten'],
          ['not in', [0, 5], 'minus ten'],
          ['not in', [], 'gone null zero minus five ten'],
          ['is', 'set', 'minus five ten'],
          ['is', 'not set', 'gone null zero'],
          ['between', [0, 5], 'gone null zero five'],
          ['between', ['5', 10], 'five ten'],
          ['between', [-9, -1], 'minus'],
          ['like', '5', 'five'],
          ['like', '%%', 'gone null zero minus five ten'],
          ['not like', '5', 'gone null zero minus ten'],
          ['not like', '%', ''],
        ],
      ] as const,
  ),
  [
    'paid',
    { gone: null, no: 0, yes: 1 },
    [
      ['=', 1, 'yes'],
      ['=', true, 'yes'],
      ['=', '1', 'yes'],
      ['=', 'true', 'yes'],
      ['=', 0, 'gone no'],
      ['=', false, 'gone no'],
      ['!=', 1, 'gone no'],
      ['!=', true, 'gone no'],
      ['!=', 0, 'yes'],
      ['is', 'set', 'yes'],
      ['is', 'not set', 'gone no'],
      ['in', [0, 1], 'gone no yes'],
    ],
  ],
  [
    'took',
    { gone: null, zero: 0, five: 5 },
    [
      ['=', 0, 'gone zero'],
      ['=', null, 'gone'],
      ['!=', 5, 'gone zero'],
      ['!=', 0, 'five'],
      ['<', 5, 'gone zero'],
      ['between', [0, 9], 'zero five'],
      ['like', '%', 'zero five'],
      ['is', 'not set', 'gone zero'],
    ],
  ],
  [
    'day',
    { gone: null, old: '2023-12-31', first: '2024-01-01', last: '2024-01-31' },
    [
      ['=', '2024-01-01', 'first'],
      ['=', '2024-1-1', 'first'],
      ['=', '2024-01-01 13:00:00', 'first'],
      ['=', '', 'gone'],
      ['=', null, 'gone'],
      ['!=', '2024-01-01', 'gone old last'],
      ['!=', '', 'old first last'],
      ['!=', null, 'old first last'],
      ['>', '2024-01-01', 'last'],
      ['>=', '2024-01-01', 'first last'],
      ['>=', '0001-01-01', 'old first last'],
      ['<', '2024-01-01', 'gone old'],
      ['<=', '2024-01-01', 'gone old first'],
      ['<', '', ''],
      ['>', '', ''],
      ['like', '2024-01%', 'first last'],
      ['not like', '2024-01%', 'gone old'],
      ['in', ['2024-01-01'], 'first'],
      ['in', ['2024-01-01', ''], 'gone first'],
      ['not in', ['2024-01-01'], 'gone old last'],
      ['not in', ['2024-01-01', null], 'old last'],
      ['is', 'set', 'old first last'],
      ['is', 'not set', 'gone'],
      ['between', ['2024-01-01', '2024-01-31'], 'first last'],
      ['between', ['2024-01-01 05:00:00', '2024-01-31 00:00:00'], 'first last'],
      ['between', ['2024-01-01'], 'first last'],
      ['timespan', 'last year', 'old'],
      ['timespan', 'This Year', 'first last'],
      ['previous', '1 year', 'old'],
      ['next', '1 year', ''],
    ],
  ],
  [
    'at',
    {
      gone: null,
      before: '2023-12-31 23:59:59.999999',
      midnight: '2024-01-01 00:00:00.000000',
      noon: '2024-01-01 12:00:00.000000',
      end: '2024-01-31 23:59:59.999999',
      after: '2024-02-01 00:00:00.000000',
    },
    [
      ['=', '2024-01-01', 'midnight'],
      ['=', '2024-01-01 12:00:00', 'noon'],
      ['=', '2024-01-01T12:00:00Z', 'noon'],
      ['=', '', 'gone'],
      ['=', '0001-01-01', 'gone'],
      ['!=', '2024-01-01', 'gone before noon end after'],
      ['!=', '', 'before midnight noon end after'],
      ['>', '2024-01-01', 'noon end after'],
      ['>=', '2024-01-01', 'midnight noon end after'],
      ['<', '2024-01-01', 'gone before'],
      ['<=', '2024-01-01', 'gone before midnight'],
      ['between', ['2024-01-01', '2024-01-31'], 'midnight noon end'],
      ['between', ['2024-01-01 00:00:01', '2024-01-31 00:00:00'], 'noon'],
      ['between', ['2024-01-01'], 'midnight noon end after'],
      ['like', '2024-01-01%', 'midnight noon'],
      ['is', 'not set', 'gone'],
      ['timespan', 'last year', 'before'],
      ['timespan', 'last quarter', 'midnight noon end after'],
      ['timespan', 'this quarter', ''],
    ],
  ],
  [
    'hour',
    { gone: null, midnight: '00:00:00', nine: '09:05:00', late: '23:59:59.500000' },
    [
      ['=', '9:05', 'nine'],
      ['=', '00:00:00', 'gone midnight'],
      ['=', '', 'gone'],
      ['!=', '09:05:00', 'gone midnight late'],
      ['>', '09:00:00', 'nine late'],
      ['>=', '00:00:00', 'gone midnight nine late'],
      ['<', '09:05:00', 'gone midnight'],
      ['between', ['00:00:00', '10:00:00'], 'midnight nine'],
      ['is', 'not set', 'gone'],
    ],
  ],
  [
    'settings',
    { gone: null, object: { a: 1 }, list: [] },
    [
      ['is', 'set', 'object list'],
      ['is', 'not set', 'gone'],
    ],
  ],
  [
    'items',
    { gone: null, none: [], some: [{ name: 'r' }] },
    [
      ['is', 'set', 'some'],
      ['is', 'not set', 'gone none'],
    ],
  ],
  [
    '_assign',
    { gone: null, blank: '', both: '["a@x.io", "b_c@x.io"]', one: '["bxc@x.io"]' },
    [
      ['=', 'a@x.io', 'both'],
      ['=', 'b_c@x.io', 'both'],
      ['!=', 'a@x.io', 'gone blank one'],
      ['=', '', 'gone blank'],
      ['!=', '', 'both one'],
      ['is', 'set', 'both one'],
    ],
  ],
  [
    '_user_tags',
    { gone: null, tagged: ',red,blue' },
    [
      ['=', 'red', ''],
      ['like', '%red%', 'tagged'],
      ['not like', '%red%', 'gone'],
    ],
  ],
  [
    'owner',
    { gone: null, ada: 'ada@x.io' },
    [
      ['=', 'ada@x.io', 'ada'],
      ['!=', 'ada@x.io', 'gone'],
      ['is', 'not set', 'gone'],
    ],
  ],
  [
    'docstatus',
    { gone: null, draft: 0, submitted: 1, cancelled: 2 },
    [
      ['=', 0, 'gone draft'],
      ['!=', 2, 'gone draft submitted'],
      ['<', 2, 'gone draft submitted'],
      ['in', [1, 2], 'submitted cancelled'],
    ],
  ],
  [
    'modified',
    { old: '2024-01-01 00:00:00.000001', new: '2024-05-15 10:00:00.000000' },
    [
      ['>', '2024-01-01', 'old new'],
      ['>=', '2024-05-15', 'new'],
      ['<', '2024-05-15', 'old'],
      ['between', ['2024-05-15', '2024-05-15'], 'new'],
      ['timespan', 'today', 'new'],
      ['is', 'set', 'old new'],
      ['=', '', ''],
      ['=', null, ''],
    ],
  ],
];

describe.each(TABLES)('a filter on %s', (field, docs, rows) => {
  it.each(rows)(`%s %j finds [%s]`, (operator, value, expected) => {
    const found = select([[field, operator, value]], documents(field, docs));
    expect(found.join(' ')).toBe(expected);
  });
});

describe.each([
  ['status', 'Open'],
  ['customer', 'ACME'],
  ['body', '<p>x</p>'],
] as const)('%s follows the rules of text', (field, value) => {
  const docs = documents(field, { gone: null, blank: '', set: value });
  it.each<Row>([
    ['=', value, 'set'],
    ['=', '', 'gone blank'],
    ['!=', value, 'gone blank'],
    ['<', value, 'gone blank'],
    ['not in', [value], 'gone blank'],
    ['not like', value, 'gone blank'],
    ['is', 'not set', 'gone blank'],
  ])('%s %j finds [%s]', (operator, given, expected) => {
    expect(select([[field, operator, given]], docs).join(' ')).toBe(expected);
  });
});

describe('names', () => {
  it('compare exactly', () => {
    const docs = [{ name: 'A' }, { name: 'a' }];
    expect(select({ name: 'a' }, docs)).toEqual(['a']);
    expect(select({ name: ['like', 'A'] }, docs)).toEqual(['A', 'a']);
    expect(select({ name: ['is', 'set'] }, docs)).toEqual(['A', 'a']);
  });

  it('of text are found by a number as Frappe finds them', () => {
    expect(select({ name: 5 }, [{ name: '5' }, { name: '6' }])).toEqual(['5']);
  });

  it('that are numbers are found by number and by its digits', () => {
    const docs = [{ name: 5 }, { name: 11 }];
    const context = contextFor(ticket);
    expect(select({ name: '5' }, docs, context)).toEqual([5]);
    expect(select({ name: ['>', 5] }, docs, context)).toEqual([11]);
    expect(select({ name: ['in', ['5', 11]] }, docs, context)).toEqual([5, 11]);
    expect(select({ name: ['like', '%'] }, docs, context)).toEqual([5, 11]);
    expect(() => compile({ name: ['like', '%5%'] }, context)).toThrow(/searches text/);
  });
});

describe('several filters', () => {
  const docs = [
    { name: 'a', status: 'Open', count: 1 },
    { name: 'b', status: 'Open', count: 2 },
    { name: 'c', status: 'Closed', count: 2 },
  ];

  it('must all hold', () => {
    expect(select({ status: 'Open', count: 2 }, docs)).toEqual(['b']);
    expect(
      select(
        [
          ['count', '>', 1],
          ['count', '<', 3],
          ['status', '=', 'Open'],
        ],
        docs,
      ),
    ).toEqual(['b']);
  });

  it('as or_filters must not', () => {
    expect(namesOf(compileOr({ status: 'Closed', count: 1 }), docs)).toEqual(['a', 'c']);
  });

  it('none at all leave every document, in both parameters', () => {
    expect(namesOf(compile([]), docs)).toEqual(['a', 'b', 'c']);
    expect(namesOf(compileOr([]), docs)).toEqual(['a', 'b', 'c']);
  });

  it('are and-ed even for two values of one field', () => {
    expect(
      select(
        [
          ['status', '=', 'Open'],
          ['status', '=', 'Closed'],
        ],
        docs,
      ),
    ).toEqual([]);
  });
});

describe('undeclared fields', () => {
  const context = contextFor(loose);
  const docs: JsonObject[] = [
    { name: 'gone' },
    { name: 'blank', x: '' },
    { name: 'zero', x: 0 },
    { name: 'five', x: 5 },
    { name: 'text', x: '5' },
    { name: 'yes', x: true },
    { name: 'list', x: [5] },
  ];
  it.each<Row>([
    ['=', 5, 'five'],
    ['=', '5', 'text'],
    ['=', true, 'yes'],
    ['=', '', 'gone blank'],
    ['=', null, 'gone'],
    ['!=', 5, 'gone blank zero text yes list'],
    ['>', 0, 'five'],
    ['<', 9, 'zero five'],
    ['in', [0, 5], 'zero five'],
    ['in', '5', 'text'],
    ['not in', ['', 5], 'zero text yes list'],
    ['is', 'set', 'zero five text yes list'],
    ['is', 'not set', 'gone blank'],
    ['between', [1, 9], 'five'],
  ])('are compared as the JSON they are: %s %j finds [%s]', (operator, value, expected) => {
    expect(select([['x', operator, value]], docs, context).join(' ')).toBe(expected);
  });

  it.each(['__proto__', '_auth', '$where', 'a.b', 'parent', 'doctype', 'a"b', 'a`', '', 'x\ny', '*'])(
    'cannot be called %j',
    (field) => {
      expect(() => compile([[field, '=', 1]], context)).toThrow(ValidationError);
    },
  );

  it('are refused where the DocType declares its fields', () => {
    expect(() => compile({ x: 1 })).toThrow(DataError);
    expect(() => compile({ x: 1 })).toThrow('Field not permitted in query: x');
  });
});

it('tells which fields filters name', () => {
  const filters = parseFilters({ status: 1, 'items.qty': 2 }, 'filters');
  const targets = filterTargets(filters, { meta: order, registry });
  expect(
    targets.map(({ column, tables }) => [column.name, tables.map(({ fieldname }) => fieldname)]),
  ).toEqual([
    ['status', []],
    ['qty', ['items']],
  ]);
});

it('moves times with an offset into the zone of the service', () => {
  const clock = { ...contextFor(order).clock, zone: 'Asia/Kolkata' };
  const query = compile({ creation: '2024-01-01T00:00:00Z' }, contextFor(order, { clock }));
  expect(matches(query, { creation: '2024-01-01 05:30:00.000000' })).toBe(true);
});
