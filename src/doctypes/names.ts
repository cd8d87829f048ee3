// Which names a DocType and a field may have: those that both engines, URLs and queries can carry.
import { ROW_FIELDS, SIDE_FIELDS, STANDARD_FIELDS } from './meta.ts';

const LONGEST = 140;

/** What is wrong with a DocType's name, if anything. */
export function doctypeNameFault(name: string): string | undefined {
  if (name === '') return 'is empty';
  if (name !== name.trim()) return 'must not begin or end with a space';
  if (name.length > LONGEST) return `is longer than ${LONGEST} characters`;
  if (name.startsWith('_')) return 'must not begin with "_", which is kept for internal collections';
  if (name.startsWith('system.') || name === '.' || name === '..') return 'is reserved';
  if (!/^[\p{L}\p{M}\p{N}_ .&+()'-]+$/u.test(name)) {
    return "may hold letters, digits, spaces and _ - . & + ( ) ' only";
  }
  return undefined;
}

/** Standard fields that Frappe lets a DocType declare; the standard one is served. */
const TOLERATED: ReadonlySet<string> = new Set(['idx', ...SIDE_FIELDS]);
/** Only rows have them of themselves; Frappe's own Custom DocPerm declares a `parent` of another meaning. */
const OF_ROWS: ReadonlySet<string> = new Set(ROW_FIELDS);
const RESERVED: ReadonlySet<string> = new Set([
  ...STANDARD_FIELDS,
  'doctype',
  '_id',
  '_ancestors',
  'constructor',
  'prototype',
]);

/** Whether a declaration of the field is left out: every document, or every row, has it anyway. */
export const isTolerated = (fieldname: string, inChild: boolean): boolean =>
  TOLERATED.has(fieldname) || (inChild && OF_ROWS.has(fieldname));

/** What is wrong with the name of a field that carries data, if anything. */
export function fieldnameFault(fieldname: string, inChild: boolean): string | undefined {
  if (fieldname === '') return 'fieldname is missing';
  if (isTolerated(fieldname, inChild)) return undefined;
  if (RESERVED.has(fieldname) || fieldname.startsWith('__')) {
    return `${JSON.stringify(fieldname)} is kept by the service; choose another fieldname`;
  }
  if (fieldname.length > LONGEST) return `fieldname is longer than ${LONGEST} characters`;
  if (!/^[\p{L}\p{N}_][\p{L}\p{M}\p{N}_ -]*$/u.test(fieldname) || fieldname.endsWith(' ')) {
    return `${JSON.stringify(fieldname)} is no fieldname: it may hold letters, digits, "_", "-" and spaces only`;
  }
  return undefined;
}
