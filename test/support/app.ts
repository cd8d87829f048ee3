// A running server per test file and engine, on a free port, and a small client for it.
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe } from 'vitest';
import { createApp, type App } from '../../src/app.ts';
import { loadConfig } from '../../src/config/config.ts';
import { createLogger } from '../../src/log/logger.ts';

export const ADMIN_PASSWORD = 'correct horse battery';
const FIXTURES = resolve(import.meta.dirname, '../fixtures/doctypes');

export type Body = Record<string, unknown>;

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
  readonly text: string;
}

export interface Send {
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  /** `Authorization` of the call; the Administrator's session when absent, nobody when null. */
  readonly auth?: string | null;
}

export interface TestApp {
  readonly engine: 'sqlite' | 'mongodb';
  readonly url: string;
  readonly app: App;
  send(method: string, path: string, options?: Send): Promise<Reply>;
  get(path: string, options?: Send): Promise<Reply>;
  post(path: string, body: unknown, options?: Send): Promise<Reply>;
  put(path: string, body: unknown, options?: Send): Promise<Reply>;
  remove(path: string, options?: Send): Promise<Reply>;
  /** Makes a user with these roles and gives the token for `auth`. */
  userWith(roles: readonly string[], email?: string): Promise<{ email: string; auth: string }>;
}

export interface AppOptions {
  readonly doctypes?: readonly string[];
  readonly methods?: readonly string[];
  readonly env?: Record<string, string>;
}

/** Runs the block once per engine: SQLite always, MongoDB when TEST_MONGODB_URI names a server. */
export function describeApp(title: string, block: (app: TestApp) => void, options: AppOptions = {}): void {
  describe.each(engines())(`${title} (%s)`, (engine) => {
    const running: { app?: StartedApp } = {};
    beforeAll(async () => {
      running.app = await startApp(engine, options);
    });
    afterAll(() => running.app?.stop());
    const current = (): TestApp => {
      if (!running.app) throw new Error('the app is only there inside tests');
      return running.app;
    };
    block({
      engine,
      get url() {
        return current().url;
      },
      get app() {
        return current().app;
      },
      send: (...args) => current().send(...args),
      get: (...args) => current().get(...args),
      post: (...args) => current().post(...args),
      put: (...args) => current().put(...args),
      remove: (...args) => current().remove(...args),
      userWith: (...args) => current().userWith(...args),
    });
  });
}

const engines = (): ('sqlite' | 'mongodb')[] =>
  process.env['TEST_MONGODB_URI'] ? ['sqlite', 'mongodb'] : ['sqlite'];

export interface StartedApp extends TestApp {
  stop(): Promise<void>;
}

/** A MongoDB database of its own for one app. */
async function freshDatabase(): Promise<{ uri: string; drop(): Promise<void> }> {
  const uri = new URL(process.env['TEST_MONGODB_URI'] ?? '');
  const name = `test_${randomUUID().replaceAll('-', '').slice(0, 16)}`;
  uri.pathname = `/${name}`;
  return {
    uri: uri.toString(),
    async drop() {
      const client = await MongoClient.connect(uri.toString());
      await client.db(name).dropDatabase();
      await client.close();
    },
  };
}

export async function startApp(engine: 'sqlite' | 'mongodb', options: AppOptions = {}): Promise<StartedApp> {
  const dataDir = await mkdtemp(join(tmpdir(), 'doctype-server-test-'));
  const database = engine === 'mongodb' ? await freshDatabase() : undefined;
  const config = loadConfig({
    HOST: '127.0.0.1',
    PORT: '0',
    DATA_DIR: dataDir,
    DOCTYPES_PATH: (options.doctypes ?? [FIXTURES]).join(':'),
    ...(options.methods ? { METHODS_PATH: options.methods.join(':') } : {}),
    ADMIN_PASSWORD,
    ...(database ? { MONGODB_URI: database.uri } : {}),
    ...options.env,
  });
  const app = await createApp(
    config,
    createLogger({ level: process.env['TEST_LOG'] === undefined ? 'silent' : 'error' }),
  );
  const { url } = await app.listen();
  const client = createClient(url);
  await client.login();
  return {
    engine,
    url,
    app,
    ...client,
    async stop() {
      await app.close();
      await database?.drop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function createClient(url: string) {
  let cookie = '';

  const send = async (
    method: string,
    path: string,
    { body, headers = {}, auth }: Send = {},
  ): Promise<Reply> => {
    const own: Record<string, string> =
      auth === undefined ? { cookie } : auth === null ? {} : { authorization: auth };
    const response = await fetch(new URL(path, url), {
      method,
      redirect: 'manual',
      headers: { ...own, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: parsed(text) };
  };

  const post = (path: string, body: unknown, options: Send = {}): Promise<Reply> =>
    send('POST', path, { ...options, body });

  return {
    send,
    post,
    get: (path: string, options?: Send) => send('GET', path, options),
    put: (path: string, body: unknown, options: Send = {}) => send('PUT', path, { ...options, body }),
    remove: (path: string, options?: Send) => send('DELETE', path, options),
    async login() {
      const reply = await post(
        '/api/method/login',
        { usr: 'Administrator', pwd: ADMIN_PASSWORD },
        { auth: null },
      );
      if (reply.status !== 200) throw new Error(`login failed: ${reply.text}`);
      cookie = reply.headers
        .getSetCookie()
        .map((one) => one.split(';')[0])
        .join('; ');
    },
    async userWith(roles: readonly string[], email = `${randomUUID().slice(0, 8)}@example.com`) {
      const made = await post('/api/resource/User', {
        email,
        first_name: 'Test',
        enabled: 1,
        roles: roles.map((role) => ({ role })),
      });
      if (made.status !== 200) throw new Error(`no user: ${made.text}`);
      const keys = await post('/api/method/frappe.core.doctype.user.user.generate_keys', { user: email });
      const { api_key, api_secret } = Object(keys.body['message']);
      return { email, auth: `token ${api_key}:${api_secret}` };
    },
  };
}

function parsed(text: string): Body {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

/** The document of a `{data}` answer. */
export const dataOf = (reply: Reply): Body => {
  if (reply.status >= 300) throw new Error(`${reply.status}: ${reply.text}`);
  return Object(reply.body['data']);
};

/** The rows of a list answer. */
export const rowsOf = (reply: Reply): Body[] => {
  const { data } = reply.body;
  if (!Array.isArray(data)) throw new Error(`${reply.status}: ${reply.text}`);
  return data;
};

export const query = (params: Record<string, unknown>): string =>
  new URLSearchParams(
    Object.entries(params).map(([key, value]): [string, string] => [
      key,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  ).toString();
