import { describe, expect, it } from 'vitest';
import { ensureStandardUsers } from '../../../src/auth/bootstrap.ts';
import { credentialsOf } from '../../../src/auth/records.ts';
import { createPasswords } from '../../../src/auth/password.ts';
import { createMemoryStore, createTestClock } from './memory-store.ts';

const passwords = createPasswords();
const clock = createTestClock();

describe('the first boot', () => {
  it('makes the standard roles and users, with the password given', async () => {
    const store = createMemoryStore();
    const made = await ensureStandardUsers({ store, clock, passwords, adminPassword: 'given' });
    expect(made).toEqual({ created: true, generatedPassword: undefined });
    expect(store.docs('User').map(({ name }) => name)).toEqual(['Guest', 'Administrator']);
    expect(new Set(store.docs('Role').map(({ name }) => name))).toEqual(
      new Set(['Administrator', 'All', 'Desk User', 'Guest', 'System Manager']),
    );
    const { passwordHash } = await credentialsOf(store, 'Administrator');
    expect(await passwords.verify(passwordHash, 'given')).toBe(true);
    expect(JSON.stringify(store.docs('User'))).not.toContain('given');
  });

  it('makes a password when none is given', async () => {
    const store = createMemoryStore();
    const { generatedPassword } = await ensureStandardUsers({
      store,
      clock,
      passwords,
      adminPassword: undefined,
    });
    expect(generatedPassword).toMatch(/^[\w-]{16}$/);
  });

  it('changes nothing the second time', async () => {
    const store = createMemoryStore();
    const options = { store, clock, passwords, adminPassword: 'given' };
    await ensureStandardUsers(options);
    const before = store.batches.length;
    expect(await ensureStandardUsers({ ...options, adminPassword: 'other' })).toEqual({
      created: false,
      generatedPassword: undefined,
    });
    expect(store.batches.length).toBe(before);
  });

  it('by two processes at once ends with one of each', async () => {
    const store = createMemoryStore();
    const options = { store, clock, passwords, adminPassword: undefined };
    const made = await Promise.all([ensureStandardUsers(options), ensureStandardUsers(options)]);
    expect(made.filter(({ created }) => created)).toHaveLength(1);
    expect(store.docs('User')).toHaveLength(2);
  });
});
