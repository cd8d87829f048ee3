// The only writer: batches of concurrent calls share one transaction, a savepoint each, and one fsync for all.
import { StoreUnavailable, WriteConflict } from '../errors.ts';
import type { Doc, Write } from '../store.ts';
import { column, compileQuery } from './compile.ts';
import type { ElementIndex } from './compile.ts';
import type { Database } from './driver.ts';
import { translate } from './failures.ts';
import { tableOf } from './names.ts';
import { createStatements } from './statements.ts';
import type { Statements } from './statements.ts';

export interface Writer {
  commit(batch: readonly Write[]): Promise<void>;
  increment(counter: string, by?: number): Promise<number>;
  raise(counter: string, value: number): Promise<void>;
  /** Work that needs the connection for itself, such as making tables. */
  exclusive(work: () => void): Promise<void>;
  /** Finishes what was queued. */
  close(): Promise<void>;
}

interface Job {
  /** Does the work; what it gives back reports success, once the commit is on disk. */
  run(): () => void;
  reject(error: unknown): void;
}

export function createWriter(
  database: Database,
  elementIndexOf: (collection: string) => ElementIndex,
): Writer {
  const statements = createStatements(database);
  let queue: Job[] = [];
  let scheduled = false;
  let closed = false;

  const enqueue = <T>(run: () => T): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      if (closed) {
        reject(new StoreUnavailable('the database is closed'));
        return;
      }
      queue.push({
        run() {
          const value = run();
          return () => resolve(value);
        },
        reject,
      });
      if (!scheduled) setImmediate(flush);
      scheduled = true;
    });

  function flush(): void {
    scheduled = false;
    const jobs = queue;
    queue = [];
    if (jobs.length > 0) runGroup(database, jobs);
  }

  return {
    commit: (batch) =>
      enqueue(() => {
        for (const write of batch) apply(statements, write, elementIndexOf);
      }),
    increment: (counter, by = 1) =>
      enqueue(() => {
        const row = statements.get({
          text: 'INSERT INTO _series VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET current = current + ? RETURNING current',
          values: [counter, by, by],
        });
        return Number(row?.['current']);
      }),
    raise: (counter, value) =>
      enqueue(() => {
        statements.run({
          text: 'INSERT INTO _series VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET current = max(current, ?)',
          values: [counter, value, value],
        });
      }),
    exclusive: (work) => enqueue(work),
    async close() {
      flush();
      closed = true;
      statements.clear();
    },
  };
}

/** Each job stands or falls alone; none is reported done before the common commit is on disk. */
function runGroup(database: Database, jobs: readonly Job[]): void {
  const done: (() => void)[] = [];
  const failed: { job: Job; error: unknown }[] = [];
  try {
    database.exec('BEGIN IMMEDIATE');
    for (const job of jobs) {
      database.exec('SAVEPOINT job');
      try {
        done.push(job.run());
      } catch (error) {
        database.exec('ROLLBACK TO job');
        failed.push({ job, error });
      }
      database.exec('RELEASE job');
    }
    database.exec('COMMIT');
  } catch (error) {
    abandon(database);
    const cause = translate(error, '', '');
    for (const job of jobs) job.reject(cause);
    return;
  }
  for (const report of done) report();
  for (const { job, error } of failed) job.reject(error);
}

function abandon(database: Database): void {
  try {
    database.exec('ROLLBACK');
  } catch {
    // No transaction was open: it could not begin, or SQLite has rolled it back itself.
  }
}

function apply(
  statements: Statements,
  write: Write,
  elementIndexOf: (collection: string) => ElementIndex,
): void {
  switch (write.kind) {
    case 'insert':
      return guarded(write.collection, write.doc.name, () => insert(statements, write.collection, write.doc));
    case 'put':
      return guarded(write.collection, write.doc.name, () => put(statements, write.collection, write.doc));
    case 'replace':
      return guarded(write.collection, write.doc.name, () => replace(statements, write));
    case 'remove':
      return remove(statements, write);
    case 'purge': {
      const where = compileQuery(write.query, elementIndexOf(write.collection));
      statements.run({
        text: `DELETE FROM ${tableOf(write.collection)} WHERE ${where.text}`,
        values: where.values,
      });
      return undefined;
    }
    case 'release':
      statements.run({
        text: 'UPDATE _series SET current = current - 1 WHERE name = ? AND current = ?',
        values: [write.counter, write.value],
      });
      return undefined;
  }
}

function guarded(collection: string, docname: string | number, work: () => void): void {
  try {
    work();
  } catch (error) {
    throw translate(error, collection, docname);
  }
}

/** The name comes first in the text, so that it can be read without parsing the rest. */
const textOf = (doc: Doc): string => {
  const { name, ...rest } = doc;
  return JSON.stringify({ name, ...rest });
};

function insert(statements: Statements, collection: string, doc: Doc): void {
  statements.run({
    text: `INSERT INTO ${tableOf(collection)} VALUES (?, ?)`,
    values: [doc.name, textOf(doc)],
  });
}

function put(statements: Statements, collection: string, doc: Doc): void {
  statements.run({
    text: `INSERT INTO ${tableOf(collection)} VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET doc = excluded.doc`,
    values: [doc.name, textOf(doc)],
  });
}

const UNCHANGED = `name = ? AND coalesce(${column('modified')}, '') = ?`;

function replace(
  statements: Statements,
  { collection, doc, modified }: Extract<Write, { kind: 'replace' }>,
): void {
  const changes = statements.run({
    text: `UPDATE ${tableOf(collection)} SET doc = ? WHERE ${UNCHANGED}`,
    values: [textOf(doc), doc.name, modified ?? ''],
  });
  if (changes === 0) throw new WriteConflict(collection, doc.name);
}

function remove(
  statements: Statements,
  { collection, name, modified }: Extract<Write, { kind: 'remove' }>,
): void {
  const changes = statements.run({
    text: `DELETE FROM ${tableOf(collection)} WHERE ${UNCHANGED}`,
    values: [name, modified ?? ''],
  });
  if (changes === 0) throw new WriteConflict(collection, name);
}
