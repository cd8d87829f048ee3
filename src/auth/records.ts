// The internal collections of authentication and the shapes kept in them. Secrets are stored as hashes only.
import type { CollectionSpec, Doc, Reader } from '../storage/store.ts';
import type { Query } from '../storage/query.ts';

/** Named by the sha256 of the sid: a copy of the database opens no session. */
export const SESSIONS = '_sessions';
/** Named by the user: the password's argon2 hash, the API key and the API secret's sha256. */
export const CREDENTIALS = '_auth';
export const USERS = 'User';
export const ROLES = 'Role';

export const AUTH_COLLECTIONS: readonly CollectionSpec[] = [
  { name: SESSIONS, indexes: [{ fields: [['user', 'asc']] }], elementIndexes: [], expires: true },
  { name: CREDENTIALS, indexes: [{ fields: [['apiKey', 'asc']], unique: true }], elementIndexes: [] },
];

/** What the writes of authentication need; a UnitOfWork is one. */
export interface Records extends Reader {
  insert(collection: string, doc: Doc): void;
  put(collection: string, doc: Doc): void;
  purge(collection: string, query: Query): void;
}

export interface Credentials {
  readonly name: string;
  readonly passwordHash: string;
  readonly apiKey: string;
  readonly apiSecretHash: string;
}

/** The text in a field of a stored document; '' when there is none. */
export const textOf = (doc: Doc, field: string): string => {
  const value = doc[field];
  return typeof value === 'string' ? value : '';
};

const toCredentials = (name: string, doc: Doc | undefined): Credentials => ({
  name,
  passwordHash: doc ? textOf(doc, 'passwordHash') : '',
  apiKey: doc ? textOf(doc, 'apiKey') : '',
  apiSecretHash: doc ? textOf(doc, 'apiSecretHash') : '',
});

/** Empty texts for a user who has none. */
export async function credentialsOf(reader: Reader, user: string): Promise<Credentials> {
  return toCredentials(user, await reader.get(CREDENTIALS, user));
}

export async function credentialsByKey(reader: Reader, apiKey: string): Promise<Credentials | undefined> {
  const [doc] = await reader.find(CREDENTIALS, { apiKey: { $eq: apiKey } }, { limit: 1 });
  return doc && toCredentials(String(doc.name), doc);
}

/** Stores `change` over what the user has; empty texts are left out. */
export async function saveCredentials(
  records: Records,
  user: string,
  change: Partial<Omit<Credentials, 'name'>>,
): Promise<void> {
  const { passwordHash, apiKey, apiSecretHash } = { ...(await credentialsOf(records, user)), ...change };
  records.put(CREDENTIALS, {
    name: user,
    ...(passwordHash && { passwordHash }),
    ...(apiKey && { apiKey }),
    ...(apiSecretHash && { apiSecretHash }),
  });
}
