// Who is asking. The only place that makes a principal; there is no "no principal", guests have one.

export interface Principal {
  readonly user: string;
  readonly fullName: string;
  /** Includes the implied roles: Guest always, All when logged in, Desk User for system users. */
  readonly roles: ReadonlySet<string>;
  /** How the caller proved it. */
  readonly via: 'guest' | 'session' | 'token' | 'system';
  /** The session's id, when there is one. */
  readonly sid?: string;
}

export const ADMINISTRATOR = 'Administrator';
export const GUEST = 'Guest';

export const guest = (): Principal => ({
  user: GUEST,
  fullName: GUEST,
  roles: new Set([GUEST]),
  via: 'guest',
});

/** The service itself: boot, and work no caller asked for. */
export const system = (): Principal => ({
  user: ADMINISTRATOR,
  fullName: ADMINISTRATOR,
  roles: new Set([ADMINISTRATOR, 'System Manager', 'Desk User', 'All', GUEST]),
  via: 'system',
});

export interface LoggedIn {
  readonly user: string;
  readonly fullName: string;
  readonly roles: readonly string[];
  readonly systemUser: boolean;
  readonly via: 'session' | 'token';
  readonly sid?: string;
}

export function loggedIn({ user, fullName, roles, systemUser, via, sid }: LoggedIn): Principal {
  const implied = systemUser ? [GUEST, 'All', 'Desk User'] : [GUEST, 'All'];
  return {
    user,
    fullName,
    roles: new Set([...roles, ...implied]),
    via,
    ...(sid === undefined ? {} : { sid }),
  };
}

/** Administrator passes every permission check. */
export const isAdministrator = (principal: Principal): boolean => principal.user === ADMINISTRATOR;
