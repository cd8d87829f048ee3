// One call from opening to commit: a fresh unit of work, the work, one atomic commit, and another try when somebody
// else changed a document in between. Calls that name the same document wait for each other in this process.
import type { Principal } from '../access/principal.ts';
import type { Meta } from '../doctypes/meta.ts';
import { DuplicateEntryError, TimestampMismatchError, UniqueValidationError } from '../errors/errors.ts';
import { DuplicateKey, WriteConflict } from '../storage/errors.ts';
import type { Store } from '../storage/store.ts';
import { createUnitOfWork } from '../storage/unit-of-work.ts';
import type { Call, Message, Services } from './call.ts';
import type { DocRef } from './requests.ts';

export interface TransactOptions {
  readonly principal: Principal;
  /** False drops every write, as for GET. */
  readonly commit: boolean;
  /** The work may run again, from the start, after a conflict. */
  readonly retry: boolean;
  /** The document the work is about, when there is one. */
  readonly lock?: DocRef;
}

export interface Transacted<T> {
  readonly result: T;
  readonly messages: readonly Message[];
}

/** @throws what the work throws; TimestampMismatchError when conflicts do not end */
export type Transact = <T>(
  options: TransactOptions,
  work: (call: Call) => Promise<T>,
) => Promise<Transacted<T>>;

const TRIES = 20;
const LONGEST_PAUSE_MS = 50;

export function createTransact(store: Store, services: Services): Transact {
  const queue = createQueue();

  const once = async <T>({ principal, commit }: TransactOptions, work: (call: Call) => Promise<T>) => {
    const call: Call = { ...services, principal, work: createUnitOfWork(store), messages: [] };
    const result = await work(call);
    if (commit) await call.work.commit();
    return { result, messages: call.messages };
  };

  return async (options, work) => {
    const attempt = async () => {
      for (let tries = 1; ; tries += 1) {
        try {
          return await once(options, work);
        } catch (error) {
          if (!(error instanceof WriteConflict)) throw translated(services, error);
          if (!options.retry || tries >= TRIES) throw conflict(error);
          await pause(tries);
        }
      }
    };
    return options.lock ? queue(keyOf(services, options.lock), attempt) : attempt();
  };
}

/** Writes to one document wait for each other; so do all changes to one tree. */
function keyOf({ registry }: Services, { doctype, name }: DocRef): string {
  return registry.find(doctype)?.isTree ? doctype : JSON.stringify([doctype, String(name)]);
}

function createQueue(): <T>(key: string, work: () => Promise<T>) => Promise<T> {
  const tails = new Map<string, Promise<unknown>>();
  return async (key, work) => {
    const before = tails.get(key) ?? Promise.resolve();
    const run = before.then(work, work);
    const tail = run.catch(() => undefined);
    tails.set(key, tail);
    try {
      return await run;
    } finally {
      if (tails.get(key) === tail) tails.delete(key);
    }
  };
}

const pause = (tries: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, Math.random() * Math.min(2 ** tries, LONGEST_PAUSE_MS));
  });

const conflict = (error: WriteConflict): TimestampMismatchError =>
  new TimestampMismatchError(
    `Error: ${error.docname} (${error.collection}) has been modified after you have opened it. Please refresh to get the latest document.`,
    { cause: error },
  );

function translated({ registry }: Services, error: unknown): unknown {
  if (!(error instanceof DuplicateKey)) return error;
  const meta: Meta | undefined = registry.find(error.collection);
  if (error.field === 'name') {
    return new DuplicateEntryError(`${error.collection} ${error.docname} already exists`, {
      cause: error,
      details: { field: 'name' },
    });
  }
  const label = meta?.fieldsByName.get(error.field)?.label || error.field;
  return new UniqueValidationError(`${label} must be unique`, {
    cause: error,
    details: { field: error.field },
  });
}
