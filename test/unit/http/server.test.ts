// The HTTP layer by itself: routes, bodies, errors and cookies over a real socket, with operations that are stood in for.
import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPasswords } from '../../../src/auth/password.ts';
import type { Call, Message } from '../../../src/documents/call.ts';
import type { Transact } from '../../../src/documents/transact.ts';
import { DoesNotExistError, ValidationError } from '../../../src/errors/errors.ts';
import { createHttp } from '../../../src/http/server.ts';
import { createMethodRegistry, loadMethods, type Method } from '../../../src/rpc/registry.ts';
import { readWhitelist, type MethodHandler, type WhitelistSpec } from '../../../src/rpc/whitelist.ts';
import { StoreUnavailable } from '../../../src/storage/errors.ts';
import { createUnitOfWork } from '../../../src/storage/unit-of-work.ts';
import { createMemoryStore, createTestClock, SILENT } from '../auth/memory-store.ts';

const operations = vi.hoisted(() => ({
  getDoc: vi.fn(),
  listDocs: vi.fn(),
  insertDoc: vi.fn(),
  updateDoc: vi.fn(),
  removeDoc: vi.fn(),
  renameDoc: vi.fn(),
}));
vi.mock('../../../src/documents/get.ts', () => ({ getDoc: operations.getDoc }));
vi.mock('../../../src/documents/list.ts', () => ({ listDocs: operations.listDocs }));
vi.mock('../../../src/documents/insert.ts', () => ({ insertDoc: operations.insertDoc }));
vi.mock('../../../src/documents/update.ts', () => ({ updateDoc: operations.updateDoc }));
vi.mock('../../../src/documents/remove.ts', () => ({ removeDoc: operations.removeDoc }));
vi.mock('../../../src/documents/rename.ts', () => ({ renameDoc: operations.renameDoc }));

const BODY_LIMIT = 20_000;
const passwords = createPasswords();
const store = createMemoryStore();
const clock = createTestClock();
const committed: boolean[] = [];
let said: Message[] = [];

const metas = new Map<string, object>([
  ['ToDo', { autoname: 'hash', tables: [{ fieldname: 'items' }], fieldsByName: new Map() }],
  ['Log', { autoname: 'autoincrement', tables: [], fieldsByName: new Map() }],
]);
// Stand-ins hold what the HTTP layer looks at and nothing else.
const registry = { find: (doctype: string) => metas.get(doctype) } as never;

const transact: Transact = async ({ principal, commit }, work) => {
  const unit = createUnitOfWork(store);
  const messages: Message[] = [...said];
  const call = { principal, work: unit, messages, registry, clock } as unknown as Call;
  const result = await work(call);
  if (commit) await unit.commit();
  committed.push(commit);
  return { result, messages };
};

const method = (name: string, spec: WhitelistSpec | undefined, handler: MethodHandler): Method => ({
  name,
  file: 'test',
  handler,
  whitelist: spec && readWhitelist(JSON.parse(JSON.stringify(spec))),
});

let server: Server;
let base: string;

