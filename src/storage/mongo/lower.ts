// Query → MongoDB filter, sort and projection: nearly the identity. Pure; it never talks to a server.
// `name` is `_id` at the top level only: rows inside arrays keep their own `name`.
import type { Document } from 'mongodb';
import { likeTokens, type LikeToken } from '../../util/like.ts';
import type { Condition, Query } from '../query.ts';
import { conditionParts, queryParts } from '../query-parts.ts';
import type { SortKey } from '../store.ts';

const NOTHING: Document = { _id: { $in: [] } };

/**
 * The filter to hand to the driver.
 * @throws TypeError on anything outside the query language, or a field name that MongoDB would read as a path
 */
export function lowerQuery(query: Query): Document {
  return lowerParts(query, storedField);
}

/** `name` is `_id`; every other field is stored under its own name. @throws TypeError as assertFieldName */
export function storedField(field: string): string {
  return field === 'name' ? '_id' : assertFieldName(field);
}

/** @throws TypeError on names that are paths, operators or the identity itself */
export function assertFieldName(field: string): string {
  if (field === '' || field === '_id' || field.startsWith('$') || /[.\0]/.test(field)) {
    throw new TypeError(`MongoDB cannot hold a field named ${JSON.stringify(field)}`);
  }
  return field;
}

/** @throws TypeError on names that MongoDB does not allow for a collection */
export function assertCollectionName(name: string): string {
  if (name === '' || /[$\0]/.test(name) || name.startsWith('system.')) {
    throw new TypeError(`MongoDB cannot hold a collection named ${JSON.stringify(name)}`);
  }
  return name;
}

/** Pairs, not an object: an object would put a field named `1` first. */
export function lowerSort(sort: readonly SortKey[]): [string, 1 | -1][] {
  const keys = sort.map(([field, direction]): [string, 1 | -1] => [
    storedField(field),
    direction === 'asc' ? 1 : -1,
  ]);
  return keys.some(([field]) => field === '_id') ? keys : [...keys, ['_id', 1]];
}

export function lowerFields(fields: readonly string[]): Document {
  return Object.fromEntries([['_id', 1], ...fields.map((field) => [storedField(field), 1])]);
}

/** How many runs may compete for one text: each multiplies the cost of a failing match by the length of the text. */
const COMPETING_RUNS = 2;

/**
 * A LIKE pattern as a regular expression that ignores case and lets `.` match line ends. With more runs, each text
 * between two of them is held where it is found first (an atomic group), so that a hostile pattern costs little.
 */
export function lowerLike(pattern: string): { $regex: string; $options: 'is' } {
  const tokens = likeTokens(pattern);
  const startsOpen = tokens[0]?.kind === 'run';
  const endsOpen = tokens.at(-1)?.kind === 'run';
  const competing = tokens.filter((token) => token.kind === 'run').length - (endsOpen ? 1 : 0);
  const end = endsOpen ? '' : String.raw`\z`;
  if (competing > COMPETING_RUNS) return { $regex: `^${atomic(tokens)}${end}`, $options: 'is' };
  const inner = tokens.slice(startsOpen ? 1 : 0, endsOpen && tokens.length > 1 ? -1 : undefined);
  const source = inner.map((token) => (token.kind === 'run' ? '.*' : literal(token))).join('');
  return { $regex: `${startsOpen ? '' : '^'}${source}${end}`, $options: 'is' };
}

function atomic(tokens: readonly LikeToken[]): string {
  const parts: string[] = [''];
  for (const token of tokens) {
    if (token.kind === 'run') parts.push('');
    else parts.push(`${parts.pop() ?? ''}${literal(token)}`);
  }
  const [first = '', ...rest] = parts;
  const end = rest.pop() ?? '';
  const held = rest.filter((part) => part !== '').map((part) => `(?>.*?${part})`);
  return `${first}${held.join('')}${end === '' ? '' : `.*${end}`}`;
}

/** MongoDB reads the expression with PCRE, where these are all the characters that mean something. */
function literal(token: LikeToken): string {
  if (token.kind !== 'text') return '.';
  return token.text.replaceAll(/[\\^$.|?*+()[\]{}]/g, String.raw`\$&`).replaceAll('\0', String.raw`\x00`);
}

function lowerParts(query: Query, rename: (field: string) => string): Document {
  const parts = queryParts(query).map((part): Document => {
    if (part.kind === 'field') {
      const condition = lowerCondition(part.condition);
      return Object.keys(condition).length === 0 ? {} : { [rename(part.field)]: condition };
    }
    const filters = part.queries.map((each) => lowerParts(each, rename));
    switch (part.kind) {
      case '$and':
        return both(filters);
      case '$or':
        return filters.length === 0 ? NOTHING : { $or: filters };
      case '$nor':
        return filters.length === 0 ? {} : { $nor: filters };
    }
  });
  return both(parts);
}

/** All of the filters: one object where no key meets itself, else `$and` (which MongoDB refuses when empty). */
function both(filters: readonly Document[]): Document {
  const parts = filters.filter((filter) => Object.keys(filter).length > 0);
  const entries = parts.flatMap((filter) => Object.entries(filter));
  const distinct = new Set(entries.map(([key]) => key)).size === entries.length;
  return distinct ? Object.fromEntries(entries) : { $and: parts };
}

function lowerCondition(condition: Condition): Document {
  const entries = conditionParts(condition).map((part): Document => {
    if (part.operator === '$like') return lowerLike(part.operand);
    if (part.operator !== '$elemMatch') return { [part.operator]: part.operand };
    return {
      $elemMatch: 'row' in part ? lowerParts(part.row, assertFieldName) : lowerCondition(part.element),
    };
  });
  return Object.fromEntries(entries.flatMap((entry) => Object.entries(entry)));
}
