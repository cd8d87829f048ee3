// A document while it is being worked on: every data field present, unset ones null. Hooks see and change `doc`.
import type { Field, Meta } from '../doctypes/meta.ts';
import type { Doc } from '../storage/store.ts';
import type { Json } from '../util/json.ts';
import type { DraftDoc } from './controller.ts';

export interface Draft {
  readonly meta: Meta;
  readonly doc: DraftDoc;
  /** As stored, when it is. */
  readonly before: Doc | undefined;
}

/** One row of a child table, with what is needed to speak of it. */
export interface DraftRow {
  readonly table: Field;
  readonly meta: Meta;
  readonly row: DraftDoc;
  /** 1-based position. */
  readonly position: number;
}

export const isRecord = (value: unknown): value is Record<string, Json> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The rows of a Table field; none when it is unset. */
export function rowsOf(doc: Readonly<Record<string, Json | undefined>>, table: Field): DraftDoc[] {
  const rows = doc[table.fieldname];
  return Array.isArray(rows) ? rows.filter(isRecord) : [];
}

/** Every child row of a draft, table by table. */
export function* draftRows(
  draft: Draft,
  childMeta: (doctype: string) => Meta | undefined,
): Generator<DraftRow> {
  for (const table of draft.meta.tables) {
    const meta = childMeta(table.options);
    if (!meta) continue;
    let position = 0;
    for (const row of rowsOf(draft.doc, table)) {
      position += 1;
      yield { table, meta, row, position };
    }
  }
}

/** A stored value, or null where nothing is stored. */
export const valueOf = (doc: Readonly<Record<string, Json | undefined>>, fieldname: string): Json =>
  doc[fieldname] ?? null;

export const textOf = (value: Json | undefined): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

export const isBlank = (value: Json | undefined): boolean =>
  value === undefined || value === null || value === '';
