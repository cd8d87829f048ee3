// One connection with its settings, the service's LIKE, and its prepared statements. Knows nothing of documents.
import { like } from '../../util/like.ts';
import type { Database, Row, SqlValue, Statement } from './driver.ts';
import { openDatabase } from './driver.ts';

/** Statements kept prepared per connection; the least recently used goes first. */
const PREPARED = 400;
const BUSY_TIMEOUT_MS = 5000;
/** The writer waits for another process outside of SQLite, so that the event loop goes on. */
const WRITER_BUSY_TIMEOUT_MS = 20;

export interface Connection {
  run(sql: string, values?: readonly SqlValue[]): number;
  get(sql: string, values?: readonly SqlValue[]): Row | undefined;
  all(sql: string, values?: readonly SqlValue[]): Row[];
  close(): void;
}

/** @throws Error of the driver when the file cannot be opened or is no database */
export async function openConnection(file: string, role: 'reader' | 'writer'): Promise<Connection> {
  const database = await openDatabase(file);
  try {
    configure(database, role);
  } catch (error) {
    database.close();
    throw error;
  }
  const prepared = new Map<string, Statement>();

  const statement = (sql: string): Statement => {
    const known = prepared.get(sql);
    const found = known ?? database.prepare(sql);
    if (known !== undefined) prepared.delete(sql);
    prepared.set(sql, found);
    if (prepared.size > PREPARED) {
      const [oldest] = prepared.keys();
      if (oldest !== undefined) prepared.delete(oldest);
    }
    return found;
  };

  return {
    run: (sql, values = []) => Number(statement(sql).run(...values).changes),
    get: (sql, values = []) => statement(sql).get(...values),
    all: (sql, values = []) => statement(sql).all(...values),
    close() {
      prepared.clear();
      database.close();
    },
  };
}

function configure(database: Database, role: 'reader' | 'writer'): void {
  const settings = [
    `busy_timeout = ${BUSY_TIMEOUT_MS}`,
    'journal_mode = WAL',
    // A commit is acknowledged only when it is on the disk; the driver's own default would leave it to chance.
    'synchronous = FULL',
    'cache_size = -65536',
    'mmap_size = 268435456',
    'journal_size_limit = 67108864',
    'temp_store = MEMORY',
    role === 'reader' ? 'query_only = ON' : `busy_timeout = ${WRITER_BUSY_TIMEOUT_MS}`,
  ];
  for (const setting of settings) database.exec(`PRAGMA ${setting}`);
  // `text LIKE pattern` calls like(pattern, text); SQLite's own folds the case of ASCII only.
  // Integers come as bigint, since the driver refuses to make numbers of those beyond 2^53; they match nothing anyway.
  database.function('like', { deterministic: true, useBigIntArguments: true }, (pattern, text) =>
    typeof pattern === 'string' && typeof text === 'string' && like(pattern, text) ? 1 : 0,
  );
}
