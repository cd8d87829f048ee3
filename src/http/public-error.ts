// Decides what of a failure the client may see. Everything it does not know is an internal error without details.
import {
  AppError,
  DataError,
  DuplicateEntryError,
  PayloadTooLargeError,
  ServiceUnavailableError,
  TimestampMismatchError,
  UnsupportedMediaType,
} from '../errors/errors.ts';
import { DuplicateKey, StoreUnavailable, WriteConflict } from '../storage/errors.ts';
import type { PublicError } from './error-body.ts';

/** The text says nothing of the cause; the log has it under the same request id. */
export class InternalServerError extends AppError {
  readonly type = 'InternalServerError';
  readonly status = 500;
}

/** A user's TypeScript module may hold its own copy of the error classes: their shape counts. */
function isAppError(error: Error): error is Error & PublicError {
  return (
    error instanceof AppError ||
    ('type' in error &&
      typeof error.type === 'string' &&
      'status' in error &&
      typeof error.status === 'number' &&
      'details' in error &&
      'messages' in error &&
      Array.isArray(error.messages))
  );
}

export function toPublicError(error: unknown, requestId: string): PublicError {
  const known = error instanceof Error ? toKnown(error) : undefined;
  return known ?? new InternalServerError(`Internal server error (request ${requestId})`, { cause: error });
}

/** Storage errors that no operation translated, and those of the libraries that read the request. */
function toKnown(error: Error): PublicError | undefined {
  if (isAppError(error)) return error;
  if (error instanceof StoreUnavailable) {
    return new ServiceUnavailableError('The database is not available', { cause: error });
  }
  if (error instanceof WriteConflict) {
    return new TimestampMismatchError('The document was changed by somebody else', { cause: error });
  }
  if (error instanceof DuplicateKey) {
    return new DuplicateEntryError(`${error.collection} ${error.docname} already exists`, { cause: error });
  }
  return fromHttpError(error);
}

/** Errors of http-errors, and of formidable, which calls its status `httpCode`. */
function fromHttpError(error: Error): PublicError | undefined {
  const httpCode: unknown = 'httpCode' in error ? error.httpCode : undefined;
  const status: unknown = 'status' in error ? error.status : httpCode;
  const cause = error;
  switch (status) {
    case 400:
      return new DataError('The request cannot be read', { cause });
    case 413:
      return new PayloadTooLargeError('The request body is too large', { cause });
    case 415:
      return new UnsupportedMediaType('The encoding of the request body is not supported', { cause });
    default:
      return undefined;
  }
}
