// Turns what a method returns into plain JSON. Every JavaScript value has one defined answer.
import { DateTime } from 'luxon';
import type { Json } from '../util/json.ts';

/**
 * Dates become text as documents carry it, in `zone`; bytes base64; big integers numbers while exact, else text;
 * Map and Set object and array. Undefined, functions and symbols vanish from objects and are null elsewhere.
 * @throws TypeError for a value that contains itself
 */
export function toJson(value: unknown, zone: string): Json | undefined {
  return convert(value, { zone, above: new Set() });
}

interface Walk {
  readonly zone: string;
  /** The objects around the present one. */
  readonly above: Set<object>;
}

function convert(value: unknown, walk: Walk): Json | undefined {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) ? value : null;
    case 'bigint':
      return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
    case 'object':
      return value === null ? null : convertObject(value, walk);
    default:
      return undefined;
  }
}

function convertObject(value: object, walk: Walk): Json | undefined {
  if (value instanceof Date) return dateText(value, walk.zone);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (walk.above.has(value)) throw new TypeError('the result contains itself');
  walk.above.add(value);
  try {
    return convertMembers(value, walk);
  } finally {
    walk.above.delete(value);
  }
}

function convertMembers(value: object, walk: Walk): Json | undefined {
  if ('toJSON' in value && typeof value.toJSON === 'function') {
    const plain: unknown = value.toJSON();
    return convert(plain, walk);
  }
  if (Array.isArray(value) || value instanceof Set) {
    return Array.from<unknown, Json>(value, (item) => convert(item, walk) ?? null);
  }
  const entries: Iterable<readonly [unknown, unknown]> =
    value instanceof Map ? value.entries() : Object.entries(value);
  const result: Record<string, Json> = {};
  for (const [key, member] of entries) {
    const json = convert(member, walk);
    // defineProperty, for a key such as __proto__ is data here.
    if (json !== undefined) {
      Object.defineProperty(result, String(key), { value: json, enumerable: true, configurable: true });
    }
  }
  return result;
}

function dateText(date: Date, zone: string): string | null {
  if (Number.isNaN(date.getTime())) return null;
  return `${DateTime.fromJSDate(date, { zone }).toFormat('yyyy-MM-dd HH:mm:ss.SSS')}000`;
}
