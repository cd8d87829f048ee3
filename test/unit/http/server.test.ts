// Routes, verbs, headers and errors of the HTTP layer, over a real socket.
import { describe, expect, it, vi } from 'vitest';
import { DoesNotExistError } from '../../../src/errors/errors.ts';
import { StoreUnavailable } from '../../../src/storage/errors.ts';
import { operations } from './operations.ts';
import { method, useStandIn } from './stand-in.ts';

const PUT = method('put', { allow_guest: true }, (_args, { call }) => {
  call.work.put('_things', { name: 'thing' });
});
const service = useStandIn([PUT]);
const { send } = service;

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
    expect(service.store.docs('_things')).toEqual([]);
  });

  it('GET / says what this is', async () => {
    expect((await send('/')).body['service']).toBe('Doctype Server');
  });

  it('/healthz tells whether the database answers', async () => {
    expect(await send('/healthz')).toMatchObject({ status: 200, body: { status: 'ok' } });
    const ping = vi.spyOn(service.store, 'ping').mockRejectedValue(new StoreUnavailable('gone'));
    expect(await send('/healthz')).toMatchObject({ status: 503, body: { status: 'unavailable' } });
    ping.mockRestore();
  });
});

describe('every answer', () => {
  it('carries the id of its request, the client’s own if it is sound', async () => {
    const own = await send('/api/method/ping', { headers: { 'X-Request-Id': 'abc-1' } });
    expect([own.headers.get('x-request-id'), own.headers.get('x-frappe-request-id')]).toEqual([
      'abc-1',
      'abc-1',
    ]);
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
