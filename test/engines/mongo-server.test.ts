// How the MongoDB engine talks to its server: what it sends, and what it makes of failures. A proxy watches and
// meddles; so the parts that need a server run when TEST_MONGODB_URI names one.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { MongoClient } from 'mongodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DuplicateKey, StoreUnavailable, WriteConflict } from '../../src/storage/errors.ts';
import { openMongoStore } from '../../src/storage/mongo/store.ts';
import { ALL } from '../../src/storage/query.ts';
import type { Doc, Store, Write } from '../../src/storage/store.ts';
import { startMongoProxy, type MongoProxy } from '../support/mongo-proxy.ts';

const TARGET = process.env['TEST_MONGODB_URI'];
const maxTimeMs = 4321;

describe('opening MongoDB', () => {
  it('a server that is not there is one clear line, without the password', async () => {
    const unused = createServer().listen(0, '127.0.0.1');
    await once(unused, 'listening');
    const address = unused.address();
    unused.close();
    const port = typeof address === 'object' ? address?.port : undefined;
    const uri = `mongodb://user:secret@127.0.0.1:${port}/db?serverSelectionTimeoutMS=300`;
    const failure = await openMongoStore({ uri, maxTimeMs }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(StoreUnavailable);
    expect(String(failure)).toContain(`127.0.0.1:${port}`);
    expect(String(failure)).not.toMatch(/secret|\n/);
  });

  it.each(['http://user:secret@host', 'mongodb://', 'mongodb://user:secret@host:port/x', 'nonsense'])(
    'the URI %s is refused without repeating it',
    async (uri) => {
      const failure = await openMongoStore({ uri, maxTimeMs }).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(StoreUnavailable);
      expect(String(failure)).not.toContain('secret');
    },
  );
});

describe.skipIf(TARGET === undefined)('MongoDB behind a proxy', () => {
  const open: { proxy?: MongoProxy; store?: Store } = {};
  const proxy = (): MongoProxy => {
    if (open.proxy === undefined) throw new Error('no proxy');
    return open.proxy;
  };
  const store = (): Store => {
    if (open.store === undefined) throw new Error('not open');
    return open.store;
  };
  const sent = (name: string): Record<string, unknown>[] => proxy().commands.filter((each) => name in each);

  async function start(replicaSet: boolean): Promise<void> {
    open.proxy = await startMongoProxy({ target: TARGET ?? '', replicaSet });
    open.store = await openMongoStore({ uri: open.proxy.uri, maxTimeMs });
  }

  async function collectionWith(...docs: Doc[]): Promise<string> {
    const collection = `Watched ${randomUUID()}`;
    await store().ensure([{ name: collection, indexes: [], elementIndexes: [] }]);
    for (const doc of docs) await store().commit([{ kind: 'insert', collection, doc }]);
    proxy().commands.length = 0;
    return collection;
  }

  const insert = (collection: string, doc: Doc): Write => ({ kind: 'insert', collection, doc });

  afterAll(async () => {
    const client = await MongoClient.connect(TARGET ?? '');
    await client.db('proxied').dropDatabase();
    await client.close();
  });

  describe('a standalone server', () => {
    beforeAll(() => start(false));
    afterAll(async () => {
      await open.store?.close();
      await open.proxy?.close();
    });
    afterEach(() => {
      proxy().answer = () => undefined;
    });

    it('says so, and promises no transactions', () => {
      expect(store().description).toMatch(/^MongoDB [\d.]+ \(standalone\) at 127\.0\.0\.1:\d+\/proxied$/);
      expect(store().capabilities.transactions).toBe(false);
    });

    it('every read carries the time limit', async () => {
      const collection = await collectionWith({ name: 'a' });
      await store().get(collection, 'a');
      await store().find(collection, ALL);
      await store().count(collection, ALL);
      await store().increment(randomUUID());
      const reads = [...sent('find'), ...sent('aggregate'), ...sent('findAndModify')];
      expect(reads).toHaveLength(4);
      expect(reads.map((command) => command['maxTimeMS'])).toEqual([
        maxTimeMs,
        maxTimeMs,
        maxTimeMs,
        maxTimeMs,
      ]);
    });

    it('every write asks for durability', async () => {
      const collection = await collectionWith();
      await store().commit([insert(collection, { name: 'a' })]);
      await store().increment(randomUUID());
      const writes = [...sent('insert'), ...sent('findAndModify')];
      expect(writes.map((command) => command['writeConcern'])).toEqual([
        { w: 'majority', j: true },
        { w: 'majority', j: true },
      ]);
    });

    it('a query that ran out of time is reported as an absent store', async () => {
      const collection = await collectionWith();
      proxy().answer = (command) =>
        'find' in command ? { ok: 0, code: 50, codeName: 'MaxTimeMSExpired', errmsg: 'time' } : undefined;
      const failure = await store()
        .find(collection, ALL)
        .catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(StoreUnavailable);
      expect(String(failure)).toContain('in time');
    });

    it('a fault of ours is not passed off as an absent store', async () => {
      const collection = await collectionWith();
      proxy().answer = (command) =>
        'find' in command ? { ok: 0, code: 2, codeName: 'BadValue', errmsg: 'what is this' } : undefined;
      await expect(store().find(collection, ALL)).rejects.not.toThrow(StoreUnavailable);
    });

    it('a duplicate names the field of the index that was hit', async () => {
      const collection = await collectionWith();
      const duplicates = [
        { keyPattern: { email: 1 }, errmsg: 'E11000' },
        {
          errmsg:
            'E11000 duplicate key error collection: x.y index: unique_email_text dup key: { email: "a" }',
        },
      ];
      for (const duplicate of duplicates) {
        const writeErrors = [{ index: 0, code: 11000, ...duplicate }];
        proxy().answer = (command) => ('insert' in command ? { ok: 1, n: 0, writeErrors } : undefined);
        const failure = store().commit([insert(collection, { name: 'a', email: 'a' })]);
        await expect(failure).rejects.toMatchObject({ field: 'email', docname: 'a', collection });
      }
    });

    it('a lost race half-way through a batch puts back what was written', async () => {
      const before = [{ name: 'b', f: 1 }, { name: 'c' }, { name: 'd', f: 1 }];
      const collection = await collectionWith(...before);
      const batch: Write[] = [
        insert(collection, { name: 'a' }),
        { kind: 'replace', collection, doc: { name: 'b', f: 2, modified: 'now' }, modified: null },
        { kind: 'remove', collection, name: 'c', modified: null },
        { kind: 'purge', collection, query: { f: { $eq: 1 } } },
        { kind: 'put', collection, doc: { name: 'e' } },
        insert(collection, { name: 'last' }),
      ];
      const writeErrors = [{ index: 0, code: 11000, errmsg: 'E11000' }];
      let inserts = 0;
      proxy().answer = (command) => {
        if (!('insert' in command)) return undefined;
        inserts += 1;
        return inserts === 2 ? { ok: 1, n: 0, writeErrors } : undefined;
      };
      await expect(store().commit(batch)).rejects.toThrow(DuplicateKey);
      expect(await store().find(collection, ALL)).toEqual(before);
    });

    it('what can be foreseen to fail is not even begun', async () => {
      const collection = await collectionWith({ name: 'taken' });
      const batch = [insert(collection, { name: 'a' }), insert(collection, { name: 'taken' })];
      await expect(store().commit(batch)).rejects.toThrow(DuplicateKey);
      expect(sent('insert')).toEqual([]);
    });

    it('a replacement that lost its race is a conflict', async () => {
      const collection = await collectionWith({ name: 'a', modified: '1' });
      proxy().answer = (command) => ('update' in command ? { ok: 1, n: 0, nModified: 0 } : undefined);
      const batch: Write[] = [
        { kind: 'replace', collection, doc: { name: 'a', modified: '2' }, modified: '1' },
      ];
      await expect(store().commit(batch)).rejects.toThrow(WriteConflict);
      await expect(store().commit([...batch, insert(collection, { name: 'b' })])).rejects.toThrow(
        WriteConflict,
      );
      expect(sent('insert')).toEqual([]);
    });

    it('null fields are left out', async () => {
      const collection = await collectionWith({ name: 'a', nothing: null, rows: [{ nothing: null }] });
      expect(await store().get(collection, 'a')).toEqual({ name: 'a', rows: [{ nothing: null }] });
    });

    it('a limit of zero asks the server for nothing', async () => {
      const collection = await collectionWith({ name: 'a' });
      expect(await store().count(collection, ALL, 0)).toBe(0);
      expect(await store().find(collection, ALL, { limit: 0 })).toEqual([]);
      expect(proxy().commands).toEqual([]);
    });

    it('unique indexes leave out null and empty values, by one index for text and one for numbers', async () => {
      proxy().answer = (command) => ('createIndexes' in command ? { ok: 1 } : undefined);
      const name = `Unique ${randomUUID()}`;
      proxy().commands.length = 0;
      const unique = { fields: [['email', 'asc']], unique: true } as const;
      const report = await store().ensure([{ name, indexes: [unique], elementIndexes: [], expires: true }]);
      expect(report.refused).toEqual([]);
      expect(sent('createIndexes').flatMap((command) => command['indexes'])).toMatchObject([
        { key: { email: 1 }, unique: true, partialFilterExpression: { email: { $gt: '' } } },
        { key: { email: 1 }, unique: true, partialFilterExpression: { email: { $type: 'number' } } },
        { key: { _expires_on: 1 }, expireAfterSeconds: 0 },
      ]);
    });

    it('indexes end in the identity, so that a sorted page needs no sorting', async () => {
      proxy().answer = (command) => ('createIndexes' in command ? { ok: 1 } : undefined);
      const name = `Sorted ${randomUUID()}`;
      proxy().commands.length = 0;
      const index = {
        fields: [
          ['status', 'asc'],
          ['modified', 'desc'],
        ],
      } as const;
      await store().ensure([{ name, indexes: [index], elementIndexes: ['items.code'] }]);
      const keys = sent('createIndexes').flatMap((command) => command['indexes']);
      expect(keys.map((each) => Object.entries(Object(each).key))).toEqual([
        [
          ['status', 1],
          ['modified', -1],
          ['_id', 1],
        ],
        [['items.code', 1]],
      ]);
    });

    it('a unique index that the server refuses is reported, and looked up before each write', async () => {
      const errmsg = 'not implemented';
      proxy().answer = (command) =>
        'createIndexes' in command ? { ok: 0, code: 238, codeName: 'NotImplemented', errmsg } : undefined;
      const name = `Refused ${randomUUID()}`;
      const unique = { fields: [['email', 'asc']], unique: true } as const;
      const report = await store().ensure([{ name, indexes: [unique], elementIndexes: [] }]);
      expect(report.refused).toEqual([{ index: `${name}: unique_email_text`, reason: errmsg }]);
      expect(store().capabilities.partialUniqueIndexes).toBe(false);
      await store().commit([insert(name, { name: 'a', email: 'x' })]);
      await expect(store().commit([insert(name, { name: 'b', email: 'x' })])).rejects.toThrow(DuplicateKey);
    });

    it('records that expire carry a real date beside the number', async () => {
      const name = `Expiring ${randomUUID()}`;
      await store().ensure([{ name, indexes: [], elementIndexes: [], expires: true }]);
      const expiresAt = Date.now() + 60_000;
      await store().commit([{ kind: 'put', collection: name, doc: { name: 'a', expiresAt } }]);
      const client = await MongoClient.connect(TARGET ?? '');
      const raw = await client.db('proxied').collection<{ _id: string }>(name).findOne({ _id: 'a' });
      await client.close();
      expect(raw).toEqual({ _id: 'a', expiresAt, _expires_on: new Date(expiresAt) });
      expect(await store().get(name, 'a')).toEqual({ name: 'a', expiresAt });
    });

    it('names that MongoDB would misread are refused', async () => {
      const collection = await collectionWith();
      for (const field of ['a.b', '$where', '', '_id', 'a\0b']) {
        await expect(store().commit([insert(collection, { name: 'a', [field]: 1 })]), field).rejects.toThrow(
          TypeError,
        );
        await expect(store().find(collection, { [field]: { $eq: 1 } }), field).rejects.toThrow(TypeError);
        await expect(store().find(collection, ALL, { sort: [[field, 'asc']] }), field).rejects.toThrow(
          TypeError,
        );
        await expect(store().find(collection, ALL, { fields: [field] }), field).rejects.toThrow(TypeError);
      }
      for (const bad of ['', 'a$b', 'a\0b', 'system.users']) {
        await expect(store().find(bad, ALL), bad).rejects.toThrow(/collection named/);
      }
    });
  });

  describe('a replica set', () => {
    beforeEach(() => start(true));
    afterEach(async () => {
      await open.store?.close();
      await open.proxy?.close();
    });

    it('says so, and promises transactions', () => {
      expect(store().description).toContain('(replica set rs0)');
      expect(store().capabilities.transactions).toBe(true);
    });

    it('a server that only looks like one promises none', async () => {
      proxy().answer = (command) =>
        'startTransaction' in command
          ? { ok: 0, code: 20, codeName: 'IllegalOperation', errmsg: 'no' }
          : undefined;
      const other = await openMongoStore({ uri: proxy().uri, maxTimeMs });
      expect(other.capabilities.transactions).toBe(false);
      await other.close();
    });

    it('a batch is one transaction, committed by the majority', async () => {
      const collection = await collectionWith({ name: 'b' });
      await store().commit([
        insert(collection, { name: 'a' }),
        { kind: 'replace', collection, doc: { name: 'b', f: 1 }, modified: null },
        { kind: 'purge', collection, query: { f: { $eq: 9 } } },
        { kind: 'release', counter: 'none', value: 1 },
      ]);
      const steps = proxy().commands.map((command) => Object.keys(command)[0]);
      expect(steps).toEqual(['insert', 'update', 'delete', 'update', 'commitTransaction']);
      const starts = proxy().commands.map((command) => command['startTransaction'] ?? false);
      expect(starts).toEqual([true, false, false, false, false]);
      expect(new Set(proxy().commands.map((command) => String(command['txnNumber']))).size).toBe(1);
      expect(proxy().commands.every((command) => command['autocommit'] === false)).toBe(true);
      expect(sent('commitTransaction')[0]).toMatchObject({ writeConcern: { w: 'majority' } });
      expect(await store().find(collection, ALL)).toEqual([{ name: 'a' }, { name: 'b', f: 1 }]);
    });

    it('one document needs no transaction', async () => {
      const collection = await collectionWith();
      await store().commit([insert(collection, { name: 'a' })]);
      expect(proxy().commands.map((command) => Object.keys(command)[0])).toEqual(['insert']);
      expect(proxy().commands[0]).not.toHaveProperty('autocommit');
    });

    it('a transaction that met another one is tried again', async () => {
      const collection = await collectionWith();
      let failures = 2;
      proxy().answer = (command) => {
        if (!('insert' in command) || failures === 0) return undefined;
        failures -= 1;
        const errorLabels = ['TransientTransactionError'];
        // 112 is met in a transaction only; 11600 would be an absent store anywhere else.
        return { ok: 0, code: failures === 0 ? 112 : 11600, errmsg: 'met another', errorLabels };
      };
      await store().commit([insert(collection, { name: 'a' }), insert(collection, { name: 'b' })]);
      expect(sent('commitTransaction')).toHaveLength(1);
      expect(sent('abortTransaction')).toHaveLength(2);
      expect(await store().count(collection, ALL)).toBe(2);
    });

    it('a commit whose fate is unknown is asked for again', async () => {
      const collection = await collectionWith();
      let failures = 1;
      proxy().answer = (command) => {
        if (!('commitTransaction' in command) || failures === 0) return undefined;
        failures -= 1;
        const errorLabels = ['UnknownTransactionCommitResult'];
        return { ok: 0, code: 64, codeName: 'WriteConcernFailed', errmsg: 'who knows', errorLabels };
      };
      await store().commit([insert(collection, { name: 'a' }), insert(collection, { name: 'b' })]);
      expect(sent('commitTransaction')).toHaveLength(2);
      expect(sent('insert')).toHaveLength(2);
    });

    it('a step that fails aborts the transaction, and says why', async () => {
      const collection = await collectionWith({ name: 'taken' });
      const duplicate = store().commit([
        insert(collection, { name: 'a' }),
        insert(collection, { name: 'taken' }),
      ]);
      await expect(duplicate).rejects.toMatchObject({ field: 'name', docname: 'taken' });
      const stale = store().commit([
        insert(collection, { name: 'b' }),
        { kind: 'remove', collection, name: 'taken', modified: 'stale' },
      ]);
      await expect(stale).rejects.toThrow(WriteConflict);
      expect(sent('commitTransaction')).toHaveLength(0);
      expect(sent('abortTransaction')).toHaveLength(2);
    });

    it('a server that goes away is an absent store, for reads and for writes', async () => {
      const collection = await collectionWith();
      await proxy().close();
      const batch = [insert(collection, { name: 'a' }), insert(collection, { name: 'b' })];
      const attempts = [
        store().find(collection, ALL),
        store().commit(batch.slice(1)),
        store().commit(batch),
        store().increment('x'),
        store().ping(),
      ];
      for (const attempt of await Promise.allSettled(attempts)) {
        expect(attempt).toMatchObject({ status: 'rejected', reason: expect.any(StoreUnavailable) });
      }
    });
  });
});
