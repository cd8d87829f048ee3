// The embedded engine: one table per collection, the document as JSON text, writes through one queue.
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Query } from '../query.ts';
import type { CollectionSpec, Doc, FindOptions, IndexReport, Store, Write } from '../store.ts';
import { StoreUnavailable } from '../errors.ts';
import type { Bound, Sql } from './compile.ts';
import { column, compileQuery } from './compile.ts';
import type { Database } from './driver.ts';
import { openDatabase, sqliteVersion } from './driver.ts';
import { translate } from './failures.ts';
import { ensureCollection } from './schema.ts';
import { elementTable, tableOf } from './names.ts';
import { createStatements } from './statements.ts';
import { createWriter } from './writer.ts';

const SWEEP_MS = 60_000;

interface Options {
  /** The database file; its folder is made. */
  readonly file: string;
}

/** @throws StoreUnavailable when the file cannot be opened */
export async function openSqliteStore({ file }: Options): Promise<Store> {
  try {
    mkdirSync(dirname(file), { recursive: true });
    return createStore(file, await openDatabase(file), await openDatabase(file));
  } catch (error) {
    throw new StoreUnavailable(
      `cannot open ${file}: ${error instanceof Error ? error.message : String(error)}`,
      {
        cause: error,
      },
    );
  }
}

function createStore(file: string, writing: Database, reading: Database): Store {
  writing.exec('CREATE TABLE IF NOT EXISTS _series (name TEXT PRIMARY KEY, current INTEGER NOT NULL)');
  const specs = new Map<string, CollectionSpec>();
  let closed = false;
  const reads = createStatements(reading);
  const writer = createWriter(writing, elementIndexOf);
  const sweeper = setInterval(() => void sweep(), SWEEP_MS);
  sweeper.unref();

  function elementIndexOf(collection: string): (path: string) => string | undefined {
    const declared = specs.get(collection)?.elementIndexes ?? [];
    return (path) => (declared.includes(path) ? elementTable(collection, path) : undefined);
  }

  const run = async <T>(collection: string, work: () => T): Promise<T> => {
    try {
      return work();
    } catch (error) {
      throw translate(error, collection, '');
    }
  };

  const select = (collection: string, query: Query, options: FindOptions): Sql => {
    const where = compileQuery(query, elementIndexOf(collection));
    const keys = [...(options.sort ?? [])];
    const order = keys.some(([field]) => field === 'name') ? keys : [...keys, ['name', 'asc'] as const];
    const sorted = order.map(([field, direction]) => `${column(field)} ${direction}`).join(', ');
    const paged = options.limit !== undefined || options.skip !== undefined;
    const page: Bound[] = paged ? [options.limit ?? -1, options.skip ?? 0] : [];
    return {
      text: `SELECT doc FROM ${tableOf(collection)} WHERE ${where.text} ORDER BY ${sorted}${paged ? ' LIMIT ? OFFSET ?' : ''}`,
      values: [...where.values, ...page],
    };
  };

  async function sweep(): Promise<void> {
    for (const { name, expires } of specs.values()) {
      if (!expires) continue;
      const query: Query = { expiresAt: { $lt: Date.now() } };
      await writer.commit([{ kind: 'purge', collection: name, query }]).catch(() => undefined);
    }
  }

  return {
    engine: 'sqlite',
    description: `SQLite ${sqliteVersion(reading)}, ${file}`,
    capabilities: { transactions: true, partialUniqueIndexes: true },
    async ensure(given) {
      const report = {
        created: [] as string[],
        undeclared: [] as string[],
        refused: [] as IndexReport['refused'][number][],
      };
      await writer.exclusive(() => {
        for (const spec of given) {
          ensureCollection(writing, spec, report);
          specs.set(spec.name, spec);
        }
      });
      return report;
    },
    get: (collection, name) =>
      run(collection, () => {
        const row = reads.get({
          text: `SELECT doc FROM ${tableOf(collection)} WHERE name = ?`,
          values: [name],
        });
        return row ? parseDoc(row['doc']) : undefined;
      }),
    find: (collection, query, options = {}) =>
      run(collection, () => {
        const docs = reads.all(select(collection, query, options)).map((row) => parseDoc(row['doc']));
        const { fields } = options;
        return fields ? docs.map((doc) => project(doc, fields)) : docs;
      }),
    count: (collection, query, limit) =>
      run(collection, () => {
        const where = compileQuery(query, elementIndexOf(collection));
        const table = tableOf(collection);
        const text =
          limit === undefined
            ? `SELECT count(*) AS n FROM ${table} WHERE ${where.text}`
            : `SELECT count(*) AS n FROM (SELECT 1 FROM ${table} WHERE ${where.text} LIMIT ?)`;
        const values = limit === undefined ? where.values : [...where.values, limit];
        return Number(reads.get({ text, values })?.['n'] ?? 0);
      }),
    commit: (batch: readonly Write[]) => writer.commit(batch),
    increment: (counter, by) => writer.increment(counter, by),
    raise: (counter, value) => writer.raise(counter, value),
    lowered: (collection, query, options = {}) => inline(select(collection, query, options)),
    ping: () => run('', () => void reads.get({ text: 'SELECT 1', values: [] })),
    async close() {
      if (closed) return;
      closed = true;
      clearInterval(sweeper);
      await writer.close();
      reads.clear();
      reading.close();
      writing.close();
    },
  };
}

function parseDoc(text: unknown): Doc {
  const doc: Doc = JSON.parse(String(text));
  return doc;
}

function project(doc: Doc, fields: readonly string[]): Doc {
  const result: Record<string, Doc[string]> & { name: Doc['name'] } = { name: doc.name };
  for (const field of fields) {
    const value = doc[field];
    if (value !== undefined) result[field] = value;
  }
  return result;
}

/** Text to paste into the sqlite3 shell. */
function inline({ text, values }: Sql): string {
  let next = 0;
  return text.replaceAll('?', () => {
    const value = values[next++] ?? null;
    return typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value);
  });
}
