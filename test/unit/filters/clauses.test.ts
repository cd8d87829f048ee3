// fields, order_by and limits: what is accepted, in which spellings, and what each refusal says.
import { describe, expect, it } from 'vitest';
import { DataError, ValidationError } from '../../../src/errors/errors.ts';
import { parseFields, parseLimits, parseOrderBy } from '../../../src/filters/clauses.ts';
import { resolveFields, resolveOrderBy } from '../../../src/filters/resolve-clauses.ts';
import type { Json } from '../../../src/util/json.ts';
import { item, loose, order, registry } from './fixtures.ts';

/** Columns as text: `field`, `field>alias`, `table.field>alias`. */
function columns(input: Json | undefined, meta = order): string {
  return resolveFields(parseFields(input), { meta, registry })
    .map((selected) => {
      if (selected.kind === 'rest') return '…';
      const path =
        selected.kind === 'child' ? `${selected.table.fieldname}.${selected.field}` : selected.field;
      return selected.as === selected.field ? path : `${path}>${selected.as}`;
    })
    .join(' ');
}

const STANDARD = 'name owner creation modified modified_by docstatus idx';

describe('fields', () => {
  it.each<[Json | undefined, string]>([
    [undefined, 'name'],
    [null, 'name'],
    ['', 'name'],
    ['[]', 'name'],
    ['""', 'name'],
    ['["title", "status"]', 'title status'],
    [['title', 'status'], 'title status'],
    ['"title, status"', 'title status'],
    [['title, status', ' name '], 'title status name'],
    [['title', 'title', '`title`'], 'title'],
    [['`tabOrder`.`title`', 'tabOrder.status'], 'title status'],
    [['`tabOrder`.`title` as t'], 'title>t'],
    [
      ['title AS heading', "count as 'Number of: it'", 'total as "T"', 'day as `d`'],
      'title>heading count>Number of: it total>T day>d',
    ],
    [["title as 'a, b', status"], 'title>a, b status'],
    [['items.qty', 'items.item_code as code'], 'items.qty items.item_code>code'],
    [['`tabOrder Item`.`qty`', 'tabOrder Item.due as d'], 'items.qty items.due>d'],
    [['items.name as row', 'items.idx', 'items.parent'], 'items.name>row items.idx items.parent'],
    [['name', 'items.name'], 'items.name'],
    [
      ['_user_tags', '_comments', '_assign', '_liked_by', '_seen'],
      '_user_tags _comments _assign _liked_by _seen',
    ],
    [['settings'], 'settings'],
  ])('%j selects %s', (input, expected) => {
    expect(columns(input)).toBe(expected);
  });

  it.each(['*', '"*"', '["*"]', ' * ', ['*']])('%j selects all', (input) => {
    const all = `${STANDARD} status title customer territory body count total ratio weight paid took day at hour settings`;
    expect(columns(input)).toBe(all);
  });

  it('of a child DocType include those of rows', () => {
    expect(columns('*', item)).toBe(`${STANDARD} parent parentfield parenttype item_code qty due territory`);
    expect(columns(['parent'], item)).toBe('parent');
  });

  it('that are undeclared belong to a schemaless DocType', () => {
    expect(columns('*', loose)).toBe(`${STANDARD} title …`);
    expect(columns(['x', 'title'], loose)).toBe('x title');
    expect(columns(['first name as x'], loose)).toBe('first name>x');
  });

  it.each<[Json, RegExp]>([
    [['nosuch'], /^Field not permitted in query: nosuch$/],
    [['name', 'name; drop table'], /^Field not permitted in query: name; drop table$/],
    [['doctype'], /^Field not permitted in query: doctype$/],
    [['parent'], /^Field not permitted in query: parent$/],
    [['items'], /^Field not permitted in query: items$/],
    [['__proto__'], /^Field not permitted in query: __proto__$/],
    [['items.nosuch'], /^Field not permitted in query: nosuch$/],
    [['items.*'], /^Field not permitted in query: \*$/],
    [['_ancestors'], /^Field not permitted in query: _ancestors$/],
    ['name', /^Invalid fields: not valid JSON/],
    ['["name"', /^Invalid fields: not valid JSON/],
  ])('%j is refused as data', (input, message) => {
    expect(() => columns(input)).toThrow(message);
    expect(() => columns(input)).toThrow(DataError);
  });

  it.each<[Json, RegExp]>([
    [5, /^Invalid fields: fields must be a list of field names/],
    [{ a: 1 }, /^Invalid fields: fields must be a list/],
    [[5], /^Invalid fields: fields\[0\] must be a field name, as text/],
    [['name', null], /fields\[1\] must be a field name/],
    [['name', ['title']], /fields\[1\] must be a field name/],
    [['name', { COUNT: '*', as: 'n' }], /fields\[1\] is a dictionary \("COUNT, as"\): functions and nested/],
    [['count(name) as n'], /fields\[0\] is "count\(name\) as n": functions are not supported/],
    [['(select 1)'], /functions are not supported/],
    [['name,,title'], /fields\[0\] names no field: ""/],
    [['`title'], /fields\[0\] names no field: "`title"/],
    [['title as __proto__'], /alias that cannot be used: "__proto__"/],
    [[`title as ${'x'.repeat(141)}`], /alias that cannot be used/],
    [['customer.title'], /Fields of linked documents are not supported in queries: customer.title/],
    [['`tabCustomer`.`title`'], /Customer is not a child table of Order/],
    [['`tabOrder Note`.`text`'], /Order Note.text is ambiguous: ask for notes.text or old_notes.text/],
    [Array.from({ length: 501 }, () => 'name'), /a list of at most 500/],
  ])('%j is refused', (input, message) => {
    expect(() => columns(input)).toThrow(message);
    expect(() => columns(input)).toThrow(ValidationError);
  });
});

