// Makes the tables, indexes and side tables of a collection that are missing. Drops nothing: what nobody declares is
// reported.
import type { CollectionSpec, IndexReport, IndexSpec } from '../store.ts';
import { column, guarded } from './compile.ts';
import type { Connection } from './connection.ts';
import { makeElementTable } from './element-tables.ts';
import { violatedKey } from './faults.ts';
import { createTable, type Layout } from './layout.ts';
import { identifier, indexName, isElementTableName } from './names.ts';
import { valueAt } from './spelling.ts';

/** One of the parts of IndexReport, to be joined. */
type Finding = Partial<IndexReport>;

/** Runs inside a transaction of the writer. */
export function ensureCollection(connection: Connection, spec: CollectionSpec, layout: Layout): IndexReport {
  connection.run(createTable(layout.table));
  const present = indexesOn(connection, layout.table);
  const declared = new Map(declaredIndexes(spec).map((index) => [indexName(layout.table, index), index]));
  const findings = [...declared].map(([name, index]) =>
    present.has(name) ? {} : makeIndex(connection, layout.table, { name, index }),
  );
  const sides = elementTablesOn(connection, layout.table);
  const made = [...layout.elements].flatMap(([path, side]) => {
    if (sides.has(side)) return [];
    makeElementTable(connection, layout.table, { path, side });
    return [side];
  });
  const declaredSides = new Set(layout.elements.values());
  const undeclared = [
    ...[...present].filter((name) => !declared.has(name)),
    ...[...sides].filter((side) => !declaredSides.has(side)),
  ];
  return joinReports([...findings, { created: made, undeclared }]);
}

export function joinReports(reports: readonly Finding[]): IndexReport {
  return {
    created: reports.flatMap(({ created = [] }) => created),
    undeclared: reports.flatMap(({ undeclared = [] }) => undeclared),
    refused: reports.flatMap(({ refused = [] }) => refused),
  };
}

function declaredIndexes(spec: CollectionSpec): readonly IndexSpec[] {
  return spec.expires === true ? [...spec.indexes, { fields: [['expiresAt', 'asc']] }] : spec.indexes;
}

/** All but those that SQLite makes for primary keys. */
function indexesOn(connection: Connection, table: string): Set<string> {
  const rows = connection.all(
    "SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL",
    [table],
  );
  return new Set(rows.map((row) => String(row['name'])));
}

function elementTablesOn(connection: Connection, table: string): Set<string> {
  const rows = connection.all(
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND substr(name, 1, length(?1)) = ?1",
    [table],
  );
  return new Set(rows.map((row) => String(row['name'])).filter((name) => isElementTableName(table, name)));
}

interface NewIndex {
  readonly name: string;
  readonly index: IndexSpec;
}

function makeIndex(connection: Connection, table: string, { name, index }: NewIndex): Finding {
  const sql = index.unique === true ? uniqueIndex(table, name, index) : plainIndex(table, name, index);
  try {
    connection.run(sql);
    return { created: [name] };
  } catch (error) {
    // A statement that fails undoes itself alone.
    if (violatedKey(error) === undefined) throw error;
    return { refused: [{ index: name, reason: collision(connection, table, index) }] };
  }
}

/** Ends with the name, by which every list is ordered in the end: so it is read off the index, unsorted. */
function plainIndex(table: string, name: string, { fields }: IndexSpec): string {
  const keys = fields.map(([field, direction]) => `${column(field)} ${direction.toUpperCase()}`);
  const ending = fields.some(([field]) => field === 'name') ? [] : ['name'];
  return `CREATE INDEX ${identifier(name)} ON ${identifier(table)} (${[...keys, ...ending].join(', ')})`;
}

/** @throws TypeError when the index has not just one field */
function uniqueIndex(table: string, name: string, { fields }: IndexSpec): string {
  const [first, second] = fields;
  if (first === undefined || second !== undefined) throw new TypeError('a unique index has one field');
  const value = column(first[0]);
  return `CREATE UNIQUE INDEX ${identifier(name)} ON ${identifier(table)} (${value}) WHERE ${guarded(value)}`;
}

/** Why a unique index could not be made, with an example to look for. */
function collision(connection: Connection, table: string, { fields }: IndexSpec): string {
  const field = fields[0]?.[0] ?? '';
  const value = valueAt('doc', field);
  const example = connection.get(
    `SELECT json_quote(${value}) AS value, count(*) AS times FROM ${identifier(table)} ` +
      `WHERE ${guarded(value)} GROUP BY ${value} HAVING count(*) > 1 LIMIT 1`,
  );
  return `${String(example?.['times'])} documents have the same ${field}, ${String(example?.['value'])}`;
}
