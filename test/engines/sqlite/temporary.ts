// Stores on files of their own, removed after each test, and a look behind them.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openConnection, type Connection } from '../../../src/storage/sqlite/connection.ts';
import { openSqliteStore, type SqliteOptions } from '../../../src/storage/sqlite/store.ts';
import type { CollectionSpec, Store } from '../../../src/storage/store.ts';

export function temporaryFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'doctype-server-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'sub folder', 'data.sqlite');
}

/** A store for one test. */
export async function temporaryStore(
  specs: readonly CollectionSpec[] = [],
  options: Partial<SqliteOptions> = {},
): Promise<{ store: Store; file: string }> {
  const file = options.file ?? temporaryFile();
  const store = await openSqliteStore({ ...options, file });
  onTestFinished(() => store.close());
  await store.ensure(specs);
  return { store, file };
}

/** A connection beside the store's own, as another process would have. */
export async function otherConnection(
  file: string,
  role: 'reader' | 'writer' = 'reader',
): Promise<Connection> {
  const connection = await openConnection(file, role);
  onTestFinished(() => connection.close());
  return connection;
}

export const spec = (name: string, rest: Partial<CollectionSpec> = {}): CollectionSpec => ({
  name,
  indexes: [],
  elementIndexes: [],
  ...rest,
});

/** A rejection as a value. */
export const asValue = (error: unknown): unknown => error;
