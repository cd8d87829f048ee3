// Error bodies as clients meet them, on every engine.
import { describe, expect, it } from 'vitest';
import { describeApp, type Reply } from '../support/app.ts';

const listIn = (reply: Reply, key: string): string[] => {
  const text = reply.body[key];
  return typeof text === 'string' ? JSON.parse(text) : [];
};

describeApp('errors', (app) => {
  describe('of documents', () => {
    it.each([
      ['a missing document', 'GET', '/api/resource/ToDo/none', undefined, 404, 'DoesNotExistError'],
      ['a missing DocType', 'GET', '/api/resource/Nothing', undefined, 404, 'DoesNotExistError'],
      [
        'a missing document to delete',
        'DELETE',
        '/api/resource/ToDo/none',
        undefined,
        404,
        'DoesNotExistError',
      ],
      ['a mandatory field', 'POST', '/api/resource/ToDo', '{}', 417, 'MandatoryError'],
      ['malformed JSON', 'POST', '/api/resource/ToDo', '{"a":', 417, 'DataError'],
      [
        'filters that are no JSON',
        'GET',
        '/api/resource/ToDo?filters=[',
        undefined,
        417,
        /ValidationError|DataError/,
      ],
    ] as const)('%s', async (...row) => {
      const [, verb, path, body, status, type] = row;
      const reply = await app.send(verb, path, body === undefined ? {} : { body });
      expect(reply.status).toBe(status);
      expect(reply.body['exc_type']).toMatch(type);
      expect(reply.headers.get('content-type')).toBe('application/json');
      expect(reply.body['exception']).toMatch(/^frappe\.exceptions\.\w+/);
      expect(listIn(reply, 'exc')[0]).toContain(String(reply.body['exc_type']));
      expect(listIn(reply, '_server_messages').length).toBeGreaterThan(0);
      expect(reply.text).not.toMatch(/\/(src|node_modules|dist)\//);
    });

    it('are 403 for a guest, whether the document exists or not', async () => {
      for (const path of ['/api/resource/ToDo', '/api/resource/ToDo/none', '/api/resource/Nothing']) {
        const reply = await app.get(path, { auth: null });
        expect([path, reply.status, reply.body['exc_type']]).toEqual([path, 403, 'PermissionError']);
      }
    });
  });

  it('of paths and verbs are JSON, too', async () => {
    const unknown = await app.get('/api/nothing');
    expect([unknown.status, unknown.body['exc_type']]).toEqual([404, 'DoesNotExistError']);
    const wrong = await app.send('PATCH', '/api/resource/ToDo');
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS, POST']);
  });
});

describeApp(
  'errors with SHOW_TRACEBACK',
  (app) => {
    it('name the file they come from', async () => {
      const reply = await app.get('/api/resource/ToDo/none');
      expect(listIn(reply, 'exc')[0]).toMatch(/documents\/\w+\.[jt]s/);
    });
  },
  { env: { SHOW_TRACEBACK: 'true' } },
);
