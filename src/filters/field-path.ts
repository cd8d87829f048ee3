// The ways to write a field: `f`, `table_field.f`, `tabDT.f`, and the same in backticks. Syntax only: whether the
// field exists is for column.ts.

export interface FieldPath {
  /** Named only by the backtick spelling `tabX`.`f`. */
  readonly doctype: string | undefined;
  /** `fieldname`, `table_field.fieldname`, or `tabX.fieldname` (which metadata tells from the former). */
  readonly field: string;
}

const OF_DOCTYPE = /^`tab([^`]+)`\s*\.\s*(`[^`.]+`|[^`.\s]+)$/;
const OWN = /^(`[^`.]+`|[^`.\s]+)(?:\s*\.\s*(`[^`.]+`|[^`.\s]+))?$/;

const bare = (part: string): string => part.replaceAll('`', '');

/** Nothing when the backticks do not pair up. */
export function parseFieldPath(text: string): FieldPath | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  if (!trimmed.includes('`')) return { doctype: undefined, field: trimmed };
  const [, doctype, field] = OF_DOCTYPE.exec(trimmed) ?? [];
  if (doctype !== undefined && field !== undefined) return { doctype, field: bare(field) };
  const parts = OWN.exec(trimmed)
    ?.slice(1)
    .filter((part) => part !== undefined);
  return parts && { doctype: undefined, field: parts.map(bare).join('.') };
}

/** The path as messages show it. */
export const showPath = (path: FieldPath): string =>
  path.doctype === undefined ? path.field : `${path.doctype}.${path.field}`;
