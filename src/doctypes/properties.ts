// Reads properties of definition files, which are loosely typed: 1, "1" and true all mean on. Judges nothing.
import type { Json, JsonObject } from '../util/json.ts';
import { isJsonObject } from '../util/json.ts';

export const flag = (value: Json | undefined): boolean =>
  value === true ||
  (typeof value === 'string' ? !['', '0', 'false'].includes(value) : Number(value ?? 0) > 0);

export const text = (value: Json | undefined): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';

/** A whole number, 0 when there is none. */
export function count(value: Json | undefined): number {
  const number = typeof value === 'string' ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) && number > 0 ? number : 0;
}

export const list = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);

export const objects = (value: Json | undefined): readonly JsonObject[] => list(value).filter(isJsonObject);

/** Frappe's name of a label: lower case, spaces to underscores. */
export const slug = (label: string): string =>
  label
    .trim()
    .toLowerCase()
    .replace(/[?'"`,./%@()<>{}]/g, '')
    .replace(/[\s-]+/g, '_');
