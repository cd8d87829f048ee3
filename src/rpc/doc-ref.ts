// Names as clients write them (text) turned into names as documents carry them.
import type { Registry } from '../doctypes/registry.ts';
import type { DocRef } from '../documents/requests.ts';

/** Only autoincrement names are integers; text that is no integer stays text and finds nothing. */
export function toDocRef(registry: Registry, doctype: string, name: string | number): DocRef {
  const integers = registry.find(doctype)?.autoname.toLowerCase() === 'autoincrement';
  if (!integers) return { doctype, name: String(name) };
  const number = /^\d{1,16}$/.test(String(name)) ? Number(name) : NaN;
  return { doctype, name: Number.isSafeInteger(number) ? number : String(name) };
}
