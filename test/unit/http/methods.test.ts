// /api/method and cmd= over a real socket, with methods of the test's own.
import { describe, expect, it } from 'vitest';
import { form, json, method, useStandIn } from './stand-in.ts';

const TYPED = {
  type: 'object',
  properties: { n: { type: 'integer' }, list: { type: 'array' }, flag: { type: 'boolean', default: true } },
  required: ['n'],
};

const OWN = [
  method('echo', { allow_guest: true, methods: ['GET', 'POST'] }, (args) => args),
  method('none', { allow_guest: true }, () => undefined),
  method('typed', { allow_guest: true, params: TYPED }, (args) => args),
  method('private', {}, (_args, ctx) => ctx.user),
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
];

const service = useStandIn(OWN);
const { send } = service;

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
    [
      'GET',
      '/api/method/no.such.method',
      417,
      'ValidationError',
      'Failed to get method for command no.such.method',
    ],
    ['GET', '/api/method/helper', 403, 'PermissionError', 'not whitelisted'],
    ['GET', '/api/method/private', 403, 'PermissionError', 'Log in'],
    ['DELETE', '/api/method/echo', 403, 'PermissionError', 'does not take DELETE'],
    ['PATCH', '/api/method/ping', 403, 'PermissionError', 'does not take PATCH'],
    ['POST', '/api/method/fails', 409, 'DuplicateEntryError', 'Not like this'],
    ['POST', '/api/method/circle', 500, 'InternalServerError', 'Internal server error'],
  ])('%s %s is refused', async (...row) => {
    const [verb, path, status, type, text] = row;
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
    expect(service.store.docs('_things')).toEqual([]);
    await send('/api/method/put', { method: 'POST' });
    expect(service.store.docs('_things')).toEqual([{ name: 'thing' }]);
  });
});
