// Chooses the SQLite driver, once: Node's own module where the runtime has it, else the package with the same API.
// The only file that may name a driver.
import { isBuiltin } from 'node:module';

export type SqlValue = string | number;
export type Row = Readonly<Record<string, unknown>>;

export interface Statement {
  run(...values: SqlValue[]): { readonly changes: number | bigint };
  get(...values: SqlValue[]): Row | undefined;
  all(...values: SqlValue[]): Row[];
}

interface FunctionOptions {
  readonly deterministic: boolean;
  readonly useBigIntArguments: boolean;
}

/** The part of the drivers' common API that the engine uses; all of it is synchronous. */
export interface Database {
  prepare(sql: string): Statement;
  exec(sql: string): void;
  function(name: string, options: FunctionOptions, body: (...values: unknown[]) => number): void;
  close(): void;
}

type DatabaseClass = new (file: string) => Database;

const OWN = 'node:sqlite';
const PACKAGE = '@photostructure/sqlite';

/** @throws Error when the database file cannot be opened */
export async function openDatabase(file: string): Promise<Database> {
  // Node lists its module from 22.13 on; before that it sits behind a flag.
  const driver: unknown = await import(isBuiltin(OWN) ? OWN : PACKAGE);
  if (!hasDatabase(driver)) throw new Error('the SQLite driver has no DatabaseSync');
  return new driver.DatabaseSync(file);
}

function hasDatabase(driver: unknown): driver is { DatabaseSync: DatabaseClass } {
  return (
    typeof driver === 'object' &&
    driver !== null &&
    'DatabaseSync' in driver &&
    typeof driver.DatabaseSync === 'function'
  );
}