const sort = (input: Json | undefined, meta = order): string =>
  resolveOrderBy(parseOrderBy(input), { meta, registry })
    .map((key) => key.join(' '))
    .join(', ');

describe('order_by', () => {
  it.each<[Json | undefined, string]>([
    [undefined, 'modified desc'],
    [null, 'modified desc'],
    ['', 'modified desc'],
    ['KEEP_DEFAULT_ORDERING', 'modified desc'],
    ['title', 'title asc'],
    ['title desc', 'title desc'],
    ['  title   DESC ,count ASC', 'title desc, count asc'],
    ['`title` desc', 'title desc'],
    ['`tabOrder`.`title` desc, tabOrder.name', 'title desc, name asc'],
    ['title asc, title desc', 'title asc'],
    ['_user_tags', '_user_tags asc'],
  ])('%j sorts by %s', (input, expected) => {
    expect(sort(input)).toBe(expected);
  });

  it('takes undeclared fields of a schemaless DocType', () => {
    expect(sort('x desc', loose)).toBe('x desc');
    expect(() => sort('x downwards', loose)).toThrow(ValidationError);
  });

  it.each<[Json, RegExp]>([
    ['nosuch', /^Field not permitted in query: nosuch$/],
    ['items', /^Field not permitted in query: items$/],
    ['settings', /^Field not permitted in query: settings$/],
    ['parent', /^Field not permitted in query: parent$/],
    ['items.qty', /cannot be sorted by rows of a child table \(items.qty\)/],
    ['customer.title', /linked documents are not supported/],
    ['title sideways', /"title sideways" is not a field, optionally followed by asc or desc/],
    ['title,', /^Invalid order_by: "" is not a field/],
    ['asc', /^Field not permitted in query: asc$/],
    ['count(title)', /is not a field/],
    ['title; drop table x', /is not a field/],
    ['`title desc', /is not a field/],
    ['a,b,c,d,e,f,g,h,i', /9 keys given, at most 8 are allowed/],
    ['x'.repeat(4001), /longer than 4000/],
    [5, /must be text such as "modified desc"/],
    [['title'], /must be text/],
  ])('%j is refused', (input, message) => {
    expect(() => sort(input)).toThrow(message);
    expect(() => sort(input)).toThrow(ValidationError);
  });
});

describe('limits', () => {
  it.each<[Json | undefined, Json | undefined, number, number]>([
    [undefined, undefined, 0, 20],
    [null, '', 0, 20],
    ['5', '10', 5, 10],
    [5, 0, 5, 0],
    [' 7 ', '+3', 7, 3],
    [0, 1_000_000, 0, 1_000_000],
  ])('%j and %j mean skip %i, limit %i', (limit_start, limit_page_length, skip, limit) => {
    expect(parseLimits({ limit_start, limit_page_length })).toEqual({ skip, limit });
  });

  it.each<Json>([
    -1,
    '-1',
    'ten',
    '1e3',
    '5.5',
    5.5,
    '0x10',
    true,
    [5],
    { $gt: 1 },
    1e300,
    '9'.repeat(30),
    'None',
  ])('%j is none, in either parameter', (value) => {
    expect(() => parseLimits({ limit_start: value })).toThrow(/^Invalid limit_start: must be a whole number/);
    expect(() => parseLimits({ limit_page_length: value })).toThrow(/^Invalid limit_page_length/);
    expect(() => parseLimits({ limit_start: value })).toThrow(ValidationError);
  });
});
