// What an engine offers and promises. Types only; engines live in sqlite/ and mongo/.
// Stored documents are plain JSON, keyed by `name`; fields that are null are left out when stored.
import type { Json } from '../util/json.ts';
import type { Query } from './query.ts';

/** A stored document. `name` is its identity within the collection: text, or an integer for autoincrement. */
export interface Doc {
  readonly name: string | number;
  readonly [field: string]: Json;
}

export type SortKey = readonly [field: string, direction: 'asc' | 'desc'];

export interface FindOptions {
  /** Top-level fields to return, besides `name`; absent means all. */
  readonly fields?: readonly string[];
  /** Nulls first, then numbers, then text in binary order; always tie-broken by name ascending. */
  readonly sort?: readonly SortKey[];
  readonly skip?: number;
  readonly limit?: number;
}

export interface IndexSpec {
  readonly fields: readonly SortKey[];
  /** A unique index has one field; null, missing and '' never collide. */
  readonly unique?: boolean;
}

export interface CollectionSpec {
  readonly name: string;
  readonly indexes: readonly IndexSpec[];
  /** Elements of arrays looked up by equality: `items.item_code` (row field) or `_ancestors` (scalar). */
  readonly elementIndexes: readonly string[];
  /** Documents carry `expiresAt` (epoch milliseconds) and vanish some time after it. */
  readonly expires?: boolean;
}

/** One step of an atomic batch. */
export type Write =
  /** @throws DuplicateKey when the name or a unique value is taken */
  | { readonly kind: 'insert'; readonly collection: string; readonly doc: Doc }
  /** Replaces only if the stored `modified` equals `modified`. @throws WriteConflict otherwise */
  | {
      readonly kind: 'replace';
      readonly collection: string;
      readonly doc: Doc;
      readonly modified: string | null;
    }
  /** Removes only if the stored `modified` equals `modified`. @throws WriteConflict otherwise */
  | {
      readonly kind: 'remove';
      readonly collection: string;
      readonly name: string | number;
      readonly modified: string | null;
    }
  /** Inserts or replaces, unconditionally (internal collections). */
  | { readonly kind: 'put'; readonly collection: string; readonly doc: Doc }
  /** Removes every document that matches, if any (internal collections). */
  | { readonly kind: 'purge'; readonly collection: string; readonly query: Query }
  /** Gives back the last number of a counter, if it is still the last. */
  | { readonly kind: 'release'; readonly counter: string; readonly value: number };

export interface IndexReport {
  readonly created: readonly string[];
  /** Indexes found in the database that no DocType declares; they are kept. */
  readonly undeclared: readonly string[];
  /** What the server could not provide, with the reason. */
  readonly refused: readonly { readonly index: string; readonly reason: string }[];
}

export interface Capabilities {
  /** Batches of several documents are atomic even if the server dies. */
  readonly transactions: boolean;
  /** Unique indexes that leave out null and empty values. */
  readonly partialUniqueIndexes: boolean;
}

/** Reads. The unit of work offers the same, overlaid with its pending writes. */
export interface Reader {
  get(collection: string, name: string | number): Promise<Doc | undefined>;
  find(collection: string, query: Query, options?: FindOptions): Promise<Doc[]>;
  /** Counts up to `limit`, when given. */
  count(collection: string, query: Query, limit?: number): Promise<number>;
}

export interface Store extends Reader {
  readonly engine: 'sqlite' | 'mongodb';
  /** What the banner says: engine, version, place. Holds no credentials. */
  readonly description: string;
  readonly capabilities: Capabilities;
  /** Makes collections and indexes that are missing; idempotent. */
  ensure(specs: readonly CollectionSpec[]): Promise<IndexReport>;
  /** All steps or none; durable when it resolves. @throws DuplicateKey, WriteConflict, StoreUnavailable */
  commit(batch: readonly Write[]): Promise<void>;
  /** Adds `by` (default 1) to a counter, atomically and durably, and returns the new value. First value: 1. */
  increment(counter: string, by?: number): Promise<number>;
  /** Sets a counter to at least `value`. */
  raise(counter: string, value: number): Promise<void>;
  /** The query as the engine runs it, as text to paste into its shell. */
  lowered(collection: string, query: Query, options?: FindOptions): string;
  /** @throws StoreUnavailable */
  ping(): Promise<void>;
  close(): Promise<void>;
}
