import { beforeEach, describe, expect, it } from 'vitest';
import { guest } from '../../../src/access/principal.ts';
import { createPasswords } from '../../../src/auth/password.ts';
import { credentialsOf } from '../../../src/auth/records.ts';
import { createUserController } from '../../../src/controllers/user.ts';
import type { Call } from '../../../src/documents/call.ts';
import type { DraftDoc, HookName } from '../../../src/documents/controller.ts';
import { createUnitOfWork, type UnitOfWork } from '../../../src/storage/unit-of-work.ts';
import { createMemoryStore, partly, type MemoryStore } from './memory-store.ts';

const passwords = createPasswords();
const controller = createUserController(passwords);
let store: MemoryStore;
let work: UnitOfWork;

beforeEach(async () => {
  store = createMemoryStore();
  work = createUnitOfWork(store);
  await store.commit([
    { kind: 'insert', collection: 'Role', doc: { name: 'Clerk', desk_access: 1 } },
    { kind: 'insert', collection: 'Role', doc: { name: 'Customer', desk_access: 0 } },
    { kind: 'insert', collection: '_sessions', doc: { name: 's1', user: 'ann@example.com' } },
    { kind: 'insert', collection: '_sessions', doc: { name: 's2', user: 'bob@example.com' } },
  ]);
});

async function run(hooks: readonly HookName[], doc: DraftDoc, before?: DraftDoc): Promise<DraftDoc> {
  const call = partly<Call>({ work, principal: guest() });
  const stored = before && { ...before, name: String(before.name) };
  for (const hook of hooks) await controller[hook]?.(doc, { call, doctype: 'User', before: stored });
  return doc;
}

const save = (doc: DraftDoc) => run(['before_validate', 'validate', 'on_update'], { enabled: 1, ...doc });
const user = (more: object = {}): DraftDoc => ({
  name: 'ann@example.com',
  email: 'ann@example.com',
  ...more,
});
const sessions = () => store.docs('_sessions').map(({ name }) => name);

describe('a User', () => {
  it('is named by the e-mail address, in lower case', async () => {
    const doc = await run(['before_insert', 'autoname'], { email: ' Ann@Example.COM ' });
    expect(doc).toEqual({ email: 'ann@example.com', name: 'ann@example.com' });
  });

  it('has a full name of its parts', async () => {
    expect((await save(user({ first_name: 'Ann', last_name: ' Lee ' })))['full_name']).toBe('Ann Lee');
    expect((await save(user()))['full_name']).toBe('ann@example.com');
  });

  it('is a system user by a role that opens the desk, whatever was sent', async () => {
    const typeWith = async (...roles: string[]) =>
      (await save(user({ user_type: 'System User', roles: roles.map((role) => ({ role })) })))['user_type'];
    expect(await typeWith('Customer', 'Clerk')).toBe('System User');
    expect(await typeWith('Customer', 'Unknown')).toBe('Website User');
    expect(await typeWith()).toBe('Website User');
  });

  it('never holds a password or a secret, only a hash lives elsewhere', async () => {
    const doc = await save(user({ new_password: 'hunter22', api_secret: 'mine', api_key: 'mine' }));
    expect(doc).toMatchObject({ new_password: null, api_secret: null, api_key: null });
    await work.commit();
    const { passwordHash } = await credentialsOf(store, 'ann@example.com');
    expect(await passwords.verify(passwordHash, 'hunter22')).toBe(true);
    expect(JSON.stringify(store.docs('_auth'))).not.toContain('hunter22');
  });

  it('shows the key that was issued', async () => {
    work.put('_auth', { name: 'ann@example.com', apiKey: 'k1', apiSecretHash: 'h' });
    expect((await save(user()))['api_key']).toBe('k1');
  });

  it('keeps the password when a mask is sent back, and refuses one that is too long', async () => {
    await save(user({ new_password: '*****' }));
    await work.commit();
    expect(store.docs('_auth')).toEqual([]);
    await expect(save(user({ new_password: 'x'.repeat(513) }))).rejects.toThrow('longer than 512');
  });

  it.each([{ new_password: 'changed!' }, { enabled: 0 }])('that changes %j is logged out', async (change) => {
    await save(user(change));
    await work.commit();
    expect(sessions()).toEqual(['s2']);
  });

  it.each([{ first_name: 'Ann' }, { new_password: 'changed!', logout_all_sessions: 0 }])(
    'that changes %j stays logged in',
    async (change) => {
      await save(user(change));
      await work.commit();
      expect(sessions()).toEqual(['s1', 's2']);
    },
  );

  it('that is deleted leaves neither sessions nor credentials', async () => {
    await store.commit([{ kind: 'insert', collection: '_auth', doc: { name: 'ann@example.com' } }]);
    await run(['on_trash', 'after_delete'], user());
    await work.commit();
    expect(sessions()).toEqual(['s2']);
    expect(store.docs('_auth')).toEqual([]);
  });

  it('that is renamed takes the credentials along', async () => {
    const stored = { name: 'ann@example.com', passwordHash: 'p', apiKey: 'k', apiSecretHash: 's' };
    await store.commit([{ kind: 'insert', collection: '_auth', doc: stored }]);
    work.insert('User', { name: 'eve@example.com', creation: 'then' });
    await run(
      ['before_rename', 'after_rename'],
      { ...user(), name: 'eve@example.com', creation: 'then' },
      user(),
    );
    await work.commit();
    expect(store.docs('_auth')).toEqual([{ ...stored, name: 'eve@example.com' }]);
    expect(sessions()).toEqual(['s2']);
  });
});

describe('a User that is merged into another', () => {
  it('leaves the other with credentials of their own, or none', async () => {
    await store.commit([
      { kind: 'insert', collection: '_auth', doc: { name: 'ann@example.com', passwordHash: 'p' } },
      { kind: 'insert', collection: 'User', doc: { name: 'eve@example.com', creation: 'earlier' } },
    ]);
    await run(['after_rename'], { ...user(), name: 'eve@example.com', creation: 'then' }, user());
    await work.commit();
    expect(store.docs('_auth')).toEqual([]);
  });
});

describe.each(['Administrator', 'Guest'])('the standard user %s', (name) => {
  it('cannot be deleted or renamed', async () => {
    await expect(run(['on_trash'], { name })).rejects.toThrow('cannot be deleted');
    await expect(run(['before_rename'], { name })).rejects.toThrow('cannot be renamed');
  });
});

it('Administrator cannot be disabled', async () => {
  await expect(save({ name: 'Administrator', enabled: 0 })).rejects.toThrow('cannot be disabled');
});
