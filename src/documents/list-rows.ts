// Reads the documents of a page and cuts them to the columns asked for; columns of a child table give one output row
// for each of its rows, as a left join has it.
import type { Access } from '../access/permissions.ts';
import { fieldType } from '../doctypes/fieldtypes/index.ts';
import type { Field, Meta } from '../doctypes/meta.ts';
import { SIDE_FIELDS, STANDARD_FIELDS } from '../doctypes/meta.ts';
import type { SelectedField } from '../filters/resolve-clauses.ts';
import type { Query } from '../storage/query.ts';
import type { Doc, FindOptions, SortKey } from '../storage/store.ts';
import type { Json } from '../util/json.ts';
import type { Call } from './call.ts';
import type { DraftDoc } from './controller.ts';
import { rowsOf } from './draft.ts';

export interface Page {
  readonly meta: Meta;
  readonly access: Access;
  readonly query: Query;
  readonly columns: readonly SelectedField[];
  readonly sort: readonly SortKey[];
  readonly skip: number;
  /** Absent: all. */
  readonly limit: number | undefined;
}

type Row = Record<string, Json>;
type Column = Exclude<SelectedField, { kind: 'rest' }>;

export async function readPage(call: Call, page: Page): Promise<Row[]> {
  const tables = [
    ...new Set(page.columns.flatMap((column) => (column.kind === 'child' ? [column.table] : []))),
  ];
  if (tables.length > 0) return readJoined(call, page, tables);
  const docs = await call.work.find(page.meta.collection, page.query, {
    ...projection(page),
    sort: page.sort,
    skip: page.skip,
    ...(page.limit === undefined ? {} : { limit: page.limit }),
  });
  return docs.map((doc) => toRow(call, page, { doc, rows: new Map() }));
}

const BATCH = 200;

/** Paging counts joined rows, so documents are read in order until the page is full. */
async function readJoined(call: Call, page: Page, tables: readonly Field[]): Promise<Row[]> {
  const result: Row[] = [];
  const end = page.limit === undefined ? Number.POSITIVE_INFINITY : page.skip + page.limit;
  let position = 0;
  for (let skip = 0; position < end; skip += BATCH) {
    const docs = await call.work.find(page.meta.collection, page.query, {
      ...projection(page),
      sort: page.sort,
      skip,
      limit: BATCH,
    });
    for (const doc of docs) {
      const rows = joined(doc, tables).map((row) => toRow(call, page, { doc, rows: row }));
      result.push(...rows.slice(Math.max(0, page.skip - position), Math.max(0, end - position)));
      position += rows.length;
    }
    if (docs.length < BATCH) break;
  }
  return result;
}

type Joined = ReadonlyMap<Field, DraftDoc>;

/** Every combination of one row per table; a table without rows contributes none. */
function joined(doc: Doc, tables: readonly Field[]): Joined[] {
  let result: Joined[] = [new Map()];
  for (const table of tables) {
    const rows = rowsOf(doc, table);
    if (rows.length > 0)
      result = result.flatMap((known) => rows.map((row) => new Map(known).set(table, row)));
  }
  return result;
}

/** Undeclared columns need the whole document. */
function projection({ columns }: Page): Pick<FindOptions, 'fields'> {
  if (columns.some(({ kind }) => kind === 'rest')) return {};
  return {
    fields: columns.flatMap((column) => {
      if (column.kind === 'rest') return [];
      return [column.kind === 'own' ? column.field : column.table.fieldname];
    }),
  };
}

function toRow(call: Call, page: Page, { doc, rows }: { doc: Doc; rows: Joined }): Row {
  const row: Row = {};
  for (const column of page.columns) {
    if (column.kind === 'rest') addUndeclared(row, page.meta, doc);
    else row[column.as] = cell(call, page.meta, { column, doc, rows });
  }
  return row;
}

function cell(call: Call, meta: Meta, at: { column: Column; doc: Doc; rows: Joined }): Json {
  const { column, doc, rows } = at;
  if (column.kind === 'own') return read(meta, doc, column.field);
  const row = rows.get(column.table);
  const child = call.registry.find(column.table.options);
  return row && child ? read(child, row, column.field) : null;
}

function read(meta: Meta, doc: Readonly<Record<string, Json | undefined>>, fieldname: string): Json {
  const value = doc[fieldname];
  if (value !== undefined) return value;
  const field = meta.fieldsByName.get(fieldname);
  return field ? fieldType(field).unset : null;
}

const DECLARED: ReadonlySet<string> = new Set([...STANDARD_FIELDS, ...SIDE_FIELDS]);

function addUndeclared(row: Row, meta: Meta, doc: Doc): void {
  for (const [key, value] of Object.entries(doc)) {
    if (!key.startsWith('_') && !DECLARED.has(key) && !meta.fieldsByName.has(key)) row[key] = value;
  }
}

/** The names of the columns; undeclared ones are those that some row has. */
export function columnsOf(columns: readonly SelectedField[], rows: readonly Row[]): string[] {
  const names = new Set<string>();
  for (const column of columns) {
    if (column.kind !== 'rest') names.add(column.as);
    else for (const row of rows) Object.keys(row).forEach((key) => names.add(key));
  }
  return [...names];
}
