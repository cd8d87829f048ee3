// What `ensure` makes, keeps and reports.
import { expect, it } from 'vitest';
import { DuplicateKey } from '../../../src/storage/errors.ts';
import type { Scalar } from '../../../src/storage/query.ts';
import type { IndexSpec } from '../../../src/storage/store.ts';
import { asValue, otherConnection, spec, temporaryStore } from './temporary.ts';

const UNIQUE_EMAIL: IndexSpec = { fields: [['email', 'asc']], unique: true };
const NOTHING = { created: [], undeclared: [], refused: [] };

it('indexes are named after what they hold', async () => {
  const { store } = await temporaryStore();
  const report = await store.ensure([
    spec('Sales Order', {
      indexes: [
        {
          fields: [
            ['status', 'asc'],
            ['modified', 'desc'],
          ],
        },
        UNIQUE_EMAIL,
      ],
      elementIndexes: ['items.item_code'],
      expires: true,
    }),
  ]);
  expect(report).toEqual({
    created: [
      'Sales Order(status, modified desc)',
      'Sales Order(email) unique',
      'Sales Order("expires\\u0041t")',
      'Sales Order(items.item_code) elements',
    ],
    undeclared: [],
    refused: [],
  });
});

it('an element index that comes later holds what was there before, and every change after it', async () => {
  const { store } = await temporaryStore([spec('Item')]);
  const rows = (...codes: Scalar[]): { code: Scalar }[] => codes.map((code) => ({ code }));
  await store.commit([
    { kind: 'insert', collection: 'Item', doc: { name: 'a', rows: rows('x', 'y', 'x', null, true) } },
    { kind: 'insert', collection: 'Item', doc: { name: 1, rows: rows('x', 1, 1.5) } },
    { kind: 'insert', collection: 'Item', doc: { name: 'none', rows: 'x' } },
    { kind: 'insert', collection: 'Item', doc: { name: 'mixed', rows: ['x', [], { code: ['x'] }, null] } },
  ]);
  await store.ensure([spec('Item', { elementIndexes: ['rows.code'] })]);
  const holding = async (code: string | number | boolean): Promise<unknown[]> => {
    const found = await store.find('Item', { rows: { $elemMatch: { code: { $eq: code } } } });
    return found.map((doc) => doc.name);
  };
  expect(await holding('x')).toEqual([1, 'a']);
  expect(await holding(1)).toEqual([1]);
  expect(await holding(1.5)).toEqual([1]);
  expect(await holding(true)).toEqual(['a']);

  await store.commit([
    { kind: 'put', collection: 'Item', doc: { name: 'a', rows: rows('z') } },
    { kind: 'put', collection: 'Item', doc: { name: 'new', rows: rows('z', 'x') } },
    { kind: 'replace', collection: 'Item', doc: { name: 'none', rows: rows('x') }, modified: null },
    { kind: 'purge', collection: 'Item', query: { name: { $eq: 1 } } },
  ]);
  expect(await holding('x')).toEqual(['new', 'none']);
  expect(await holding('z')).toEqual(['a', 'new']);
  expect(await holding(1)).toEqual([]);
});

it('what nobody declares any more is reported each time, and stays in force', async () => {
  const full = spec('User', {
    indexes: [UNIQUE_EMAIL, { fields: [['city', 'asc']] }],
    elementIndexes: ['roles.role'],
  });
  const { store, file } = await temporaryStore([full]);
  const connection = await otherConnection(file, 'writer');
  connection.run('CREATE INDEX by_hand ON "User" (length(doc))');
  const undeclared = ['User(email) unique', 'User(city)', 'by_hand', 'User(roles.role) elements'];
  for (let round = 0; round < 2; round += 1) {
    expect(await store.ensure([spec('User')])).toEqual({ ...NOTHING, undeclared });
  }
  await store.commit([{ kind: 'insert', collection: 'User', doc: { name: 'a', email: 'x' } }]);
  const taken = store.commit([{ kind: 'insert', collection: 'User', doc: { name: 'b', email: 'x' } }]);
  expect(await taken.catch(asValue)).toMatchObject({ field: 'email' });
});

