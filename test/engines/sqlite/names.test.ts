// Collections and fields of any name: SQLite ignores case in names, and has quotes and paths of its own.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DuplicateKey } from '../../../src/storage/errors.ts';
import { ALL } from '../../../src/storage/query.ts';
import { elementTableName, indexName, tableName, uniqueFieldOf } from '../../../src/storage/sqlite/names.ts';
import { asValue, spec, temporaryStore } from './temporary.ts';

/** As SQLite compares names. */
const folded = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());

describe('names of tables', () => {
  it('are those of the collections where every word is capitalised', () => {
    expect(['Sales Order', 'User', 'Ünit 2'].map(tableName)).toEqual(['Sales Order', 'User', 'Ünit 2']);
    expect(tableName('ToDo')).toBe('ToDo~2');
    expect(tableName('_sessions')).toBe('_sessions');
  });

  it('differ for collections that differ in case alone, and from names of indexes', () => {
    const piece = fc.constantFrom(
      'a',
      'A',
      'b',
      'B',
      ' ',
      '~',
      '(',
      ')',
      '0',
      '.',
      's',
      'sqlite_',
      'SQLITE_',
    );
    const name = fc.array(piece, { minLength: 1, maxLength: 5 }).map((pieces) => pieces.join(''));
    const field = fc.constantFrom('a', 'A', 'a b');
    fc.assert(
      fc.property(name, name, field, (one, other, fieldname) => {
        const table = folded(tableName(one));
        expect(table.startsWith('sqlite_')).toBe(false);
        expect(table === folded(tableName(other))).toBe(one === other);
        const index = indexName(tableName(other), { fields: [[fieldname, 'asc']] });
        expect(table).not.toBe(folded(index));
        expect(table).not.toBe(folded(elementTableName(tableName(other), fieldname)));
      }),
      { numRuns: 2000 },
    );
  });

  it.each(['', 'a\0b', '\ud800', 'x\udc00y'])('%j can name none', (name) => {
    expect(() => tableName(name)).toThrow(TypeError);
  });
});

it.each(['email', 'E-Mail', 'a.b', 'say "hi"', 'Ä', 'desc', 'x desc'])(
  'the field %j of a unique index can be read from its name',
  (field) => {
    const index = indexName('T(x)~', { fields: [[field, 'desc']], unique: true });
    expect(uniqueFieldOf('T(x)~', index)).toBe(field);
    expect(uniqueFieldOf('T(x)~', indexName('T(x)~', { fields: [[field, 'asc']] }))).toBeUndefined();
    expect(uniqueFieldOf('Other', index)).toBeUndefined();
  },
);

it('collections that differ only in case share nothing', async () => {
  const names = ['ToDo', 'todo', 'TODO', 'Todo'];
  const unique = { fields: [['f', 'asc']], unique: true } as const;
  const { store } = await temporaryStore(
    names.map((name) => spec(name, { indexes: [unique], elementIndexes: ['t'] })),
  );
  for (const name of names) {
    await store.commit([{ kind: 'insert', collection: name, doc: { name: 'same', f: 'x', t: [name] } }]);
  }
  for (const name of names) {
    expect(await store.find(name, ALL)).toEqual([{ name: 'same', f: 'x', t: [name] }]);
    expect(await store.count(name, { t: { $elemMatch: { $eq: name } } })).toBe(1);
  }
});

const ODD_COLLECTIONS = [
  'Größe & Maß',
  `it's "quoted"`,
  'a.b/c\\d',
  '[x]; DROP TABLE y; --',
  'sqlite_master',
  'Item (Old)',
  'Item(status)',
  'tilde ~0',
  '日本語 😀',
  '?1 :name @x $y',
];

it.each(ODD_COLLECTIONS)('a collection may be called %j', async (name) => {
  const declared = spec(name, {
    indexes: [{ fields: [['status', 'asc']] }, { fields: [['code', 'asc']], unique: true }],
    elementIndexes: ['tags'],
  });
  const { store } = await temporaryStore([declared]);
  await store.commit([
    { kind: 'insert', collection: name, doc: { name: 'a', status: 'x', code: 1, tags: ['t'] } },
  ]);
  expect(await store.get(name, 'a')).toMatchObject({ status: 'x' });
  expect(await store.count(name, { status: { $eq: 'x' }, tags: { $elemMatch: { $eq: 't' } } })).toBe(1);
  const taken = store.commit([{ kind: 'insert', collection: name, doc: { name: 'b', code: 1 } }]);
  expect(await taken.catch(asValue)).toMatchObject({ collection: name, field: 'code', docname: 'b' });
  expect(await store.ensure([declared])).toEqual({ created: [], undeclared: [], refused: [] });
});

const ODD_FIELDS = [
  'a.b',
  `it's`,
  'say "hi"',
  'back\\slash',
  'x[0]',
  'a$b',
  '#',
  '?',
  'Ä😀',
  'Case',
  'new\nline',
  ' ',
];

it.each(ODD_FIELDS)('a field may be called %j, in queries, orders and indexes', async (field) => {
  const { store } = await temporaryStore([
    spec('Odd', {
      indexes: [{ fields: [[field, 'desc']] }, { fields: [[`u${field}`, 'asc']], unique: true }],
    }),
    spec('Plain'),
  ]);
  for (const collection of ['Odd', 'Plain']) {
    await store.commit([
      {
        kind: 'insert',
        collection,
        doc: { name: 'a', [field]: 'x', [`u${field}`]: 'v', rows: [{ [field]: 1 }] },
      },
      { kind: 'insert', collection, doc: { name: 'b', [field]: 'y' } },
      { kind: 'insert', collection, doc: { name: 'c', a: { b: 'x' }, case: 'x', x: ['x'] } },
    ]);
    const found = await store.find(collection, { [field]: { $in: ['x', 'y'] } }, { sort: [[field, 'desc']] });
    expect(found.map((doc) => doc.name)).toEqual(['b', 'a']);
    expect(await store.count(collection, { rows: { $elemMatch: { [field]: { $eq: 1 } } } })).toBe(1);
    const [first] = await store.find(collection, { [field]: { $eq: 'x' } }, { fields: [field] });
    expect(first).toEqual({ name: 'a', [field]: 'x' });
  }
  const taken = store.commit([{ kind: 'insert', collection: 'Odd', doc: { name: 'z', [`u${field}`]: 'v' } }]);
  const failure = await taken.catch(asValue);
  expect(failure).toBeInstanceOf(DuplicateKey);
  expect(failure).toMatchObject({ field: `u${field}` });
});
