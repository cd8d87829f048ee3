// Side tables of (value, name) pairs: which documents hold a value in one of their arrays. Triggers keep them, so no
// write can forget to.
import type { Connection } from './connection.ts';
import { identifier, textLiteral } from './names.ts';
import { elementValue, keyPath, valueAt } from './spelling.ts';

interface ElementIndex {
  /** `items.item_code`, a field of row objects; `_ancestors`, the elements themselves. */
  readonly path: string;
  readonly side: string;
}

/** Makes the side table of a path, fills it from the documents that are there, and keeps it from now on. */
export function makeElementTable(connection: Connection, table: string, { path, side }: ElementIndex): void {
  const own = identifier(side);
  const on = identifier(table);
  connection.run(
    `CREATE TABLE ${own} (value NOT NULL, name NOT NULL, PRIMARY KEY (value, name)) WITHOUT ROWID`,
  );
  connection.run(`CREATE INDEX ${identifier(`${side} by name`)} ON ${own} (name)`);
  connection.run(`INSERT INTO ${own} (value, name) ${pairs(path, on)}`);

  const forget = `DELETE FROM ${own} WHERE name = old.name;`;
  const note = `INSERT INTO ${own} (value, name) ${pairs(path, 'new')};`;
  const changed = `old.doc -> ${arrayPath(path)} IS NOT new.doc -> ${arrayPath(path)}`;
  const triggers = {
    inserted: `AFTER INSERT ON ${on} BEGIN ${note} END`,
    updated: `AFTER UPDATE ON ${on} WHEN ${changed} BEGIN ${forget} ${note} END`,
    removed: `AFTER DELETE ON ${on} BEGIN ${forget} END`,
  };
  for (const [event, body] of Object.entries(triggers)) {
    connection.run(`CREATE TRIGGER ${identifier(`${side} ${event}`)} ${body}`);
  }
}

function arrayPath(path: string): string {
  return keyPath(splitPath(path).array);
}

function splitPath(path: string): { readonly array: string; readonly field: string | undefined } {
  const dot = path.indexOf('.');
  if (dot === -1) return { array: path, field: undefined };
  return { array: path.slice(0, dot), field: path.slice(dot + 1) };
}

/** The pairs of every document of a table, or of the one document that `new` stands for in a trigger. */
function pairs(path: string, source: string): string {
  const { field } = splitPath(path);
  const at = `${source}.doc, ${arrayPath(path)}`;
  const value = field === undefined ? elementValue('e') : valueAt('e.value', field);
  const shape =
    field === undefined ? "e.type NOT IN ('array', 'object')" : `e.type = ${textLiteral('object')}`;
  const from = source === 'new' ? '' : `${source}, `;
  return (
    `SELECT DISTINCT ${value}, ${source}.name FROM ${from}json_each(${at}) AS e ` +
    `WHERE json_type(${at}) IS 'array' AND ${shape} AND ${value} IS NOT NULL`
  );
}
