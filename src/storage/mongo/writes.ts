// One step of a batch against the server, carrying its own condition, inside a transaction or outside.
import type { Json } from '../../util/json.ts';
import { DuplicateKey, WriteConflict } from '../errors.ts';
import type { Doc, Write } from '../store.ts';
import { collectionOf, type Context, type InSession } from './context.ts';
import { releaseCounter } from './counters.ts';
import { toReplacement, toStored } from './documents.ts';
import { translated } from './failures.ts';
import { lowerQuery } from './lower.ts';

/** @throws DuplicateKey, WriteConflict, StoreUnavailable */
export async function applyWrite(context: Context, write: Write, options: InSession = {}): Promise<void> {
  switch (write.kind) {
    case 'insert':
      return insert(context, write, options);
    case 'put':
      return put(context, write, options);
    case 'replace':
      return replace(context, write, options);
    case 'remove':
      return remove(context, write, options);
    case 'purge': {
      const { collection, query } = write;
      await translated(() => collectionOf(context, collection).deleteMany(lowerQuery(query), options));
      return undefined;
    }
    case 'release':
      return translated(() => releaseCounter(context, write, options));
  }
}

type Step<Kind extends Write['kind']> = Extract<Write, { kind: Kind }>;

async function insert(context: Context, write: Step<'insert'>, options: InSession): Promise<void> {
  const { collection, doc } = write;
  await assertUnguardedUnique(context, write, options);
  const stored = toStored(doc, context.expiring.has(collection));
  await translated(() => collectionOf(context, collection).insertOne(stored, options), {
    collection,
    docname: doc.name,
  });
}

async function put(context: Context, write: Step<'put'>, options: InSession): Promise<void> {
  const { collection, doc } = write;
  await assertUnguardedUnique(context, write, options);
  const replacement = toReplacement(doc, context.expiring.has(collection));
  const place = { collection, docname: doc.name };
  const filter = { _id: doc.name };
  const upsert = { upsert: true, ...options };
  await translated(() => collectionOf(context, collection).replaceOne(filter, replacement, upsert), place);
}

async function replace(context: Context, write: Step<'replace'>, options: InSession): Promise<void> {
  const { collection, doc, modified } = write;
  await assertUnguardedUnique(context, write, options);
  const replacement = toReplacement(doc, context.expiring.has(collection));
  const place = { collection, docname: doc.name };
  const filter = { _id: doc.name, modified: { $eq: modified } };
  const { matchedCount } = await translated(
    () => collectionOf(context, collection).replaceOne(filter, replacement, options),
    place,
  );
  if (matchedCount === 0) throw new WriteConflict(collection, doc.name);
}

async function remove(context: Context, write: Step<'remove'>, options: InSession): Promise<void> {
  const { collection, name, modified } = write;
  const filter = { _id: name, modified: { $eq: modified } };
  const { deletedCount } = await translated(
    () => collectionOf(context, collection).deleteOne(filter, options),
    { collection, docname: name },
  );
  if (deletedCount === 0) throw new WriteConflict(collection, name);
}

/** Values of unique fields that count: null, missing and '' never collide. */
export function uniqueValues(fields: ReadonlySet<string> | undefined, doc: Doc): [string, Json][] {
  const values = [...(fields ?? [])].map((field): [string, Json] => [field, doc[field] ?? null]);
  return values.filter(
    ([, value]) => (typeof value === 'string' && value !== '') || typeof value === 'number',
  );
}

/** Stands in for the unique indexes that the server refused. */
async function assertUnguardedUnique(
  context: Context,
  write: { readonly collection: string; readonly doc: Doc },
  options: InSession,
): Promise<void> {
  const { collection, doc } = write;
  for (const [field, value] of uniqueValues(context.unguarded.get(collection), doc)) {
    const filter = { [field]: { $eq: value }, _id: { $ne: doc.name } };
    const find = { ...options, projection: { _id: 1 }, maxTimeMS: context.maxTimeMs };
    const holder = await translated(() => collectionOf(context, collection).findOne(filter, find));
    if (holder !== null) throw new DuplicateKey(collection, field, doc.name);
  }
}
