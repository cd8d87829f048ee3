// What every part of this engine shares: the database, the time limit, and what `ensure` has learnt of collections.
import type { ClientSession, Collection, Db, MongoClient } from 'mongodb';
import type { StoredDoc } from './documents.ts';
import { assertCollectionName } from './lower.ts';

export interface Context {
  readonly client: MongoClient;
  readonly db: Db;
  readonly maxTimeMs: number;
  /** Whether the server has transactions, and (as far as `ensure` has found out) partial unique indexes. */
  readonly capabilities: { readonly transactions: boolean; partialUniqueIndexes: boolean };
  /** Whether the server can judge the fields of a row (`$elemMatch`); one that cannot gets help from judged.ts. */
  readonly judgesRows: boolean;
  /** Unique fields by collection, as declared. */
  readonly unique: Map<string, ReadonlySet<string>>;
  /** Those that no index of the server guards; they are looked up before each write. */
  readonly unguarded: Map<string, ReadonlySet<string>>;
  /** Collections whose documents carry an expiry. */
  readonly expiring: Set<string>;
}

/** Options of an operation: those of its transaction, if it runs in one. */
export interface InSession {
  readonly session?: ClientSession;
}

/** @throws TypeError on a name that MongoDB does not allow */
export function collectionOf(context: Context, name: string): Collection<StoredDoc> {
  return context.db.collection<StoredDoc>(assertCollectionName(name));
}
