// Filters judged against the DocType → one storage Query. It reads metadata and the context, never the database.
import type { Clock } from '../util/datetime.ts';
import { DataError } from '../errors/errors.ts';
import { matches } from '../storage/match.ts';
import { ALL, NONE, type Query } from '../storage/query.ts';
import { type Column, resolveTarget, type Schema, type Target } from './column.ts';
import type { Filter } from './filter.ts';
import { faultOf, type Operand, operandOf } from './operand.ts';
import { comparison } from './operators.ts';
import { isPeriod, periodQuery } from './periods.ts';
import { and, is, or } from './build-query.ts';
import { isTreeOperator, type TreeAnswer, type TreeLookup, treeLookup, treeQuery } from './tree.ts';

export interface FilterContext extends Schema {
  readonly clock: Clock;
  /** 0 Sunday … 6 Saturday. */
  readonly firstDayOfWeek: number;
  /** Answers what `treeLookups` asked for. */
  tree(lookup: TreeLookup): TreeAnswer;
}

/** A filter as a query over the document, or over one row of its tables. */
interface Compiled extends Target {
  readonly query: Query;
  /** Whether a document without rows matches, as an SQL left join would have it. */
  readonly matchesNoRow: boolean;
}

/**
 * All filters hold. Filters on the same child table hold for one and the same row.
 * @throws DataError for fields that there are not or that cannot be compared
 * @throws ValidationError for values and operators that do not suit the field
 */
export function compileFilters(filters: readonly Filter[], context: FilterContext): Query {
  const compiled = filters.map((filter) => compileFilter(filter, context));
  const own = compiled.filter(({ tables }) => tables.length === 0).map(({ query }) => query);
  const byTables = new Map<string, Compiled[]>();
  for (const each of compiled.filter(({ tables }) => tables.length > 0)) {
    const key = each.tables.map(({ fieldname }) => fieldname).join('\n');
    byTables.set(key, [...(byTables.get(key) ?? []), each]);
  }
  return and([...own, ...[...byTables.values()].map(rowsQuery)]);
}

/**
 * At least one of the filters holds; without any, every document matches.
 * @throws DataError, ValidationError as compileFilters
 */
export function compileOrFilters(filters: readonly Filter[], context: FilterContext): Query {
  if (filters.length === 0) return ALL;
  const compiled = filters.map((filter) => compileFilter(filter, context));
  return or(compiled.map((each) => (each.tables.length === 0 ? each.query : rowsQuery([each]))));
}

/**
 * The fields that filters name, for whoever judges which of them may be read.
 * @throws DataError, ValidationError for names that mean nothing
 */
export const filterTargets = (filters: readonly Filter[], schema: Schema): readonly Target[] =>
  filters.map((filter) => resolveTarget(filter, schema));

/**
 * What must be known of trees before these filters can be compiled; each lookup once.
 * @throws DataError, ValidationError as compileFilters
 */
export function treeLookups(filters: readonly Filter[], schema: Schema): readonly TreeLookup[] {
  const lookups = filters
    .filter(({ operator }) => isTreeOperator(operator))
    .map((filter) => {
      const { column } = resolveTarget(filter, schema);
      assertComparable(column, filter);
      return treeLookup(operandOf(column, filter, 'UTC'), schema);
    })
    .filter((lookup) => lookup !== undefined);
  return [...new Map(lookups.map((lookup) => [lookup.key, lookup])).values()];
}

function compileFilter(filter: Filter, context: FilterContext): Compiled {
  const { column, tables } = resolveTarget(filter, context);
  assertComparable(column, filter);
  const query = lower(operandOf(column, filter, context.clock.zone), context);
  return { column, tables, query, matchesNoRow: holdsForNoRow(filter, column, query) };
}

function assertComparable({ name, kind }: Column, { operator }: Filter): void {
  if ((kind !== 'rows' && kind !== 'structure') || operator === 'is') return;
  const held = kind === 'rows' ? 'rows of a child table: name one of their fields' : 'structured data';
  throw new DataError(
    `Field not permitted in query: ${name} holds ${held}; by itself it can only be "set" or "not set"`,
    { details: { field: name } },
  );
}

function lower(operand: Operand, context: FilterContext): Query {
  const { clock, firstDayOfWeek } = context;
  if (isPeriod(operand.operator)) {
    return periodQuery(operand, { today: clock.today(), firstDayOfWeek });
  }
  const tree = treeQuery(operand, context, (lookup) => context.tree(lookup));
  if (tree) return tree;
  const compare = comparison(operand.operator, clock.today());
  if (!compare) throw faultOf(operand, 'is not an operator');
  return compare(operand);
}

/** In SQL, the row that is not there is all NULL, also where the table itself allows none: comparisons then fail. */
function holdsForNoRow({ operator }: Filter, { nullable }: Column, query: Query): boolean {
  if (!nullable && operator !== 'is') return operator === 'not in' && query === ALL;
  return matches(query, {});
}

function rowsQuery(filters: readonly Compiled[]): Query {
  const tables = filters[0]?.tables ?? [];
  const row = and(filters.map(({ query }) => query));
  const someRow = row === NONE ? NONE : or(tables.map(({ fieldname }) => is(fieldname, { $elemMatch: row })));
  if (!filters.every(({ matchesNoRow }) => matchesNoRow)) return someRow;
  const noRows: Query = { $nor: tables.map(({ fieldname }) => is(fieldname, { $elemMatch: ALL })) };
  return or([someRow, noRows]);
}
