import { argon2id, hash } from 'argon2';
import { describe, expect, it } from 'vitest';
import { createPasswords } from '../../../src/auth/password.ts';
import { TooManyRequestsError } from '../../../src/errors/errors.ts';

const passwords = createPasswords();

describe('passwords', () => {
  it('are hashed with argon2id, 19 MiB, two passes, one lane', async () => {
    expect(await passwords.hash('secret')).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it('are told apart', async () => {
    const stored = await passwords.hash('secret');
    expect(await passwords.verify(stored, 'secret')).toBe(true);
    expect(await passwords.verify(stored, 'Secret')).toBe(false);
  });

  it('never match where none is set, whatever is tried', async () => {
    expect(await passwords.verify('', '')).toBe(false);
    expect(await passwords.verify('', 'no password is set')).toBe(false);
  });

  it('hashed with other parameters are outdated', async () => {
    const old = await hash('secret', { type: argon2id, memoryCost: 4096, timeCost: 2, parallelism: 1 });
    expect(passwords.isOutdated(old)).toBe(true);
    expect(passwords.isOutdated(await passwords.hash('secret'))).toBe(false);
    expect(await passwords.verify(old, 'secret')).toBe(true);
  });

  it('are refused when too many wait, and the others are still served', async () => {
    const few = createPasswords({ concurrency: 1, waiting: 1 });
    const results = await Promise.allSettled([few.hash('a'), few.hash('b'), few.hash('c')]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    expect(results[2]).toMatchObject({ reason: expect.any(TooManyRequestsError) });
    expect(await few.hash('d')).toContain('argon2id');
  });
});
