// The HTTP layer on a real socket, a store in memory, and operations that tests stand in for.
import { createServer, request as httpRequest, type Server } from 'node:http';
import { afterAll, beforeAll, beforeEach, vi } from 'vitest';
import { createPasswords } from '../../../src/auth/password.ts';
import type { Call, Message } from '../../../src/documents/call.ts';
import type { Transact } from '../../../src/documents/transact.ts';
import type { Registry } from '../../../src/doctypes/registry.ts';
import { createHttp } from '../../../src/http/server.ts';
import { createMethodRegistry, loadMethods, type Method } from '../../../src/rpc/registry.ts';
import { readWhitelist, type MethodHandler, type WhitelistSpec } from '../../../src/rpc/whitelist.ts';
import { createUnitOfWork } from '../../../src/storage/unit-of-work.ts';
import {
  createMemoryStore,
  createTestClock,
  partly,
  SILENT,
  type MemoryStore,
} from '../auth/memory-store.ts';
import { resetOperations } from './operations.ts';

vi.mock('../../../src/documents/get.ts', async () => ({
  getDoc: (await import('./operations.ts')).operations.getDoc,
}));
vi.mock('../../../src/documents/list.ts', async () => ({
  listDocs: (await import('./operations.ts')).operations.listDocs,
}));
vi.mock('../../../src/documents/insert.ts', async () => ({
  insertDoc: (await import('./operations.ts')).operations.insertDoc,
}));
vi.mock('../../../src/documents/update.ts', async () => ({
  updateDoc: (await import('./operations.ts')).operations.updateDoc,
}));
vi.mock('../../../src/documents/remove.ts', async () => ({
  removeDoc: (await import('./operations.ts')).operations.removeDoc,
}));
vi.mock('../../../src/documents/rename.ts', async () => ({
  renameDoc: (await import('./operations.ts')).operations.renameDoc,
}));

export const BODY_LIMIT = 20_000;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

export interface StandIn {
  readonly base: string;
  readonly store: MemoryStore;
  readonly clock: ReturnType<typeof createTestClock>;
  /** Whether each call of an operation was to be committed. */
  readonly committed: boolean[];
  /** Messages that each call has. */
  said: Message[];
  readonly send: (path: string, init?: RequestInit) => Promise<Answer>;
  /** Sends a path as it is: fetch would tidy it. */
  readonly sendRaw: (
    path: string,
    verb?: string,
    headers?: Record<string, string | number>,
    body?: string,
  ) => Promise<Answer>;
}

export const json = (verb: string, body: unknown): RequestInit => ({
  method: verb,
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(body),
});

export const form = (verb: string, fields: Record<string, string>): RequestInit => ({
  method: verb,
  body: new URLSearchParams(fields),
});

export const method = (name: string, spec: WhitelistSpec | undefined, handler: MethodHandler): Method => ({
  name,
  file: 'test',
  handler,
  whitelist: spec && readWhitelist(JSON.parse(JSON.stringify(spec))),
});

const METAS = new Map<string, object>([
  ['ToDo', { autoname: 'hash', tables: [{ fieldname: 'items' }], fieldsByName: new Map() }],
  ['Log', { autoname: 'autoincrement', tables: [], fieldsByName: new Map() }],
]);

/** One service for the tests of a file, with the built-in methods and `own`; ann@example.com may log in with `right`. */
export function useStandIn(own: readonly Method[] = []): StandIn {
  const store = createMemoryStore();
  const clock = createTestClock();
  let server: Server;
  const service: StandIn & { base: string } = {
    base: '',
    store,
    clock,
    committed: [],
    said: [],
    send: async (path, init) => toAnswer(await fetch(service.base + path, init)),
    sendRaw: (path, verb = 'GET', headers = {}, body = '') =>
      new Promise((resolve, reject) => {
        const request = httpRequest(service.base, { path, method: verb, headers }, (response) => {
          response.setEncoding('utf8');
          let text = '';
          response.on('data', (chunk: string) => (text += chunk));
          response.on('end', () => {
            const parsed = text === '' ? {} : JSON.parse(text);
            resolve({ status: response.statusCode ?? 0, headers: new Headers(), body: parsed });
          });
        });
        request.on('error', reject);
        request.end(body);
      }),
  };

  beforeAll(async () => {
    const handle = (await createApp(service, own)).callback();
    server = createServer((request, response) => void handle(request, response));
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('not listening on a port');
    service.base = `http://127.0.0.1:${address.port}`;
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  beforeEach(() => {
    service.committed.length = 0;
    service.said = [];
    resetOperations();
  });
  return service;
}

async function createApp(service: StandIn, own: readonly Method[]): Promise<ReturnType<typeof createHttp>> {
  const { store, clock } = service;
  const passwords = createPasswords();
  const registry = partly<Registry>({ find: (doctype: string) => METAS.get(doctype) });
  const user = { name: 'ann@example.com', enabled: 1, full_name: 'Ann Lee, PhD', user_type: 'System User' };
  const passwordHash = await passwords.hash('right');
  await store.commit([
    { kind: 'insert', collection: 'User', doc: user },
    { kind: 'insert', collection: '_auth', doc: { name: user.name, passwordHash } },
  ]);
  const transact: Transact = async ({ principal, commit }, work) => {
    const unit = createUnitOfWork(store);
    const messages = [...service.said];
    const result = await work(partly<Call>({ principal, work: unit, messages, registry, clock }));
    if (commit) await unit.commit();
    service.committed.push(commit);
    return { result, messages };
  };
  return createHttp({
    transact,
    store,
    registry,
    methods: createMethodRegistry([...(await loadMethods([])).all, ...own]),
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
}

async function toAnswer(response: Response): Promise<Answer> {
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? {} : JSON.parse(text),
  };
}
