// A batch on a server without transactions: read, rehearse, write in order, and put back what was written if a later
// step fails after all. A crash half-way leaves the first half: `capabilities.transactions` tells.
import type { Document } from 'mongodb';
import { DuplicateKey, StoreUnavailable } from '../errors.ts';
import type { Doc, Write } from '../store.ts';
import { collectionOf, type Context } from './context.ts';
import { fromStored, toReplacement } from './documents.ts';
import { translated } from './failures.ts';
import { lowerQuery } from './lower.ts';
import { rehearse, type Snapshot } from './rehearsal.ts';
import { applyWrite, uniqueValues } from './writes.ts';

type DocWrite = Exclude<Write, { kind: 'release' }>;

/** Batches of one process follow one another, so that they cannot spoil each other's rehearsal. */
export function createOrderedCommit(context: Context): (batch: readonly Write[]) => Promise<void> {
  let tail: Promise<void> = Promise.resolve();
  return (batch) => {
    const run = tail.then(() => commitInOrder(context, batch));
    tail = run.catch(() => undefined);
    return run;
  };
}

async function commitInOrder(context: Context, batch: readonly Write[]): Promise<void> {
  const writes = batch.filter((write): write is DocWrite => write.kind !== 'release');
  const snapshot = await readSnapshot(context, writes);
  rehearse(batch, snapshot, context.unique);
  const done: DocWrite[] = [];
  try {
    for (const write of writes) {
      await applyWrite(context, write);
      done.push(write);
    }
  } catch (error) {
    await undo(context, done, snapshot, error);
    throw error;
  }
  // Last, because a number given back cannot be taken again.
  for (const write of batch) if (write.kind === 'release') await applyWrite(context, write);
}

async function readSnapshot(context: Context, writes: readonly DocWrite[]): Promise<Snapshot> {
  const snapshot = new Map<string, ReadonlyMap<string | number, Doc>>();
  for (const collection of new Set(writes.map((write) => write.collection))) {
    const unique = context.unique.get(collection);
    const own = writes.filter((write) => write.collection === collection);
    const filter = { $or: own.flatMap((write) => touchedBy(write, unique)) };
    const stored = await translated(() =>
      collectionOf(context, collection).find(filter, { maxTimeMS: context.maxTimeMs }).toArray(),
    );
    snapshot.set(collection, new Map(stored.map(fromStored).map((doc) => [doc.name, doc])));
  }
  return snapshot;
}

function touchedBy(write: DocWrite, unique: ReadonlySet<string> | undefined): Document[] {
  if (write.kind === 'purge') return [lowerQuery(write.query)];
  if (write.kind === 'remove') return [{ _id: write.name }];
  const holders = uniqueValues(unique, write.doc).map(([field, value]) => ({ [field]: { $eq: value } }));
  return [{ _id: write.doc.name }, ...holders];
}

/** Puts back what stood there, last step first, where nobody has written since. */
async function undo(
  context: Context,
  done: readonly DocWrite[],
  snapshot: Snapshot,
  reason: unknown,
): Promise<void> {
  try {
    for (const write of done.toReversed()) await undoWrite(context, write, snapshot);
  } catch (error) {
    const cause = new AggregateError([reason, error]);
    throw new StoreUnavailable('MongoDB failed half-way through a batch, which could not be undone', {
      cause,
    });
  }
}

async function undoWrite(context: Context, write: DocWrite, snapshot: Snapshot): Promise<void> {
  const { collection } = write;
  const before = snapshot.get(collection) ?? new Map<string | number, Doc>();
  if (write.kind === 'purge' || write.kind === 'remove') {
    const gone = write.kind === 'remove' ? [before.get(write.name)] : before.values();
    for (const doc of gone) if (doc !== undefined) await insertMissing(context, collection, doc);
    return;
  }
  const { name } = write.doc;
  const ours = { _id: name, modified: { $eq: write.doc['modified'] ?? null } };
  const earlier = before.get(name);
  const stored = collectionOf(context, collection);
  await translated(async () => {
    if (earlier === undefined) await stored.deleteOne(ours);
    else await stored.replaceOne(ours, toReplacement(earlier, context.expiring.has(collection)));
  });
}

async function insertMissing(context: Context, collection: string, doc: Doc): Promise<void> {
  try {
    await applyWrite(context, { kind: 'insert', collection, doc });
  } catch (error) {
    // Never purged, or written anew in the meantime: either way it is there.
    if (!(error instanceof DuplicateKey)) throw error;
  }
}
