// Sessions of cookie logins: started, found, kept alive, ended. Only the hash of a sid is stored.
import { WriteConflict } from '../storage/errors.ts';
import type { Doc, Reader, Store } from '../storage/store.ts';
import type { Clock } from '../util/datetime.ts';
import { randomHex, sha256 } from './digest.ts';
import { SESSIONS, textOf, type Records } from './records.ts';

const SID = /^[0-9a-f]{56}$/;
/** A session in use is written at most this often. */
const TOUCH_MS = 60_000;

export interface SessionSettings {
  readonly clock: Clock;
  /** How long an unused session lives. */
  readonly expirySeconds: number;
}

export interface Session {
  readonly sid: string;
  readonly user: string;
  readonly doc: Doc;
}

export const isSid = (text: string): boolean => SID.test(text);

/** Returns the new sid. */
export function startSession(records: Records, user: string, settings: SessionSettings): string {
  const sid = randomHex(56);
  const now = settings.clock.epoch();
  records.insert(SESSIONS, {
    name: sha256(sid),
    user,
    created: now,
    lastSeen: now,
    expiresAt: now + settings.expirySeconds * 1000,
    modified: settings.clock.now(),
  });
  return sid;
}

/** Undefined for a sid that is unknown, expired or not one at all. */
export async function findSession(reader: Reader, sid: string, clock: Clock): Promise<Session | undefined> {
  if (!isSid(sid)) return undefined;
  const doc = await reader.get(SESSIONS, sha256(sid));
  if (!doc) return undefined;
  const expiresAt = doc['expiresAt'];
  if (typeof expiresAt !== 'number' || expiresAt <= clock.epoch()) return undefined;
  return { sid, user: textOf(doc, 'user'), doc };
}

/**
 * Moves the end of a session that is in use; says whether it did.
 * The write is conditional, so that it cannot bring back a session that was ended meanwhile.
 * @throws StoreUnavailable
 */
export async function touchSession(
  store: Store,
  session: Session,
  settings: SessionSettings,
): Promise<boolean> {
  const now = settings.clock.epoch();
  const { lastSeen } = session.doc;
  if (typeof lastSeen === 'number' && now - lastSeen < TOUCH_MS) return false;
  const doc: Doc = {
    ...session.doc,
    lastSeen: now,
    expiresAt: now + settings.expirySeconds * 1000,
    modified: settings.clock.now(),
  };
  const modified = textOf(session.doc, 'modified') || null;
  try {
    await store.commit([{ kind: 'replace', collection: SESSIONS, doc, modified }]);
    return true;
  } catch (error) {
    if (error instanceof WriteConflict) return false;
    throw error;
  }
}

export function endSession(records: Records, sid: string): void {
  records.purge(SESSIONS, { name: { $eq: sha256(sid) } });
}

/** Ends every session of a user, but the one of `exceptSid`. */
export function endSessionsOf(records: Records, user: string, exceptSid?: string): void {
  const others = exceptSid === undefined ? {} : { name: { $ne: sha256(exceptSid) } };
  records.purge(SESSIONS, { user: { $eq: user }, ...others });
}
