// The engine on real files: groups of batches, other processes, faulty files, expiry, closing.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { DuplicateKey, StoreUnavailable, WriteConflict } from '../../../src/storage/errors.ts';
import { ALL } from '../../../src/storage/query.ts';
import { openSqliteStore } from '../../../src/storage/sqlite/store.ts';
import type { Doc, Write } from '../../../src/storage/store.ts';
import { queryArbitrary, sortArbitrary, docsArbitrary } from '../../support/queries.ts';
import { asValue, otherConnection, spec, temporaryFile, temporaryStore } from './temporary.ts';

const insert = (name: string | number, fields: Record<string, string | number> = {}): Write => ({
  kind: 'insert',
  collection: 'Item',
  doc: { name, ...fields },
});

it('of many concurrent batches, those that fail leave nothing and those beside them stay', async () => {
  const { store } = await temporaryStore([
    spec('Item', { indexes: [{ fields: [['code', 'asc']], unique: true }] }),
  ]);
  await store.commit([insert('taken', { code: 'taken' })]);
  const batches = Array.from({ length: 500 }, (_, at): Write[] => {
    const good = [insert(`a${at}`), insert(`b${at}`, { code: `code ${at}` })];
    if (at % 5 === 1) return [...good, insert('taken')];
    if (at % 5 === 2) return [...good, insert(`c${at}`, { code: 'taken' })];
    if (at % 5 === 3) return [...good, { kind: 'remove', collection: 'Item', name: 'none', modified: null }];
    return good;
  });
  const results = await Promise.all(batches.map((batch) => store.commit(batch).catch(asValue)));
  const kinds = results.map((result) => (result instanceof Error ? result.constructor : undefined));
  const expected = [undefined, DuplicateKey, DuplicateKey, WriteConflict, undefined];
  expect(kinds).toEqual(batches.map((_, at) => expected[at % 5]));
  const names = (await store.find('Item', ALL)).map((doc) => doc.name);
  const kept = batches.flatMap((_, at) => (at % 5 === 0 || at % 5 === 4 ? [`a${at}`, `b${at}`] : []));
  expect(new Set(names)).toEqual(new Set([...kept, 'taken']));
});

it('while another process holds the database, reads go on and writes wait for it', async () => {
  const { store, file } = await temporaryStore([spec('Item')]);
  const other = await otherConnection(file, 'writer');
  other.run('BEGIN IMMEDIATE');
  const written = store.commit([insert('mine')]);
  const settled = vi.fn<() => void>();
  void written.then(settled);
  // Each read gives the event loop a turn.
  for (let turn = 0; turn < 20; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    expect(await store.count('Item', ALL)).toBe(0);
  }
  expect(settled).not.toHaveBeenCalled();
  other.run(`INSERT INTO "Item" VALUES ('theirs', '{"name":"theirs"}')`);
  other.run('COMMIT');
  await written;
  expect((await store.find('Item', ALL)).map((doc) => doc.name)).toEqual(['mine', 'theirs']);
});

it('a second store on the same file sees what the first writes', async () => {
  const { store, file } = await temporaryStore([spec('Item')]);
  const { store: second } = await temporaryStore([spec('Item')], { file });
  await Promise.all([store.commit([insert('a')]), second.commit([insert('b')])]);
  expect(await store.find('Item', ALL)).toEqual(await second.find('Item', ALL));
  const numbers = await Promise.all([store, second, store, second].map((each) => each.increment('N')));
  expect(numbers.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4]);
});

it('a file that is no database is refused with one clear line', async () => {
  const file = temporaryFile();
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, 'not a database, but long enough to be taken for the header of one.'.repeat(20));
  const failure = await openSqliteStore({ file }).catch(asValue);
  expect(failure).toBeInstanceOf(StoreUnavailable);
  expect(failure).toMatchObject({ message: expect.stringContaining(file) });
});

it('a closed store refuses everything, and may be closed again', async () => {
  const { store } = await temporaryStore([spec('Item')]);
  const last = store.commit([insert('last')]);
  await store.close();
  await last;
  await store.close();
  const refused = [
    store.get('Item', 'last'),
    store.find('Item', ALL),
    store.count('Item', ALL),
    store.commit([insert('late')]),
    store.increment('N'),
    store.raise('N', 1),
    store.ensure([]),
    store.ping(),
  ];
  for (const each of refused) await expect(each).rejects.toThrow(StoreUnavailable);
});

const put = (name: string, expiresAt: number | string | null, collection = '_sessions'): Write => ({
  kind: 'put',
  collection,
  doc: { name, expiresAt },
});

it('all that has expired is removed at the start, and nothing else', async () => {
  const specs = [spec('_sessions', { expires: true }), spec('Item')];
  const { store } = await temporaryStore(specs);
  const past = Date.now() - 1000;
  await store.commit([
    ...Array.from({ length: 450 }, (_, at) => put(`old ${at}`, past)),
    put('live', Date.now() + 3_600_000),
    put('forever', null),
    put('text', '1970-01-01'),
    put('elsewhere', past, 'Item'),
  ]);
  await store.ensure(specs);
  await vi.waitFor(async () => expect(await store.count('_sessions', ALL)).toBe(3));
  expect((await store.find('_sessions', ALL)).map((doc) => doc.name)).toEqual(['forever', 'live', 'text']);
  expect(await store.count('Item', ALL)).toBe(1);
});

