// The queue on a connection that only keeps a record: what shares a transaction, and what fails with it.
import { expect, it } from 'vitest';
import { StoreUnavailable } from '../../../src/storage/errors.ts';
import type { Connection } from '../../../src/storage/sqlite/connection.ts';
import { createWriteQueue } from '../../../src/storage/sqlite/queue.ts';
import { asValue } from './temporary.ts';

class SqliteError extends Error {
  readonly errcode: number;
  constructor(errcode: number) {
    super(`code ${errcode}`);
    this.errcode = errcode;
  }
}
const BUSY = 5;
const FULL = 13;

/** Records statements; `fail` may throw in their place. */
function recording(fail: (sql: string) => void = () => undefined): { connection: Connection; log: string[] } {
  const log: string[] = [];
  const connection: Connection = {
    run(sql) {
      log.push(sql);
      fail(sql);
      return 0;
    },
    get: () => undefined,
    all: () => [],
    close: () => undefined,
  };
  return { connection, log };
}

it('callers of one turn share one transaction, each behind a savepoint', async () => {
  const { connection, log } = recording();
  const queue = createWriteQueue(connection);
  const results = await Promise.all([1, 2, 3].map((value) => queue.run(() => value)));
  expect(results).toEqual([1, 2, 3]);
  const job = ['SAVEPOINT job', 'RELEASE job'];
  expect(log).toEqual(['BEGIN IMMEDIATE', ...job, ...job, ...job, 'COMMIT']);
});

it('nothing is reported before the commit', async () => {
  const reported: number[] = [];
  const atCommit: number[] = [];
  const { connection } = recording((sql) => {
    if (sql === 'COMMIT') atCommit.push(reported.length);
  });
  const queue = createWriteQueue(connection);
  await Promise.all([1, 2].map(async (value) => reported.push(await queue.run(() => value))));
  expect(atCommit).toEqual([0]);
  expect(reported).toEqual([1, 2]);
});

it('work that fails goes back to its savepoint, and the others are committed', async () => {
  const { connection, log } = recording();
  const queue = createWriteQueue(connection);
  const results = await Promise.allSettled([
    queue.run(() => 'a'),
    queue.run(() => {
      throw new TypeError('mine');
    }),
    queue.run(() => 'c'),
  ]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(results[1]).toMatchObject({ reason: new TypeError('mine') });
  expect(log.filter((sql) => sql === 'ROLLBACK TO job')).toHaveLength(1);
  expect(log.at(-1)).toBe('COMMIT');
});

it('a commit that fails rejects everyone, and the next group starts afresh', async () => {
  let full = true;
  const { connection, log } = recording((sql) => {
    if (sql === 'COMMIT' && full) throw new SqliteError(FULL);
  });
  const queue = createWriteQueue(connection);
  const results = await Promise.all([1, 2].map((value) => queue.run(() => value).catch(asValue)));
  for (const result of results) expect(result).toBeInstanceOf(StoreUnavailable);
  expect(log.at(-1)).toBe('ROLLBACK');
  full = false;
  expect(await queue.run(() => 3)).toBe(3);
});

it('work that costs the whole transaction rejects everyone with its own reason', async () => {
  const { connection } = recording((sql) => {
    // SQLite has undone the transaction, and the savepoint with it.
    if (sql === 'ROLLBACK TO job' || sql === 'ROLLBACK') throw new SqliteError(1);
  });
  const queue = createWriteQueue(connection);
  const work = [
    () => 1,
    () => {
      throw new SqliteError(FULL);
    },
    () => 3,
  ];
  const results = await Promise.all(work.map((each) => queue.run<number>(each).catch(asValue)));
  for (const result of results) {
    expect(result).toBeInstanceOf(StoreUnavailable);
    expect(result).toMatchObject({ message: 'the database is full' });
  }
});

it('a database that another process holds is asked again', async () => {
  let refusals = 3;
  const { connection, log } = recording((sql) => {
    if (sql === 'BEGIN IMMEDIATE' && refusals > 0) {
      refusals -= 1;
      throw new SqliteError(BUSY);
    }
  });
  expect(await createWriteQueue(connection).run(() => 'done')).toBe('done');
  expect(log.filter((sql) => sql === 'BEGIN IMMEDIATE')).toHaveLength(4);
});

it('what was taken before closing is done, and nothing is taken after it', async () => {
  const { connection } = recording();
  const queue = createWriteQueue(connection);
  const before = queue.run(() => 'before');
  const closed = queue.close();
  await expect(queue.run(() => 'after')).rejects.toThrow(StoreUnavailable);
  await closed;
  expect(await before).toBe('before');
});
