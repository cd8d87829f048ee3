// The only catch of the HTTP layer: every failure becomes a body here, and a line in the log.
import { randomUUID } from 'node:crypto';
import type { Middleware, ParameterizedContext } from 'koa';
import type { Logger } from '../../log/logger.ts';
import { v1ErrorBody, v2ErrorBody, type PublicError } from '../error-body.ts';
import { toPublicError } from '../public-error.ts';
import { sendJson } from '../respond.ts';
import { createState, type State } from '../state.ts';

const REQUEST_ID = /^[\w.:-]{1,128}$/;

export interface ErrorOptions {
  readonly log: Logger;
  readonly showTraceback: boolean;
}

/** Opens the request: its id and headers that every answer has. */
export function handleErrors({ log, showTraceback }: ErrorOptions): Middleware<State> {
  return async (ctx, next) => {
    const requestId = requestIdOf(ctx.get('X-Request-Id') || ctx.get('X-Frappe-Request-Id'));
    Object.assign(ctx.state, createState(requestId));
    setStandardHeaders(ctx, requestId);
    try {
      await next();
    } catch (error) {
      const shown = toPublicError(error, requestId);
      const fields = { requestId, method: ctx.method, path: ctx.path, user: ctx.state.principal.user };
      if (isAborted(error)) {
        log.debug(fields, 'the client went away');
      } else {
        logError(log, shown, { ...fields, status: shown.status, err: error });
      }
      sendError(ctx, shown, showTraceback);
    }
  };
}

const requestIdOf = (given: string): string => (REQUEST_ID.test(given) ? given : randomUUID());

function setStandardHeaders(ctx: ParameterizedContext<State>, requestId: string): void {
  ctx.set({
    'X-Request-Id': requestId,
    'X-Frappe-Request-Id': requestId,
    'Cache-Control': 'no-store,no-cache,must-revalidate,max-age=0',
    'X-Content-Type-Options': 'nosniff',
  });
}

/** The answer is written anyway: whether anybody still reads it is the socket's business. */
const isAborted = (error: unknown): boolean =>
  error instanceof Error && 'type' in error && error.type === 'request.aborted';

function logError(log: Logger, { status, type }: PublicError, fields: Record<string, unknown>): void {
  if (status >= 500) log.error(fields, `request failed: ${type}`);
  else log.debug(fields, `request refused: ${type}`);
}

function sendError(ctx: ParameterizedContext<State>, error: PublicError, showTraceback: boolean): void {
  const v2 = ctx.path.startsWith('/api/v2/');
  const body = (v2 ? v2ErrorBody : v1ErrorBody)(error, { showTraceback });
  sendJson(ctx, error.status, { ...body, ...ctx.state.response.body });
}
