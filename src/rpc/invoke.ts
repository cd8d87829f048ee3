// One call of a method: who may call it how, its arguments, its transaction, its result as plain JSON.
import { GUEST, type Principal } from '../access/principal.ts';
import type { Auth } from '../auth/login.ts';
import type { Message } from '../documents/call.ts';
import type { Transact } from '../documents/transact.ts';
import { FrappeTypeError, PermissionError, ValidationError } from '../errors/errors.ts';
import type { Json, JsonObject } from '../util/json.ts';
import { createMethodContext, type MethodRequest, type Site } from './context.ts';
import type { Method, MethodRegistry } from './registry.ts';
import { resetResponse, type MethodResponse } from './response.ts';
import { toJson } from './to-json.ts';
import type { Whitelist } from './whitelist.ts';

export interface RpcServices {
  readonly transact: Transact;
  readonly methods: MethodRegistry;
  readonly auth: Auth;
  readonly site: Site;
}

export interface Invocation {
  readonly name: string;
  readonly args: JsonObject;
  readonly principal: Principal;
  readonly request: MethodRequest;
  /** Filled by the method. */
  readonly response: MethodResponse;
}

export interface Invoked {
  /** Undefined when the method returned nothing. */
  readonly result: Json | undefined;
  readonly messages: readonly Message[];
}

/**
 * @throws ValidationError for a name that is no method, and for arguments with a wrong value
 * @throws FrappeTypeError for arguments of a wrong type
 * @throws PermissionError when the method is not marked, not open to guests, or does not take the verb
 */
export async function invoke(services: RpcServices, invocation: Invocation): Promise<Invoked> {
  const { name, principal, request, response } = invocation;
  const method = services.methods.find(name);
  if (!method) throw new ValidationError(`Failed to get method for command ${name}: there is no such method`);
  // HEAD is a GET whose body is not sent.
  const verb = request.verb === 'HEAD' ? 'GET' : request.verb;
  const whitelist = checkAllowed(method, principal, verb);
  const args = checkArguments(whitelist, invocation);
  const commit = verb !== 'GET' || whitelist.commitOnGet;
  return services.transact({ principal, commit, retry: whitelist.retry }, async (call) => {
    resetResponse(response);
    const { auth, site } = services;
    const context = createMethodContext({ call, auth, site, request, response });
    // Arguments are copied, so that a second run does not see what the first did to them.
    const returned: unknown = await method.handler(structuredClone(args), context);
    return toJson(returned, call.clock.zone);
  });
}

function checkAllowed(method: Method, principal: Principal, verb: string): Whitelist {
  const title = 'Method Not Allowed';
  const { whitelist, name } = method;
  if (!whitelist) throw new PermissionError(`Function ${name} is not whitelisted.`, { title });
  if (principal.user === GUEST && !whitelist.allowGuest) {
    throw new PermissionError(`Log in to call ${name}.`, { title });
  }
  if (!whitelist.verbs.has(verb)) {
    throw new PermissionError(`Not permitted: ${name} does not take ${verb}.`, { title });
  }
  return whitelist;
}

/** Never passed on: in Frappe they would switch checks off. */
const DROPPED = ['ignore_permissions', 'flags'];

function checkArguments(whitelist: Whitelist, { name, args }: Invocation): JsonObject {
  const given = Object.fromEntries(Object.entries(args).filter(([key]) => !DROPPED.includes(key)));
  if (!whitelist.coerce) return given;
  const { values, faults } = whitelist.coerce(given);
  if (faults.length === 0) return values;
  const messages = faults.map(({ argument, message }) =>
    argument === '' ? `${name}: the arguments ${message}` : `${name}: argument ${argument} ${message}`,
  );
  const [first = name] = messages;
  if (faults.some((fault) => fault.wrongType)) throw new FrappeTypeError(first, { messages });
  throw new ValidationError(first, { messages });
}
