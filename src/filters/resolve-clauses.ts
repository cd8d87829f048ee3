// fields and order_by judged against the DocType: only what is declared (or stored by a schemaless DocType) passes.
import { type Field, ROW_FIELDS, STANDARD_FIELDS } from '../doctypes/meta.ts';
import { ValidationError } from '../errors/errors.ts';
import type { SortKey } from '../storage/store.ts';
import type { FieldTerm, OrderTerm } from './clauses.ts';
import { notPermitted, resolveTarget, type Schema, type Target } from './column.ts';
import { type FieldPath, showPath } from './field-path.ts';

/** One column of a list. */
export type SelectedField =
  | { readonly kind: 'own'; readonly field: string; readonly as: string }
  /** One output row for each row of the table, as a left join has it. */
  | { readonly kind: 'child'; readonly table: Field; readonly field: string; readonly as: string }
  /** Every undeclared value of a schemaless DocType, under its own name. */
  | { readonly kind: 'rest' };

/**
 * Columns in the order asked for; of two with the same name the later one wins, at the place of the first.
 * @throws DataError `Field not permitted in query: x`
 * @throws ValidationError for fields of linked documents, and for a child DocType that two tables hold
 */
export function resolveFields(terms: readonly FieldTerm[], schema: Schema): readonly SelectedField[] {
  const selected = new Map<string, SelectedField>();
  for (const term of terms) {
    if (term.kind === 'all') {
      for (const each of allFields(schema)) selected.set(keyOf(each), each);
    } else {
      const each = selectField(term.path, term.as, schema);
      selected.set(keyOf(each), each);
    }
  }
  return [...selected.values()];
}

const keyOf = (selected: SelectedField): string => (selected.kind === 'rest' ? '' : selected.as);

function allFields({ meta }: Schema): readonly SelectedField[] {
  const standard = meta.isTable ? [...STANDARD_FIELDS, ...ROW_FIELDS] : STANDARD_FIELDS;
  const tables = new Set(meta.tables);
  const declared = meta.fields.filter((field) => !tables.has(field)).map(({ fieldname }) => fieldname);
  const own = [...standard, ...declared].map((field): SelectedField => ({ kind: 'own', field, as: field }));
  return meta.schemaless ? [...own, { kind: 'rest' }] : own;
}

function selectField(path: FieldPath, as: string | undefined, schema: Schema): SelectedField {
  const { column, tables } = resolveTarget(path, schema);
  if (column.kind === 'rows') throw notPermitted(path);
  const [table, second] = tables;
  if (second) {
    const spellings = tables.map(({ fieldname }) => `${fieldname}.${column.name}`);
    throw new ValidationError(`Field ${showPath(path)} is ambiguous: ask for ${spellings.join(' or ')}`);
  }
  const named = { field: column.name, as: as ?? column.name };
  return table ? { kind: 'child', table, ...named } : { kind: 'own', ...named };
}

/**
 * Sort keys, the DocType's own when there are no terms; of a field named twice the first counts.
 * @throws DataError for fields that there are not or that have no order
 * @throws ValidationError for fields of child tables or linked documents
 */
export function resolveOrderBy(terms: readonly OrderTerm[] | undefined, schema: Schema): readonly SortKey[] {
  if (terms === undefined) return schema.meta.sort;
  const keys = new Map<string, SortKey>();
  for (const { path, direction } of terms) {
    const { name } = sortable(resolveTarget(path, schema), path);
    if (!keys.has(name)) keys.set(name, [name, direction]);
  }
  return [...keys.values()];
}

function sortable({ column, tables }: Target, path: FieldPath): Target['column'] {
  if (tables.length > 0) {
    throw new ValidationError(
      `Invalid order_by: a list cannot be sorted by rows of a child table (${showPath(path)})`,
    );
  }
  if (column.kind === 'rows' || column.kind === 'structure') throw notPermitted(path);
  return column;
}
