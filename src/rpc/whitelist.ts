// How a function says that it may be called over REST, and the check of what it says.
import { compileCoercion, type Coerce } from '../validation/coerce.ts';
import { isJsonObject, type Json, type JsonObject } from '../util/json.ts';
import type { MethodContext } from './context.ts';

export const VERBS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
export type Verb = (typeof VERBS)[number];

/** The value of a function's `whitelist` property. Names as method authors of Frappe know them. */
export interface WhitelistSpec {
  /** Callable without logging in. */
  readonly allow_guest?: boolean;
  /** HTTP verbs it takes; default GET, POST, PUT, DELETE. */
  readonly methods?: readonly Verb[];
  /** JSON Schema of the arguments: checked, and texts converted, before the function runs. */
  readonly params?: JsonObject;
  /** What it writes is kept even when it is called by GET. */
  readonly commit_on_get?: boolean;
  /** May be run again when another request changed the same document meanwhile. */
  readonly retry?: boolean;
}

export type MethodHandler<Args = JsonObject> = (args: Args, ctx: MethodContext) => unknown;

/** A whitelist, checked and with its defaults. */
export interface Whitelist {
  readonly allowGuest: boolean;
  readonly verbs: ReadonlySet<string>;
  readonly coerce: Coerce | undefined;
  readonly commitOnGet: boolean;
  readonly retry: boolean;
}

/**
 * Marks a function as callable over REST. `Args` is what `params` describes; AJV holds callers to it.
 */
export function whitelist<Args = JsonObject>(
  spec: WhitelistSpec,
  handler: MethodHandler<Args>,
): MethodHandler<Args> & { readonly whitelist: WhitelistSpec } {
  return Object.assign(handler, { whitelist: spec });
}

const DEFAULT_VERBS: readonly string[] = ['GET', 'POST', 'PUT', 'DELETE'];
const KNOWN: ReadonlySet<string> = new Set(['allow_guest', 'methods', 'params', 'commit_on_get', 'retry']);

/** @throws Error saying what is wrong with the mark */
export function readWhitelist(spec: Json): Whitelist {
  if (!isJsonObject(spec)) throw new Error('whitelist must be an object');
  const unknown = Object.keys(spec).find((key) => !KNOWN.has(key));
  if (unknown !== undefined) throw new Error(`whitelist has an unknown property "${unknown}"`);
  const params = spec['params'];
  if (params !== undefined && !isJsonObject(params))
    throw new Error('whitelist.params must be a JSON Schema');
  return {
    allowGuest: flag(spec, 'allow_guest'),
    verbs: new Set(readVerbs(spec['methods'])),
    coerce: params === undefined ? undefined : compileParams(params),
    commitOnGet: flag(spec, 'commit_on_get'),
    retry: flag(spec, 'retry'),
  };
}

function flag(spec: JsonObject, name: string): boolean {
  const value = spec[name] ?? false;
  if (typeof value !== 'boolean') throw new Error(`whitelist.${name} must be true or false`);
  return value;
}

function readVerbs(methods: Json | undefined): readonly string[] {
  if (methods === undefined) return DEFAULT_VERBS;
  const fault = `whitelist.methods must be a list of ${VERBS.join(', ')}`;
  if (!Array.isArray(methods) || methods.length === 0) throw new Error(fault);
  const known: readonly string[] = VERBS;
  return methods.map((verb: Json) => {
    const upper = typeof verb === 'string' ? verb.toUpperCase() : '';
    if (!known.includes(upper)) throw new Error(fault);
    return upper;
  });
}

function compileParams(params: JsonObject): Coerce {
  try {
    return compileCoercion(params);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`whitelist.params is not a valid JSON Schema: ${reason}`, { cause });
  }
}
