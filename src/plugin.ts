// The only file that a controller or method module may import: types, the mark for methods, and the errors to throw.
export { whitelist } from './rpc/whitelist.ts';
export type { MethodHandler, Verb, WhitelistSpec } from './rpc/whitelist.ts';
export type { ListOptions, MethodContext, MethodDb } from './rpc/context.ts';
export type { MethodResponse } from './rpc/response.ts';
export type { ThrowableType } from './rpc/throwable.ts';
export type { Controller, DraftDoc, Hook, HookContext, HookName } from './documents/controller.ts';
export type { Json, JsonObject } from './util/json.ts';
export {
  AuthenticationError,
  DoesNotExistError,
  DuplicateEntryError,
  MandatoryError,
  PermissionError,
  ValidationError,
} from './errors/errors.ts';
