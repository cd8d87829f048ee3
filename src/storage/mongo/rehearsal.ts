// A batch on a server without transactions, tried in memory first: whatever would fail half-way fails before
// anything is written. Pure; the documents it works on were read just before.
import { DuplicateKey, WriteConflict } from '../errors.ts';
import { matches } from '../match.ts';
import type { Doc, Write } from '../store.ts';
import { uniqueValues } from './writes.ts';

/** Documents by collection and name: those the batch touches, and those that hold its unique values. */
export type Snapshot = ReadonlyMap<string, ReadonlyMap<string | number, Doc>>;

/** @throws DuplicateKey, WriteConflict as the batch would */
export function rehearse(
  batch: readonly Write[],
  snapshot: Snapshot,
  unique: ReadonlyMap<string, ReadonlySet<string>>,
): void {
  const state = new Map([...snapshot].map(([collection, docs]) => [collection, new Map(docs)]));
  for (const write of batch) {
    if (write.kind === 'release') continue;
    const docs = state.get(write.collection) ?? new Map<string | number, Doc>();
    state.set(write.collection, docs);
    rehearseWrite(write, docs, unique.get(write.collection));
  }
}

function rehearseWrite(
  write: Exclude<Write, { kind: 'release' }>,
  docs: Map<string | number, Doc>,
  unique: ReadonlySet<string> | undefined,
): void {
  switch (write.kind) {
    case 'purge':
      for (const doc of docs.values()) if (matches(write.query, doc)) docs.delete(doc.name);
      return;
    case 'remove':
      assertUnmodified(write.collection, write.name, docs, write.modified);
      docs.delete(write.name);
      return;
    case 'replace':
      assertUnmodified(write.collection, write.doc.name, docs, write.modified);
      break;
    case 'insert':
      if (docs.has(write.doc.name)) throw new DuplicateKey(write.collection, 'name', write.doc.name);
      break;
    case 'put':
      break;
  }
  assertUnique(write.collection, write.doc, docs, unique);
  docs.set(write.doc.name, write.doc);
}

function assertUnmodified(
  collection: string,
  name: string | number,
  docs: ReadonlyMap<string | number, Doc>,
  modified: string | null,
): void {
  const stored = docs.get(name);
  if (stored === undefined || (stored['modified'] ?? null) !== modified) {
    throw new WriteConflict(collection, name);
  }
}

function assertUnique(
  collection: string,
  doc: Doc,
  docs: ReadonlyMap<string | number, Doc>,
  unique: ReadonlySet<string> | undefined,
): void {
  for (const [field, value] of uniqueValues(unique, doc)) {
    const taken = [...docs.values()].some((other) => other.name !== doc.name && other[field] === value);
    if (taken) throw new DuplicateKey(collection, field, doc.name);
  }
}
