// The engines that a suite runs on: SQLite always, MongoDB when TEST_MONGODB_URI names a server. Each block gets a
// database of its own, which is removed afterwards.
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { openMongoStore } from '../../src/storage/mongo/store.ts';
import { openSqliteStore } from '../../src/storage/sqlite/store.ts';
import type { Store } from '../../src/storage/store.ts';
import { skipReason } from './skips.ts';

const MONGODB_URI = process.env['TEST_MONGODB_URI'] ?? '';

/** Which server speaks MongoDB's protocol; it decides which entries of skips.ts hold. */
const MONGODB_SERVER = MONGODB_URI === '' ? undefined : await detectServer(MONGODB_URI);

/** What an app needs to run on an engine. */
export interface StoreOptions {
  readonly mongodbUri?: string;
  readonly dataDir: string;
  cleanup(): Promise<void>;
}

export interface EngineSetup {
  readonly name: 'sqlite' | 'mongodb';
  /** Who really answers: the name of the engine, or of a stand-in. */
  readonly server: 'sqlite' | 'mongodb' | 'ferretdb';
  /** A fresh, empty database. */
  storeOptions(): Promise<StoreOptions>;
}

export interface Engine {
  readonly name: EngineSetup['name'];
  readonly server: EngineSetup['server'];
  /** Opens the block's database; opened twice, both see the same. The block closes what it opened. */
  open(): Promise<Store>;
  /** Closes a store before the block ends. */
  close(store: Store): Promise<void>;
  /** A test, which is expected to fail if skips.ts says so of this server. */
  it(title: string, test: () => Promise<void> | void): void;
}

/** The engines to run on, for suites that start a whole app. */
export function engines(): EngineSetup[] {
  const sqlite: EngineSetup = { name: 'sqlite', server: 'sqlite', storeOptions: folderOnly };
  if (MONGODB_SERVER === undefined) return [sqlite];
  return [sqlite, { name: 'mongodb', server: MONGODB_SERVER, storeOptions: folderAndDatabase }];
}

/** Runs the block once per engine, with the engine in the title. */
export function describeEngines(title: string, block: (engine: Engine) => void): void {
  describe.each(engines())(`${title} ($name)`, ({ name, server, storeOptions }) => {
    const opened = new Set<Store>();
    const running: { options?: StoreOptions } = {};
    beforeAll(async () => {
      running.options = await storeOptions();
    });
    afterAll(async () => {
      await Promise.all([...opened].map((store) => store.close()));
      await running.options?.cleanup();
    });
    block({
      name,
      server,
      async open() {
        if (running.options === undefined) throw new Error('a store opens inside tests and hooks only');
        const store = await openStore(running.options);
        opened.add(store);
        return store;
      },
      async close(store) {
        opened.delete(store);
        await store.close();
      },
      it(testTitle, test) {
        const expected = skipReason(server, testTitle) === undefined ? it : it.fails;
        expected(testTitle, test);
      },
    });
  });
}

async function openStore({ mongodbUri, dataDir }: StoreOptions): Promise<Store> {
  if (mongodbUri !== undefined) return openMongoStore({ uri: mongodbUri, maxTimeMs: 10_000 });
  return openSqliteStore({ file: join(dataDir, 'data.sqlite') });
}

async function folderOnly(): Promise<StoreOptions> {
  const dataDir = await mkdtemp(join(tmpdir(), 'doctype-server-test-'));
  return { dataDir, cleanup: () => rm(dataDir, { recursive: true, force: true }) };
}

async function folderAndDatabase(): Promise<StoreOptions> {
  const { dataDir, cleanup } = await folderOnly();
  const uri = new URL(MONGODB_URI);
  uri.pathname = `/test_${randomUUID().replaceAll('-', '').slice(0, 16)}`;
  const mongodbUri = uri.toString();
  return {
    dataDir,
    mongodbUri,
    async cleanup() {
      await withClient(mongodbUri, (client) => client.db(uri.pathname.slice(1)).dropDatabase());
      await cleanup();
    },
  };
}

async function detectServer(uri: string): Promise<'mongodb' | 'ferretdb'> {
  const info = await withClient(uri, (client) => client.db('admin').command({ buildInfo: 1 }));
  return 'ferretdbVersion' in info ? 'ferretdb' : 'mongodb';
}

async function withClient<T>(uri: string, use: (client: MongoClient) => Promise<T>): Promise<T> {
  const client = await MongoClient.connect(uri, { serverSelectionTimeoutMS: 5000 });
  try {
    return await use(client);
  } finally {
    await client.close();
  }
}
