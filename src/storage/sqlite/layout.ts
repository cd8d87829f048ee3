// What the engine knows of a collection: its table and the indexes that a query may rely on. Data only.
import type { CollectionSpec } from '../store.ts';
import { elementTableName, identifier, tableName } from './names.ts';

export interface Layout {
  /** Name of the table, unquoted. */
  readonly table: string;
  /** Fields under a unique index, which holds neither null nor ''. */
  readonly unique: ReadonlySet<string>;
  /** Side tables by the path of the elements they hold. */
  readonly elements: ReadonlyMap<string, string>;
}

/** The layout of a collection of which nothing is declared. */
export function bareLayout(collection: string): Layout {
  return { table: tableName(collection), unique: new Set(), elements: new Map() };
}

export function layoutOf(spec: CollectionSpec): Layout {
  const table = tableName(spec.name);
  const unique = spec.indexes
    .filter((index) => index.unique === true)
    .flatMap(({ fields }) => fields.map(([field]) => field));
  const elements = spec.elementIndexes.map((path) => [path, elementTableName(table, path)] as const);
  return { table, unique: new Set(unique), elements: new Map(elements) };
}

/** `name` has no type, so that integers stay integers and text stays text. */
export function createTable(table: string): string {
  return `CREATE TABLE IF NOT EXISTS ${identifier(table)} (name NOT NULL PRIMARY KEY, doc TEXT NOT NULL)`;
}
