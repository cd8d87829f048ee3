// The composition root: config → engine, DocTypes, methods, operations, HTTP. Nothing else knows all parts.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureStandardUsers } from './auth/bootstrap.ts';
import { createPasswords } from './auth/password.ts';
import { AUTH_COLLECTIONS } from './auth/records.ts';
import { createSecrets, loadKey } from './boot/secrets.ts';
import type { Config } from './config/config.ts';
import { builtInControllers } from './controllers/index.ts';
import { loadDocTypes } from './doctypes/load.ts';
import { collectionSpecs } from './documents/collection-specs.ts';
import { syncDocTypes } from './documents/doctype-sync.ts';
import { PASSWORDS } from './documents/passwords.ts';
import { createTransact } from './documents/transact.ts';
import { TREE_TOKENS } from './documents/tree.ts';
import { createHttp } from './http/server.ts';
import type { Logger } from './log/logger.ts';
import { loadMethods } from './rpc/registry.ts';
import { openMongoStore } from './storage/mongo/store.ts';
import { openSqliteStore } from './storage/sqlite/store.ts';
import type { IndexReport, Store } from './storage/store.ts';
import { createClock } from './util/datetime.ts';
import type { Clock } from './util/datetime.ts';

export interface App {
  /** Begins to answer, on HOST and PORT. */
  listen(): Promise<{ readonly url: string }>;
  /** Answers what was begun, then closes the database. */
  close(): Promise<void>;
  readonly store: Store;
  readonly facts: {
    readonly engine: string;
    readonly doctypes: number;
    /** Made on first boot, when none was configured; to be shown once. */
    readonly adminPassword: string | undefined;
  };
}

const CORE_DOCTYPES = fileURLToPath(new URL('../doctypes/core', import.meta.url));

/** @throws ConfigError, DocTypeFilesError, MethodFilesError, StoreUnavailable */
export async function createApp(
  config: Config,
  log: Logger,
  clock: Clock = createClock(config.timeZone),
): Promise<App> {
  const { registry, warnings } = await loadDocTypes({
    core: CORE_DOCTYPES,
    paths: config.doctypesPath,
    timeZone: config.timeZone,
  });
  for (const warning of warnings) log.debug({}, warning);
  const methods = await loadMethods(config.methodsPath);
  const key = await loadKey(config.dataDir, config.encryptionKey);
  const store = await openStore(config);
  try {
    const passwords = createPasswords();
    const specs = [...collectionSpecs(registry), ...AUTH_COLLECTIONS, PASSWORDS, TREE_TOKENS];
    report(log, await store.ensure(specs));
    await syncDocTypes({ store, registry, clock });
    const { generatedPassword } = await ensureStandardUsers({
      store,
      clock,
      passwords,
      adminPassword: config.adminPassword,
    });
    const transact = createTransact(store, {
      registry,
      controllers: builtInControllers({ passwords, registry }),
      clock,
      secrets: createSecrets(key),
      limits: { filters: config.filtersMax, pageLength: config.pageMax },
      firstDayOfWeek: config.firstDayOfWeek,
      log,
    });
    const http = createHttp({ transact, store, registry, methods, passwords, config, clock, log });
    return {
      ...serving(http.callback(), { config, store }),
      store,
      facts: { engine: store.description, doctypes: registry.all.length, adminPassword: generatedPassword },
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}

const openStore = (config: Config): Promise<Store> =>
  config.mongodbUri === undefined
    ? openSqliteStore({ file: join(config.dataDir, 'doctype-server.sqlite') })
    : openMongoStore({ uri: config.mongodbUri, maxTimeMs: config.queryTimeoutMs });

function report(log: Logger, { created, undeclared, refused }: IndexReport): void {
  if (created.length > 0) log.info({ created: created.length }, 'indexes made');
  if (undeclared.length > 0) log.warn({ undeclared }, 'indexes that no DocType declares are kept');
  for (const { index, reason } of refused) log.warn({ index, reason }, 'index not made');
}

function serving(
  handler: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
  { config, store }: { config: Config; store: Store },
): Pick<App, 'listen' | 'close'> {
  const server = createServer((request, response) => void handler(request, response));
  return {
    async listen() {
      server.listen(config.port, config.host);
      await once(server, 'listening');
      const address = server.address();
      const port = isAddress(address) ? address.port : config.port;
      const host = config.host.includes(':') ? `[${config.host}]` : config.host;
      return { url: `http://${host}:${port}` };
    },
    async close() {
      if (server.listening) await drain(server, config.shutdownTimeoutMs);
      await store.close();
    },
  };
}

const isAddress = (value: string | AddressInfo | null): value is AddressInfo =>
  typeof value === 'object' && value !== null;

/** No new connections; idle ones are closed, busy ones may finish for a while. */
async function drain(server: ReturnType<typeof createServer>, timeoutMs: number): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), timeoutMs);
  await closed;
  clearTimeout(timer);
}
