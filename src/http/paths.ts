// Makes one spelling of a request's path: decodable, and without a slash at its end.
import type { Middleware } from 'koa';
import { DataError } from '../errors/errors.ts';
import type { State } from './state.ts';

/** @throws DataError for a path with broken percent-encoding */
export function assertDecodable(path: string): void {
  try {
    decodeURIComponent(path);
  } catch (cause) {
    throw new DataError('The URL has broken percent-encoding', { cause });
  }
}

/** One slash only: a document's name may end with an encoded one. */
export const trimSlash = (path: string): string =>
  path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;

export const normalisePath: Middleware<State> = (ctx, next) => {
  assertDecodable(ctx.path);
  const trimmed = trimSlash(ctx.path);
  if (trimmed !== ctx.path) ctx.path = trimmed;
  return next();
};
