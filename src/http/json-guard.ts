// Makes sure that JSON from outside is safe to walk: not too deep, and without keys that reach into prototypes.
import { DataError } from '../errors/errors.ts';
import type { Json } from '../util/json.ts';

export const JSON_DEPTH_MAX = 100;
const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor']);

/** @throws DataError naming the key */
export function assertKey(key: string, place: string): void {
  if (FORBIDDEN_KEYS.has(key)) throw new DataError(`${place} must not have a key named ${key}`);
}

/**
 * Checks a parsed value without recursion. `place` is what messages call it.
 * @throws DataError
 */
export function assertJson(value: unknown, place: string): asserts value is Json {
  const waiting: { readonly value: unknown; readonly depth: number }[] = [{ value, depth: 1 }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { value: member, depth } = next;
    if (typeof member !== 'object' || member === null) continue;
    if (depth > JSON_DEPTH_MAX) {
      throw new DataError(`${place} is nested deeper than ${JSON_DEPTH_MAX} levels`);
    }
    for (const [key, inner] of Object.entries(member)) {
      assertKey(key, place);
      if (typeof inner === 'object') waiting.push({ value: inner, depth: depth + 1 });
    }
  }
}

/** @throws DataError when `text` is not JSON, or not safe */
export function parseJson(text: string, place: string): Json {
  try {
    const value: unknown = JSON.parse(text);
    assertJson(value, place);
    return value;
  } catch (error) {
    if (error instanceof SyntaxError) throw malformed(error, place);
    throw error;
  }
}

/** Says where the fault is without quoting the text, which may hold a password. */
export function malformed(error: Error, place: string): DataError {
  const position = /at position \d+/.exec(error.message)?.[0];
  return new DataError(`${place} is not valid JSON${position ? ` (${position})` : ''}`);
}
