// What one request carries through the middleware, and the settings of the HTTP layer. Types, and the empty state.
import type { RouterContext } from '@koa/router';
import { guest, type Principal } from '../access/principal.ts';
import { createResponse, type MethodResponse } from '../rpc/response.ts';
import type { Input } from './params.ts';

export interface HttpConfig {
  /** Bytes of a request body, after decompression. */
  readonly bodyLimit: number;
  /** Seconds an unused session lives. */
  readonly sessionExpiry: number;
  readonly homePage: string;
  readonly dashboardRoute: string;
  /** Error bodies show where in the code an error came from. */
  readonly showTraceback: boolean;
  /** Believe X-Forwarded-For and X-Forwarded-Proto. */
  readonly trustProxy: boolean;
}

export interface State {
  requestId: string;
  input: Input;
  principal: Principal;
  /** A sid was sent that opens no session. */
  sessionExpired: boolean;
  /** What a method said besides its result; sent with errors, too. */
  response: MethodResponse;
}

export type HttpContext = RouterContext<State>;
export type Handler = (ctx: HttpContext) => Promise<void> | void;

export const createState = (requestId: string): State => ({
  requestId,
  input: { query: {}, body: {}, kind: 'none' },
  principal: guest(),
  sessionExpired: false,
  response: createResponse(),
});
