// The only way to the writer. What concurrent callers ask for shares one transaction and one fsync, each behind a
// savepoint of its own: one that fails undoes itself alone, and a promise resolves when its work is on the disk.
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { StoreUnavailable } from '../errors.ts';
import type { Connection } from './connection.ts';
import { isBusy, toStoreError } from './faults.ts';

/** Bounds the time that one group holds the event loop. */
const GROUP_MAX = 200;
/** How long another process may hold the database before writers give up. */
const BUSY_MAX_MS = 5000;
const BUSY_PAUSE_MS = 10;

export interface WriteQueue {
  /** Runs the work, which must not wait for anything, inside a transaction. @throws StoreUnavailable */
  run<T>(work: () => T): Promise<T>;
  /** Takes no more work, and resolves when all that was taken is done. */
  close(): Promise<void>;
}

interface Job {
  /** Does the work and gives what to report once it is on the disk. @throws whatever the work throws */
  attempt(): () => void;
  reject(error: unknown): void;
}

export function createWriteQueue(connection: Connection): WriteQueue {
  const waiting: Job[] = [];
  let draining: Promise<void> | undefined;
  let closed = false;

  const drain = async (): Promise<void> => {
    while (waiting.length > 0) {
      // Lets those who are about to write in this turn of the event loop join the group, and everything else have its
      // turn between two groups.
      await nextTurn();
      await runGroup(connection, waiting.splice(0, GROUP_MAX));
    }
    draining = undefined;
  };

  return {
    run: <T>(work: () => T) =>
      new Promise<T>((resolve, reject) => {
        if (closed) {
          reject(new StoreUnavailable('the database is closed'));
          return;
        }
        const attempt = (): (() => void) => {
          const result = work();
          return () => resolve(result);
        };
        waiting.push({ attempt, reject });
        draining ??= drain();
      }),
    async close() {
      closed = true;
      await draining;
    },
  };
}

/** Settles every job of the group; never throws. */
async function runGroup(connection: Connection, jobs: readonly Job[]): Promise<void> {
  try {
    await begin(connection);
    const reports = jobs.map((job) => runJob(connection, job));
    connection.run('COMMIT');
    for (const report of reports) report();
  } catch (error) {
    abandon(connection);
    const reason = toStoreError(error);
    for (const job of jobs) job.reject(reason);
  }
}

/** Waits for other processes outside of SQLite, whose own waiting would hold up the event loop. */
async function begin(connection: Connection): Promise<void> {
  const deadline = performance.now() + BUSY_MAX_MS;
  for (;;) {
    try {
      connection.run('BEGIN IMMEDIATE');
      return;
    } catch (error) {
      if (!isBusy(error) || performance.now() > deadline) throw error;
      await delay(BUSY_PAUSE_MS);
    }
  }
}

/** @throws the error of the work when it has cost the whole transaction, as a full disk may */
function runJob(connection: Connection, job: Job): () => void {
  connection.run('SAVEPOINT job');
  try {
    const report = job.attempt();
    connection.run('RELEASE job');
    return report;
  } catch (error) {
    if (!undoJob(connection)) throw error;
    return () => job.reject(error);
  }
}

/** False when there is no savepoint left to go back to. */
function undoJob(connection: Connection): boolean {
  try {
    connection.run('ROLLBACK TO job');
    connection.run('RELEASE job');
    return true;
  } catch {
    return false;
  }
}

function abandon(connection: Connection): void {
  try {
    connection.run('ROLLBACK');
  } catch {
    // Nothing is open: the transaction did not begin, or SQLite has undone it already. If one were, the next
    // BEGIN would say so.
  }
}
