// Logging in for real: users made over REST, passwords, sessions and API keys, on every engine.
import { describe, expect, it } from 'vitest';
import { ADMIN_PASSWORD, dataOf, describeApp, type Reply } from '../support/app.ts';

const WHO = '/api/method/frappe.auth.get_logged_user';
const KEYS = '/api/method/frappe.core.doctype.user.user.generate_keys';

const sidOf = (reply: Reply): string =>
  /sid=([0-9a-f]{56});/.exec(reply.headers.getSetCookie().join())?.[1] ?? '';
const named = (email: string): string => `/api/resource/User/${encodeURIComponent(email)}`;

describeApp('users and logins', (app) => {
  let count = 0;
  const email = (): string => `ann${(count += 1)}@example.com`;

  async function aUser(fields: object = {}): Promise<string> {
    const address = email();
    const made = await app.post('/api/resource/User', {
      email: address,
      first_name: 'Ann',
      last_name: 'Lee',
      new_password: 'hunter2!',
      ...fields,
    });
    if (made.status !== 200) throw new Error(made.text);
    return address;
  }
  const logIn = (usr: string, pwd: string): Promise<Reply> =>
    app.post('/api/method/login', { usr, pwd }, { auth: null });
  const whoWith = (sid: string): Promise<Reply> =>
    app.get(WHO, { auth: null, headers: { cookie: `sid=${sid}` } });

  describe('a login', () => {
    it('of the Administrator answers as documented', async () => {
      const reply = await logIn('Administrator', ADMIN_PASSWORD);
      expect(reply.status).toBe(200);
      expect(reply.body).toEqual({
        message: 'Logged In',
        home_page: '/app',
        full_name: 'Administrator',
        dashboard_route: '/app',
      });
      expect((await whoWith(sidOf(reply))).body).toEqual({ message: 'Administrator' });
    });

    it('works for a user who was made over REST, by address in any case and by username', async () => {
      const address = await aUser({ username: 'ann.lee' });
      for (const usr of [address, address.toUpperCase(), 'ann.lee']) {
        const reply = await logIn(usr, 'hunter2!');
        expect(reply.body['full_name']).toBe('Ann Lee');
        expect((await whoWith(sidOf(reply))).body).toEqual({ message: address });
      }
    });

    it('with a wrong password is a 401 that names no reason', async () => {
      const address = await aUser();
      const [wrong, unknown] = [await logIn(address, 'wrong'), await logIn('nobody@example.com', 'x')];
      for (const reply of [wrong, unknown]) {
        expect(reply.status).toBe(401);
        expect(reply.body).toMatchObject({
          message: 'Invalid login credentials',
          exc_type: 'AuthenticationError',
        });
        expect(reply.headers.getSetCookie()).toEqual([]);
      }
    });

    it('by GET opens a session that lasts', async () => {
      const address = await aUser();
      const query = new URLSearchParams({ usr: address, pwd: 'hunter2!' }).toString();
      const reply = await app.get(`/api/method/login?${query}`, { auth: null });
      expect((await whoWith(sidOf(reply))).body).toEqual({ message: address });
    });

    it('by cmd on /, as Python’s client does it, is the same', async () => {
      const address = await aUser();
      const body = new URLSearchParams({ cmd: 'login', usr: address, pwd: 'hunter2!' }).toString();
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      const reply = await app.send('POST', '/', { auth: null, headers, body });
      expect(reply.body['message']).toBe('Logged In');
    });
  });

  describe('a session', () => {
    it('ends by logout, for good', async () => {
      const sid = sidOf(await logIn(await aUser(), 'hunter2!'));
      const reply = await app.send('POST', '/api/method/logout', {
        auth: null,
        headers: { cookie: `sid=${sid}` },
      });
      expect(reply.status).toBe(200);
      const after = await whoWith(sid);
      expect(after.status).toBe(403);
      expect(after.body).toMatchObject({ exc_type: 'PermissionError', session_expired: 1 });
    });

    it.each([{ new_password: 'changed?' }, { enabled: 0 }])(
      'ends when its user changes %j',
      async (change) => {
        const address = await aUser();
        const sid = sidOf(await logIn(address, 'hunter2!'));
        dataOf(await app.put(named(address), change));
        expect((await whoWith(sid)).status).toBe(403);
      },
    );

    it('ends when its user is deleted', async () => {
      const address = await aUser();
      const sid = sidOf(await logIn(address, 'hunter2!'));
      expect((await app.remove(named(address))).status).toBe(202);
      expect((await whoWith(sid)).status).toBe(403);
      expect((await logIn(address, 'hunter2!')).status).toBe(401);
    });
  });

  describe('a password', () => {
    it('is nowhere to be read', async () => {
      const address = await aUser();
      const read = await app.get(named(address));
      expect(read.status).toBe(200);
      expect(read.text).not.toContain('hunter2!');
      expect(dataOf(read)).not.toHaveProperty('new_password');
      for (const collection of ['User', '_auth', '_passwords']) {
        const docs = await app.app.store.find(collection, { $and: [] });
        expect(JSON.stringify(docs)).not.toContain('hunter2!');
      }
    });

    it('can be changed, and only the new one opens a session then', async () => {
      const address = await aUser();
      dataOf(await app.put(named(address), { new_password: 'changed?' }));
      expect((await logIn(address, 'hunter2!')).status).toBe(401);
      expect((await logIn(address, 'changed?')).status).toBe(200);
    });

    it('stays when something else is changed', async () => {
      const address = await aUser();
      dataOf(await app.put(named(address), { last_name: 'Moe' }));
      expect((await logIn(address, 'hunter2!')).body['full_name']).toBe('Ann Moe');
    });
  });

  describe('an API key', () => {
    it('lets its user in as token and as Basic, and is shown in the document without its secret', async () => {
      const { email: address, auth } = await app.userWith(['System Manager']);
      const pair = auth.slice('token '.length);
      for (const header of [auth, `Basic ${Buffer.from(pair).toString('base64')}`]) {
        expect((await app.get(WHO, { auth: header })).body).toEqual({ message: address });
      }
      const read = await app.get(named(address));
      const [key = '', secret = ''] = pair.split(':');
      expect(dataOf(read)['api_key']).toBe(key);
      expect(read.text).not.toContain(secret);
    });

    it('with a new secret keeps its key and forgets the old secret', async () => {
      const { email: address, auth } = await app.userWith([]);
      const reply = await app.post(KEYS, { user: address });
      const { api_key, api_secret } = Object(reply.body['message']);
      expect(auth.startsWith(`token ${api_key}:`)).toBe(true);
      expect((await app.get(WHO, { auth })).status).toBe(401);
      expect((await app.get(WHO, { auth: `token ${api_key}:${api_secret}` })).status).toBe(200);
    });

    it('is for a System Manager to make', async () => {
      const { email: address, auth } = await app.userWith([]);
      const reply = await app.post(KEYS, { user: address }, { auth });
      expect([reply.status, reply.body['exc_type']]).toEqual([403, 'PermissionError']);
    });

    it('cannot be chosen by a client', async () => {
      const address = await aUser({ api_key: 'mine', api_secret: 'mine' });
      expect(dataOf(await app.get(named(address)))).not.toHaveProperty('api_key');
      expect((await app.get(WHO, { auth: 'token mine:mine' })).status).toBe(401);
    });

    it('of a disabled user is refused', async () => {
      const { email: address, auth } = await app.userWith([]);
      dataOf(await app.put(named(address), { enabled: 0 }));
      expect((await app.get(WHO, { auth })).status).toBe(401);
    });
  });

  describe('a user', () => {
    it('is named by the address in lower case', async () => {
      const address = email();
      const made = dataOf(
        await app.post('/api/resource/User', { email: address.toUpperCase(), first_name: 'Ann' }),
      );
      expect(made).toMatchObject({ name: address, email: address, user_type: 'Website User' });
    });

    it('with a role that opens the desk is a System User', async () => {
      const address = await aUser({ roles: [{ role: 'System Manager' }] });
      expect(dataOf(await app.get(named(address)))['user_type']).toBe('System User');
    });

    it.each(['Administrator', 'Guest'])('called %s cannot be deleted', async (name) => {
      expect((await app.remove(named(name))).status).toBe(417);
    });

    it('who is renamed logs in under the new name only', async () => {
      const [address, renamed] = [await aUser(), email()];
      const reply = await app.post('/api/method/frappe.client.rename_doc', {
        doctype: 'User',
        old_name: address,
        new_name: renamed,
      });
      expect(reply.body).toMatchObject({ message: renamed });
      expect((await logIn(renamed, 'hunter2!')).status).toBe(200);
      expect((await logIn(address, 'hunter2!')).status).toBe(401);
    });
  });
});
