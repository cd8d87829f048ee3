// Password logins and API keys, given to methods as one object. Writes go into the caller's unit of work.
import { AuthenticationError } from '../errors/errors.ts';
import { GUEST } from '../access/principal.ts';
import { randomHex, sha256 } from './digest.ts';
import { PASSWORD_MAX, type Passwords } from './password.ts';
import { credentialsOf, saveCredentials, type Records } from './records.ts';
import { endSession, startSession, type SessionSettings } from './sessions.ts';
import { findLoginUser, type User } from './users.ts';

export interface StartedSession {
  readonly sid: string;
  readonly user: User;
  readonly expirySeconds: number;
}

export interface ApiKeys {
  readonly apiKey: string;
  /** Known only now: its hash is what is kept. */
  readonly apiSecret: string;
}

export interface Auth {
  /**
   * @throws AuthenticationError with the text for the client; it is the same for an unknown user and a wrong password
   * @throws TooManyRequestsError when too many logins run at once
   */
  logIn(records: Records, usr: string, pwd: string): Promise<StartedSession>;
  logOut(records: Records, sid: string): void;
  /** A new secret, and a key if the user has none. */
  issueKeys(records: Records, user: string): Promise<ApiKeys>;
}

export interface AuthOptions {
  readonly passwords: Passwords;
  readonly sessions: SessionSettings;
}

export function createAuth({ passwords, sessions }: AuthOptions): Auth {
  return {
    async logIn(records, usr, pwd) {
      const user = await verifyUser(records, passwords, usr, pwd);
      const sid = startSession(records, user.name, sessions);
      return { sid, user, expirySeconds: sessions.expirySeconds };
    },
    logOut: endSession,
    async issueKeys(records, user) {
      const apiKey = (await credentialsOf(records, user)).apiKey || randomHex(15);
      const apiSecret = randomHex(15);
      await saveCredentials(records, user, { apiKey, apiSecretHash: sha256(apiSecret) });
      return { apiKey, apiSecret };
    },
  };
}

async function verifyUser(records: Records, passwords: Passwords, usr: string, pwd: string): Promise<User> {
  if (usr === '' || pwd === '') throw new AuthenticationError('Incomplete login details');
  if (pwd.length > PASSWORD_MAX) {
    throw new AuthenticationError(`Password is longer than ${PASSWORD_MAX} characters`);
  }
  const user = await findLoginUser(records, usr);
  const passwordHash = user ? (await credentialsOf(records, user.name)).passwordHash : '';
  const matched = await passwords.verify(passwordHash, pwd);
  if (!matched || !user || user.name === GUEST) throw new AuthenticationError('Invalid login credentials');
  if (!user.enabled) throw new AuthenticationError('User disabled or missing');
  if (passwords.isOutdated(passwordHash)) {
    await saveCredentials(records, user.name, { passwordHash: await passwords.hash(pwd) });
  }
  return user;
}
