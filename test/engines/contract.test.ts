// What every engine promises beyond queries: uniqueness, optimistic locks, atomic batches, counters, durability.
import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect } from 'vitest';
import { DuplicateKey, WriteConflict } from '../../src/storage/errors.ts';
import { ALL } from '../../src/storage/query.ts';
import type { CollectionSpec, Doc, Store, Write } from '../../src/storage/store.ts';
import { describeEngines } from '../support/engines.ts';

describeEngines('the contract of a store', (engine) => {
  const open: { store?: Store } = {};
  beforeAll(async () => {
    open.store = await engine.open();
  });

  const current = (): Store => {
    if (open.store === undefined) throw new Error('not open');
    return open.store;
  };

  /** A collection of its own, with one unique field and some documents. */
  async function collectionWith(docs: readonly Doc[], spec: Partial<CollectionSpec> = {}): Promise<string> {
    const name = `Contract ${randomUUID()}`;
    const unique = { fields: [['email', 'asc']], unique: true } as const;
    await current().ensure([{ name, indexes: [unique], elementIndexes: [], ...spec }]);
    await current().commit(docs.map((doc): Write => ({ kind: 'insert', collection: name, doc })));
    return name;
  }

  async function namesIn(collection: string): Promise<(string | number)[]> {
    return (await current().find(collection, ALL)).map((doc) => doc.name);
  }

  const insert = (collection: string, doc: Doc): Write => ({ kind: 'insert', collection, doc });
  const replace = (collection: string, doc: Doc, modified: string | null): Write => ({
    kind: 'replace',
    collection,
    doc,
    modified,
  });
  const remove = (collection: string, name: string, modified: string | null): Write => ({
    kind: 'remove',
    collection,
    name,
    modified,
  });

  describe('names', () => {
    engine.it('a name is taken once', async () => {
      const collection = await collectionWith([{ name: 'a', f: 1 }]);
      const failure = await current()
        .commit([insert(collection, { name: 'a', f: 2 })])
        .catch(asValue);
      expect(failure).toBeInstanceOf(DuplicateKey);
      expect(failure).toMatchObject({ collection, field: 'name', docname: 'a' });
      expect(await current().get(collection, 'a')).toEqual({ name: 'a', f: 1 });
    });

    engine.it('a name is taken once within a batch as well', async () => {
      const collection = await collectionWith([]);
      const twice = [insert(collection, { name: 'a', f: 1 }), insert(collection, { name: 'a', f: 2 })];
      await expect(current().commit(twice)).rejects.toThrow(DuplicateKey);
      expect(await namesIn(collection)).toEqual([]);
    });

    engine.it('the number 1 and the text 1 are two names', async () => {
      const collection = await collectionWith([
        { name: 1, f: 'number' },
        { name: '1', f: 'text' },
      ]);
      expect(await current().get(collection, 1)).toEqual({ name: 1, f: 'number' });
      expect(await current().get(collection, '1')).toEqual({ name: '1', f: 'text' });
      expect(await current().get(collection, 2)).toBeUndefined();
    });

    engine.it('of concurrent inserts of one name, one gets through', async () => {
      const collection = await collectionWith([]);
      const attempts = Array.from({ length: 10 }, (_, at) =>
        current().commit([insert(collection, { name: 'a', f: at })]),
      );
      const results = await Promise.allSettled(attempts);
      expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
      expect(await namesIn(collection)).toEqual(['a']);
    });
  });

  describe('unique fields', () => {
    engine.it('a unique value is taken once', async () => {
      const collection = await collectionWith([{ name: 'a', email: 'x@y.z' }]);
      const failure = await current()
        .commit([insert(collection, { name: 'b', email: 'x@y.z' })])
        .catch(asValue);
      expect(failure).toBeInstanceOf(DuplicateKey);
      expect(failure).toMatchObject({ collection, field: 'email', docname: 'b' });
      expect(await namesIn(collection)).toEqual(['a']);
    });

    engine.it('null, missing and empty values never collide', async () => {
      const collection = await collectionWith([
        { name: 'a', email: null },
        { name: 'b', email: null },
        { name: 'c' },
        { name: 'd' },
        { name: 'e', email: '' },
        { name: 'f', email: '' },
      ]);
      expect(await namesIn(collection)).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    });

    engine.it('unique numbers collide with numbers, not with their text', async () => {
      const collection = await collectionWith([
        { name: 'a', email: 0 },
        { name: 'b', email: '0' },
      ]);
      const failure = current().commit([insert(collection, { name: 'c', email: 0 })]);
      await expect(failure).rejects.toThrow(DuplicateKey);
      expect(await namesIn(collection)).toEqual(['a', 'b']);
    });

    engine.it('unique text is exact: case makes a difference', async () => {
      const collection = await collectionWith([
        { name: 'a', email: 'x' },
        { name: 'b', email: 'X' },
      ]);
      expect(await namesIn(collection)).toEqual(['a', 'b']);
    });

    engine.it('a replaced document keeps its own unique value, and cannot take another', async () => {
      const collection = await collectionWith([
        { name: 'a', email: '1' },
        { name: 'b', email: '2' },
      ]);
      await current().commit([replace(collection, { name: 'a', email: '1', f: 1 }, null)]);
      const taken = current().commit([replace(collection, { name: 'a', email: '2' }, null)]);
      await expect(taken).rejects.toThrow(DuplicateKey);
      const put = current().commit([{ kind: 'put', collection, doc: { name: 'c', email: '2' } }]);
      await expect(put).rejects.toThrow(DuplicateKey);
      expect(await current().find(collection, ALL)).toEqual([
        { name: 'a', email: '1', f: 1 },
        { name: 'b', email: '2' },
      ]);
    });

    engine.it('a unique value is free once its holder is removed, in the same batch already', async () => {
      const collection = await collectionWith([{ name: 'a', email: 'x' }]);
      await current().commit([remove(collection, 'a', null), insert(collection, { name: 'b', email: 'x' })]);
      expect(await namesIn(collection)).toEqual(['b']);
    });

    engine.it('of concurrent inserts of one unique value, one gets through', async () => {
      const collection = await collectionWith([]);
      const attempts = Array.from({ length: 10 }, (_, at) =>
        current().commit([insert(collection, { name: `n${at}`, email: 'same' })]),
      );
      const results = await Promise.allSettled(attempts);
      expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
      expect(await namesIn(collection)).toHaveLength(1);
    });
  });

  describe('optimistic locks', () => {
    const before = '2024-01-01 00:00:00.000000';
    const after = '2024-01-01 00:00:01.000000';

    engine.it('a document is replaced as long as it is what was read', async () => {
      const collection = await collectionWith([{ name: 'a', modified: before, f: 1, gone: true }]);
      await current().commit([replace(collection, { name: 'a', modified: after, f: 2 }, before)]);
      expect(await current().get(collection, 'a')).toEqual({ name: 'a', modified: after, f: 2 });
    });

    engine.it('a document that has changed is not replaced', async () => {
      const collection = await collectionWith([{ name: 'a', modified: after, f: 1 }]);
      const failure = await current()
        .commit([replace(collection, { name: 'a', modified: after, f: 2 }, before)])
        .catch(asValue);
      expect(failure).toBeInstanceOf(WriteConflict);
      expect(failure).toMatchObject({ collection, docname: 'a' });
      expect(await current().get(collection, 'a')).toEqual({ name: 'a', modified: after, f: 1 });
    });

    engine.it('a document that has vanished is neither replaced nor removed', async () => {
      const collection = await collectionWith([]);
      const replaced = current().commit([replace(collection, { name: 'a', modified: after }, before)]);
      await expect(replaced).rejects.toThrow(WriteConflict);
      await expect(current().commit([remove(collection, 'a', before)])).rejects.toThrow(WriteConflict);
      await expect(current().commit([remove(collection, 'a', null)])).rejects.toThrow(WriteConflict);
      expect(await namesIn(collection)).toEqual([]);
    });

    engine.it('a document that has changed is not removed', async () => {
      const collection = await collectionWith([{ name: 'a', modified: after }]);
      await expect(current().commit([remove(collection, 'a', before)])).rejects.toThrow(WriteConflict);
      await expect(current().commit([remove(collection, 'a', null)])).rejects.toThrow(WriteConflict);
      expect(await namesIn(collection)).toEqual(['a']);
      await current().commit([remove(collection, 'a', after)]);
      expect(await namesIn(collection)).toEqual([]);
    });

    engine.it('of concurrent replacements of what all have read, one gets through', async () => {
      const collection = await collectionWith([{ name: 'a', modified: before, f: -1 }]);
      const attempts = Array.from({ length: 10 }, (_, at) =>
        current().commit([replace(collection, { name: 'a', modified: `${after}${at}`, f: at }, before)]),
      );
      const results = await Promise.allSettled(attempts);
      const winners = results.flatMap((result, at) => (result.status === 'fulfilled' ? [at] : []));
      expect(winners).toHaveLength(1);
      expect(await current().get(collection, 'a')).toMatchObject({ f: winners[0] });
    });
  });

  describe('batches', () => {
    engine.it('an empty batch is nothing to do', async () => {
      await expect(current().commit([])).resolves.toBeUndefined();
    });

    engine.it('a batch does all of its steps, in their order, across collections', async () => {
      const one = await collectionWith([
        { name: 'a', f: 1 },
        { name: 'b', f: 1 },
      ]);
      const two = await collectionWith([{ name: 'old' }]);
      await current().commit([
        replace(one, { name: 'a', f: 2 }, null),
        remove(one, 'b', null),
        insert(one, { name: 'c', f: 3 }),
        { kind: 'purge', collection: two, query: ALL },
        insert(two, { name: 'new' }),
        { kind: 'put', collection: two, doc: { name: 'put', f: 1 } },
        { kind: 'put', collection: two, doc: { name: 'put', f: 2 } },
      ]);
      expect(await current().find(one, ALL)).toEqual([
        { name: 'a', f: 2 },
        { name: 'c', f: 3 },
      ]);
      expect(await current().find(two, ALL)).toEqual([{ name: 'new' }, { name: 'put', f: 2 }]);
    });

    const failing: [string, (collection: string) => Write][] = [
      ['a taken name', (collection) => insert(collection, { name: 'taken' })],
      ['a taken value', (collection) => insert(collection, { name: 'z', email: 'taken' })],
      ['a changed document', (collection) => replace(collection, { name: 'taken' }, 'stale')],
      ['a vanished document', (collection) => remove(collection, 'vanished', null)],
    ];
    for (const [why, last] of failing) {
      engine.it(`a batch that fails at its end, by ${why}, leaves no trace`, async () => {
        const docs = [
          { name: 'taken', email: 'taken' },
          { name: 'b', f: 1 },
          { name: 'c', f: 1 },
          { name: 'd', f: 9 },
        ];
        const collection = await collectionWith(docs);
        const other = await collectionWith([{ name: 'o' }]);
        const batch: Write[] = [
          { kind: 'purge', collection, query: { f: { $eq: 9 } } },
          insert(collection, { name: 'a', email: 'a' }),
          replace(collection, { name: 'b', f: 2 }, null),
          remove(collection, 'c', null),
          { kind: 'put', collection: other, doc: { name: 'o', f: 1 } },
          insert(other, { name: 'p' }),
          last(collection),
        ];
        await expect(current().commit(batch)).rejects.toThrow();
        expect(await current().find(collection, ALL)).toEqual(
          docs.toSorted((x, y) => (x.name < y.name ? -1 : 1)),
        );
        expect(await current().find(other, ALL)).toEqual([{ name: 'o' }]);
      });
    }

    engine.it('a failing batch does no harm to those that run beside it', async () => {
      const collection = await collectionWith([{ name: 'taken' }]);
      const attempts = Array.from({ length: 20 }, (_, at) =>
        current().commit([
          insert(collection, { name: `n${String(at).padStart(2, '0')}` }),
          ...(at % 2 === 0 ? [insert(collection, { name: 'taken' })] : []),
        ]),
      );
      const results = await Promise.allSettled(attempts);
      expect(results.map((result) => result.status === 'fulfilled')).toEqual(
        attempts.map((_, at) => at % 2 === 1),
      );
      const odd = Array.from({ length: 10 }, (_, at) => `n${String(at * 2 + 1).padStart(2, '0')}`);
      expect(await namesIn(collection)).toEqual([...odd, 'taken']);
    });
  });

  describe('internal records', () => {
    engine.it('put inserts, then replaces, whatever stands there', async () => {
      const collection = await collectionWith([]);
      await current().commit([{ kind: 'put', collection, doc: { name: 'a', f: 1, modified: 'x' } }]);
      await current().commit([{ kind: 'put', collection, doc: { name: 'a', g: 2 } }]);
      expect(await current().find(collection, ALL)).toEqual([{ name: 'a', g: 2 }]);
    });

    engine.it('purge removes what matches, and is content with nothing', async () => {
      const collection = await collectionWith([
        { name: 'a', user: 'x' },
        { name: 'b', user: 'y' },
      ]);
      await current().commit([{ kind: 'purge', collection, query: { user: { $eq: 'x' } } }]);
      await current().commit([{ kind: 'purge', collection, query: { user: { $eq: 'x' } } }]);
      expect(await namesIn(collection)).toEqual(['b']);
    });

    engine.it('a record that expires reads as it was written', async () => {
      const collection = await collectionWith([], { expires: true });
      const expiresAt = Date.now() + 3_600_000;
      await current().commit([{ kind: 'put', collection, doc: { name: 'a', expiresAt, user: 'x' } }]);
      expect(await current().find(collection, { expiresAt: { $gt: Date.now() } })).toEqual([
        { name: 'a', expiresAt, user: 'x' },
      ]);
      expect(await current().get(collection, 'a')).toEqual({ name: 'a', expiresAt, user: 'x' });
    });
  });

  describe('counters', () => {
    engine.it('a counter begins at 1 and counts on', async () => {
      const counter = randomUUID();
      expect(await current().increment(counter)).toBe(1);
      expect(await current().increment(counter)).toBe(2);
      expect(await current().increment(counter, 10)).toBe(12);
    });

    engine.it('concurrent increments never give one number twice', async () => {
      const counter = `SO-.YYYY.- ${randomUUID()}`;
      const values = await Promise.all(Array.from({ length: 50 }, () => current().increment(counter)));
      expect(values.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, at) => at + 1));
    });

    engine.it('raise lifts a counter and never lowers it', async () => {
      const counter = randomUUID();
      await current().raise(counter, 41);
      expect(await current().increment(counter)).toBe(42);
      await current().raise(counter, 5);
      expect(await current().increment(counter)).toBe(43);
    });

    engine.it('the last number can be given back, an earlier one cannot', async () => {
      const counter = randomUUID();
      await current().increment(counter, 2);
      await current().commit([{ kind: 'release', counter, value: 1 }]);
      expect(await current().increment(counter)).toBe(3);
      await current().commit([{ kind: 'release', counter, value: 3 }]);
      expect(await current().increment(counter)).toBe(3);
    });

    engine.it('a number is not given back by a batch that fails', async () => {
      const counter = randomUUID();
      const collection = await collectionWith([]);
      await current().increment(counter);
      const batch: Write[] = [{ kind: 'release', counter, value: 1 }, remove(collection, 'vanished', null)];
      await expect(current().commit(batch)).rejects.toThrow(WriteConflict);
      expect(await current().increment(counter)).toBe(2);
    });
  });

  describe('collections', () => {
    const byStatus = {
      fields: [
        ['status', 'asc'],
        ['modified', 'desc'],
      ],
    } as const;

    engine.it('ensure makes an index once', async () => {
      const name = `Ensured ${randomUUID()}`;
      const spec = { name, indexes: [byStatus], elementIndexes: ['items.code', 'tags'] };
      const first = await current().ensure([spec]);
      expect(first.created.length).toBeGreaterThanOrEqual(3);
      expect(first.undeclared).toEqual([]);
      expect(await current().ensure([spec])).toEqual({ created: [], undeclared: [], refused: [] });
    });

    engine.it('an index that is no longer declared is reported, and kept', async () => {
      const collection = await collectionWith([{ name: 'a', status: 'x' }], { indexes: [byStatus] });
      const without = { name: collection, indexes: [], elementIndexes: [] };
      const report = await current().ensure([without]);
      expect(report.undeclared).toHaveLength(1);
      expect(report.undeclared[0]).toContain('status');
      expect((await current().ensure([without])).undeclared).toEqual(report.undeclared);
      expect(await namesIn(collection)).toEqual(['a']);
    });

    engine.it('indexes that come later serve the documents that were there before', async () => {
      const collection = await collectionWith(
        [
          { name: 'a', status: 'x', items: [{ code: 'p' }], tags: ['t'] },
          { name: 'b', status: 'y' },
        ],
        { indexes: [] },
      );
      const spec = { name: collection, indexes: [byStatus], elementIndexes: ['tags'] };
      await current().ensure([spec]);
      expect(await current().count(collection, { status: { $eq: 'x' } })).toBe(1);
      expect(await current().count(collection, { tags: { $elemMatch: { $eq: 't' } } })).toBe(1);
    });

    engine.it('a unique index over values that collide already is refused with its reason', async () => {
      const docs = [
        { name: 'a', email: 'x' },
        { name: 'b', email: 'x' },
      ];
      const collection = await collectionWith(docs, { indexes: [] });
      const unique = { fields: [['email', 'asc']], unique: true } as const;
      const report = await current().ensure([{ name: collection, indexes: [unique], elementIndexes: [] }]);
      expect(report.refused.map((each) => each.index).join()).toContain('email');
      expect(report.refused.every((each) => each.reason !== '')).toBe(true);
      expect(await namesIn(collection)).toEqual(['a', 'b']);
    });

    engine.it('element indexes follow every write', async () => {
      const collection = await collectionWith([{ name: 'a', tags: ['x', 'y'] }], {
        elementIndexes: ['tags'],
      });
      const tagged = async (tag: string): Promise<number> =>
        current().count(collection, { tags: { $elemMatch: { $eq: tag } } });
      expect([await tagged('x'), await tagged('z')]).toEqual([1, 0]);
      await current().commit([replace(collection, { name: 'a', tags: ['z'] }, null)]);
      expect([await tagged('x'), await tagged('z')]).toEqual([0, 1]);
      await current().commit([remove(collection, 'a', null)]);
      expect(await tagged('z')).toBe(0);
    });
  });

  describe('the store', () => {
    engine.it('what was committed is there after the database is opened again', async () => {
      const collection = await collectionWith([{ name: 'a', f: 'ä😀', rows: [{ x: 1 }] }]);
      const counter = randomUUID();
      await current().increment(counter, 7);
      const first = await engine.open();
      await first.commit([insert(collection, { name: 'b' })]);
      await engine.close(first);
      const second = await engine.open();
      expect(await second.find(collection, ALL)).toEqual([
        { name: 'a', f: 'ä😀', rows: [{ x: 1 }] },
        { name: 'b' },
      ]);
      expect(await second.increment(counter)).toBe(8);
    });

    engine.it('it answers a ping, and says what it is', async () => {
      await expect(current().ping()).resolves.toBeUndefined();
      expect(current().engine).toBe(engine.name);
      expect(current().description).toMatch(engine.name === 'sqlite' ? /sqlite/i : /mongodb/i);
    });

    engine.it('it shows a query as its shell reads it', async () => {
      const collection = await collectionWith([]);
      const options = { sort: [['modified', 'desc']], skip: 20, limit: 10 } as const;
      const shown = current().lowered(collection, { status: { $in: ['Open', "it's"] } }, options);
      expect(shown).not.toContain('\n');
      for (const part of [collection.slice(9), 'status', 'Open', 'modified', '20', '10'])
        expect(shown).toContain(part);
    });
  });
});

/** A rejection as a value. */
function asValue(error: unknown): unknown {
  return error;
}
