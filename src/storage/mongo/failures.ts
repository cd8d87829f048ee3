// Driver and server failures → the storage errors that the rest of the service knows. Messages never hold credentials.
import { MongoError, MongoServerError } from 'mongodb';
import { DuplicateKey, StoreUnavailable } from '../errors.ts';

/** Where a failure happened, for the error that names it. */
export interface Place {
  readonly collection: string;
  readonly docname: string | number;
}

const DUPLICATE = 11000;
/** Server codes for: out of the time allowed. */
const OUT_OF_TIME = new Set([50, 262]);
/** Server codes for: out of space, shutting down, not (or no longer) the primary, no majority. */
const UNAVAILABLE = new Set([
  6, 7, 64, 89, 91, 133, 189, 202, 9001, 10107, 11600, 11602, 13435, 13436, 14031,
]);
const NETWORK = new Set([
  'MongoNetworkError',
  'MongoNetworkTimeoutError',
  'MongoServerSelectionError',
  'MongoNotConnectedError',
  'MongoTopologyClosedError',
  'MongoServerClosedError',
  'MongoStalePrimaryError',
  'MongoClientClosedError',
  'MongoExpiredSessionError',
  'MongoPoolClearedError',
  'MongoPoolClosedError',
  'PoolClearedOnNetworkError',
  'MongoWaitQueueTimeoutError',
  'MongoOperationTimeoutError',
]);

/** The storage error for a failure, or the failure itself where it is a fault in this program. */
export function translate(error: unknown, place?: Place): unknown {
  if (!(error instanceof MongoError)) return error;
  // The driver knows such a failure by its label, and runs the transaction once more.
  if (error.hasErrorLabel('TransientTransactionError')) return error;
  if (error.code === DUPLICATE && place !== undefined) {
    return new DuplicateKey(place.collection, duplicateField(error), place.docname, { cause: error });
  }
  if (hasCode(error, OUT_OF_TIME)) {
    return new StoreUnavailable('MongoDB did not answer in time', { cause: error });
  }
  if (isUnavailable(error)) return new StoreUnavailable('MongoDB cannot be reached', { cause: error });
  return error;
}

/** Runs an operation; what it throws is translated. @throws StoreUnavailable, and as its operation */
export async function translated<T>(operation: () => Promise<T>, place?: Place): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    throw translate(error, place);
  }
}

export function isDuplicate(error: unknown): boolean {
  return error instanceof MongoError && error.code === DUPLICATE;
}

function isUnavailable(error: MongoError): boolean {
  return NETWORK.has(error.name) || hasCode(error, UNAVAILABLE);
}

function hasCode(error: MongoError, codes: ReadonlySet<number>): boolean {
  return typeof error.code === 'number' && codes.has(error.code);
}

/** The unique field that was hit. Old servers tell it only in the message, some stand-ins not at all. */
function duplicateField(error: MongoError): string {
  const pattern: unknown = error instanceof MongoServerError ? error.errorResponse['keyPattern'] : undefined;
  const key = typeof pattern === 'object' && pattern !== null ? Object.keys(pattern)[0] : undefined;
  const field = key ?? /dup key: \{ "?(.*?)"?: /.exec(error.message)?.[1] ?? '_id';
  return field === '_id' ? 'name' : field;
}
