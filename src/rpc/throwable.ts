// The errors a method may end with, by Frappe's names. By name, since a user's module may hold its own copy of a class.
import {
  AuthenticationError,
  DataError,
  DoesNotExistError,
  DuplicateEntryError,
  LinkValidationError,
  MandatoryError,
  PermissionError,
  TimestampMismatchError,
  TooManyRequestsError,
  ValidationError,
  type AppError,
} from '../errors/errors.ts';

const THROWABLE = {
  AuthenticationError,
  DataError,
  DoesNotExistError,
  DuplicateEntryError,
  LinkValidationError,
  MandatoryError,
  PermissionError,
  TimestampMismatchError,
  TooManyRequestsError,
  ValidationError,
} as const;

export type ThrowableType = keyof typeof THROWABLE;

export const errorOf = (type: ThrowableType, message: string): AppError => new THROWABLE[type](message);
