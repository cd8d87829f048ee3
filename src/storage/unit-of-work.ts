// Buffers the writes of one call and commits them as one batch. Reads see the buffer laid over the store, so that a
// hook finds what an earlier step wrote. Holds no lock: checks are carried by the batch (`modified`, uniqueness).
import { compareBy, matches } from './match.ts';
import type { Query } from './query.ts';
import type { Doc, FindOptions, Reader, Store, Write } from './store.ts';

export interface UnitOfWork extends Reader {
  insert(collection: string, doc: Doc): void;
  /** `modified` is that of the document as it was read; the commit fails if it has changed since. */
  replace(collection: string, doc: Doc, modified: string | null): void;
  remove(collection: string, name: string | number, modified: string | null): void;
  put(collection: string, doc: Doc): void;
  purge(collection: string, query: Query): void;
  /** Taken at once: a rollback leaves a gap, never a number used twice. */
  increment(counter: string, by?: number): Promise<number>;
  raise(counter: string, value: number): Promise<void>;
  release(counter: string, value: number): void;
  lowered(collection: string, query: Query, options?: FindOptions): string;
  /** @throws DuplicateKey, WriteConflict, StoreUnavailable */
  commit(): Promise<void>;
}

type Pending = Exclude<Write, { kind: 'purge' | 'release' }>;

/** What one collection will look like: the last write per document, and the purges made before it. */
interface Buffer {
  readonly writes: Map<string | number, Pending>;
  readonly purged: Query[];
}

const nameOf = (write: Pending): string | number => (write.kind === 'remove' ? write.name : write.doc.name);

/** Two writes to one document become one, which carries the first one's check. */
function merge(first: Pending | undefined, second: Pending): Pending | undefined {
  if (!first || second.kind === 'put') return second;
  const { collection } = second;
  if (second.kind === 'remove') {
    if (first.kind === 'insert') return undefined;
    return first.kind === 'replace' ? { ...second, modified: first.modified } : second;
  }
  switch (first.kind) {
    case 'insert':
    case 'put':
      return { kind: first.kind, collection, doc: second.doc };
    case 'replace':
    case 'remove':
      return { kind: 'replace', collection, doc: second.doc, modified: first.modified };
  }
}

export function createUnitOfWork(store: Store): UnitOfWork {
  const buffers = new Map<string, Buffer>();
  const releases: Write[] = [];

  const bufferOf = (collection: string): Buffer => {
    const known = buffers.get(collection);
    if (known) return known;
    const made: Buffer = { writes: new Map(), purged: [] };
    buffers.set(collection, made);
    return made;
  };

  const add = (write: Pending): void => {
    const { writes } = bufferOf(write.collection);
    const name = nameOf(write);
    const merged = merge(writes.get(name), write);
    if (merged) writes.set(name, merged);
    else writes.delete(name);
  };

  const pendingDocs = (buffer: Buffer): Doc[] =>
    [...buffer.writes.values()].flatMap((write) => (write.kind === 'remove' ? [] : [write.doc]));

  /** The query over stored documents that no pending write has touched. */
  const untouched = (buffer: Buffer, query: Query): Query => ({
    $and: [query, { $nor: [{ name: { $in: [...buffer.writes.keys()] } }, ...buffer.purged] }],
  });

  return {
    insert: (collection, doc) => add({ kind: 'insert', collection, doc }),
    replace: (collection, doc, modified) => add({ kind: 'replace', collection, doc, modified }),
    remove: (collection, name, modified) => add({ kind: 'remove', collection, name, modified }),
    put: (collection, doc) => add({ kind: 'put', collection, doc }),
    purge(collection, query) {
      const buffer = bufferOf(collection);
      buffer.purged.push(query);
      for (const doc of pendingDocs(buffer)) if (matches(query, doc)) buffer.writes.delete(doc.name);
    },
    increment: (counter, by) => store.increment(counter, by),
    raise: (counter, value) => store.raise(counter, value),
    release(counter, value) {
      releases.push({ kind: 'release', counter, value });
    },
    lowered: (collection, query, options) => store.lowered(collection, query, options),

    async get(collection, name) {
      const buffer = buffers.get(collection);
      const write = buffer?.writes.get(name);
      if (write) return write.kind === 'remove' ? undefined : write.doc;
      const doc = await store.get(collection, name);
      return doc && buffer?.purged.some((query) => matches(query, doc)) ? undefined : doc;
    },

    async find(collection, query, options = {}) {
      const buffer = buffers.get(collection);
      if (!buffer) return store.find(collection, query, options);
      const { sort = [], skip = 0, limit } = options;
      const stored = await store.find(collection, untouched(buffer, query), {
        sort,
        ...(limit === undefined ? {} : { limit: skip + limit }),
      });
      const pending = pendingDocs(buffer).filter((doc) => matches(query, doc));
      const merged = [...stored, ...pending].toSorted(compareBy(sort));
      return merged.slice(skip, limit === undefined ? undefined : skip + limit);
    },

    async count(collection, query, limit) {
      const buffer = buffers.get(collection);
      if (!buffer) return store.count(collection, query, limit);
      const stored = await store.count(collection, untouched(buffer, query), limit);
      const total = stored + pendingDocs(buffer).filter((doc) => matches(query, doc)).length;
      return limit === undefined ? total : Math.min(total, limit);
    },

    async commit() {
      const purges = [...buffers].flatMap(([collection, { purged }]) =>
        purged.map((query): Write => ({ kind: 'purge', collection, query })),
      );
      const writes = [...buffers.values()].flatMap((buffer) => [...buffer.writes.values()]);
      const batch = [...purges, ...writes, ...releases];
      if (batch.length > 0) await store.commit(batch);
    },
  };
}
