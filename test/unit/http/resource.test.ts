// /api/resource by itself: names, documents and lists over a real socket, with operations that are stood in for.
import { describe, expect, it } from 'vitest';
import { lastCall, operations } from './operations.ts';
import { json, useStandIn } from './stand-in.ts';

const service = useStandIn();
const { send, sendRaw } = service;

describe.each(['/api', '/api/v1'])('resources under %s', (api) => {
  it('answer every verb with what Frappe answers', async () => {
    expect(await send(`${api}/resource/ToDo`)).toMatchObject({
      status: 200,
      body: { data: [{ name: 'a' }] },
    });
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
    expect(service.committed).toEqual([false, true, false, true, true]);
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
      list: [{ kept: null }],
    });
    expect((await send('/api/resource/ToDo/x')).body).toEqual({
      data: {
        name: 'x',
        zero: 0,
        blank: '',
        items: [{ idx: 1 }],
        data: { kept: null },
        list: [{ kept: null }],
      },
    });
  });

  it('are followed by the messages of the call', async () => {
    service.said = [{ message: 'Hello', indicator: 'green' }];
    const { body } = await send('/api/resource/ToDo/x');
    expect(JSON.parse(String(body['_server_messages']))).toEqual([JSON.stringify(service.said[0])]);
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
