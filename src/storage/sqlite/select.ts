// Statements that read: a query and its options → SQL with its values, or as text for people.
import type { Json } from '../../util/json.ts';
import type { Query } from '../query.ts';
import type { Doc, FindOptions } from '../store.ts';
import { column, compileQuery, type Bind } from './compile.ts';
import type { SqlValue } from './driver.ts';
import type { Layout } from './layout.ts';
import { identifier, textLiteral } from './names.ts';
import { keyPath } from './spelling.ts';

export interface Sql {
  readonly text: string;
  readonly values: readonly SqlValue[];
}

/** Builds a statement whose values are parameters. */
export function bound(build: (bind: Bind) => string): Sql {
  const values: SqlValue[] = [];
  const text = build((value) => {
    values.push(value);
    return '?';
  });
  return { text, values };
}

/** Builds a statement to paste into the sqlite3 shell. */
export function inlined(build: (bind: Bind) => string): string {
  return `${build(literal)};`;
}

export function selectDocs(layout: Layout, query: Query, options: FindOptions): (bind: Bind) => string {
  const { sort = [], skip, limit } = options;
  const what = selection(options.fields);
  const named = sort.findIndex(([field]) => field === 'name');
  // Nothing that follows a unique key can matter.
  const keys = named === -1 ? [...sort, ['name', 'asc'] as const] : sort.slice(0, named + 1);
  const order = keys.map(([field, direction]) => column(field) + (direction === 'desc' ? ' DESC' : ''));
  return (bind) => {
    const where = compileQuery(query, { layout, bind });
    // SQLite has no OFFSET without a LIMIT; a negative one is none.
    const page = limit === undefined && !skip ? '' : ` LIMIT ${bind(limit ?? -1)} OFFSET ${bind(skip ?? 0)}`;
    return `SELECT ${what} FROM ${identifier(layout.table)} WHERE ${where} ORDER BY ${order.join(', ')}${page}`;
  };
}

export function countDocs(layout: Layout, query: Query, limit: number | undefined): (bind: Bind) => string {
  return (bind) => {
    const matching = `FROM ${identifier(layout.table)} WHERE ${compileQuery(query, { layout, bind })}`;
    if (limit === undefined) return `SELECT count(*) AS found ${matching}`;
    return `SELECT count(*) AS found FROM (SELECT 1 ${matching} LIMIT ${bind(limit)})`;
  };
}

/** More fields than these are picked faster from the whole document than by SQLite, which looks for each alone. */
const PICKED_MAX = 16;

/** Names alone can be read off an index. Picking a few fields here spares parsing the rows of child tables. */
function selection(fields: readonly string[] | undefined): string {
  if (fields === undefined || fields.length > PICKED_MAX) return 'doc';
  if (fields.every((field) => field === 'name')) return 'name';
  return `json_array(${fields.map((field) => `doc -> ${keyPath(field)}`).join(', ')}) AS picked, name`;
}

/** The document of a row that `selectDocs` has found. A field that is null is left out when fields are picked. */
export function readDoc(row: Readonly<Record<string, unknown>>, fields?: readonly string[]): Doc {
  const { name, doc: text, picked } = row;
  if (typeof text === 'string') return readWhole(text, fields);
  if (typeof name !== 'string' && typeof name !== 'number') throw misread();
  if (fields === undefined || typeof picked !== 'string') return { name };
  const values: unknown = JSON.parse(picked);
  if (!isList(values)) throw misread();
  return pick(name, fields, (_, at) => values[at]);
}

function readWhole(text: string, fields: readonly string[] | undefined): Doc {
  const doc: unknown = JSON.parse(text);
  if (!isDoc(doc)) throw misread();
  if (fields === undefined) return doc;
  return pick(doc.name, fields, (field) => (Object.hasOwn(doc, field) ? doc[field] : undefined));
}

function pick(
  name: Doc['name'],
  fields: readonly string[],
  valueOf: (field: string, at: number) => Json | undefined,
): Doc {
  const kept: { name: Doc['name']; [field: string]: Json } = { name };
  for (const [at, field] of fields.entries()) {
    const value = valueOf(field, at) ?? null;
    if (value !== null && field !== 'name') kept[field] = value;
  }
  return kept;
}

const misread = (): Error => new TypeError('a stored document is not what was written');

function isList(value: unknown): value is readonly Json[] {
  return Array.isArray(value);
}

function isDoc(value: unknown): value is Doc {
  if (typeof value !== 'object' || value === null || !('name' in value)) return false;
  return typeof value.name === 'string' || typeof value.name === 'number';
}

function literal(value: SqlValue): string {
  if (typeof value === 'number') return String(value);
  // A shell reads no NUL, and a line break would tear the line apart.
  const pieces = value.split(/([\0\r\n]+)/).filter((piece) => piece !== '');
  if (pieces.length === 0) return "''";
  const spelled = pieces.map((piece) =>
    /^[\0\r\n]/.test(piece)
      ? `char(${Array.from(piece, (char) => char.charCodeAt(0)).join(', ')})`
      : textLiteral(piece),
  );
  return spelled.length === 1 ? spelled.join('') : `(${spelled.join(' || ')})`;
}
