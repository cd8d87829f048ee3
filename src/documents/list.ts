// A page of documents: what was asked is parsed, judged, narrowed to what the caller may see, and only then run.
import type { Access } from '../access/permissions.ts';
import { scopeOf } from '../access/scope.ts';
import type { Meta } from '../doctypes/meta.ts';
import { PermissionError, ValidationError } from '../errors/errors.ts';
import { parseFields, parseLimits, parseOrderBy } from '../filters/clauses.ts';
import { compileFilters, compileOrFilters, filterTargets, treeLookups } from '../filters/compile.ts';
import type { FilterContext } from '../filters/compile.ts';
import type { Filter } from '../filters/filter.ts';
import { parseFilters } from '../filters/parse.ts';
import { resolveFields, resolveOrderBy } from '../filters/resolve-clauses.ts';
import type { SelectedField } from '../filters/resolve-clauses.ts';
import type { TreeAnswer, TreeLookup } from '../filters/tree.ts';
import type { Query } from '../storage/query.ts';
import type { SortKey } from '../storage/store.ts';
import type { Call } from './call.ts';
import { accessFor, metaOf } from './guard.ts';
import { loadStored } from './load.ts';
import { columnsOf, readPage } from './list-rows.ts';
import type { ListRequest, ListResult } from './requests.ts';
import { ancestorsOf, descendantsOf } from './tree.ts';

interface Judged {
  readonly meta: Meta;
  readonly access: Access;
  readonly columns: readonly SelectedField[];
  readonly sort: readonly SortKey[];
  readonly query: Query;
}

/** @throws DoesNotExistError, PermissionError, DataError, ValidationError */
export async function listDocs(call: Call, request: ListRequest): Promise<ListResult> {
  const started = performance.now();
  const { meta, access, columns, sort, query } = await judge(call, request);
  const { skip, limit } = parseLimits(request);
  const length = capped(call, limit);
  const scoped: Query = { $and: [query, scopeOf(access, 'read', call.principal)] };
  const page = { columns, sort, skip, limit: length };
  const rows = await readPage(call, { meta, access, query: scoped, ...page });
  const names = columnsOf(columns, rows);
  if (!request.debug) return { columns: names, rows, debug: [] };
  const options = { sort, skip, ...(length === undefined ? {} : { limit: length }) };
  const seconds = (performance.now() - started) / 1000;
  const shown = [
    call.work.lowered(meta.collection, query, options),
    `Execution time: ${seconds.toFixed(4)} sec`,
  ];
  return { columns: names, rows, debug: shown };
}

/** @returns the number of documents a list of these filters would give, without paging */
export async function countDocs(call: Call, request: ListRequest): Promise<number> {
  const { meta, access, query } = await judge(call, request);
  return call.work.count(meta.collection, { $and: [query, scopeOf(access, 'read', call.principal)] });
}

async function judge(call: Call, request: ListRequest): Promise<Judged> {
  const meta = metaOf(call, request.doctype);
  const access = accessFor(call, meta, 'read');
  if (meta.isTable) {
    throw new PermissionError(
      `${meta.name} is a child DocType: its rows are read through their parent document`,
    );
  }
  const schema = { meta, registry: call.registry };
  const limits = { filters: call.limits.filters };
  const filters = parseFilters(request.filters, 'filters', limits);
  const orFilters = parseFilters(request.or_filters, 'or_filters', limits);
  checkCount(call, filters.length + orFilters.length);
  const columns = resolveFields(parseFields(request.fields), schema).filter((column) =>
    column.kind === 'rest' ? true : readable(access, schema.meta, column, call),
  );
  const sort = resolveOrderBy(parseOrderBy(request.order_by), schema);
  for (const [field] of sort) checkReadable(access, meta, field);
  for (const target of filterTargets([...filters, ...orFilters], schema)) {
    const closed = [...target.tables, ...(target.column.field ? [target.column.field] : [])].find(
      (field) => !access.mayRead(field),
    );
    if (closed) throw closedField(meta, closed.fieldname);
  }
  const context = await filterContext(call, meta, [...filters, ...orFilters]);
  const own = compileFilters(filters, context);
  const any = compileOrFilters(orFilters, context);
  const single: Query[] = meta.isSingle ? [{ name: { $eq: meta.name } }] : [];
  return { meta, access, columns, sort, query: { $and: [own, any, ...single] } };
}

function capped(call: Call, limit: number): number | undefined {
  const cap = call.limits.pageLength;
  if (cap === 0) return limit === 0 ? undefined : limit;
  return limit === 0 ? cap : Math.min(limit, cap);
}

function checkCount(call: Call, count: number): void {
  if (count > call.limits.filters) {
    throw new ValidationError(
      `Invalid filters: ${count} filters given, at most ${call.limits.filters} are allowed`,
    );
  }
}

/** Fields above the caller's permlevels are left out of the columns, as in Frappe. */
function readable(
  access: Access,
  meta: Meta,
  column: Exclude<SelectedField, { kind: 'rest' }>,
  call: Call,
): boolean {
  if (column.kind === 'own') {
    const field = meta.fieldsByName.get(column.field);
    return !field || access.mayRead(field);
  }
  const field = call.registry.find(column.table.options)?.fieldsByName.get(column.field);
  return access.mayRead(column.table) && (!field || access.mayRead(field));
}

/** A field that one may not read, one may not sort by or filter on. */
function checkReadable(access: Access, meta: Meta, fieldname: string): void {
  const field = meta.fieldsByName.get(fieldname);
  if (field && !access.mayRead(field)) throw closedField(meta, fieldname);
}

const closedField = (meta: Meta, fieldname: string): PermissionError =>
  new PermissionError(`You do not have permission to access field: ${meta.name}.${fieldname}`);

async function filterContext(call: Call, meta: Meta, filters: readonly Filter[]): Promise<FilterContext> {
  const schema = { meta, registry: call.registry };
  const answers = new Map<string, TreeAnswer>();
  for (const lookup of treeLookups(filters, schema)) answers.set(lookup.key, await answer(call, lookup));
  return {
    ...schema,
    clock: call.clock,
    firstDayOfWeek: call.firstDayOfWeek,
    tree: ({ key }) => answers.get(key),
  };
}

async function answer(call: Call, { doctype, node, direction }: TreeLookup): Promise<TreeAnswer> {
  const meta = call.registry.get(doctype);
  const doc = await loadStored(call, meta, node);
  if (!doc) return undefined;
  if (direction === 'ancestors') return ancestorsOf(doc);
  return (await descendantsOf(call, meta, String(doc.name))).map(({ name }) => name);
}
