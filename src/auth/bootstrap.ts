// Makes the users and roles every service has, if they are missing. Runs once at boot, before the first request.
import { randomBytes } from 'node:crypto';
import { ADMINISTRATOR, GUEST } from '../access/principal.ts';
import { DuplicateKey } from '../storage/errors.ts';
import type { Doc, Store, Write } from '../storage/store.ts';
import type { Clock } from '../util/datetime.ts';
import { randomHex } from './digest.ts';
import type { Passwords } from './password.ts';
import { CREDENTIALS, credentialsOf, ROLES, USERS } from './records.ts';

/** Role → whether it opens the desk. */
const STANDARD_ROLES: Readonly<Record<string, 0 | 1>> = {
  Administrator: 1,
  'System Manager': 1,
  'Desk User': 1,
  All: 0,
  Guest: 0,
};

export interface BootstrapOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly passwords: Passwords;
  /** Administrator's password on the first boot; one is made when it is undefined. */
  readonly adminPassword: string | undefined;
}

export interface Bootstrapped {
  /** This boot set Administrator's password: it is the first one. */
  readonly created: boolean;
  /** The password that was made, to be shown once. */
  readonly generatedPassword: string | undefined;
}

/** Safe to run by several processes at once. @throws StoreUnavailable */
export async function ensureStandardUsers(options: BootstrapOptions): Promise<Bootstrapped> {
  const { store, clock } = options;
  for (const [role, deskAccess] of Object.entries(STANDARD_ROLES)) {
    const fields = {
      role_name: role,
      desk_access: deskAccess,
      disabled: 0,
      two_factor_auth: 0,
      is_custom: 0,
    };
    await insertMissing(store, ROLES, { ...standardFields(role, clock), ...fields });
  }
  await insertMissing(store, USERS, standardUser(GUEST, 'guest@example.com', clock));
  await insertMissing(store, USERS, standardUser(ADMINISTRATOR, 'admin@example.com', clock));
  return ensurePassword(options);
}

async function ensurePassword({ store, passwords, adminPassword }: BootstrapOptions): Promise<Bootstrapped> {
  const known = await credentialsOf(store, ADMINISTRATOR);
  if (known.passwordHash) return { created: false, generatedPassword: undefined };
  const password = adminPassword ?? randomBytes(12).toString('base64url');
  const passwordHash = await passwords.hash(password);
  const created = await insertMissing(store, CREDENTIALS, { name: ADMINISTRATOR, passwordHash });
  return { created, generatedPassword: created && adminPassword === undefined ? password : undefined };
}

/** Says whether the document was missing. */
async function insertMissing(store: Store, collection: string, doc: Doc): Promise<boolean> {
  if (await store.get(collection, doc.name)) return false;
  const batch: readonly Write[] = [{ kind: 'insert', collection, doc }];
  try {
    await store.commit(batch);
    return true;
  } catch (error) {
    // Another process made it in the meantime.
    if (error instanceof DuplicateKey) return false;
    throw error;
  }
}

function standardFields(name: string, clock: Clock): Doc {
  const now = clock.now();
  return {
    name,
    owner: ADMINISTRATOR,
    creation: now,
    modified: now,
    modified_by: ADMINISTRATOR,
    docstatus: 0,
    idx: 0,
  };
}

function standardUser(name: string, email: string, clock: Clock): Doc {
  const system = name === ADMINISTRATOR;
  const roles = system ? [ADMINISTRATOR, 'System Manager'] : [GUEST];
  return {
    ...standardFields(name, clock),
    email,
    first_name: name,
    full_name: name,
    enabled: 1,
    user_type: system ? 'System User' : 'Website User',
    roles: roles.map((role, index) => ({
      ...standardFields(randomHex(10), clock),
      idx: index + 1,
      role,
      parent: name,
      parentfield: 'roles',
      parenttype: USERS,
      doctype: 'Has Role',
    })),
  };
}
