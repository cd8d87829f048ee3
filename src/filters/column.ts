// Finds what a filter, a selected field or a sort key names in the metadata, and how its values compare.
import { fieldType } from '../doctypes/fieldtypes/index.ts';
import { type Field, type Meta, ROW_FIELDS, SIDE_FIELDS, STANDARD_FIELDS } from '../doctypes/meta.ts';
import type { Registry } from '../doctypes/registry.ts';
import { DataError, ValidationError } from '../errors/errors.ts';
import { type FieldPath, showPath } from './field-path.ts';

export interface Schema {
  readonly meta: Meta;
  readonly registry: Registry;
}

export type ColumnKind = 'text' | 'number' | 'date' | 'datetime' | 'time' | 'structure' | 'rows' | 'any';

/** One stored value of a document or row, as filters see it. */
export interface Column {
  readonly name: string;
  readonly kind: ColumnKind;
  /** Undefined for undeclared fields of a schemaless DocType. */
  readonly field: Field | undefined;
  /** May be NULL in Frappe's tables; what is not, counts as 0 when missing (numbers) or is always there. */
  readonly nullable: boolean;
  /** What null counts as where Frappe replaces it. */
  readonly nullAs: string | number;
  /** DocType whose names it holds: its own for `name`, the target for a Link. */
  readonly names: string | undefined;
}

export interface Target {
  readonly column: Column;
  /** The Table fields whose rows hold the column; none for a field of the document itself. */
  readonly tables: readonly Field[];
}

const NEVER_NULL = new Set(['name', 'creation', 'modified']);

const STANDARD_TYPES: ReadonlyMap<string, string> = new Map([
  ['creation', 'Datetime'],
  ['modified', 'Datetime'],
  ['docstatus', 'Int'],
  ['idx', 'Int'],
]);

/** @throws DataError `Field not permitted in query: x` when there is no such field */
export const notPermitted = (path: FieldPath): DataError =>
  new DataError(`Field not permitted in query: ${showPath(path)}`, { details: { field: path.field } });

/**
 * @throws DataError when there is no such field
 * @throws ValidationError when the DocType named is not one of the document's child tables, or the path is a Link's
 */
export function resolveTarget(path: FieldPath, schema: Schema): Target {
  const { meta } = schema;
  if (path.doctype !== undefined && path.doctype !== meta.name) {
    return inTables(path, childTables(path.doctype, meta), schema);
  }
  const dot = path.field.indexOf('.');
  if (dot === -1) return { column: ownColumn(path, meta), tables: [] };
  const head = meta.fieldsByName.get(path.field.slice(0, dot));
  const tail = path.field.slice(dot + 1);
  if (head && meta.tables.includes(head))
    return inTables({ doctype: path.doctype, field: tail }, [head], schema);
  if (head?.fieldtype === 'Link') {
    throw new ValidationError(`Fields of linked documents are not supported in queries: ${path.field}`, {
      details: { field: path.field },
    });
  }
  if (head === undefined && path.field.startsWith('tab')) {
    // `tabSales Order.status` without backticks: the DocType's name may itself hold dots.
    const last = path.field.lastIndexOf('.');
    return resolveTarget({ doctype: path.field.slice(3, last), field: path.field.slice(last + 1) }, schema);
  }
  throw notPermitted(path);
}

function childTables(doctype: string, meta: Meta): readonly Field[] {
  const tables = meta.tables.filter((table) => table.options === doctype);
  if (tables.length > 0) return tables;
  throw new ValidationError(`${doctype} is not a child table of ${meta.name}`, { details: { doctype } });
}

function inTables(path: FieldPath, tables: readonly Field[], { registry }: Schema): Target {
  const child = registry.find(tables[0]?.options ?? '');
  if (!child) throw notPermitted(path);
  return { column: ownColumn(path, child), tables };
}

function ownColumn(path: FieldPath, meta: Meta): Column {
  const name = path.field;
  const declared = meta.fieldsByName.get(name);
  if (declared) return declaredColumn(declared);
  if (isStandard(name, meta)) return standardColumn(name, meta);
  if (!meta.schemaless || !canBeUndeclared(name)) throw notPermitted(path);
  return { name, kind: 'any', field: undefined, nullable: true, nullAs: '', names: undefined };
}

const has = (names: readonly string[], name: string): boolean => names.includes(name);

const isStandard = (name: string, meta: Meta): boolean =>
  has(STANDARD_FIELDS, name) || has(meta.isTable ? ROW_FIELDS : SIDE_FIELDS, name);

/** Names that are stored keys of both engines, that no syntax needs, and that are not the service's own. */
const canBeUndeclared = (name: string): boolean =>
  name.length <= 140 && /^[^\s$_.`'"(),;*][^.`'"(),;*\p{Cc}]*$/u.test(name) && !isReserved(name);

const isReserved = (name: string): boolean =>
  name === 'doctype' || has(ROW_FIELDS, name) || has(SIDE_FIELDS, name);

function declaredColumn(field: Field): Column {
  const type = fieldType(field);
  return {
    name: field.fieldname,
    kind: kindOf(type.storedAs, field.fieldtype),
    field,
    nullable: type.unset === null,
    nullAs: type.nullAs,
    names: field.fieldtype === 'Link' ? field.options : undefined,
  };
}

function standardColumn(name: string, meta: Meta): Column {
  const isNumber = name === 'name' && meta.autoname === 'autoincrement';
  const field = standardField(name, isNumber ? 'Long Int' : (STANDARD_TYPES.get(name) ?? 'Data'));
  const column = declaredColumn(field);
  const nullable = column.nullable && !NEVER_NULL.has(name);
  return { ...column, nullable, names: name === 'name' ? meta.name : undefined };
}

function kindOf(storedAs: string, fieldtype: string): ColumnKind {
  if (storedAs === 'integer' || storedAs === 'number') return 'number';
  if (storedAs === 'rows' || storedAs === 'structure') return storedAs;
  if (fieldtype === 'Date') return 'date';
  if (fieldtype === 'Datetime') return 'datetime';
  return fieldtype === 'Time' ? 'time' : 'text';
}

const standardField = (fieldname: string, fieldtype: string): Field => ({
  fieldname,
  fieldtype,
  label: fieldname,
  options: '',
  default: null,
  reqd: false,
  unique: false,
  searchIndex: false,
  permlevel: 0,
  length: 0,
  nonNegative: false,
  setOnlyOnce: false,
  allowOnSubmit: false,
  noCopy: false,
  fetchFrom: '',
  fetchIfEmpty: false,
  isVirtual: false,
  ignoreUserPermissions: false,
  ignoreXssFilter: false,
  enforceReadOnly: false,
  structured: false,
  raw: {},
});
