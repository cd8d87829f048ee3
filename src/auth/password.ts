// Password hashes: argon2id, a bounded number at once. Knows nothing of users or storage.
import { argon2id, hash, needsRehash, verify } from 'argon2';
import { TooManyRequestsError } from '../errors/errors.ts';

/** 19 MiB, two passes, one lane: about 20 ms. */
const PARAMETERS = { type: argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** Longer passwords are refused before any work is spent on them. */
export const PASSWORD_MAX = 512;

export interface Passwords {
  /** @throws TooManyRequestsError when too many callers wait already */
  hash(password: string): Promise<string>;
  /**
   * False for a wrong password and for an empty hash; either costs the same.
   * @throws TooManyRequestsError when too many callers wait already
   */
  verify(passwordHash: string, password: string): Promise<boolean>;
  /** The hash was made with other parameters than those of today. */
  isOutdated(passwordHash: string): boolean;
}

export interface PasswordsOptions {
  /** Hashes computed at the same time; each takes 19 MiB. */
  readonly concurrency?: number;
  /** Callers that may wait for their turn. */
  readonly waiting?: number;
}

export function createPasswords({ concurrency = 4, waiting = 256 }: PasswordsOptions = {}): Passwords {
  const inTurn = createTurns(concurrency, waiting);
  let decoy: Promise<string> | undefined;
  /** Something to compare with when a user has no password, so that the answer takes as long. */
  const decoyHash = (): Promise<string> => (decoy ??= hash('no password is set', PARAMETERS));
  return {
    hash: (password) => inTurn(() => hash(password, PARAMETERS)),
    verify: (passwordHash, password) =>
      inTurn(async () => {
        const matched = await verify(passwordHash || (await decoyHash()), password);
        return matched && passwordHash !== '';
      }),
    isOutdated: (passwordHash) => needsRehash(passwordHash, PARAMETERS),
  };
}

type InTurn = <T>(work: () => Promise<T>) => Promise<T>;

function createTurns(concurrency: number, waiting: number): InTurn {
  let running = 0;
  const queue: (() => void)[] = [];
  return async (work) => {
    if (running >= concurrency) {
      if (queue.length >= waiting)
        throw new TooManyRequestsError('Too many logins at once, try again shortly');
      await new Promise<void>((resolve) => queue.push(resolve));
    } else {
      running += 1;
    }
    try {
      return await work();
    } finally {
      const next = queue.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
