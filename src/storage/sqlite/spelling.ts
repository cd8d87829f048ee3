// How a stored value is written in SQL. Indexes and queries must spell it to the letter alike, or the planner does
// not recognise the indexed expression; so this is the only place that spells it.
import { textLiteral } from './names.ts';

/** Booleans, and arrays and objects, as values of their own kind: equal to no number or text, ordered after both. */
export const FALSE = "x'00'";
export const TRUE = "x'01'";
const STRUCTURE = "x'02'";

/** Smaller than every boolean and structure, larger than every number and text. */
export const AFTER_TEXT = "x''";

/** The path of one top-level key, whatever characters the key is made of. */
export function keyPath(key: string): string {
  return textLiteral(`$.${JSON.stringify(key)}`);
}

/**
 * The value at a key of a JSON text: null when missing, numbers, text, then booleans, then structures.
 * `json_extract` alone would give true for 1 and the text of an array for text.
 */
export function valueAt(json: string, key: string): string {
  const path = keyPath(key);
  return typed(`json_type(${json}, ${path})`, `json_extract(${json}, ${path})`);
}

/** The value of a `json_each` row, in the same terms. */
export function elementValue(alias: string): string {
  return typed(`${alias}.type`, `${alias}.atom`);
}

function typed(type: string, value: string): string {
  return (
    `CASE ${type} WHEN 'true' THEN ${TRUE} WHEN 'false' THEN ${FALSE} ` +
    `WHEN 'array' THEN ${STRUCTURE} WHEN 'object' THEN ${STRUCTURE} ELSE ${value} END`
  );
}
