// Filters on rows of child tables: one row for all of them, and what a document without rows answers.
import { describe, expect, it } from 'vitest';
import { ValidationError } from '../../../src/errors/errors.ts';
import type { Json } from '../../../src/util/json.ts';
import { compile, compileOr, contextFor, item, namesOf, order, select, tablets } from './fixtures.ts';

const docs = [
  { name: 'none' },
  { name: 'empty', items: [] },
  { name: 'bolt', items: [{ name: 'r1', item_code: 'Bolt', qty: 5 }] },
  {
    name: 'both',
    items: [
      { name: 'r2', item_code: 'Bolt', qty: 1 },
      { name: 'r3', item_code: 'Nut', qty: 9 },
    ],
  },
  { name: 'bare', items: [{ name: 'r4' }] },
];

describe('a filter on rows', () => {
  it.each<[string, Json]>([
    ['table_field.field', { 'items.item_code': 'Nut' }],
    ['backticks', { '`tabOrder Item`.`item_code`': 'Nut' }],
    ['tab without backticks', { 'tabOrder Item.item_code': 'Nut' }],
    ['a quadruple', [['Order Item', 'item_code', '=', 'Nut']]],
  ])('is spelled as %s', (_, filters) => {
    expect(select(filters, docs)).toEqual(['both']);
  });

  it.each<[string, Json, string]>([
    ['=', 'Bolt', 'bolt both'],
    ['=', '', 'none empty bare'],
    ['!=', 'Bolt', 'none empty both bare'],
    ['!=', '', 'bolt both'],
    ['in', ['Nut', ''], 'none empty both bare'],
    ['not in', ['Bolt'], 'none empty both bare'],
    ['not in', [], 'none empty bolt both bare'],
    ['in', [], ''],
    ['like', 'b%', 'bolt both'],
    ['not like', 'b%', 'none empty both bare'],
    ['is', 'set', 'bolt both'],
    ['is', 'not set', 'none empty bare'],
  ])('%s %j finds [%s], a missing row counting as an empty one', (operator, value, expected) => {
    expect(select([['Order Item', 'item_code', operator, value]], docs).join(' ')).toBe(expected);
  });

  it.each<[string, Json, string]>([
    ['=', 0, 'bare'],
    ['<', 5, 'both bare'],
    ['!=', 5, 'both bare'],
    ['>', 8, 'both'],
    ['is', 'not set', 'none empty bare'],
    ['is', 'set', 'bolt both'],
    ['not in', [], 'none empty bolt both bare'],
  ])('on a number: %s %j finds [%s], a missing row having none', (operator, value, expected) => {
    expect(select([['Order Item', 'qty', operator, value]], docs).join(' ')).toBe(expected);
  });

  it('reaches the standard fields of rows', () => {
    expect(select({ 'items.name': 'r3' }, docs)).toEqual(['both']);
    expect(select({ 'items.idx': ['>', 0] }, docs)).toEqual([]);
    expect(select({ 'items.parentfield': 'items' }, docs)).toEqual([]);
    expect(select({ 'items.name': ['!=', 'r1'] }, docs)).toEqual(['both', 'bare']);
  });
});

describe('several filters on rows', () => {
  it('of one table hold for one and the same row', () => {
    const filters = [
      ['Order Item', 'item_code', '=', 'Bolt'],
      ['Order Item', 'qty', '>', 3],
    ];
    expect(select(filters, docs)).toEqual(['bolt']);
  });

  it('may be spelled differently', () => {
    const filters = [
      ['items.item_code', '=', 'Bolt'],
      ['Order Item', 'qty', '>', 3],
    ];
    expect(select(filters, docs)).toEqual(['bolt']);
  });

  it('match a document without rows only if all of them do', () => {
    const filters = (qty: Json): Json => [
      ['Order Item', 'item_code', '!=', 'Bolt'],
      ['Order Item', 'qty', 'is', qty],
    ];
    expect(select(filters('not set'), docs)).toEqual(['none', 'empty', 'bare']);
    expect(select(filters('set'), docs)).toEqual(['both']);
  });

  it('stand beside filters on the document', () => {
    expect(
      select(
        [
          ['Order Item', 'qty', '>', 3],
          ['name', '=', 'both'],
        ],
        docs,
      ),
    ).toEqual(['both']);
  });

  it('as or_filters hold each by itself', () => {
    const filters = [
      ['Order Item', 'item_code', '=', 'Nut'],
      ['Order Item', 'qty', '=', 5],
    ];
    expect(namesOf(compileOr(filters), docs)).toEqual(['bolt', 'both']);
    expect(namesOf(compileOr({ 'items.item_code': '', name: 'bolt' }), docs)).toEqual([
      'none',
      'empty',
      'bolt',
      'bare',
    ]);
  });
});

describe('two tables of one child DocType', () => {
  const noted = [
    { name: 'none' },
    { name: 'new', notes: [{ name: 'n1', text: 'x' }] },
    { name: 'old', old_notes: [{ name: 'n2', text: 'x' }] },
    { name: 'other', notes: [{ name: 'n3', text: 'y' }], old_notes: [] },
  ];

  it('are both meant by the name of the DocType', () => {
    expect(select([['Order Note', 'text', '=', 'x']], noted)).toEqual(['new', 'old']);
    expect(select([['Order Note', 'text', '!=', 'x']], noted)).toEqual(['none', 'other']);
  });

  it('are told apart by the name of the field', () => {
    expect(select({ 'notes.text': 'x' }, noted)).toEqual(['new']);
    expect(select({ 'old_notes.text': 'x' }, noted)).toEqual(['old']);
  });
});

it('a table whose name begins with "tab" is not mistaken for a DocType', () => {
  const found = [{ name: 'a', tablets: [{ name: 'r', text: 'x' }] }, { name: 'b' }];
  expect(select({ 'tablets.text': 'x' }, found, contextFor(tablets))).toEqual(['a']);
});

it('rows themselves can be filtered by what only rows have', () => {
  const rows = [
    { name: 'r1', parent: 'A' },
    { name: 'r2', parent: 'B' },
  ];
  expect(select({ parent: 'A' }, rows, contextFor(item))).toEqual(['r1']);
});

it('the own DocType may be named in a quadruple', () => {
  expect(select([['Order', 'name', '=', 'bolt']], docs)).toEqual(['bolt']);
  expect(select([['Order', 'items.qty', '=', 5]], docs)).toEqual(['bolt']);
});

it('names what is not a child table', () => {
  expect(() => compile([['ToDo', 'x', '=', 1]], contextFor(order))).toThrow(ValidationError);
  expect(() => compile([['constructor', 'x', '=', 1]])).toThrow('constructor is not a child table of Order');
});