it('a unique index that the data forbids is refused with an example, and made once the data allows it', async () => {
  const { store } = await temporaryStore([spec('User')]);
  await store.commit([
    { kind: 'insert', collection: 'User', doc: { name: 'a', email: 'x@y.z' } },
    { kind: 'insert', collection: 'User', doc: { name: 'b', email: 'x@y.z' } },
    { kind: 'insert', collection: 'User', doc: { name: 'c', email: '' } },
  ]);
  const declared = spec('User', { indexes: [UNIQUE_EMAIL, { fields: [['city', 'asc']] }] });
  expect(await store.ensure([declared])).toEqual({
    created: ['User(city)'],
    undeclared: [],
    refused: [{ index: 'User(email) unique', reason: '2 documents have the same email, "x@y.z"' }],
  });
  await store.commit([{ kind: 'remove', collection: 'User', name: 'b', modified: null }]);
  expect(await store.ensure([declared])).toEqual({ ...NOTHING, created: ['User(email) unique'] });
  const taken = store.commit([{ kind: 'insert', collection: 'User', doc: { name: 'd', email: 'x@y.z' } }]);
  await expect(taken).rejects.toThrow(DuplicateKey);
});

it('a unique index of two fields is a mistake of the caller, and nothing of the call is made', async () => {
  const { store } = await temporaryStore();
  const two: IndexSpec = {
    fields: [
      ['a', 'asc'],
      ['b', 'asc'],
    ],
    unique: true,
  };
  const specs = [spec('Fine', { indexes: [{ fields: [['a', 'asc']] }] }), spec('Wrong', { indexes: [two] })];
  await expect(store.ensure(specs)).rejects.toThrow('a unique index has one field');
  const report = await store.ensure([spec('Fine', { indexes: [{ fields: [['a', 'asc']] }] })]);
  expect(report.created).toEqual(['Fine(a)']);
});

it('of several unique fields, the one that is taken is named', async () => {
  const fields = ['one', 'two', 'three'];
  const { store } = await temporaryStore([
    spec('Many', { indexes: fields.map((field): IndexSpec => ({ fields: [[field, 'asc']], unique: true })) }),
  ]);
  await store.commit([
    { kind: 'insert', collection: 'Many', doc: { name: 'a', one: 0.1, two: 0.1 + 0.2, three: 1 } },
  ]);
  for (const [field, value] of [
    ['one', 0.1],
    ['two', 0.1 + 0.2],
    ['three', 1],
  ] as const) {
    const taken = store.commit([{ kind: 'put', collection: 'Many', doc: { name: 'b', [field]: value } }]);
    expect(await taken.catch(asValue)).toMatchObject({ field, docname: 'b' });
  }
});

it('lists and objects under a unique field never collide', async () => {
  const { store } = await temporaryStore([spec('User', { indexes: [UNIQUE_EMAIL] })]);
  for (const [at, email] of [[], [], {}, {}, true, true].entries()) {
    await store.commit([{ kind: 'insert', collection: 'User', doc: { name: at, email } }]);
  }
  expect(await store.count('User', { email: { $eq: true } })).toBe(2);
});

it('a collection that was never declared is empty, and is made by its first write', async () => {
  const { store } = await temporaryStore();
  expect(await store.get('Later', 'a')).toBeUndefined();
  expect(await store.find('Later', { $and: [] })).toEqual([]);
  expect(await store.count('Later', { $and: [] })).toBe(0);
  const failing = store.commit([
    { kind: 'insert', collection: 'Later', doc: { name: 'a' } },
    { kind: 'remove', collection: 'Later', name: 'none', modified: null },
  ]);
  await expect(failing).rejects.toThrow();
  await store.commit([{ kind: 'insert', collection: 'Later', doc: { name: 'a' } }]);
  expect(await store.find('Later', { $and: [] })).toEqual([{ name: 'a' }]);
});
