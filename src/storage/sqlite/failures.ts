// The driver's errors → the failures of the Store interface. By code, and the index name that a unique error carries.
import { DuplicateKey, StoreUnavailable } from '../errors.ts';

const PRIMARY_KEY = 1555;
const UNIQUE = 2067;
/** BUSY, LOCKED, NOMEM, READONLY, IOERR, CORRUPT, FULL, CANTOPEN, NOTADB */
const UNAVAILABLE: ReadonlySet<number> = new Set([5, 6, 7, 8, 10, 11, 13, 14, 26]);

export function translate(error: unknown, collection: string, docname: string | number): unknown {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return error;
  const { errcode } = error;
  if (errcode === PRIMARY_KEY) return new DuplicateKey(collection, 'name', docname, { cause: error });
  if (errcode === UNIQUE)
    return new DuplicateKey(collection, fieldOf(error.message), docname, { cause: error });
  if (UNAVAILABLE.has(errcode & 0xff)) return new StoreUnavailable(error.message, { cause: error });
  return error;
}

/** `UNIQUE constraint failed: index 'i:ToDo:u:email'` */
function fieldOf(message: string): string {
  const [, field] = /index '.*:u:(.*)'$/.exec(message) ?? [];
  return field ?? 'name';
}
