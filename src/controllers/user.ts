// User: named by its e-mail address; passwords and keys live apart from the document, in `_auth`.
import { ADMINISTRATOR, GUEST } from '../access/principal.ts';
import { PASSWORD_MAX, type Passwords } from '../auth/password.ts';
import { CREDENTIALS, credentialsOf, ROLES, saveCredentials, USERS } from '../auth/records.ts';
import { endSessionsOf } from '../auth/sessions.ts';
import type { Call } from '../documents/call.ts';
import type { Controller, DraftDoc, HookContext } from '../documents/controller.ts';
import { DataError, ValidationError } from '../errors/errors.ts';
import { isJsonObject, type Json } from '../util/json.ts';

const STANDARD_USERS: ReadonlySet<string> = new Set([ADMINISTRATOR, GUEST]);
const isStandard = (name: Json | undefined): boolean => typeof name === 'string' && STANDARD_USERS.has(name);
const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value.trim() : '');

export const createUserController = (passwords: Passwords): Controller => ({
  before_insert: normaliseEmail,
  autoname(doc) {
    normaliseEmail(doc);
    const email = textOf(doc['email']);
    if (email !== '') doc.name = email;
  },
  async before_validate(doc, context) {
    if (!isStandard(doc.name)) normaliseEmail(doc);
    await takePassword(doc, context.call, passwords);
    // Clients write neither: methods/frappe/core/doctype/user generates them.
    doc['api_secret'] = null;
    doc['api_key'] = (await credentialsOf(context.call.work, String(doc.name))).apiKey || null;
  },
  async validate(doc, { call }) {
    doc['full_name'] = fullNameOf(doc);
    if (isStandard(doc.name)) assertStandardUser(doc);
    else doc['user_type'] = await userTypeOf(doc, call);
  },
  on_update(doc, { call }) {
    if (doc['enabled'] !== 1 && doc.name !== ADMINISTRATOR) endSessionsOf(call.work, String(doc.name));
  },
  on_trash(doc) {
    if (isStandard(doc.name)) throw new ValidationError(`User ${doc.name} cannot be deleted`);
  },
  after_delete(doc, { call }) {
    forget(call, String(doc.name));
  },
  before_rename(doc) {
    if (isStandard(doc.name)) throw new ValidationError(`User ${doc.name} cannot be renamed`);
  },
  after_rename: moveCredentials,
});

function normaliseEmail(doc: DraftDoc): void {
  const { email } = doc;
  if (typeof email === 'string') doc['email'] = email.trim().toLowerCase();
}

function fullNameOf(doc: DraftDoc): string {
  const parts = [doc['first_name'], doc['middle_name'], doc['last_name']].map(textOf);
  return parts.filter((part) => part !== '').join(' ') || String(doc.name);
}

/** A new password becomes a hash in `_auth`; the other sessions of the user end, unless the document says not to. */
async function takePassword(doc: DraftDoc, call: Call, passwords: Passwords): Promise<void> {
  const password = doc['new_password'];
  doc['new_password'] = null;
  if (typeof password !== 'string' || password === '') return;
  // What a client sends back after reading a masked value.
  if (/^\*+$/.test(password)) return;
  if (password.length > PASSWORD_MAX) {
    throw new DataError(`The password is longer than ${PASSWORD_MAX} characters`);
  }
  const user = String(doc.name);
  await saveCredentials(call.work, user, { passwordHash: await passwords.hash(password) });
  if (doc['logout_all_sessions'] !== 0) endSessionsOf(call.work, user, call.principal.sid);
}

/** @throws ValidationError */
function assertStandardUser(doc: DraftDoc): void {
  if (doc.name === ADMINISTRATOR && doc['enabled'] !== 1) {
    throw new ValidationError('User Administrator cannot be disabled');
  }
}

/** A role that opens the desk makes its holders system users. */
async function userTypeOf(doc: DraftDoc, call: Call): Promise<string> {
  const rows = Array.isArray(doc['roles']) ? doc['roles'] : [];
  for (const row of rows) {
    const name: Json | undefined = isJsonObject(row) ? row['role'] : undefined;
    const role = typeof name === 'string' ? await call.work.get(ROLES, name) : undefined;
    if (role?.['desk_access'] === 1) return 'System User';
  }
  return 'Website User';
}

function forget(call: Call, user: string): void {
  call.work.purge(CREDENTIALS, { name: { $eq: user } });
  endSessionsOf(call.work, user);
}

/** Passwords and keys go along with the new name; sessions carry the old one and end. */
async function moveCredentials(doc: DraftDoc, { call, before }: HookContext): Promise<void> {
  const oldName = before?.['name'];
  const user = String(doc.name);
  if (typeof oldName !== 'string' || oldName === user) return;
  const { passwordHash, apiKey, apiSecretHash } = await credentialsOf(call.work, oldName);
  forget(call, oldName);
  // After a merge the document of the new name is another user's, who keeps what is theirs.
  const renamed = await call.work.get(USERS, user);
  if (renamed?.['creation'] !== doc['creation']) return;
  await saveCredentials(call.work, user, { passwordHash, apiKey, apiSecretHash });
}
