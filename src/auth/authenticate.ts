// Turns what a request presents into a principal: the sid first, then the Authorization header.
// Users are read afresh for every request, so that a change of roles or a disabled account takes effect at once.
import { guest, GUEST, type Principal } from '../access/principal.ts';
import { AuthenticationError } from '../errors/errors.ts';
import type { Logger } from '../log/logger.ts';
import { StoreUnavailable } from '../storage/errors.ts';
import type { Store } from '../storage/store.ts';
import { parseAuthorization } from './authorization.ts';
import { sameText, sha256 } from './digest.ts';
import { credentialsByKey } from './records.ts';
import { findSession, touchSession, type SessionSettings } from './sessions.ts';
import { loadUser, principalOf } from './users.ts';

export interface Presented {
  /** From the parameter or the cookie; '' and `Guest` present nothing. */
  readonly sid: string;
  readonly authorization: string;
}

export interface Authenticated {
  readonly principal: Principal;
  /** A sid was presented that opens no session (any more). */
  readonly sessionExpired: boolean;
  /** The session's life was prolonged; its cookie should be too. */
  readonly sessionTouched: boolean;
}

export interface AuthenticateServices {
  readonly store: Store;
  readonly sessions: SessionSettings;
  readonly log: Logger;
}

/**
 * @throws AuthenticationError for a wrong key or secret, and for a scheme that logs nobody in
 * @throws InvalidAuthorizationToken for undecodable Basic credentials
 */
export async function authenticate(
  services: AuthenticateServices,
  presented: Presented,
): Promise<Authenticated> {
  const fromSession = await resolveSid(services, presented.sid);
  const authorization = parseAuthorization(presented.authorization);
  if (authorization.kind === 'key') {
    const principal = await principalOfKey(services, authorization);
    return fromSession.principal.via === 'session' ? fromSession : { ...fromSession, principal };
  }
  if (authorization.kind === 'unusable' && fromSession.principal.via === 'guest') throw refused();
  return fromSession;
}

const refused = (): AuthenticationError => new AuthenticationError('Invalid authorization');

const asGuest = (sessionExpired: boolean): Authenticated => ({
  principal: guest(),
  sessionExpired,
  sessionTouched: false,
});

async function resolveSid(services: AuthenticateServices, sid: string): Promise<Authenticated> {
  if (sid === '' || sid === GUEST) return asGuest(false);
  const { store, sessions } = services;
  const session = await findSession(store, sid, sessions.clock);
  const user = session && (await loadUser(store, session.user));
  if (!session || !user?.enabled) return asGuest(true);
  const touched = await prolong(services, session);
  return { principal: principalOf(user, 'session', sid), sessionExpired: false, sessionTouched: touched };
}

/** A database that cannot be written right now still serves those who are logged in. */
async function prolong(
  { store, sessions, log }: AuthenticateServices,
  session: Parameters<typeof touchSession>[1],
): Promise<boolean> {
  try {
    return await touchSession(store, session, sessions);
  } catch (err) {
    if (!(err instanceof StoreUnavailable)) throw err;
    log.warn({ err, user: session.user }, 'a session could not be prolonged');
    return false;
  }
}

async function principalOfKey(
  { store }: AuthenticateServices,
  { apiKey, apiSecret }: { readonly apiKey: string; readonly apiSecret: string },
): Promise<Principal> {
  const credentials = await credentialsByKey(store, apiKey);
  const known = credentials?.apiSecretHash ?? '';
  if (!sameText(sha256(apiSecret), known) || !credentials) throw refused();
  const user = await loadUser(store, credentials.name);
  if (!user?.enabled) throw refused();
  return principalOf(user, 'token');
}
