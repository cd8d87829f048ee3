// Reads User documents as authentication needs them. Decides nothing.
import { ADMINISTRATOR, loggedIn, type Principal } from '../access/principal.ts';
import type { Doc, Reader } from '../storage/store.ts';
import { isJsonObject, type Json } from '../util/json.ts';
import { textOf, USERS } from './records.ts';

export interface User {
  readonly name: string;
  readonly fullName: string;
  readonly image: string;
  readonly enabled: boolean;
  /** May use the desk: gives the role Desk User. */
  readonly systemUser: boolean;
  readonly roles: readonly string[];
}

const roleOf = (row: Json): string[] => {
  if (!isJsonObject(row)) return [];
  const role = row['role'];
  return typeof role === 'string' && role !== '' ? [role] : [];
};

function toUser(doc: Doc): User {
  const name = String(doc.name);
  const rows = doc['roles'];
  return {
    name,
    fullName: textOf(doc, 'full_name') || name,
    image: textOf(doc, 'user_image'),
    // Administrator cannot be locked out of the service.
    enabled: doc['enabled'] === 1 || name === ADMINISTRATOR,
    systemUser: textOf(doc, 'user_type') === 'System User' || name === ADMINISTRATOR,
    roles: Array.isArray(rows) ? rows.flatMap(roleOf) : [],
  };
}

export async function loadUser(reader: Reader, name: string): Promise<User | undefined> {
  const doc = await reader.get(USERS, name);
  return doc && toUser(doc);
}

/** The user somebody means who types `usr` into a login: the name, in any case, or the username. */
export async function findLoginUser(reader: Reader, usr: string): Promise<User | undefined> {
  const typed = usr.trim();
  const lower = typed.toLowerCase();
  const names = [typed, lower, ...(lower === ADMINISTRATOR.toLowerCase() ? [ADMINISTRATOR] : [])];
  for (const name of new Set(names)) {
    const user = await loadUser(reader, name);
    if (user) return user;
  }
  if (typed === '') return undefined;
  const [doc] = await reader.find(USERS, { username: { $eq: typed } }, { limit: 1 });
  return doc && toUser(doc);
}

export const principalOf = (user: User, via: 'session' | 'token', sid?: string): Principal =>
  loggedIn({
    user: user.name,
    fullName: user.fullName,
    roles: user.roles,
    systemUser: user.systemUser,
    via,
    ...(sid === undefined ? {} : { sid }),
  });
