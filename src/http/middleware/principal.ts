// Finds out who is asking, before a route runs.
import type { Middleware } from 'koa';
import { authenticate, type AuthenticateServices } from '../../auth/authenticate.ts';
import { sidParameter } from '../params.ts';
import { clearSessionCookies, setSidCookie } from '../respond.ts';
import type { State } from '../state.ts';

export function findPrincipal(services: AuthenticateServices): Middleware<State> {
  return async (ctx, next) => {
    const sid = sidParameter(ctx.state.input) || (ctx.cookies.get('sid') ?? '');
    const authorization = ctx.get('Authorization');
    const found = await authenticate(services, { sid, authorization });
    ctx.state.principal = found.principal;
    ctx.state.sessionExpired = found.sessionExpired;
    if (found.sessionExpired) clearSessionCookies(ctx);
    if (found.sessionTouched) setSidCookie(ctx, sid, services.sessions.expirySeconds);
    await next();
  };
}
