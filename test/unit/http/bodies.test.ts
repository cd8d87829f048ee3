// What bodies are read and which are refused, over a real socket.
import { request as httpRequest } from 'node:http';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { lastCall, operations } from './operations.ts';
import { BODY_LIMIT, useStandIn } from './stand-in.ts';

const service = useStandIn();
const { send, sendRaw } = service;

describe('bodies', () => {
  const post = (init: RequestInit) => send('/api/resource/ToDo', { method: 'POST', ...init });
  const typed = (type: string, body: string): RequestInit => ({ headers: { 'Content-Type': type }, body });

  it.each<[string, RequestInit]>([
    ['JSON', typed('application/json; charset=utf-8', '{"a":"ü"}')],
    ['JSON of another name', typed('application/vnd.api+json', '{"a":"ü"}')],
    ['a form', typed('application/x-www-form-urlencoded', 'a=%C3%BC')],
    ['JSON in a form field', typed('application/x-www-form-urlencoded', 'data=%7B%22a%22%3A%22%C3%BC%22%7D')],
    ['JSON under a form’s type, as curl sends it', typed('application/x-www-form-urlencoded', '{"a":"ü"}')],
    ['JSON as plain text', typed('text/plain', '{"a":"ü"}')],
    [
      'JSON, compressed',
      {
        headers: { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' },
        body: gzipSync('{"a":"ü"}'),
      },
    ],
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
    [
      'malformed JSON under a form’s type',
      typed('application/x-www-form-urlencoded', '{"a":'),
      417,
      'DataError',
    ],
    ['a JSON scalar', typed('application/json', '42'), 417, 'DataError'],
    ['a JSON list', typed('application/json', '[1]'), 417, 'DataError'],
    ['a forbidden key', typed('application/json', '{"a":{"__proto__":{"x":1}}}'), 417, 'DataError'],
    ['another forbidden key', typed('application/json', '{"constructor":1}'), 417, 'DataError'],
    [
      'too many levels',
      typed('application/json', `{"a":${'['.repeat(101)}${']'.repeat(101)}}`),
      417,
      'DataError',
    ],
    [
      'too many bytes',
      typed('application/json', `{"a":"${'x'.repeat(BODY_LIMIT)}"}`),
      413,
      'PayloadTooLargeError',
    ],
    [
      'too many bytes once decompressed',
      {
        headers: { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' },
        body: gzipSync(`{"a":"${'x'.repeat(BODY_LIMIT)}"}`),
      },
      413,
      'PayloadTooLargeError',
    ],
    [
      'broken compression',
      {
        headers: { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' },
        body: 'nonsense',
      },
      417,
      'DataError',
    ],
    [
      'an unknown compression',
      {
        headers: { 'Content-Type': 'application/json', 'Content-Encoding': 'nonsense' },
        body: '{}',
      },
      415,
      'UnsupportedMediaType',
    ],
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
      const request = httpRequest(service.base, { path: '/api/resource/ToDo', method: 'POST', headers });
      request.on('error', () => resolve());
      request.write('{"a":', () => request.destroy(new Error('gone')));
    });
    expect((await send('/api/method/ping')).body).toEqual({ message: 'pong' });
    expect(operations.insertDoc).not.toHaveBeenCalled();
  });
});
