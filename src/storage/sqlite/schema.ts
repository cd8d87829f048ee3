// Tables, indexes and element indexes of a collection, made when missing. Nothing is dropped.
import type { CollectionSpec, IndexSpec } from '../store.ts';
import { column, pathOf } from './compile.ts';
import type { Database } from './driver.ts';
import { elementTable, indexPrefix, quoteName, tableOf, triggerOf } from './names.ts';

interface Report {
  readonly created: string[];
  readonly undeclared: string[];
  readonly refused: { readonly index: string; readonly reason: string }[];
}

export function ensureCollection(database: Database, spec: CollectionSpec, report: Report): void {
  const table = tableOf(spec.name);
  database.exec(`CREATE TABLE IF NOT EXISTS ${table} (name PRIMARY KEY NOT NULL, doc TEXT NOT NULL)`);
  const known = new Set(
    database
      .prepare("SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL")
      .all(unquoted(table))
      .map((row) => String(row['name'])),
  );
  const expiry: IndexSpec[] = spec.expires ? [{ fields: [['expiresAt', 'asc']] }] : [];
  const declared = new Map([...spec.indexes, ...expiry].map((index) => [indexName(spec.name, index), index]));
  for (const [name, index] of declared) {
    if (!known.has(name)) makeIndex(database, { table, name, index }, report);
  }
  report.undeclared.push(...[...known].filter((name) => !declared.has(name)));
  for (const path of spec.elementIndexes) ensureElements(database, { collection: spec.name, path }, report);
}

function indexName(collection: string, { fields, unique }: IndexSpec): string {
  const keys = fields.map(([field, direction]) => (direction === 'asc' ? field : `-${field}`)).join(',');
  return `${indexPrefix(collection)}${unique ? 'u:' : ''}${keys}`;
}

interface NewIndex {
  readonly table: string;
  readonly name: string;
  readonly index: IndexSpec;
}

function makeIndex(database: Database, { table, name, index }: NewIndex, report: Report): void {
  const columns = index.fields.map(([field, direction]) => `${column(field)} ${direction}`);
  const [first = 'name'] = index.fields.map(([field]) => column(field));
  const sql = index.unique
    ? `CREATE UNIQUE INDEX ${quoteName(name)} ON ${table} (${columns.join(', ')}) WHERE ${first} IS NOT NULL AND ${first} <> ''`
    : `CREATE INDEX ${quoteName(name)} ON ${table} (${[...columns, 'name'].join(', ')})`;
  database.exec('SAVEPOINT making');
  try {
    database.exec(sql);
    report.created.push(name);
  } catch (error) {
    database.exec('ROLLBACK TO making');
    report.refused.push({ index: name, reason: error instanceof Error ? error.message : String(error) });
  }
  database.exec('RELEASE making');
}

interface ElementPath {
  readonly collection: string;
  readonly path: string;
}

/** A table of (value, document) pairs, kept by triggers, for look-ups inside arrays. */
function ensureElements(database: Database, { collection, path }: ElementPath, report: Report): void {
  const side = elementTable(collection, path);
  const table = tableOf(collection);
  const exists = database.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?");
  if (exists.get(unquoted(side))) return;
  database.exec(
    `CREATE TABLE ${side} (value NOT NULL, name NOT NULL, PRIMARY KEY (value, name)) WITHOUT ROWID`,
  );
  database.exec(`CREATE INDEX ${quoteName(`n:${unquoted(side)}`)} ON ${side} (name)`);
  database.exec(`INSERT OR IGNORE INTO ${side} ${pairs(path, table)}`);
  const forget = `DELETE FROM ${side} WHERE name = old.name;`;
  const note = `INSERT OR IGNORE INTO ${side} ${pairs(path, '(SELECT new.name AS name, new.doc AS doc)')};`;
  const triggers = { INSERT: note, UPDATE: `${forget} ${note}`, DELETE: forget };
  for (const [event, body] of Object.entries(triggers)) {
    database.exec(
      `CREATE TRIGGER ${triggerOf(collection, path, event)} AFTER ${event} ON ${table} BEGIN ${body} END`,
    );
  }
  report.created.push(unquoted(side));
}

const unquoted = (name: string): string => name.slice(1, -1).replaceAll('""', '"');

/** `items.item_code`: a field of row objects; `_ancestors`: the elements themselves. */
function pairs(path: string, source: string): string {
  const [array = path, field] = path.split('.');
  const value = field === undefined ? 'e.value' : `json_extract(e.value, ${pathOf(field)})`;
  const shape = field === undefined ? "e.type IN ('text','integer','real')" : "e.type = 'object'";
  const each = `json_each(CASE json_type(d.doc, ${pathOf(array)}) WHEN 'array' THEN json_extract(d.doc, ${pathOf(array)}) ELSE '[]' END)`;
  return `SELECT ${value}, d.name FROM ${source} d, ${each} e WHERE ${shape} AND ${value} IS NOT NULL`;
}