it('what expires later is removed later', async () => {
  const { store } = await temporaryStore([spec('_sessions', { expires: true })], { sweepMs: 5 });
  await store.commit([put('brief', Date.now() + 20), put('live', Date.now() + 3_600_000)]);
  await vi.waitFor(async () => expect(await store.count('_sessions', ALL)).toBe(1));
});

it('a commit is on the disk before it is acknowledged, whatever the default of the driver', async () => {
  const connection = await otherConnection((await temporaryStore()).file, 'writer');
  expect(connection.get('PRAGMA journal_mode')).toMatchObject({ journal_mode: 'wal' });
  // 2 is FULL: the log is flushed with every commit.
  expect(connection.get('PRAGMA synchronous')).toMatchObject({ synchronous: 2 });
});

it('numbers are found to the last bit, whatever their size', async () => {
  const { store } = await temporaryStore([spec('Item', { indexes: [{ fields: [['n', 'asc']] }] })]);
  const number = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.maxSafeInteger(),
    fc.float({ noNaN: true, noDefaultInfinity: true }),
  );
  const finds = fc.asyncProperty(number, async (value) => {
    await store.commit([{ kind: 'put', collection: 'Item', doc: { name: 'x', n: value, list: [value] } }]);
    const plain = value === 0 ? 0 : value;
    expect(await store.count('Item', { n: { $eq: plain } })).toBe(1);
    expect(await store.count('Item', { n: { $in: [plain, 'a'] } })).toBe(1);
    expect(await store.count('Item', { n: { $gte: plain, $lte: plain } })).toBe(1);
    expect(await store.count('Item', { n: { $gt: plain } })).toBe(0);
    expect(await store.count('Item', { list: { $elemMatch: { $eq: plain } } })).toBe(1);
    expect(
      await store.count('Item', {
        n: { $in: Array.from({ length: 40 }, () => 'a').map((a, at) => (at ? a + at : plain)) },
      }),
    ).toBe(1);
  });
  await fc.assert(finds, { numRuns: 150 });
});

it('fields that are picked are as they were stored, however many there are', async () => {
  const { store } = await temporaryStore([spec('Item')]);
  const fewer = ['any', 'items', 'nothing', 'odd "?"', 'tags'];
  const more = [...fewer, ...Array.from({ length: 20 }, (_, at) => `f${at}`)];
  const json = fc.jsonValue({ maxDepth: 3, noUnicodeString: false }).filter((value) => value !== null);
  const same = fc.asyncProperty(fc.dictionary(fc.constantFrom(...more, 'other'), json), async (values) => {
    const doc: Doc = JSON.parse(JSON.stringify({ ...values, name: 'x' }));
    await store.commit([{ kind: 'put', collection: 'Item', doc }]);
    for (const fields of [fewer, more]) {
      const kept = Object.entries(doc).filter(([field]) => field === 'name' || fields.includes(field));
      expect(await store.find('Item', ALL, { fields })).toEqual([Object.fromEntries(kept)]);
    }
  });
  await fc.assert(same, { numRuns: 100 });
  expect(await store.find('Item', ALL, { fields: [] })).toEqual([{ name: 'x' }]);
});

it('queries of a thousand parts are run', async () => {
  const { store } = await temporaryStore([spec('Item')]);
  await store.commit([insert('a', { f: 'value 1234' }), insert('b', { f: 'other' })]);
  const parts = Array.from({ length: 3000 }, (_, at) => ({ f: { $eq: `value ${at}` } }));
  expect(await store.count('Item', { $or: parts })).toBe(1);
  expect(await store.count('Item', { $nor: parts })).toBe(1);
  expect(await store.count('Item', { $and: parts.map((part) => ({ $nor: [part] })) })).toBe(1);
});

it('a query as it is shown gives, pasted into a shell, what the query gives', async () => {
  const { store, file } = await temporaryStore([spec('Item', { elementIndexes: ['tags'] })]);
  const shell = await otherConnection(file);
  const agrees = fc.asyncProperty(
    docsArbitrary({}),
    queryArbitrary({}),
    sortArbitrary,
    async (docs, query, sort) => {
      await store.commit([
        { kind: 'purge', collection: 'Item', query: ALL },
        ...docs.map((doc): Write => ({ kind: 'insert', collection: 'Item', doc })),
      ]);
      const shown = store.lowered('Item', query, { sort, limit: 3 });
      expect(shown).not.toMatch(/[\n\0]/);
      const pasted = shell.all(shown).map((row) => JSON.parse(String(row['doc'])));
      expect(pasted).toEqual(await store.find('Item', query, { sort, limit: 3 }));
    },
  );
  await fc.assert(agrees, { numRuns: 100 });
});

it('odd values are shown so that a shell reads them as they are', async () => {
  const { store, file } = await temporaryStore([spec('Item')]);
  const shell = await otherConnection(file);
  const values = [`it's`, '', '?', 'a\nb\r\nc', '\n', "'; DROP TABLE x; --", '😀', 1.5, -3, 1e300, 5e-324];
  for (const [name, f] of values.entries()) {
    await store.commit([{ kind: 'put', collection: 'Item', doc: { name, f, '?': 'q' } }]);
  }
  for (const [name, f] of values.entries()) {
    const shown = store.lowered('Item', { f: { $eq: f }, '?': { $eq: 'q' } });
    expect(shell.all(shown).map((row) => JSON.parse(String(row['doc'])).name)).toEqual([name]);
  }
});
