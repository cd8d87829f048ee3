// Child rows: their identity, order, and the standard fields they take from their parent (reference §3.8).
import type { Json } from '../util/json.ts';
import type { Field } from '../doctypes/meta.ts';
import { ValidationError } from '../errors/errors.ts';
import type { Call } from './call.ts';
import type { Draft } from './draft.ts';
import { draftRows, isRecord, rowsOf } from './draft.ts';
import { assignName } from './naming.ts';

/**
 * The rows of an update: one with a known name replaces that row, one without a name is new.
 * @throws ValidationError for a name that no stored row has: it would be lost otherwise
 */
export function matchRows({ doc, before, meta }: Draft, table: Field): void {
  const known = new Set(before ? rowsOf(before, table).map(({ name }) => name) : []);
  const seen = new Set<unknown>();
  rowsOf(doc, table).forEach((row, index) => {
    if (row['__islocal'] || row.name === '' || row.name === null) delete row.name;
    delete row['__islocal'];
    if (row.name === undefined) return;
    if (!known.has(row.name) || seen.has(row.name)) {
      const fault = seen.has(row.name) ? 'stands twice' : 'is not a row of this document';
      const place = `${meta.name}: ${table.label || table.fieldname}, row ${index + 1}`;
      throw new ValidationError(`${place}: ${String(row.name)} ${fault}`, {
        details: { field: table.fieldname },
      });
    }
    seen.add(row.name);
  });
}

/** Rows of a new document are all new; names that came along belong to the document they were copied from. */
export function detachRows({ doc, meta }: Draft): void {
  for (const table of meta.tables) {
    for (const row of rowsOf(doc, table)) {
      delete row.name;
      delete row['__islocal'];
    }
  }
}

/** Names, order and parentage; run again after hooks, which may have added rows. */
export function settleRows(call: Call, draft: Draft): void {
  const { doc, before } = draft;
  for (const { table, row, position } of draftRows(draft, (name) => call.registry.find(name))) {
    const old = before && rowsOf(before, table).find(({ name }) => name !== undefined && name === row.name);
    row['owner'] = old?.['owner'] ?? doc['owner'] ?? null;
    row['creation'] = old?.['creation'] ?? doc['modified'] ?? null;
    row['modified'] = doc['modified'] ?? null;
    row['modified_by'] = doc['modified_by'] ?? null;
    row['docstatus'] = doc['docstatus'] ?? 0;
    const index = Number(row['idx']);
    row['idx'] = Number.isInteger(index) && index > 0 ? index : position;
    row['parentfield'] = table.fieldname;
    row['parenttype'] = draft.meta.name;
  }
  for (const { fieldname } of draft.meta.tables) {
    const rows = doc[fieldname];
    if (Array.isArray(rows)) doc[fieldname] = rows.toSorted((a: Json, b: Json) => indexOf(a) - indexOf(b));
  }
}

const indexOf = (row: Json): number => (isRecord(row) ? Number(row['idx']) : 0);

/** Gives new rows their names and every row its parent's. */
export async function nameRows(call: Call, draft: Draft): Promise<void> {
  for (const { meta, row } of draftRows(draft, (name) => call.registry.find(name))) {
    if (row.name === undefined || row.name === '') await assignName(call, meta, row, undefined);
    row['parent'] = draft.doc.name === undefined ? null : String(draft.doc.name);
  }
}
