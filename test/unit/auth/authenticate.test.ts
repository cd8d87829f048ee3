import { beforeEach, describe, expect, it } from 'vitest';
import { authenticate } from '../../../src/auth/authenticate.ts';
import { sha256 } from '../../../src/auth/digest.ts';
import { createAuth, type Auth } from '../../../src/auth/login.ts';
import { createPasswords } from '../../../src/auth/password.ts';
import { SESSIONS } from '../../../src/auth/records.ts';
import { AuthenticationError, InvalidAuthorizationToken } from '../../../src/errors/errors.ts';
import { StoreUnavailable } from '../../../src/storage/errors.ts';
import type { Doc } from '../../../src/storage/store.ts';
import { createUnitOfWork } from '../../../src/storage/unit-of-work.ts';
import { createMemoryStore, createTestClock, SILENT, type MemoryStore } from './memory-store.ts';

const PASSWORDS = createPasswords();
const HASH = PASSWORDS.hash('right');
const DAY = 86_400;

const user = (name: string, more: object = {}): Doc => ({
  name,
  enabled: 1,
  user_type: 'System User',
  full_name: 'Ann Lee',
  username: 'ann',
  roles: [
    { name: 'r1', role: 'Sales' },
    { name: 'r2', role: '' },
  ],
  ...more,
});

interface World {
  readonly store: MemoryStore;
  readonly clock: ReturnType<typeof createTestClock>;
  readonly auth: Auth;
  readonly services: Parameters<typeof authenticate>[0];
}

let world: World;

beforeEach(async () => {
  const store = createMemoryStore();
  const clock = createTestClock();
  const sessions = { clock, expirySeconds: DAY };
  const auth = createAuth({ passwords: PASSWORDS, sessions });
  await store.commit([
    { kind: 'insert', collection: 'User', doc: user('ann@example.com') },
    { kind: 'insert', collection: '_auth', doc: { name: 'ann@example.com', passwordHash: await HASH } },
  ]);
  world = { store, clock, auth, services: { store, sessions, log: SILENT } };
});

async function logIn(usr = 'ann@example.com', pwd = 'right'): Promise<string> {
  const work = createUnitOfWork(world.store);
  const { sid } = await world.auth.logIn(work, usr, pwd);
  await work.commit();
  return sid;
}

async function issueKeys(name = 'ann@example.com'): Promise<string> {
  const work = createUnitOfWork(world.store);
  const { apiKey, apiSecret } = await world.auth.issueKeys(work, name);
  await work.commit();
  return `${apiKey}:${apiSecret}`;
}

const ask = (sid = '', authorization = '') => authenticate(world.services, { sid, authorization });
const change = (doc: Doc) => world.store.commit([{ kind: 'put', collection: 'User', doc }]);

describe('a session', () => {
  it('lets its user in with the roles of the User document and the implied ones', async () => {
    const { principal } = await ask(await logIn());
    expect(principal).toMatchObject({ user: 'ann@example.com', fullName: 'Ann Lee', via: 'session' });
    expect([...principal.roles].toSorted()).toEqual(['All', 'Desk User', 'Guest', 'Sales']);
  });

  it('is stored under a hash, so that the database does not give it away', async () => {
    const sid = await logIn();
    expect(sid).toMatch(/^[0-9a-f]{56}$/);
    expect(world.store.docs(SESSIONS).map((doc) => doc.name)).toEqual([sha256(sid)]);
    expect(JSON.stringify(world.store.docs(SESSIONS))).not.toContain(sid);
  });

  it.each(['nonsense', 'a'.repeat(56)])(
    'with the unknown sid %s is a guest whose session expired',
    async (sid) => {
      const found = await ask(sid);
      expect(found).toMatchObject({ sessionExpired: true, principal: { user: 'Guest' } });
    },
  );

  it.each(['', 'Guest'])('with the sid %j is a guest, and nothing expired', async (sid) => {
    expect(await ask(sid)).toMatchObject({ sessionExpired: false, principal: { user: 'Guest' } });
  });

  it('ends when it was not used for its life', async () => {
    const sid = await logIn();
    world.clock.pass(DAY);
    expect(await ask(sid)).toMatchObject({ sessionExpired: true });
  });

  it('lives on while it is used, and is written at most once a minute', async () => {
    const sid = await logIn();
    const before = world.store.batches.length;
    expect((await ask(sid)).sessionTouched).toBe(false);
    world.clock.pass(DAY / 2);
    expect((await ask(sid)).sessionTouched).toBe(true);
    expect((await ask(sid)).sessionTouched).toBe(false);
    expect(world.store.batches.length).toBe(before + 1);
    world.clock.pass(DAY - 1);
    expect((await ask(sid)).sessionExpired).toBe(false);
  });

  it('is not brought back by a request that ran while it was ended', async () => {
    const sid = await logIn();
    world.clock.pass(120);
    const slow: typeof world.store = {
      ...world.store,
      get: async (collection, name) => {
        const doc = await world.store.get(collection, name);
        if (collection === 'User') {
          await world.store.commit([{ kind: 'purge', collection: SESSIONS, query: { $and: [] } }]);
        }
        return doc;
      },
    };
    await authenticate({ ...world.services, store: slow }, { sid, authorization: '' });
    expect(world.store.docs(SESSIONS)).toEqual([]);
  });

  it('still serves when the database cannot be written', async () => {
    const sid = await logIn();
    world.clock.pass(120);
    const readOnly: typeof world.store = {
      ...world.store,
      commit: () => Promise.reject(new StoreUnavailable('read-only')),
    };
    const found = await authenticate({ ...world.services, store: readOnly }, { sid, authorization: '' });
    expect(found).toMatchObject({ sessionTouched: false, principal: { user: 'ann@example.com' } });
  });

  it('of a user who was disabled or deleted is over', async () => {
    const sid = await logIn();
    await change(user('ann@example.com', { enabled: 0 }));
    expect(await ask(sid)).toMatchObject({ sessionExpired: true, principal: { user: 'Guest' } });
  });

  it('sees a change of roles with the next request', async () => {
    const sid = await logIn();
    await change(
      user('ann@example.com', { roles: [{ name: 'r', role: 'Boss' }], user_type: 'Website User' }),
    );
    expect([...(await ask(sid)).principal.roles].toSorted()).toEqual(['All', 'Boss', 'Guest']);
  });
});

