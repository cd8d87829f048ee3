// The MongoDB engine: a Store over one database, on the official driver. Knows nothing of doctypes or users.
import type { FindOptions as DriverFindOptions } from 'mongodb';
import type { Query } from '../query.ts';
import type { Doc, FindOptions, Store, Write } from '../store.ts';
import { connect } from './connect.ts';
import { collectionOf, type Context } from './context.ts';
import { incrementCounter, raiseCounter } from './counters.ts';
import { fromStored } from './documents.ts';
import { translated } from './failures.ts';
import { ensureCollections } from './indexes.ts';
import { findJudged, needsJudging } from './judged.ts';
import { lowerFields, lowerQuery, lowerSort } from './lower.ts';
import { createOrderedCommit } from './ordered.ts';
import { toShell } from './shell.ts';
import { commitInTransaction } from './transaction.ts';
import { applyWrite } from './writes.ts';

export interface MongoOptions {
  readonly uri: string;
  /** How long the server may work on one query. */
  readonly maxTimeMs: number;
}

/** @throws StoreUnavailable with one clear line when there is no such server */
export async function openMongoStore(options: MongoOptions): Promise<Store> {
  const { context, description } = await connect(options);
  const commitInOrder = createOrderedCommit(context);
  return {
    engine: 'mongodb',
    description,
    capabilities: context.capabilities,
    get: (collection, name) => get(context, collection, name),
    find: (collection, query, findOptions) => find(context, collection, query, findOptions),
    count: (collection, query, limit) => count(context, collection, query, limit),
    ensure: (specs) => ensureCollections(context, specs),
    async commit(batch) {
      const [first] = batch;
      if (first === undefined) return;
      if (batch.length === 1 && isAtomicAlone(context, first)) await applyWrite(context, first);
      else if (context.capabilities.transactions) await commitInTransaction(context, batch);
      else await commitInOrder(batch);
    },
    increment: (counter, by = 1) => translated(() => incrementCounter(context, counter, by)),
    raise: (counter, value) => translated(() => raiseCounter(context, counter, value)),
    lowered: toShell,
    async ping() {
      await translated(() => context.db.command({ ping: 1, maxTimeMS: context.maxTimeMs }));
    },
    close: () => context.client.close(),
  };
}

/** One document is one atomic write, unless a unique value has to be looked up first. */
function isAtomicAlone(context: Context, write: Write): boolean {
  if (write.kind === 'release' || write.kind === 'remove') return true;
  return write.kind !== 'purge' && (context.unguarded.get(write.collection)?.size ?? 0) === 0;
}

async function get(context: Context, collection: string, name: string | number): Promise<Doc | undefined> {
  const options = { maxTimeMS: context.maxTimeMs };
  const stored = await translated(() => collectionOf(context, collection).findOne({ _id: name }, options));
  return stored === null ? undefined : fromStored(stored);
}

async function find(
  context: Context,
  collection: string,
  query: Query,
  options: FindOptions = {},
): Promise<Doc[]> {
  const { fields, sort = [], skip = 0, limit } = options;
  // MongoDB takes a limit of 0 for none.
  if (limit === 0) return [];
  const filter = lowerQuery(query);
  if (needsJudging(context, query)) return findJudged(context, collection, query, options);
  const driverOptions: DriverFindOptions = {
    sort: new Map(lowerSort(sort)),
    skip,
    maxTimeMS: context.maxTimeMs,
    ...(limit === undefined ? {} : { limit }),
    ...(fields === undefined ? {} : { projection: lowerFields(fields) }),
  };
  const stored = await translated(() =>
    collectionOf(context, collection).find(filter, driverOptions).toArray(),
  );
  return stored.map(fromStored);
}

async function count(context: Context, collection: string, query: Query, limit?: number): Promise<number> {
  if (limit === 0) return 0;
  if (needsJudging(context, query)) {
    const all = await findJudged(context, collection, query, limit === undefined ? {} : { limit });
    return all.length;
  }
  const options = { maxTimeMS: context.maxTimeMs, ...(limit === undefined ? {} : { limit }) };
  return translated(() => collectionOf(context, collection).countDocuments(lowerQuery(query), options));
}
