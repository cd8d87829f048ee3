// Collections and indexes as declared: makes what is missing, reports the rest, drops nothing.
import type { CreateIndexesOptions, Document, IndexDescriptionInfo } from 'mongodb';
import { MongoServerError } from 'mongodb';
import type { CollectionSpec, IndexReport, IndexSpec } from '../store.ts';
import { collectionOf, type Context } from './context.ts';
import { EXPIRY_FIELD } from './documents.ts';
import { isDuplicate, translated } from './failures.ts';
import { assertCollectionName, lowerSort, storedField } from './lower.ts';

interface Wanted {
  readonly name: string;
  readonly keys: readonly (readonly [string, 1 | -1])[];
  readonly options: CreateIndexesOptions;
  /** The unique field it guards. */
  readonly guards?: string;
}

interface Findings {
  readonly created: string[];
  readonly undeclared: string[];
  readonly refused: { index: string; reason: string }[];
}

const TOGETHER = 4;
const COLLECTION_EXISTS = 48;

/** @throws StoreUnavailable, and what the server says where it refuses a collection */
export async function ensureCollections(
  context: Context,
  specs: readonly CollectionSpec[],
): Promise<IndexReport> {
  for (const spec of specs) remember(context, spec);
  const known = new Set(
    (await translated(() => context.db.listCollections({}, { nameOnly: true }).toArray())).map(
      (info) => info.name,
    ),
  );
  const findings: Findings[] = [];
  for (let at = 0; at < specs.length; at += TOGETHER) {
    const some = specs.slice(at, at + TOGETHER);
    findings.push(...(await Promise.all(some.map((spec) => ensureOne(context, spec, known.has(spec.name))))));
  }
  return {
    created: findings.flatMap((each) => each.created),
    undeclared: findings.flatMap((each) => each.undeclared),
    refused: findings.flatMap((each) => each.refused),
  };
}

function remember(context: Context, spec: CollectionSpec): void {
  const unique = spec.indexes.flatMap((index) => (index.unique === true ? [uniqueField(spec, index)] : []));
  context.unique.set(spec.name, new Set(unique));
  if (spec.expires === true) context.expiring.add(spec.name);
}

async function ensureOne(context: Context, spec: CollectionSpec, exists: boolean): Promise<Findings> {
  if (!exists) await createCollection(context, spec.name);
  const found = await translated(() => collectionOf(context, spec.name).listIndexes().toArray());
  const present = new Map(found.map((info) => [signatureOf(info), info.name ?? '']));
  const findings: Findings = { created: [], undeclared: [], refused: [] };
  const unguarded = new Set<string>();
  const declared = new Set<string>();
  for (const index of wantedIndexes(spec)) {
    if (index.guards !== undefined && unguarded.has(index.guards)) continue;
    const standing = present.get(signatureOf({ ...index.options, key: Object.fromEntries(index.keys) }));
    if (standing !== undefined) {
      declared.add(standing);
      continue;
    }
    const reason = await createIndex(context, spec.name, index);
    const label = `${spec.name}: ${index.name}`;
    if (reason === undefined) findings.created.push(label);
    else findings.refused.push({ index: label, reason });
    if (reason !== undefined && index.guards !== undefined) unguarded.add(index.guards);
  }
  context.unguarded.set(spec.name, unguarded);
  const others = found
    .map((info) => info.name ?? '')
    .filter((name) => name !== '_id_' && !declared.has(name));
  findings.undeclared.push(...others.map((name) => `${spec.name}: ${name}`));
  return findings;
}

async function createCollection(context: Context, name: string): Promise<void> {
  try {
    await translated(() => context.db.createCollection(assertCollectionName(name)));
  } catch (error) {
    // Another replica of the service was faster.
    if (!(error instanceof MongoServerError) || error.code !== COLLECTION_EXISTS) throw error;
  }
}

/** The reason why the server refuses the index, if it does. @throws StoreUnavailable */
async function createIndex(context: Context, collection: string, index: Wanted): Promise<string | undefined> {
  try {
    const keys = new Map(index.keys);
    const options = { ...index.options, name: index.name };
    await translated(() => collectionOf(context, collection).createIndex(keys, options));
    return undefined;
  } catch (error) {
    if (!(error instanceof MongoServerError)) throw error;
    if (isDuplicate(error)) return 'stored documents already share a value';
    if (index.guards !== undefined) context.capabilities.partialUniqueIndexes = false;
    return error.message;
  }
}

function wantedIndexes(spec: CollectionSpec): Wanted[] {
  const wanted = [
    ...spec.indexes.flatMap((index) => (index.unique === true ? uniqueIndexes(spec, index) : [plain(index)])),
    ...spec.elementIndexes.map((path) => withKeys([[path, 1]])),
  ];
  if (spec.expires === true) wanted.push(withKeys([[EXPIRY_FIELD, 1]], { expireAfterSeconds: 0 }));
  return [...new Map(wanted.map((index) => [index.name, index])).values()];
}

/** Ends in the identity, as every sort does: else a sorted page would read and sort all that match. */
function plain(index: IndexSpec): Wanted {
  return withKeys(lowerSort(index.fields));
}

/** Two, since no one expression that old servers know says "text that is not empty, or a number". */
function uniqueIndexes(spec: CollectionSpec, index: IndexSpec): Wanted[] {
  const field = uniqueField(spec, index);
  const kinds: [string, Document][] = [
    ['text', { $gt: '' }],
    ['number', { $type: 'number' }],
  ];
  return kinds.map(([kind, condition]) => ({
    name: `unique_${field}_${kind}`,
    keys: [[field, 1]],
    options: { unique: true, partialFilterExpression: { [field]: condition } },
    guards: field,
  }));
}

/** @throws TypeError when a unique index has not exactly one field */
function uniqueField(spec: CollectionSpec, index: IndexSpec): string {
  const [first, ...rest] = index.fields;
  if (first === undefined || rest.length > 0) {
    throw new TypeError(`a unique index of ${spec.name} must have one field`);
  }
  return storedField(first[0]);
}

function withKeys(keys: Wanted['keys'], options: CreateIndexesOptions = {}): Wanted {
  return { name: keys.map(([field, direction]) => `${field}_${direction}`).join('_'), keys, options };
}

/** What an index is, whatever it is called. */
function signatureOf(info: Pick<IndexDescriptionInfo, 'key'> & CreateIndexesOptions): string {
  const { key, unique = false, partialFilterExpression = null, expireAfterSeconds = null } = info;
  return JSON.stringify([Object.entries(key), unique, partialFilterExpression, expireAfterSeconds]);
}
