// A Store in memory, on the reference meaning of queries: enough for authentication, without an engine.
import { DuplicateKey, WriteConflict } from '../../../src/storage/errors.ts';
import { compareBy, matches } from '../../../src/storage/match.ts';
import type { Doc, Store, Write } from '../../../src/storage/store.ts';

export interface MemoryStore extends Store {
  /** Batches that were committed. */
  readonly batches: (readonly Write[])[];
  docs(collection: string): Doc[];
}

export function createMemoryStore(): MemoryStore {
  const collections = new Map<string, Map<string | number, Doc>>();
  const batches: (readonly Write[])[] = [];
  const at = (name: string): Map<string | number, Doc> => {
    const known = collections.get(name) ?? new Map<string | number, Doc>();
    collections.set(name, known);
    return known;
  };
  const apply = (write: Write): void => {
    if (write.kind === 'release') return;
    const docs = at(write.collection);
    if (write.kind === 'purge') {
      for (const doc of docs.values()) if (matches(write.query, doc)) docs.delete(doc.name);
      return;
    }
    const name = write.kind === 'remove' ? write.name : write.doc.name;
    if (write.kind === 'insert' && docs.has(name)) throw new DuplicateKey(write.collection, 'name', name);
    if (write.kind === 'replace' || write.kind === 'remove') {
      const stored = docs.get(name);
      if (!stored || (stored['modified'] ?? null) !== write.modified) {
        throw new WriteConflict(write.collection, name);
      }
    }
    if (write.kind === 'remove') docs.delete(name);
    else docs.set(name, write.doc);
  };
  return {
    batches,
    docs: (collection) => [...at(collection).values()],
    engine: 'sqlite',
    description: 'in memory',
    capabilities: { transactions: true, partialUniqueIndexes: true },
    ensure: async () => ({ created: [], undeclared: [], refused: [] }),
    get: async (collection, name) => at(collection).get(name),
    find: async (collection, query, { sort = [], skip = 0, limit } = {}) =>
      [...at(collection).values()]
        .filter((doc) => matches(query, doc))
        .sort(compareBy(sort))
        .slice(skip, limit === undefined ? undefined : skip + limit),
    count: async (collection, query) =>
      [...at(collection).values()].filter((doc) => matches(query, doc)).length,
    commit: async (batch) => {
      for (const write of batch) apply(write);
      batches.push(batch);
    },
    increment: async () => 1,
    raise: async () => undefined,
    lowered: () => '',
    ping: async () => undefined,
    close: async () => undefined,
  };
}

/** A clock that tests move by hand. */
export function createTestClock(start = 1_700_000_000_000) {
  let epoch = start;
  let ticks = 0;
  return {
    zone: 'UTC',
    now: () => `2024-01-01 00:00:00.${String((ticks += 1)).padStart(6, '0')}`,
    today: () => '2024-01-01',
    epoch: () => epoch,
    pass(seconds: number) {
      epoch += seconds * 1000;
    },
  };
}

export const SILENT = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => SILENT,
};
