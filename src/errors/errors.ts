// Every failure a client may see, one class per Frappe exception, with Frappe's own names and statuses.
// Nothing else lives here: rendering is http/error-body.ts, translation of driver errors is documents/.

export interface ErrorOptions {
  /** Heading shown above the message by Frappe's clients. */
  readonly title?: string;
  /** Public, JSON-safe facts about the fault (field, row, limit …). */
  readonly details?: Readonly<Record<string, unknown>>;
  /** Private: logged, never sent. */
  readonly cause?: unknown;
  /** Further messages of the same fault, one per field, rendered beside the first. */
  readonly messages?: readonly string[];
}

/** An error whose message may reach the client. Everything else becomes a bare 500. */
export abstract class AppError extends Error {
  /** Frappe's exc_type, written out so that it survives minifying. */
  abstract readonly type: string;
  /** HTTP status. */
  abstract readonly status: number;
  readonly title: string | undefined;
  readonly details: Readonly<Record<string, unknown>>;
  readonly messages: readonly string[];

  constructor(message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.title = options.title;
    this.details = options.details ?? {};
    this.messages = options.messages ?? [message];
  }
}

export class ValidationError extends AppError {
  readonly type: string = 'ValidationError';
  readonly status: number = 417;
}
export class DataError extends ValidationError {
  override readonly type = 'DataError';
}
export class MandatoryError extends ValidationError {
  override readonly type = 'MandatoryError';
}
export class LinkValidationError extends ValidationError {
  override readonly type = 'LinkValidationError';
}
export class CancelledLinkError extends ValidationError {
  override readonly type = 'CancelledLinkError';
}
export class LinkExistsError extends ValidationError {
  override readonly type = 'LinkExistsError';
}
export class TimestampMismatchError extends ValidationError {
  override readonly type = 'TimestampMismatchError';
}
export class UpdateAfterSubmitError extends ValidationError {
  override readonly type = 'UpdateAfterSubmitError';
}
export class DocstatusTransitionError extends ValidationError {
  override readonly type = 'DocstatusTransitionError';
}
export class CannotChangeConstantError extends ValidationError {
  override readonly type = 'CannotChangeConstantError';
}
export class CharacterLengthExceededError extends ValidationError {
  override readonly type = 'CharacterLengthExceededError';
}
export class NonNegativeError extends ValidationError {
  override readonly type = 'NonNegativeError';
}
export class UniqueValidationError extends ValidationError {
  override readonly type = 'UniqueValidationError';
}
export class InvalidNameError extends ValidationError {
  override readonly type = 'InvalidNameError';
}
export class InvalidEmailAddressError extends ValidationError {
  override readonly type = 'InvalidEmailAddressError';
}
export class InvalidPhoneNumberError extends ValidationError {
  override readonly type = 'InvalidPhoneNumberError';
}
export class InvalidNamingSeriesError extends ValidationError {
  override readonly type = 'InvalidNamingSeriesError';
}
export class InvalidUUIDValue extends ValidationError {
  override readonly type = 'InvalidUUIDValue';
}
export class NestedSetRecursionError extends ValidationError {
  override readonly type = 'NestedSetRecursionError';
}
/** A whitelisted method was given an argument of the wrong type. */
export class FrappeTypeError extends ValidationError {
  override readonly type = 'FrappeTypeError';
}
export class CSRFTokenError extends AppError {
  readonly type = 'CSRFTokenError';
  readonly status = 400;
}
export class InvalidAuthorizationToken extends AppError {
  readonly type = 'InvalidAuthorizationToken';
  readonly status = 400;
}
export class AuthenticationError extends AppError {
  readonly type = 'AuthenticationError';
  readonly status = 401;
}
export class PermissionError extends AppError {
  readonly type = 'PermissionError';
  readonly status = 403;
}
export class DoesNotExistError extends AppError {
  readonly type = 'DoesNotExistError';
  readonly status = 404;
}
export class MethodNotAllowedError extends AppError {
  readonly type = 'MethodNotAllowedError';
  readonly status = 405;
}
/** A name that breaks the naming rules (not a duplicate). */
export class NameError extends AppError {
  readonly type: string = 'NameError';
  readonly status = 409;
}
export class DuplicateEntryError extends NameError {
  override readonly type = 'DuplicateEntryError';
}
export class PayloadTooLargeError extends AppError {
  readonly type = 'PayloadTooLargeError';
  readonly status = 413;
}
export class UnsupportedMediaType extends AppError {
  readonly type = 'UnsupportedMediaType';
  readonly status = 415;
}
export class TooManyRequestsError extends AppError {
  readonly type = 'TooManyRequestsError';
  readonly status = 429;
}
/** The database cannot be reached or did not answer in time. */
export class ServiceUnavailableError extends AppError {
  readonly type = 'ServiceUnavailableError';
  readonly status = 503;
}
export class QueryTimeoutError extends AppError {
  readonly type = 'QueryTimeoutError';
  readonly status = 503;
}
