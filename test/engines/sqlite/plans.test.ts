// Asks SQLite how it would run what lists and look-ups ask for: declared indexes must be used, and nothing sorted.
import { expect, it } from 'vitest';
import type { Query } from '../../../src/storage/query.ts';
import type { FindOptions } from '../../../src/storage/store.ts';
import { otherConnection, spec, temporaryStore } from './temporary.ts';

const SALES_ORDER = spec('Sales Order', {
  indexes: [
    { fields: [['modified', 'desc']] },
    {
      fields: [
        ['status', 'asc'],
        ['modified', 'desc'],
      ],
    },
    {
      fields: [
        ['customer', 'asc'],
        ['modified', 'desc'],
      ],
    },
    { fields: [['po_no', 'asc']], unique: true },
    { fields: [['amount', 'asc']] },
    { fields: [['odd "field"?', 'asc']] },
  ],
  elementIndexes: ['items.item_code', '_ancestors'],
});

const NEWEST: FindOptions = { sort: [['modified', 'desc']], limit: 20 };
const many = (make: (at: number) => string): string[] => Array.from({ length: 2000 }, (_, at) => make(at));

interface Case {
  readonly title: string;
  readonly query: Query;
  readonly options?: FindOptions;
  readonly uses: RegExp;
}

const BY_STATUS = /SEARCH Sales Order USING INDEX Sales Order\(status, modified desc\) \(<expr>=\?\)/;
const BY_CUSTOMER = /SEARCH Sales Order USING INDEX Sales Order\(customer, modified desc\) \(<expr>=\?\)/;
const BY_NAME = /SEARCH Sales Order USING INDEX sqlite_autoindex_Sales Order_1 \(name=\?\)/;
const BY_PO_NO = /SEARCH Sales Order USING INDEX Sales Order\(po_no\) unique \(<expr>=\?\)/;
const BY_ITEM =
  /USING INDEX sqlite_autoindex_Sales Order_1 \(name=\?\).*SEARCH Sales Order\(items.item_code\) elements USING PRIMARY KEY \(value=\?\)/;

const SORTED: readonly Case[] = [
  {
    title: 'a page of a whole list walks the index of its order',
    query: { $and: [] },
    options: NEWEST,
    uses: /SCAN Sales Order USING INDEX Sales Order\(modified desc\)/,
  },
  {
    title: 'a page filtered by status walks the index of status and order',
    query: { status: { $eq: 'Open' } },
    options: NEWEST,
    uses: BY_STATUS,
  },
  {
    title: 'so does the second page, with a permission filter beside the status',
    query: { $and: [{ status: { $eq: 'Open' } }, { $or: [{ owner: { $eq: 'a' } }, { f: { $ne: 'b' } }] }] },
    options: { ...NEWEST, skip: 20 },
    uses: BY_STATUS,
  },
  { title: 'a link is looked up', query: { customer: { $eq: 'ACME' } }, options: NEWEST, uses: BY_CUSTOMER },
  {
    title: 'a missing link is looked up',
    query: { customer: { $eq: null } },
    options: NEWEST,
    uses: BY_CUSTOMER,
  },
  { title: 'a name is looked up', query: { name: { $eq: 'SO-1' } }, uses: BY_NAME },
  { title: 'names are looked up', query: { name: { $in: ['SO-1', 'SO-2'] } }, uses: BY_NAME },
  {
    title: 'thousands of names are looked up',
    query: { name: { $in: many((at) => `SO-${at}`) } },
    uses: BY_NAME,
  },
  {
    title: 'an element of a row is looked up',
    query: { items: { $elemMatch: { item_code: { $eq: 'X' }, qty: { $gt: 1 } } } },
    uses: BY_ITEM,
  },
  {
    title: 'one of several elements is looked up',
    query: { items: { $elemMatch: { $and: [{ item_code: { $in: ['X', 'Y'] } }] } } },
    uses: BY_ITEM,
  },
  {
    title: 'a scalar element is looked up',
    query: { _ancestors: { $elemMatch: { $eq: 'Root' } } },
    uses: /SEARCH Sales Order\(_ancestors\) elements USING PRIMARY KEY \(value=\?\)/,
  },
];

const FOUND: readonly Case[] = [
  {
    title: 'several statuses are looked up',
    query: { status: { $in: ['Open', 'Closed'] } },
    uses: BY_STATUS,
  },
  {
    title: 'thousands of links are looked up',
    query: { customer: { $in: many((at) => `C-${at}`) } },
    uses: BY_CUSTOMER,
  },
  { title: 'a unique value is looked up', query: { po_no: { $eq: 'PO-1' } }, uses: BY_PO_NO },
  { title: 'unique values are looked up', query: { po_no: { $in: ['PO-1', 5] } }, uses: BY_PO_NO },
  {
    title: 'a range is walked',
    query: { amount: { $gte: 10, $lt: 20.5 } },
    uses: /SEARCH Sales Order USING INDEX Sales Order\(amount\) \(<expr>>\? AND <expr><\?\)/,
  },
  {
    title: 'a field of an odd name is looked up',
    query: { 'odd "field"?': { $eq: 1 } },
    uses: /SEARCH Sales Order USING INDEX Sales Order\("odd \\"field\\"\?"\) \(<expr>=\?\)/,
  },
];

async function planOf(query: Query, options?: FindOptions): Promise<string> {
  const { store, file } = await temporaryStore([SALES_ORDER]);
  const connection = await otherConnection(file);
  const rows = connection.all(`EXPLAIN QUERY PLAN ${store.lowered('Sales Order', query, options)}`);
  return rows.map((row) => String(row['detail'])).join(' | ');
}

it.each(SORTED)('$title, without sorting', async ({ query, options, uses }) => {
  const plan = await planOf(query, options);
  expect(plan).toMatch(uses);
  expect(plan).not.toContain('TEMP B-TREE');
});

it.each(FOUND)('$title', async ({ query, options, uses }) => {
  expect(await planOf(query, options)).toMatch(uses);
});

it('names alone are read off the index, without a look at the documents', async () => {
  const plan = await planOf({ status: { $eq: 'Open' } }, { ...NEWEST, fields: ['name'] });
  expect(plan).toContain('USING COVERING INDEX Sales Order(status, modified desc)');
});

it('an empty unique value, which the unique index leaves out, is found all the same', async () => {
  const { store } = await temporaryStore([SALES_ORDER]);
  await store.commit([
    { kind: 'insert', collection: 'Sales Order', doc: { name: 'a', po_no: '' } },
    { kind: 'insert', collection: 'Sales Order', doc: { name: 'b' } },
    { kind: 'insert', collection: 'Sales Order', doc: { name: 'c', po_no: 'x' } },
  ]);
  expect(await store.find('Sales Order', { po_no: { $eq: '' } })).toEqual([{ name: 'a', po_no: '' }]);
  expect(await store.count('Sales Order', { po_no: { $in: ['', null, 'x'] } })).toBe(3);
  expect(await store.count('Sales Order', { po_no: { $nin: ['x'] } })).toBe(2);
  expect(await store.count('Sales Order', { po_no: { $ne: 'x' } })).toBe(2);
});
