// What the fieldtypes share: answers of a cast, and the rules for text. No fieldtype is defined here.
import { isJsonObject, type Json } from '../../util/json.ts';
import type { Fault, Field } from '../meta.ts';
import type { CastResult } from './field-type.ts';

export const ok = (value: Json): CastResult => ({ value });

export const refuse = (message: string, kind: Fault['kind'] = 'type'): CastResult => ({
  fault: { kind, message },
});

const LONGEST_QUOTE = 60;

/** A value as messages show it. */
export function show(value: Json): string {
  if (Array.isArray(value)) return 'a list';
  if (isJsonObject(value)) return 'an object';
  const text = JSON.stringify(value);
  return text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text;
}

/** Fields of a JSON Schema file: a value must have the type the schema says, not merely one that converts to it. */
export const isFromSchema = (field: Field): boolean => 'json_schema' in field.raw;

/** Text that both engines keep: no NUL, no half of a surrogate pair. */
export const isStorable = (text: string): boolean => !text.includes('\0') && !/\p{Surrogate}/u.test(text);

const UNSTORABLE = 'holds characters that cannot be stored (NUL or half of a surrogate pair)';

export const refuseUnstorable = (): CastResult => refuse(UNSTORABLE);

/** Text as it comes; numbers become text as Frappe's database does it. */
export function castText(value: Json, field: Field): CastResult {
  if (value === null) return ok(null);
  if (typeof value === 'string') {
    if (!isStorable(value)) return refuseUnstorable();
    return ok(value === '' && field.unique ? null : value);
  }
  if (typeof value === 'object' || isFromSchema(field)) return refuse(`must be text, not ${show(value)}`);
  return ok(textOf(value));
}

export function operandText(value: Json): CastResult {
  if (value === null) return ok(null);
  if (typeof value === 'object') return refuse(`cannot be compared with ${show(value)}`);
  if (typeof value !== 'string') return ok(textOf(value));
  return isStorable(value) ? ok(value) : refuseUnstorable();
}

const textOf = (value: number | boolean): string =>
  typeof value === 'boolean' ? String(Number(value)) : String(value);
