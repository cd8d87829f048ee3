// Logins, cookies and Authorization headers over a real socket.
import { describe, expect, it, vi } from 'vitest';
import { ValidationError } from '../../../src/errors/errors.ts';
import { StoreUnavailable } from '../../../src/storage/errors.ts';
import { operations } from './operations.ts';
import { form, json, useStandIn, type Answer } from './stand-in.ts';

const service = useStandIn();
const { send } = service;

describe('logging in', () => {
  const credentials = { usr: 'ann@example.com', pwd: 'right' };
  const cookiesOf = ({ headers }: Answer): string[] => headers.getSetCookie();
  const sidOf = (answer: Answer): string => /sid=([0-9a-f]{56})/.exec(cookiesOf(answer).join())?.[1] ?? '';
  const who = (headers: Record<string, string>, more = '') =>
    send(`/api/method/frappe.auth.get_logged_user${more}`, { headers });

  it.each<[string, () => Promise<Answer>]>([
    ['JSON', () => send('/api/method/login', json('POST', credentials))],
    ['a form', () => send('/api/method/login', form('POST', credentials))],
    ['the query', () => send(`/api/method/login?${new URLSearchParams(credentials).toString()}`)],
    ['cmd on /', () => send('/', form('POST', { cmd: 'login', ...credentials }))],
  ])('works by %s', async (_title, logIn) => {
    const answer = await logIn();
    expect(answer).toMatchObject({ status: 200 });
    expect(answer.body).toEqual({
      message: 'Logged In',
      home_page: '/app',
      full_name: 'Ann Lee, PhD',
      dashboard_route: '/sites',
    });
    expect((await who({ Cookie: `sid=${sidOf(answer)}` })).body).toEqual({ message: 'ann@example.com' });
    expect((await who({}, `?sid=${sidOf(answer)}`)).body).toEqual({ message: 'ann@example.com' });
  });

  it('sets Frappe’s cookies', async () => {
    const answer = await send('/api/method/login', json('POST', credentials));
    expect(cookiesOf(answer)).toEqual([
      `sid=${sidOf(answer)}; Max-Age=3600; Path=/; HttpOnly; SameSite=Lax`,
      'system_user=yes; Path=/; SameSite=Lax',
      'full_name=Ann%20Lee%2C%20PhD; Path=/; SameSite=Lax',
      'user_id=ann%40example.com; Path=/; SameSite=Lax',
      'user_image=; Path=/; SameSite=Lax',
    ]);
  });

  it('over https sets them for https only', async () => {
    const init = json('POST', credentials);
    const headers = { 'Content-Type': 'application/json', 'X-Forwarded-Proto': 'https' };
    for (const cookie of cookiesOf(await send('/api/method/login', { ...init, headers }))) {
      expect(cookie).toContain('; Secure;');
    }
  });

  it('with a wrong password is a 401 that sets nothing', async () => {
    const answer = await send('/api/method/login', json('POST', { ...credentials, pwd: 'wrong' }));
    expect(answer.status).toBe(401);
    expect(answer.body).toMatchObject({
      message: 'Invalid login credentials',
      exc_type: 'AuthenticationError',
    });
    expect(cookiesOf(answer)).toEqual([]);
    expect((await send('/api/method/login', json('POST', {}))).body['message']).toBe(
      'Incomplete login details',
    );
  });

  it('again with a dead cookie is not reported as expired', async () => {
    const init = json('POST', credentials);
    const headers = { 'Content-Type': 'application/json', Cookie: 'sid=dead' };
    const answer = await send('/api/method/login', { ...init, headers });
    expect(answer.body).not.toHaveProperty('session_expired');
    expect(cookiesOf(answer)).toHaveLength(5);
  });

  it.each(['GET', 'POST'])('ends by %s logout, which deletes the cookies', async (verb) => {
    const sid = sidOf(await send('/api/method/login', json('POST', credentials)));
    const headers = { Cookie: `sid=${sid}` };
    const out = await send('/api/method/logout', { method: verb, headers });
    expect([out.status, out.body]).toEqual([200, {}]);
    expect(cookiesOf(out)).toHaveLength(5);
    for (const cookie of cookiesOf(out)) expect(cookie).toContain('Max-Age=0');
    const after = await who(headers);
    expect([after.status, after.body['exc_type'], after.body['session_expired']]).toEqual([
      403,
      'PermissionError',
      1,
    ]);
    expect(cookiesOf(after)[0]).toContain('sid=; Max-Age=0');
  });

  it('is not needed to be told that nobody is logged in', async () => {
    const { status, body } = await who({});
    expect([status, body['exc_type']]).toEqual([403, 'PermissionError']);
    expect(body).not.toHaveProperty('session_expired');
  });

  it.each([
    ['token a:b', 401, 'AuthenticationError'],
    ['Bearer abc', 401, 'AuthenticationError'],
    ['Basic !!', 400, 'InvalidAuthorizationToken'],
  ])('by the header %s is refused', async (authorization, status, type) => {
    const answer = await who({ Authorization: authorization });
    expect([answer.status, answer.body['exc_type']]).toEqual([status, type]);
  });

  it('keeps the cookie alive while it is used', async () => {
    const sid = sidOf(await send('/api/method/login', json('POST', credentials)));
    service.clock.pass(120);
    expect(cookiesOf(await who({ Cookie: `sid=${sid}` }))).toEqual([
      `sid=${sid}; Max-Age=3600; Path=/; HttpOnly; SameSite=Lax`,
    ]);
  });

  it('failing for want of a database is a 503, not a wrong password', async () => {
    const commit = vi.spyOn(service.store, 'commit').mockRejectedValue(new StoreUnavailable('gone'));
    const answer = await send('/api/method/login', json('POST', credentials));
    commit.mockRestore();
    expect([answer.status, answer.body['exc_type']]).toEqual([503, 'ServiceUnavailableError']);
    expect(cookiesOf(answer)).toEqual([]);
  });

  it('keeps a ValidationError of a method apart from it', async () => {
    operations.getDoc.mockRejectedValue(new ValidationError('x'));
    const keys = await send('/api/method/frappe.client.get?doctype=ToDo&name=x', {
      headers: { Cookie: `sid=${sidOf(await send('/api/method/login', json('POST', credentials)))}` },
    });
    expect(keys.body['exc_type']).toBe('ValidationError');
  });
});
