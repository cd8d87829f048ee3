// Every route of the service, in one table; and what is said to paths and verbs that are not in it.
import { Router } from '@koa/router';
import type { Middleware } from 'koa';
import { DoesNotExistError, MethodNotAllowedError } from '../errors/errors.ts';
import type { MethodHandlers } from './handlers/method.ts';
import type { ResourceHandlers } from './handlers/resource.ts';
import type { Handler, State } from './state.ts';

export interface Handlers {
  readonly health: Handler;
  readonly method: MethodHandlers;
  readonly resource: ResourceHandlers;
}

interface Route {
  readonly verbs: readonly string[];
  readonly paths: readonly string[];
  readonly handler: Handler;
  /** Neither reads a body nor asks who is calling. */
  readonly bare?: true;
}

const VERBS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** The same under `/api` and `/api/v1`. */
const v1 = (path: string): string[] => [`/api${path}`, `/api/v1${path}`];

const table = ({ health, method, resource }: Handlers): readonly Route[] => [
  { verbs: ['GET'], paths: ['/healthz'], handler: health, bare: true },
  { verbs: ['GET', 'POST'], paths: ['/'], handler: method.byCommand },
  { verbs: VERBS, paths: v1('/method/*name'), handler: method.byPath },
  { verbs: ['GET'], paths: v1('/resource/:doctype'), handler: resource.list },
  { verbs: ['POST'], paths: v1('/resource/:doctype'), handler: resource.insert },
  { verbs: ['GET'], paths: v1('/resource/:doctype/*name'), handler: resource.get },
  { verbs: ['PUT'], paths: v1('/resource/:doctype/*name'), handler: resource.update },
  { verbs: ['DELETE'], paths: v1('/resource/:doctype/*name'), handler: resource.remove },
];

/** `before` runs ahead of every handler that is not bare. */
export function createRouter(handlers: Handlers, before: readonly Middleware<State>[]): Router<State> {
  const router = new Router<State>({ sensitive: true, strict: true });
  for (const { verbs, paths, handler, bare } of table(handlers)) {
    const chain = [...(bare ? [] : before), (ctx: Parameters<Handler>[0]) => handler(ctx)];
    for (const path of paths) router.register(path, [...verbs], chain);
  }
  return router;
}

/** Verbs that some route takes for this path. */
function allowedVerbs(router: Router<State>, path: string): string[] {
  const verbs = router.match(path, 'GET').path.flatMap((layer) => layer.methods);
  return verbs.length === 0 ? [] : [...new Set([...verbs, 'OPTIONS'])].toSorted();
}

/** OPTIONS: empty, for any path, and without asking who is calling. */
export function answerOptions(router: Router<State>): Middleware<State> {
  return async (ctx, next) => {
    if (ctx.method !== 'OPTIONS') return next();
    const verbs = allowedVerbs(router, ctx.path);
    ctx.set('Allow', (verbs.length > 0 ? verbs : [...VERBS, 'HEAD', 'OPTIONS'].toSorted()).join(', '));
    ctx.status = 200;
    ctx.body = '';
    ctx.remove('Content-Type');
  };
}

/** @throws MethodNotAllowedError, DoesNotExistError */
export function refuseUnrouted(router: Router<State>): Middleware<State> {
  return (ctx) => {
    const verbs = allowedVerbs(router, ctx.path);
    if (verbs.length === 0) throw new DoesNotExistError(`There is nothing at ${ctx.path}`);
    ctx.set('Allow', verbs.join(', '));
    throw new MethodNotAllowedError(`${ctx.method} is not allowed at ${ctx.path}`);
  };
}
