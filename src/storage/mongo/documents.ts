// Doc ↔ what MongoDB holds: `name` is `_id`, null fields are left out, and records that expire carry a real date
// beside their epoch milliseconds, since a TTL index reads nothing else.
import type { Document } from 'mongodb';
import type { Json } from '../../util/json.ts';
import type { Doc } from '../store.ts';
import { assertFieldName } from './lower.ts';

export interface StoredDoc extends Document {
  readonly _id: string | number;
  readonly [field: string]: Json | Date;
}

/** The date under the TTL index; it never leaves the store. */
export const EXPIRY_FIELD = '_expires_on';

/** @throws TypeError on field names that MongoDB cannot hold */
export function toStored(doc: Doc, expires: boolean): StoredDoc {
  const fields = Object.entries(doc).filter(([field, value]) => field !== 'name' && value !== null);
  for (const [field] of fields) assertFieldName(field);
  const expiresAt = doc['expiresAt'];
  const expiry =
    expires && typeof expiresAt === 'number' ? [[EXPIRY_FIELD, new Date(expiresAt)] as const] : [];
  return { _id: doc.name, ...Object.fromEntries<Json | Date>([...fields, ...expiry]) };
}

/** Everything but the identity, as a replacement takes it. */
export function toReplacement(doc: Doc, expires: boolean): Document {
  const { _id, ...fields } = toStored(doc, expires);
  return fields;
}

export function fromStored(stored: StoredDoc): Doc {
  const { _id, ...fields } = stored;
  const doc: Record<string, Json> & { name: string | number } = { name: _id };
  for (const [field, value] of Object.entries(fields)) {
    if (value instanceof Date) {
      if (field !== EXPIRY_FIELD) define(doc, field, value.toISOString());
    } else define(doc, field, value);
  }
  return doc;
}

/** Plain assignment would lose a field named `__proto__`. */
function define(doc: Record<string, Json>, field: string, value: Json): void {
  if (field !== '__proto__') doc[field] = value;
  else Object.defineProperty(doc, field, { value, enumerable: true, configurable: true, writable: true });
}
