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
  const assertUnchanged = (collection: string, name: string | number, modified: string | null): void => {
    const stored = at(collection).get(name);
    if (!stored || (stored['modified'] ?? null) !== modified) throw new WriteConflict(collection, name);
  };
  const apply = (write: Write): void => {
    switch (write.kind) {
      case 'release':
        return;
      case 'purge':
        for (const doc of at(write.collection).values()) {
          if (matches(write.query, doc)) at(write.collection).delete(doc.name);
        }
        return;
      case 'insert':
        if (at(write.collection).has(write.doc.name)) {
          throw new DuplicateKey(write.collection, 'name', write.doc.name);
        }
        break;
      case 'replace':
        assertUnchanged(write.collection, write.doc.name, write.modified);
        break;
      case 'remove':
        assertUnchanged(write.collection, write.name, write.modified);
        at(write.collection).delete(write.name);
        return;
      case 'put':
    }
    at(write.collection).set(write.doc.name, write.doc);
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
        .toSorted(compareBy(sort))
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

/** An object that has only what the code under test looks at. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion, typescript/no-unnecessary-type-parameters -- a whole one would hide what is looked at
export const partly = <T>(parts: object): T => parts as T;
