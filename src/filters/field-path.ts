// The ways to write a field: `f`, `table_field.f`, `tabDT.f`, and the same in backticks. Syntax only: whether the
// field exists is for column.ts.

export interface FieldPath {
  /** Named only by the backtick spelling `tabX`.`f`. */
  readonly doctype: string | undefined;
  /** `fieldname`, `table_field.fieldname`, or `tabX.fieldname` (which metadata tells from the former). */
  readonly field: string;
}

const QUOTED_DOCTYPE = /^`tab([^`]+)`\s*\.\s*(?:`([^`.]+)`|([^`.\s]+))$/;
const QUOTED_PARTS = /^(?:`([^`.]+)`|([^`.\s]+))\s*\.\s*(?:`([^`.]+)`|([^`.\s]+))$/;
const QUOTED_FIELD = /^`([^`.]+)`$/;

/** Nothing when the backticks do not pair up. */
export function parseFieldPath(text: string): FieldPath | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  if (!trimmed.includes('`')) return { doctype: undefined, field: trimmed };
  const ofDoctype = QUOTED_DOCTYPE.exec(trimmed);
  if (ofDoctype) return { doctype: ofDoctype[1], field: ofDoctype[2] ?? ofDoctype[3] ?? '' };
  const parts = QUOTED_PARTS.exec(trimmed);
  if (parts)
    return { doctype: undefined, field: `${parts[1] ?? parts[2] ?? ''}.${parts[3] ?? parts[4] ?? ''}` };
  const field = QUOTED_FIELD.exec(trimmed)?.[1];
  return field === undefined ? undefined : { doctype: undefined, field };
}

/** The path as messages show it. */
export const showPath = (path: FieldPath): string =>
  path.doctype === undefined ? path.field : `${path.doctype}.${path.field}`;
