// What the driver throws, in the terms of the storage layer. Decides by SQLite's result codes, never by messages.
import { StoreUnavailable } from '../errors.ts';

/** The database, not the statement, is at fault: retrying later, or repairing the disk, may help. */
const UNAVAILABLE: ReadonlyMap<number, string> = new Map([
  [5, 'is locked by another process'],
  [6, 'is locked'],
  [7, 'ran out of memory'],
  [8, 'is read-only'],
  [9, 'was interrupted'],
  [10, 'could not be read or written'],
  [11, 'is corrupt'],
  [13, 'is full'],
  [14, 'cannot be opened'],
  [26, 'is not an SQLite file'],
]);

const PRIMARY_KEY = 1555;
const UNIQUE = 2067;

/** A driver error that means trouble with the database becomes StoreUnavailable; any other comes back as it is. */
export function toStoreError(error: unknown): unknown {
  const code = resultCode(error);
  const trouble = code === undefined ? undefined : UNAVAILABLE.get(code & 0xff);
  return trouble === undefined ? error : new StoreUnavailable(`the database ${trouble}`, { cause: error });
}

/** Which kind of key a failed write met, if that is why it failed. */
export function violatedKey(error: unknown): 'name' | 'unique' | undefined {
  const code = resultCode(error);
  if (code === PRIMARY_KEY) return 'name';
  return code === UNIQUE ? 'unique' : undefined;
}

export function isBusy(error: unknown): boolean {
  return ((resultCode(error) ?? 0) & 0xff) === 5;
}

/** Extended result code; its low byte is the primary one. */
function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined;
  return typeof error.errcode === 'number' ? error.errcode : undefined;
}
