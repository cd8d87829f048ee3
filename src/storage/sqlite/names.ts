// Names of tables and indexes. SQLite ignores the case of ASCII letters in names, so two collections that differ
// only in case need different spellings; and tables, indexes and side tables share one name space.
import type { IndexSpec } from '../store.ts';

const UNIQUE = ' unique';
const ELEMENTS = ' elements';

/** `"` quoted, for use in SQL. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** `'` quoted, for use in SQL. */
export function textLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/**
 * The table of a collection: its own name where every word is capitalised (`Sales Order`), else followed by the
 * places of the letters that are not as expected (`ToDo` → `ToDo~2`).
 * @throws TypeError when SQLite could not keep the name as it is
 */
export function tableName(collection: string): string {
  // With the u flag, only surrogates without a partner match; UTF-8 cannot carry them.
  if (collection === '' || collection.includes('\0') || /[\ud800-\udfff]/u.test(collection)) {
    throw new TypeError(`${JSON.stringify(collection)} cannot name a collection`);
  }
  const reserved = /^sqlite_/i.test(collection);
  const unusual = placesOfUnusualCase(collection);
  // Suffixed names end in `~…`, names of indexes hold a `(`: neither can be met by a name that stays plain.
  if (unusual.length === 0 && !reserved && !/[~(]/.test(collection)) return collection;
  return `${reserved ? '~' : ''}${collection}~${reserved ? 's' : ''}${unusual.join('.')}`;
}

function placesOfUnusualCase(text: string): number[] {
  const places: number[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const letter = text.charAt(at);
    const startsWord = at === 0 || text.charAt(at - 1) === ' ';
    if (startsWord ? /[a-z]/.test(letter) : /[A-Z]/.test(letter)) places.push(at);
  }
  return places;
}

/** The name of an index says all about it: `Sales Order(status, modified desc)`, `User(email) unique`. */
export function indexName(table: string, spec: IndexSpec): string {
  const fields = spec.fields.map(
    ([field, direction]) => spellField(field) + (direction === 'desc' ? ' desc' : ''),
  );
  return `${table}(${fields.join(', ')})${spec.unique === true ? UNIQUE : ''}`;
}

/** The side table of an element index, `Sales Order(items.item_code) elements`. */
export function elementTableName(table: string, path: string): string {
  return `${table}(${spellField(path)})${ELEMENTS}`;
}

export function isElementTableName(table: string, name: string): boolean {
  return name.startsWith(`${table}(`) && name.endsWith(`)${ELEMENTS}`);
}

/** The field of a unique index made here, by its name; undefined for any other index. */
export function uniqueFieldOf(table: string, index: string): string | undefined {
  if (!index.startsWith(`${table}(`) || !index.endsWith(`)${UNIQUE}`)) return undefined;
  const spelled = index.slice(table.length + 1, -UNIQUE.length - 1).replace(/ desc$/, '');
  if (!spelled.startsWith('"')) return spelled;
  const field: unknown = JSON.parse(spelled);
  return typeof field === 'string' ? field : undefined;
}

/** Plain where it is lower case; else as JSON without a single capital, which says the same and keeps the case. */
function spellField(field: string): string {
  if (/^[a-z0-9_.]+$/.test(field)) return field;
  return JSON.stringify(field).replaceAll(/[A-Z]/g, (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`);
}
