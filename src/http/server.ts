// Builds the Koa app: middleware in order, and the handlers with what they need. Listening is app.ts's business.
import Koa from 'koa';
import { createAuth } from '../auth/login.ts';
import type { Passwords } from '../auth/password.ts';
import type { Transact } from '../documents/transact.ts';
import type { Registry } from '../doctypes/registry.ts';
import type { Logger } from '../log/logger.ts';
import type { MethodRegistry } from '../rpc/registry.ts';
import type { Store } from '../storage/store.ts';
import type { Clock } from '../util/datetime.ts';
import { createHealthHandler } from './handlers/health.ts';
import { createMethodHandlers } from './handlers/method.ts';
import { createResourceHandlers } from './handlers/resource.ts';
import { readBody } from './middleware/body.ts';
import { handleErrors } from './middleware/errors.ts';
import { findPrincipal } from './middleware/principal.ts';
import { normalisePath } from './paths.ts';
import { answerOptions, createRouter, refuseUnrouted } from './routes.ts';
import type { HttpConfig, State } from './state.ts';

export type { HttpConfig } from './state.ts';

export interface HttpOptions {
  readonly transact: Transact;
  /** Sessions, credentials and health are read past the operations. */
  readonly store: Store;
  readonly registry: Registry;
  readonly methods: MethodRegistry;
  /** One per app, so that the number of hashes at once is bounded. */
  readonly passwords: Passwords;
  readonly config: HttpConfig;
  readonly clock: Clock;
  readonly log: Logger;
}

export function createHttp(options: HttpOptions): Koa<State> {
  const { transact, store, registry, methods, passwords, config, clock, log } = options;
  const sessions = { clock, expirySeconds: config.sessionExpiry };
  const auth = createAuth({ passwords, sessions });
  const site = { homePage: config.homePage, dashboardRoute: config.dashboardRoute };
  const router = createRouter(
    {
      health: createHealthHandler(store, log),
      method: createMethodHandlers({ transact, methods, auth, site }),
      resource: createResourceHandlers({ transact, registry }),
    },
    [readBody(config.bodyLimit), findPrincipal({ store, sessions, log })],
  );

  const app = new Koa<State>({ proxy: config.trustProxy });
  // What goes wrong after the answer was begun: a client that closed its connection.
  app.on('error', (err: unknown) => log.debug({ err }, 'an answer could not be sent'));
  app.use(handleErrors({ log, showTraceback: config.showTraceback }));
  app.use(normalisePath);
  app.use(answerOptions(router));
  app.use(router.routes());
  app.use(refuseUnrouted(router));
  return app;
}