beforeAll(async () => {
  const builtIn = await loadMethods([]);
  const methods = createMethodRegistry([
    ...builtIn.all,
    method('echo', { allow_guest: true, methods: ['GET', 'POST'] }, (args) => args),
    method('none', { allow_guest: true }, () => undefined),
    method('typed', { allow_guest: true, params: TYPED }, (args) => args),
    method('private', {}, ({ x }, ctx) => `${String(x)} ${ctx.user}`),
    method('helper', undefined, () => 'never'),
    method('put', { allow_guest: true }, (_args, { call }) => {
      call.work.put('_things', { name: 'thing' });
    }),
    method('circle', { allow_guest: true }, () => {
      const circle: unknown[] = [];
      circle.push(circle);
      return circle;
    }),
    method('fails', { allow_guest: true }, (_args, ctx) => ctx.throw('Not like this', 'DuplicateEntryError')),
    method('says', { allow_guest: true }, (_args, ctx) => {
      ctx.msgprint('Saved', { indicator: 'green' });
      ctx.response.status = 201;
      ctx.response.headers['X-Own'] = 'yes';
      ctx.response.body['extra'] = 1;
    }),
  ]);
  const app = createHttp({
    transact,
    store,
    registry,
    methods,
    passwords,
    config: {
      bodyLimit: BODY_LIMIT,
      sessionExpiry: 3600,
      homePage: '/app',
      dashboardRoute: '/sites',
      showTraceback: false,
      trustProxy: true,
    },
    clock,
    log: SILENT,
  });
  const user = { name: 'ann@example.com', enabled: 1, full_name: 'Ann Lee, PhD', user_type: 'System User' };
  await store.commit([
    { kind: 'insert', collection: 'User', doc: user },
    {
      kind: 'insert',
      collection: '_auth',
      doc: { name: user.name, passwordHash: await passwords.hash('right') },
    },
  ]);
  server = createServer(app.callback());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

beforeEach(() => {
  vi.resetAllMocks();
  committed.length = 0;
  said = [];
  operations.getDoc.mockImplementation(async (_call, { name }) => ({ name, doctype: 'ToDo', empty: null }));
  operations.listDocs.mockResolvedValue({ columns: ['name'], rows: [{ name: 'a' }], debug: [] });
  operations.insertDoc.mockImplementation(async (_call, { values }) => ({ name: 'new', ...values }));
  operations.updateDoc.mockImplementation(async (_call, { name, values }) => ({ ...values, name }));
});

const TYPED = {
  type: 'object',
  properties: { n: { type: 'integer' }, list: { type: 'array' }, flag: { type: 'boolean', default: true } },
  required: ['n'],
};

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

async function send(path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(base + path, init);
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? {} : JSON.parse(text),
  };
}

const json = (verb: string, body: unknown): RequestInit => ({
  method: verb,
  headers: { 'Content-Type': 'application/json' },
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

const form = (verb: string, fields: Record<string, string>): RequestInit => ({
  method: verb,
  body: new URLSearchParams(fields),
});

/** Sends a path as it is: fetch would tidy it. */
function sendRaw(path: string, verb = 'GET', headers = {}, body = ''): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(base, { path, method: verb, headers }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => {
        const given = Object.entries(response.headers).map(([name, value]) => [name, String(value)]);
        const known = new Headers(given as [string, string][]);
        resolve({ status: response.statusCode ?? 0, headers: known, body: text ? JSON.parse(text) : {} });
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}

const lastCall = (mock: { mock: { calls: unknown[][] } }): unknown => mock.mock.calls.at(-1)?.[1];

describe.each(['/api', '/api/v1'])('resources under %s', (api) => {
  it('answer every verb with what Frappe answers', async () => {
    expect(await send(`${api}/resource/ToDo`)).toMatchObject({ status: 200, body: { data: [{ name: 'a' }] } });
    expect(await send(`${api}/resource/ToDo`, json('POST', { a: 1 }))).toMatchObject({
      status: 200,
      body: { data: { name: 'new', a: 1 } },
    });
    expect((await send(`${api}/resource/ToDo/x`)).body).toEqual({ data: { name: 'x', doctype: 'ToDo' } });
    expect((await send(`${api}/resource/ToDo/x`, json('PUT', { a: 2 }))).body).toEqual({
      data: { a: 2, name: 'x' },
    });
    expect(await send(`${api}/resource/ToDo/x`, { method: 'DELETE' })).toMatchObject({
      status: 202,
      body: { message: 'ok' },
    });
    expect(committed).toEqual([false, true, false, true, true]);
  });
});

describe('names in paths', () => {
  it.each([
    ['SO/0001', '/api/resource/ToDo/SO/0001'],
    ['SO/0001', '/api/resource/ToDo/SO%2F0001'],
    ['a b', '/api/resource/ToDo/a%20b/'],
    ['ends with/', '/api/resource/ToDo/ends%20with%2F'],
    ['Größe 😀', `/api/resource/ToDo/${encodeURIComponent('Größe 😀')}`],
    ['%E0%A4%A', '/api/resource/ToDo/%25E0%25A4%25A'],
    ['a+b', '/api/resource/ToDo/a+b'],
    ['a?b#c', '/api/resource/ToDo/a%3Fb%23c'],
  ])('%j is read from %s', async (name, path) => {
    await sendRaw(path);
    expect(lastCall(operations.getDoc)).toEqual({ doctype: 'ToDo', name });
  });

  it('of DocTypes may have spaces', async () => {
    await send('/api/resource/Sales%20Order/');
    expect(lastCall(operations.listDocs)).toMatchObject({ doctype: 'Sales Order' });
  });

  it('are integers where the DocType counts', async () => {
    await send('/api/resource/Log/12');
    expect(lastCall(operations.getDoc)).toEqual({ doctype: 'Log', name: 12 });
    await send('/api/resource/Log/12a');
    expect(lastCall(operations.getDoc)).toEqual({ doctype: 'Log', name: '12a' });
  });

  it('with broken encoding are refused as JSON', async () => {
    expect(await sendRaw('/api/resource/ToDo/%E0%A4%A')).toMatchObject({
      status: 417,
      body: { exc_type: 'DataError' },
    });
  });
});

describe('documents in answers', () => {
  it('have no nulls, in rows neither, but keep those inside structured values', async () => {
    operations.getDoc.mockResolvedValue({
      name: 'x',
      gone: null,
      zero: 0,
      blank: '',
      items: [{ idx: 1, gone: null }],
      data: { kept: null },
    });
    expect((await send('/api/resource/ToDo/x')).body).toEqual({
      data: { name: 'x', zero: 0, blank: '', items: [{ idx: 1 }], data: { kept: null } },
    });
  });

  it('are followed by the messages of the call', async () => {
    said = [{ message: 'Hello', indicator: 'green' }];
    const { body } = await send('/api/resource/ToDo/x');
    expect(JSON.parse(String(body['_server_messages']))).toEqual([JSON.stringify(said[0])]);
  });
});

describe('lists', () => {
  it('keep nulls, and come as arrays in the order of the columns on request', async () => {
    operations.listDocs.mockResolvedValue({
      columns: ['b', 'a'],
      rows: [{ a: 1, b: null }],
      debug: [],
    });
    expect((await send('/api/resource/ToDo')).body).toEqual({ data: [{ a: 1, b: null }] });
    expect((await send('/api/resource/ToDo?as_dict=False')).body).toEqual({ data: [[null, 1]] });
  });

  it('show their query when debugged', async () => {
    operations.listDocs.mockResolvedValue({ columns: [], rows: [], debug: ['query', 'time'] });
    expect((await send('/api/resource/ToDo?debug=True')).body).toEqual({
      data: [],
      exc: '["query","time"]',
      _debug_messages: '["query","time"]',
    });
    expect(Object.keys((await send('/api/resource/ToDo')).body)).toEqual(['data']);
  });

  it('take parameters from a JSON body, too', async () => {
    const body = JSON.stringify({ fields: ['a'], limit: 3 });
    await sendRaw(
      '/api/resource/ToDo?limit=9&order_by=a',
      'GET',
      { 'Content-Type': 'application/json', 'Content-Length': body.length },
      body,
    );
    expect(lastCall(operations.listDocs)).toMatchObject({
      fields: ['a'],
      limit_page_length: 3,
      order_by: 'a',
    });
  });
});

describe('bodies', () => {
  const post = (init: RequestInit) => send('/api/resource/ToDo', { method: 'POST', ...init });
  const typed = (type: string, body: BodyInit): RequestInit => ({ headers: { 'Content-Type': type }, body });

  it.each<[string, RequestInit]>([
    ['JSON', typed('application/json; charset=utf-8', '{"a":"ü"}')],
    ['JSON of another name', typed('application/vnd.api+json', '{"a":"ü"}')],
    ['a form', typed('application/x-www-form-urlencoded', 'a=%C3%BC')],
    ['JSON in a form field', typed('application/x-www-form-urlencoded', 'data=%7B%22a%22%3A%22%C3%BC%22%7D')],
    ['JSON under a form’s type, as curl sends it', typed('application/x-www-form-urlencoded', '{"a":"ü"}')],
    ['JSON as plain text', typed('text/plain', '{"a":"ü"}')],
    ['JSON, compressed', {
      headers: { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' },
      body: gzipSync('{"a":"ü"}'),
    }],
  ])('may be %s', async (_title, init) => {
    expect((await post(init)).body).toEqual({ data: { name: 'new', a: 'ü' } });
  });

  it('without a type are read when they are JSON', async () => {
    await sendRaw('/api/resource/ToDo', 'POST', { 'Content-Length': 7 }, '{"a":1}');
    expect(lastCall(operations.insertDoc)).toEqual({ doctype: 'ToDo', values: { a: 1 } });
  });

  it('may be missing', async () => {
    expect((await send('/api/resource/ToDo?a=1', { method: 'POST' })).body).toEqual({
      data: { name: 'new', a: '1' },
    });
  });

  it.each<[string, RequestInit, number, string]>([
    ['malformed JSON', typed('application/json', '{"a":'), 417, 'DataError'],
    ['malformed JSON under a form’s type', typed('application/x-www-form-urlencoded', '{"a":'), 417, 'DataError'],
    ['a JSON scalar', typed('application/json', '42'), 417, 'DataError'],
    ['a JSON list', typed('application/json', '[1]'), 417, 'DataError'],
    ['a forbidden key', typed('application/json', '{"a":{"__proto__":{"x":1}}}'), 417, 'DataError'],
    ['another forbidden key', typed('application/json', '{"constructor":1}'), 417, 'DataError'],
    ['too many levels', typed('application/json', `{"a":${'['.repeat(101)}${']'.repeat(101)}}`), 417, 'DataError'],
    ['too many bytes', typed('application/json', `{"a":"${'x'.repeat(BODY_LIMIT)}"}`), 413, 'PayloadTooLargeError'],
    ['too many bytes once decompressed', {
      headers: { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' },
      body: gzipSync(`{"a":"${'x'.repeat(BODY_LIMIT)}"}`),
    }, 413, 'PayloadTooLargeError'],
    ['broken compression', {
      headers: { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' },
      body: 'nonsense',
    }, 417, 'DataError'],
    ['an unknown compression', {
      headers: { 'Content-Type': 'application/json', 'Content-Encoding': 'nonsense' },
      body: '{}',
    }, 415, 'UnsupportedMediaType'],
    ['another charset', typed('application/json; charset=latin1', '{"a":1}'), 415, 'UnsupportedMediaType'],
    ['another type', typed('application/xml', '<a/>'), 415, 'UnsupportedMediaType'],
    ['plain text', typed('text/plain', 'hello'), 415, 'UnsupportedMediaType'],
    ['multipart', { body: new FormData() }, 415, 'UnsupportedMediaType'],
  ])('are refused as JSON when they are %s', async (_title, init, status, type) => {
    const { body, ...answer } = await post(init);
    expect([answer.status, body['exc_type']]).toEqual([status, type]);
    expect(operations.insertDoc).not.toHaveBeenCalled();
  });

  it('that stop half-way do no harm', async () => {
    await new Promise<void>((resolve) => {
      const headers = { 'Content-Type': 'application/json', 'Content-Length': 100 };
      const request = httpRequest(base, { path: '/api/resource/ToDo', method: 'POST', headers });
      request.on('error', () => resolve());
      request.write('{"a":', () => request.destroy(new Error('gone')));
    });
    expect((await send('/api/method/ping')).body).toEqual({ message: 'pong' });
    expect(operations.insertDoc).not.toHaveBeenCalled();
  });
});

describe('paths and verbs', () => {
  it.each(['/api', '/api/nothing', '/api/resource', '/nowhere', '/api/v2/nothing', '/api/method'])(
    '%s is not found, and says so as JSON',
    async (path) => {
      const { status, headers, body } = await send(path);
      expect(status).toBe(404);
      expect(headers.get('content-type')).toBe('application/json');
      expect(JSON.stringify(body)).toContain('DoesNotExistError');
    },
  );

  it.each([
    ['DELETE', '/api/resource/ToDo', 'GET, HEAD, OPTIONS, POST'],
    ['PATCH', '/api/resource/ToDo/x', 'DELETE, GET, HEAD, OPTIONS, PUT'],
    ['POST', '/api/resource/ToDo/x', 'DELETE, GET, HEAD, OPTIONS, PUT'],
    ['POST', '/healthz', 'GET, HEAD, OPTIONS'],
  ])('%s %s is not allowed, and says what is', async (verb, path, allowed) => {
    const { status, headers, body } = await send(path, { method: verb });
    expect([status, headers.get('allow'), body['exc_type']]).toEqual([405, allowed, 'MethodNotAllowedError']);
  });

  it('OPTIONS is empty for any path and asks for no login', async () => {
    const init = { method: 'OPTIONS', headers: { Authorization: 'token no:way' } };
    const known = await send('/api/resource/ToDo', init);
    expect([known.status, known.headers.get('allow'), known.body]).toEqual([
      200,
      'GET, HEAD, OPTIONS, POST',
      {},
    ]);
    expect((await send('/nowhere', init)).status).toBe(200);
  });

  it('HEAD is GET without the body, and writes nothing', async () => {
    const { status, headers, body } = await send('/api/resource/ToDo', { method: 'HEAD' });
    expect([status, body]).toEqual([200, {}]);
    expect(Number(headers.get('content-length'))).toBeGreaterThan(0);
    await send('/api/method/put', { method: 'HEAD' });
    expect(store.docs('_things')).toEqual([]);
  });

  it('GET / says what this is', async () => {
    expect((await send('/')).body['service']).toBe('Doctype Server');
  });

  it('/healthz tells whether the database answers', async () => {
    expect(await send('/healthz')).toMatchObject({ status: 200, body: { status: 'ok' } });
    const ping = vi.spyOn(store, 'ping').mockRejectedValue(new StoreUnavailable('gone'));
    expect(await send('/healthz')).toMatchObject({ status: 503, body: { status: 'unavailable' } });
    ping.mockRestore();
  });
});

describe('every answer', () => {
  it('carries the id of its request, the client’s own if it is sound', async () => {
    const own = await send('/api/method/ping', { headers: { 'X-Request-Id': 'abc-1' } });
    expect([own.headers.get('x-request-id'), own.headers.get('x-frappe-request-id')]).toEqual(['abc-1', 'abc-1']);
    const made = await send('/api/method/ping', { headers: { 'X-Request-Id': 'a b<c>' } });
    expect(made.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('must not be kept by caches', async () => {
    const { headers } = await send('/api/resource/ToDo');
    expect(headers.get('cache-control')).toBe('no-store,no-cache,must-revalidate,max-age=0');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });
});

describe('errors', () => {
  it('of operations have their status and Frappe’s body', async () => {
    operations.getDoc.mockRejectedValue(new DoesNotExistError('ToDo x not found'));
    const { status, body } = await send('/api/resource/ToDo/x');
    expect(status).toBe(404);
    expect(Object.keys(body)).toEqual(['exception', 'exc_type', 'exc', '_server_messages']);
  });

  it('nobody foresaw tell nothing but the request', async () => {
    operations.getDoc.mockRejectedValue(new Error('/home/me/secret.ts'));
    const { status, headers, body } = await send('/api/resource/ToDo/x');
    expect([status, body['exc_type']]).toEqual([500, 'InternalServerError']);
    expect(body['exception']).toContain(headers.get('x-request-id'));
    expect(JSON.stringify(body)).not.toContain('secret');
  });

  it('in an unfinished feature are told rather than ignored', async () => {
    expect((await send('/api/resource/ToDo/x?run_method=go')).body['exc_type']).toBe('ValidationError');
    expect((await send('/api/resource/ToDo?group_by=a')).body['exc_type']).toBe('ValidationError');
  });
});

describe('methods', () => {
  it.each(['/api/method/echo', '/api/method/echo/', '/api/v1/method/echo', '/api/method/echo/ignored'])(
    'are called at %s',
    async (path) => {
      expect((await send(`${path}?a=1`)).body).toEqual({ message: { a: '1' } });
    },
  );

  it('take JSON and forms, and cmd on /', async () => {
    expect((await send('/api/method/echo?b=2', json('POST', { a: [1] }))).body).toEqual({
      message: { b: '2', a: [1] },
    });
    expect((await send('/api/method/echo', form('POST', { a: 'x' }))).body).toEqual({ message: { a: 'x' } });
    expect((await send('/?cmd=echo&a=1')).body).toEqual({ message: { a: '1' } });
    expect((await send('/', json('POST', { cmd: 'echo', a: 1 }))).body).toEqual({ message: { a: 1 } });
    expect((await send('/', form('POST', { cmd: 'echo', a: '1' }))).body).toEqual({ message: { a: '1' } });
  });

  it('that return nothing answer without a message', async () => {
    expect((await send('/api/method/none')).body).toEqual({});
  });

  it('do not see what would switch checks off', async () => {
    expect((await send('/api/method/echo?ignore_permissions=1&flags=x&a=1')).body).toEqual({
      message: { a: '1' },
    });
  });

  it('get their arguments checked and converted', async () => {
    expect((await send('/api/method/typed?n=5&list=[1]')).body).toEqual({
      message: { n: 5, list: [1], flag: true },
    });
    const wrong = await send('/api/method/typed?n=five');
    expect([wrong.status, wrong.body['exc_type']]).toEqual([417, 'FrappeTypeError']);
    const missing = await send('/api/method/typed');
    expect([missing.status, missing.body['exc_type']]).toEqual([417, 'ValidationError']);
    expect(missing.body['exception']).toContain('argument n is missing');
  });

  it.each([
    ['GET', '/api/method/no.such.method', 417, 'ValidationError', 'Failed to get method for command no.such.method'],
    ['GET', '/api/method/helper', 403, 'PermissionError', 'not whitelisted'],
    ['GET', '/api/method/private', 403, 'PermissionError', 'Log in'],
    ['DELETE', '/api/method/echo', 403, 'PermissionError', 'does not take DELETE'],
    ['PATCH', '/api/method/ping', 403, 'PermissionError', 'does not take PATCH'],
    ['POST', '/api/method/fails', 409, 'DuplicateEntryError', 'Not like this'],
    ['POST', '/api/method/circle', 500, 'InternalServerError', 'Internal server error'],
  ])('%s %s is refused', async (verb, path, status, type, text) => {
    const { body, ...answer } = await send(path, { method: verb });
    expect([answer.status, body['exc_type']]).toEqual([status, type]);
    expect(body['exception']).toContain(text);
  });

  it('may set status, headers, keys and messages', async () => {
    const { status, headers, body } = await send('/api/method/says');
    expect([status, headers.get('x-own'), body['extra']]).toEqual([201, 'yes', 1]);
    expect(String(body['_server_messages'])).toContain('green');
  });

  it('write by POST and never by GET', async () => {
    await send('/api/method/put');
    expect(store.docs('_things')).toEqual([]);
    await send('/api/method/put', { method: 'POST' });
    expect(store.docs('_things')).toEqual([{ name: 'thing' }]);
  });
});

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
    expect((await send('/api/method/login', json('POST', {}))).body['message']).toBe('Incomplete login details');
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
    clock.pass(120);
    expect(cookiesOf(await who({ Cookie: `sid=${sid}` }))).toEqual([
      `sid=${sid}; Max-Age=3600; Path=/; HttpOnly; SameSite=Lax`,
    ]);
  });

  it('failing for want of a database is a 503, not a wrong password', async () => {
    const commit = vi.spyOn(store, 'commit').mockRejectedValue(new StoreUnavailable('gone'));
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
