// The one place that knows which SQLite there is: Node's own where the runtime has it, else the same API from npm.
import { createRequire } from 'node:module';
import { like } from '../../util/like.ts';

export type Value = string | number | null;
export type Row = Record<string, unknown>;

export interface Statement {
  run(...values: Value[]): { readonly changes: number | bigint };
  get(...values: Value[]): Row | undefined;
  all(...values: Value[]): Row[];
}

export interface Database {
  exec(sql: string): void;
  prepare(sql: string): Statement;
  function(name: string, options: { deterministic: boolean }, work: (...values: never[]) => Value): void;
  close(): void;
}

interface Driver {
  readonly DatabaseSync: new (file: string) => Database;
}

const isDriver = (value: unknown): value is Driver =>
  typeof value === 'object' && value !== null && 'DatabaseSync' in value;

const BUSY_MS = 5_000;

export async function openDatabase(file: string): Promise<Database> {
  const { DatabaseSync } = loadDriver();
  const database = new DatabaseSync(file);
  database.exec(`PRAGMA busy_timeout = ${BUSY_MS}`);
  database.exec('PRAGMA journal_mode = WAL');
  database.exec('PRAGMA synchronous = FULL');
  database.exec('PRAGMA cache_size = -65536');
  database.exec('PRAGMA temp_store = MEMORY');
  const matcher = (pattern: unknown, text: unknown): number =>
    typeof pattern === 'string' && typeof text === 'string' && like(pattern, text) ? 1 : 0;
  database.function('like', { deterministic: true }, matcher);
  return database;
}

function loadDriver(): Driver {
  const require = createRequire(import.meta.url);
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const builtIn = major > 22 || (major === 22 && minor >= 13);
  const driver: unknown = require(builtIn ? 'node:sqlite' : '@photostructure/sqlite');
  if (!isDriver(driver)) throw new TypeError('the SQLite driver has no DatabaseSync');
  return driver;
}

export const sqliteVersion = (database: Database): string =>
  String(database.prepare('SELECT sqlite_version() AS v').get()?.['v']);
