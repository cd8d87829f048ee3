// Reads stored documents by name. Asks nobody's permission: that is for the operations.
import type { Meta } from '../doctypes/meta.ts';
import type { Doc } from '../storage/store.ts';
import type { Call } from './call.ts';

/** Names are text, except those of autoincrement DocTypes, which are integers in storage and on the wire. */
export function storedName(meta: Meta, name: string | number): string | number {
  if (meta.isSingle) return meta.name;
  if (meta.autoname.toLowerCase() !== 'autoincrement') return String(name);
  const number = typeof name === 'number' ? name : /^\d{1,15}$/.test(name) ? Number(name) : undefined;
  return number ?? name;
}

/** @returns undefined for a missing document, and for a Single that was never saved */
export const loadStored = (call: Call, meta: Meta, name: string | number): Promise<Doc | undefined> =>
  call.work.get(meta.collection, storedName(meta, name));
