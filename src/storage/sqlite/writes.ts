// One step of a batch, and the counters, as statements on the writer. Runs inside a transaction that others began.
import { DuplicateKey, WriteConflict } from '../errors.ts';
import type { Doc, Write } from '../store.ts';
import { bindValue, column, compileQuery } from './compile.ts';
import type { Connection } from './connection.ts';
import { toStoreError, violatedKey } from './faults.ts';
import { createTable, type Layout } from './layout.ts';
import { identifier, uniqueFieldOf } from './names.ts';
import { bound, type Sql } from './select.ts';
import { valueAt } from './spelling.ts';

/** Counters are documents `{name, value}` of this collection. */
export const COUNTERS = '_series';

export interface Writing {
  readonly connection: Connection;
  layoutOf(collection: string): Layout;
  /** Whether the table is there for good, committed and all. */
  isKnown(layout: Layout): boolean;
}

/** @throws DuplicateKey, WriteConflict, StoreUnavailable */
export function applyWrite(writing: Writing, write: Write): void {
  try {
    if (write.kind === 'release') release(writing, write);
    else applyToCollection(writing, write, tableFor(writing, write.collection));
  } catch (error) {
    throw describeFailure(writing, write, error);
  }
}

type DocWrite = Exclude<Write, { kind: 'release' }>;

function applyToCollection({ connection }: Writing, write: DocWrite, layout: Layout): void {
  const table = identifier(layout.table);
  switch (write.kind) {
    case 'insert':
      connection.run(`INSERT INTO ${table} (name, doc) VALUES (?, ?)`, [write.doc.name, textOf(write.doc)]);
      return;
    case 'put':
      connection.run(
        `INSERT INTO ${table} (name, doc) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET doc = excluded.doc`,
        [write.doc.name, textOf(write.doc)],
      );
      return;
    case 'replace': {
      const condition = unchanged(write.doc.name, write.modified);
      const values = [textOf(write.doc), ...condition.values];
      const changes = connection.run(`UPDATE ${table} SET doc = ? WHERE ${condition.text}`, values);
      mustChange(changes, write, write.doc.name);
      return;
    }
    case 'remove': {
      const { text, values } = unchanged(write.name, write.modified);
      mustChange(connection.run(`DELETE FROM ${table} WHERE ${text}`, values), write, write.name);
      return;
    }
    case 'purge': {
      const { text, values } = bound((bind) => compileQuery(write.query, { layout, bind }));
      connection.run(`DELETE FROM ${table} WHERE ${text}`, values);
    }
  }
}

function unchanged(name: string | number, modified: string | null): Sql {
  const stored = column('modified');
  if (modified === null) return { text: `name = ? AND ${stored} IS NULL`, values: [name] };
  return { text: `name = ? AND ${stored} IS ?`, values: [name, modified] };
}

/** @throws WriteConflict when the statement has met no document */
function mustChange(changes: number, { collection }: DocWrite, name: string | number): void {
  if (changes === 0) throw new WriteConflict(collection, name);
}

/** JSON with the name in front, so that whoever reads the table by eye finds it. */
function textOf(doc: Doc): string {
  const { name, ...rest } = doc;
  return JSON.stringify({ name, ...rest });
}

const HELD = "json_extract(held.doc, '$.value')";
const GIVEN = "json_extract(excluded.doc, '$.value')";

/** Adds to a counter and gives its new value. */
export function incrementCounter(writing: Writing, counter: string, by: number): number {
  return setCounter(writing, counterDoc(counter, by), `${HELD} + ${GIVEN}`);
}

/** Lifts a counter, never lowers it. */
export function raiseCounter(writing: Writing, counter: string, value: number): void {
  setCounter(writing, counterDoc(counter, value), `max(${HELD}, ${GIVEN})`);
}

/** A counter that is not there yet becomes what is given; the others become `next`. */
function setCounter(writing: Writing, given: Doc, next: string): number {
  const row = writing.connection.get(
    `INSERT INTO ${identifier(tableFor(writing, COUNTERS).table)} AS held (name, doc) VALUES (?, ?) ` +
      `ON CONFLICT (name) DO UPDATE SET doc = json_set(held.doc, '$.value', ${next}) ` +
      `RETURNING json_extract(doc, '$.value') AS value`,
    [given.name, textOf(given)],
  );
  return Number(row?.['value']);
}

function counterDoc(counter: string, value: number): Doc {
  return { name: counter, value };
}

function release(writing: Writing, { counter, value }: Extract<Write, { kind: 'release' }>): void {
  const table = identifier(tableFor(writing, COUNTERS).table);
  writing.connection.run(
    `UPDATE ${table} SET doc = json_set(doc, '$.value', json_extract(doc, '$.value') - 1) ` +
      `WHERE name = ? AND json_extract(doc, '$.value') = ?`,
    [counter, value],
  );
}

/** The table of a collection, made when a write comes before `ensure` has. */
function tableFor(writing: Writing, collection: string): Layout {
  const layout = writing.layoutOf(collection);
  if (!writing.isKnown(layout)) writing.connection.run(createTable(layout.table));
  return layout;
}

function describeFailure(writing: Writing, write: Write, error: unknown): unknown {
  const key = violatedKey(error);
  if (key === undefined || !('doc' in write)) return toStoreError(error);
  const field = key === 'name' ? 'name' : takenField(writing, write.collection, write.doc);
  return new DuplicateKey(write.collection, field, write.doc.name, { cause: error });
}

/** SQLite names the index in its message alone; so the unique values are looked up, which only a failure costs. */
function takenField(writing: Writing, collection: string, doc: Doc): string {
  const { table } = writing.layoutOf(collection);
  const indexes = writing.connection.all(
    "SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = ?",
    [table],
  );
  const fields = indexes.flatMap((row) => uniqueFieldOf(table, String(row['name'])) ?? []);
  return fields.find((field) => isTaken(writing, { table, field }, doc)) ?? fields.join(', ');
}

function isTaken({ connection }: Writing, at: { table: string; field: string }, doc: Doc): boolean {
  const value = Object.hasOwn(doc, at.field) ? doc[at.field] : undefined;
  if (typeof value !== 'string' && typeof value !== 'number') return false;
  const { text, values } = bound(
    (bind) =>
      `SELECT 1 FROM ${identifier(at.table)} ` +
      `WHERE ${valueAt('doc', at.field)} IS ${bindValue(value, bind)} AND name <> ${bind(doc.name)}`,
  );
  return connection.get(text, values) !== undefined;
}
