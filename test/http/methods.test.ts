// Methods for real: built-in ones and a user's own, with what they write, on every engine.
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dataOf, describeApp, query, rowsOf } from '../support/app.ts';

const METHODS = resolve(import.meta.dirname, '../fixtures/methods');

describeApp(
  'methods',
  (app) => {
    const written = async (text: string): Promise<number> =>
      rowsOf(await app.get(`/api/resource/ToDo?${query({ filters: { description: text } })}`)).length;

    describe('a user’s own', () => {
      it('is called by its dotted name, or by that of its file', async () => {
        for (const path of ['hello', 'hello.hello']) {
          const reply = await app.get(`/api/method/${path}?name=Bob`, { auth: null });
          expect(reply.body).toEqual({ message: 'Hello Bob from Guest' });
        }
      });

      it('is refused where its mark says so', async () => {
        expect((await app.post('/api/method/hello', { name: 'Bob' })).body['exc_type']).toBe(
          'PermissionError',
        );
        expect((await app.get('/api/method/hello')).body['exc_type']).toBe('ValidationError');
        const guest = await app.post('/api/method/shop.todo.add', { text: 'x' }, { auth: null });
        expect(guest.status).toBe(403);
      });

      it('writes by POST and not by GET', async () => {
        await app.get('/api/method/shop.todo.add?text=by-get');
        await app.post('/api/method/shop.todo.add', { text: 'by-post' });
        expect([await written('by-get'), await written('by-post')]).toEqual([0, 1]);
      });

      it('that fails leaves nothing behind', async () => {
        const reply = await app.post('/api/method/shop.todo.addTwice', { text: 'undone' });
        expect(reply.body).toMatchObject({ exc_type: 'ValidationError' });
        expect(reply.body['exception']).toContain('Second thoughts');
        expect(await written('undone')).toBe(0);
      });

      it('sees what it wrote itself', async () => {
        const reply = await app.post('/api/method/shop.todo.life', { text: 'brief' });
        expect(reply.body['message']).toEqual({
          description: 'brief!',
          before: [{ description: 'brief!' }],
          exists: false,
        });
      });

      it('writes with the permissions of its caller', async () => {
        const { auth } = await app.userWith([]);
        const mine = await app.post(
          '/api/method/frappe.client.insert',
          {
            doc: { doctype: 'Role', role_name: 'Mine' },
          },
          { auth },
        );
        expect([mine.status, mine.body['exc_type']]).toEqual([403, 'PermissionError']);
      });
    });

    describe('frappe.client', () => {
      const client = (name: string, body: object) => app.post(`/api/method/frappe.client.${name}`, body);

      it('inserts, reads, lists, saves and deletes', async () => {
        const made = await client('insert', { doc: { doctype: 'ToDo', description: 'by client' } });
        const { name } = Object(made.body['message']);
        const read = await app.get(`/api/method/frappe.client.get?${query({ doctype: 'ToDo', name })}`);
        expect(Object(read.body['message'])).toMatchObject({
          name,
          description: 'by client',
          status: 'Open',
        });
        await client('save', { doc: { doctype: 'ToDo', name, description: 'saved' } });
        const list = await client('get_list', {
          doctype: 'ToDo',
          filters: { name },
          fields: ['description'],
          limit: 5,
        });
        expect(list.body['message']).toEqual([{ description: 'saved' }]);
        expect((await client('delete', { doctype: 'ToDo', name })).body).toEqual({});
        expect((await app.get(`/api/resource/ToDo/${name}`)).status).toBe(404);
      });

      it('takes documents as JSON text from a form', async () => {
        const doc = JSON.stringify({ doctype: 'ToDo', description: 'from a form' });
        const reply = await app.send('POST', '/', {
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          body: new URLSearchParams({ cmd: 'frappe.client.insert', doc }).toString(),
        });
        expect(Object(reply.body['message']).description).toContain('from a form');
      });

      it('renames', async () => {
        dataOf(await app.post('/api/resource/Role', { role_name: 'Old Role' }));
        const reply = await client('rename_doc', {
          doctype: 'Role',
          old_name: 'Old Role',
          new_name: 'Second Role',
        });
        expect(reply.body).toMatchObject({ message: 'Second Role' });
        expect((await app.get('/api/resource/Role/Second%20Role')).status).toBe(200);
        expect((await app.get('/api/resource/Role/Old%20Role')).status).toBe(404);
      });

      it('reports what is missing', async () => {
        const reply = await client('get', { doctype: 'ToDo' });
        expect([reply.status, reply.body['exc_type']]).toEqual([417, 'ValidationError']);
        expect(reply.body['exception']).toContain('argument name is missing');
      });
    });
  },
  { methods: [METHODS] },
);