describe('an API key', () => {
  it('lets its user in, as token and as Basic', async () => {
    const keys = await issueKeys();
    for (const header of [`token ${keys}`, `Basic ${Buffer.from(keys).toString('base64')}`]) {
      expect((await ask('', header)).principal).toMatchObject({ user: 'ann@example.com', via: 'token' });
    }
  });

  it('keeps its key and changes its secret when it is issued again', async () => {
    const [first, second] = [await issueKeys(), await issueKeys()];
    expect(second.split(':')[0]).toBe(first.split(':')[0]);
    await expect(ask('', `token ${first}`)).rejects.toThrow(AuthenticationError);
    expect((await ask('', `token ${second}`)).principal.user).toBe('ann@example.com');
  });

  it('is stored without its secret', async () => {
    const secret = (await issueKeys()).split(':')[1] ?? '';
    expect(JSON.stringify(world.store.docs('_auth'))).not.toContain(secret);
  });

  it('with a wrong secret or an unknown key is refused, even beside a valid session', async () => {
    const [key] = (await issueKeys()).split(':');
    const sid = await logIn();
    for (const header of [`token ${key}:wrong`, 'token unknown:x']) {
      await expect(ask('', header)).rejects.toThrow(AuthenticationError);
      await expect(ask(sid, header)).rejects.toThrow(AuthenticationError);
    }
  });

  it('of a disabled user is refused', async () => {
    const keys = await issueKeys();
    await change(user('ann@example.com', { enabled: 0 }));
    await expect(ask('', `token ${keys}`)).rejects.toThrow(AuthenticationError);
  });

  it('yields to a valid session', async () => {
    await change(user('bob@example.com', { username: 'bob' }));
    const keys = await issueKeys('bob@example.com');
    const { principal } = await ask(await logIn(), `token ${keys}`);
    expect(principal).toMatchObject({ user: 'ann@example.com', via: 'session' });
  });
});

describe('a scheme that logs nobody in', () => {
  it('is refused for guests and ignored for those who are logged in', async () => {
    await expect(ask('', 'Bearer abc')).rejects.toThrow(AuthenticationError);
    expect((await ask(await logIn(), 'Bearer abc')).principal.user).toBe('ann@example.com');
  });

  it('is ignored when the header is not two words', async () => {
    expect((await ask('', 'Bearer')).principal.user).toBe('Guest');
  });

  it('says so when Basic cannot be decoded', async () => {
    await expect(ask('', 'Basic !!!')).rejects.toThrow(InvalidAuthorizationToken);
  });
});

describe('a login', () => {
  it.each(['ann@example.com', ' Ann@Example.com ', 'ann'])('knows the user as %j', async (usr) => {
    expect((await ask(await logIn(usr))).principal.user).toBe('ann@example.com');
  });

  it('answers the same for an unknown user and a wrong password', async () => {
    await expect(logIn('nobody@example.com')).rejects.toThrow('Invalid login credentials');
    await expect(logIn('ann@example.com', 'wrong')).rejects.toThrow('Invalid login credentials');
  });

  it.each([
    ['', 'right', 'Incomplete login details'],
    ['ann', '', 'Incomplete login details'],
    ['ann', 'x'.repeat(513), 'longer than 512'],
  ])('with %j and a password of its own is told what is wrong', async (usr, pwd, text) => {
    await expect(logIn(usr, pwd)).rejects.toThrow(text);
  });

  it('of a disabled user is refused once the password is right', async () => {
    await change(user('ann@example.com', { enabled: 0 }));
    await expect(logIn()).rejects.toThrow('User disabled or missing');
    await expect(logIn('ann', 'wrong')).rejects.toThrow('Invalid login credentials');
  });

  it('of a user without a password is refused', async () => {
    await change(user('bob@example.com', { username: 'bob' }));
    await expect(logIn('bob', 'no password is set')).rejects.toThrow('Invalid login credentials');
  });
});
