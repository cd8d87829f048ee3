// The embedded engine: a Store on one SQLite file. Reads run on a connection of their own; every write goes through
// the queue. It knows nothing of doctypes, users or HTTP.
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StoreUnavailable } from '../errors.ts';
import type { Store } from '../store.ts';
import { openConnection, type Connection } from './connection.ts';
import { toStoreError } from './faults.ts';
import { ensureCollection, joinReports } from './indexes.ts';
import { bareLayout, layoutOf, type Layout } from './layout.ts';
import { identifier } from './names.ts';
import { createWriteQueue } from './queue.ts';
import { bound, countDocs, inlined, readDoc, selectDocs } from './select.ts';
import { sweepExpired } from './sweep.ts';
import { applyWrite, incrementCounter, raiseCounter, type Writing } from './writes.ts';

export interface SqliteOptions {
  /** The database file. It and its folder are made when they are missing. */
  readonly file: string;
  /** How often expired documents are removed. */
  readonly sweepMs?: number;
}

const SWEEP_MS = 60_000;

/** @throws StoreUnavailable when the file cannot be opened or is no database */
export async function openSqliteStore({ file, sweepMs = SWEEP_MS }: SqliteOptions): Promise<Store> {
  const opened: Connection[] = [];
  const open = async (role: 'reader' | 'writer'): Promise<Connection> => {
    const connection = await openConnection(file, role);
    opened.push(connection);
    return connection;
  };
  try {
    await mkdir(dirname(file), { recursive: true });
    // The writer first: it makes the file what the reader expects.
    const writer = await open('writer');
    const reader = await open('reader');
    return createStore({ file, sweepMs, writer, reader });
  } catch (error) {
    for (const connection of opened) connection.close();
    const reason = error instanceof Error ? error.message : String(error);
    throw new StoreUnavailable(`cannot open ${file}: ${reason}`, { cause: error });
  }
}

interface Parts {
  readonly file: string;
  readonly sweepMs: number;
  readonly writer: Connection;
  readonly reader: Connection;
}

function createStore({ file, sweepMs, writer, reader }: Parts): Store {
  const layouts = new Map<string, Layout>();
  const expiring = new Set<string>();
  const queue = createWriteQueue(writer);
  const layout = (collection: string): Layout => layouts.get(collection) ?? bareLayout(collection);
  const isKnown = createTableLookup(reader);
  const writing: Writing = { connection: writer, layoutOf: layout, isKnown };

  // A sweep that fails is tried again in the next round; whatever is wrong, the callers' own writes report.
  const sweep = (): void => void sweepExpired(queue, writer, expiring, Date.now()).catch(() => undefined);
  const timer = setInterval(sweep, sweepMs);
  timer.unref();
  let closing: Promise<void> | undefined;

  const close = async (): Promise<void> => {
    clearInterval(timer);
    await queue.close();
    reader.close();
    writer.close();
  };

  /** @throws StoreUnavailable */
  const read = async <T>(work: () => T): Promise<T> => {
    if (closing !== undefined) throw new StoreUnavailable('the database is closed');
    try {
      return work();
    } catch (error) {
      throw toStoreError(error);
    }
  };

  return {
    engine: 'sqlite',
    description: `SQLite ${versionOf(reader)}, ${file}`,
    capabilities: { transactions: true, partialUniqueIndexes: true },
    async ensure(specs) {
      const reports = await queue.run(() =>
        specs.map((spec) => ensureCollection(writer, spec, layoutOf(spec))),
      );
      for (const spec of specs) {
        const made = layoutOf(spec);
        layouts.set(spec.name, made);
        if (spec.expires === true) expiring.add(made.table);
      }
      sweep();
      return joinReports(reports);
    },
    get: (collection, name) =>
      read(() => {
        const at = layout(collection);
        if (!isKnown(at)) return undefined;
        const row = reader.get(`SELECT doc FROM ${identifier(at.table)} WHERE name = ?`, [name]);
        return row === undefined ? undefined : readDoc(row);
      }),
    find: (collection, query, options = {}) =>
      read(() => {
        const at = layout(collection);
        const { text, values } = bound(selectDocs(at, query, options));
        return isKnown(at) ? reader.all(text, values).map((row) => readDoc(row, options.fields)) : [];
      }),
    count: (collection, query, limit) =>
      read(() => {
        const at = layout(collection);
        const { text, values } = bound(countDocs(at, query, limit));
        return isKnown(at) ? Number(reader.get(text, values)?.['found']) : 0;
      }),
    commit: (batch) =>
      queue.run(() => {
        for (const write of batch) applyWrite(writing, write);
      }),
    increment: (counter, by = 1) => queue.run(() => incrementCounter(writing, counter, by)),
    raise: (counter, value) => queue.run(() => raiseCounter(writing, counter, value)),
    lowered: (collection, query, options = {}) => inlined(selectDocs(layout(collection), query, options)),
    ping: () => read(() => void reader.get('SELECT 1 FROM sqlite_schema')),
    close: () => (closing ??= close()),
  };
}

/** Whether a table exists, asked once per table that does: tables never go. A collection without one is empty. */
function createTableLookup(reader: Connection): (layout: Layout) => boolean {
  const known = new Set<string>();
  return ({ table }) => {
    if (known.has(table)) return true;
    const found = reader.get("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?", [table]);
    if (found !== undefined) known.add(table);
    return found !== undefined;
  };
}

function versionOf(connection: Connection): string {
  return String(connection.get('SELECT sqlite_version() AS version')?.['version']);
}
