// Looks through references and the usual ways to say "or null", so that a property's type can be read off.
// It only reads schemas; enforcing them is AJV's work.
import { isJsonObject, type Json, type JsonObject } from '../../util/json.ts';
import { list, text } from '../properties.ts';

export interface Effective {
  /** Local references followed and merged; a reference to another file stays as `$ref`. */
  readonly schema: JsonObject;
  readonly nullable: boolean;
}

/** References that lead to references end here: a longer chain is a circle. */
const LONGEST_CHAIN = 32;

/** Keywords whose values are data, not schemas. */
export const DATA_KEYWORDS: ReadonlySet<string> = new Set([
  'enum',
  'const',
  'default',
  'examples',
  'x-doctype',
  'x-field',
]);

/** Keywords that hold schemas by name: their keys are not keywords. */
export const NAMED_SCHEMAS: ReadonlySet<string> = new Set([
  'properties',
  'patternProperties',
  '$defs',
  'definitions',
  'dependentSchemas',
]);

export const isLocalRef = (ref: string): boolean => ref.startsWith('#');

/** The schema a `#/…` reference points at. */
export function lookUp(root: JsonObject, ref: string): Json | undefined {
  if (ref === '#') return root;
  if (!ref.startsWith('#/')) return undefined;
  let at: Json | undefined = root;
  for (const part of ref.slice(2).split('/')) {
    const key = decoded(part).replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(at)) at = list(at)[Number(key)];
    else at = isJsonObject(at) && Object.hasOwn(at, key) ? at[key] : undefined;
  }
  return at;
}

/** References are URI fragments; one that is not properly encoded means itself. */
export function decoded(reference: string): string {
  try {
    return decodeURIComponent(reference);
  } catch (error) {
    if (error instanceof URIError) return reference;
    throw error;
  }
}

export function effective(schema: Json | undefined, root: JsonObject, chain = 0): Effective {
  if (!isJsonObject(schema) || chain > LONGEST_CHAIN) return { schema: {}, nullable: false };
  const inner = wrapped(schema, root);
  if (inner === undefined) return withoutNull(schema);
  const below = effective(inner.schema, root, chain + 1);
  const own = withoutNull({ ...below.schema, ...inner.rest });
  return { schema: own.schema, nullable: own.nullable || below.nullable || inner.nullable };
}

interface Wrapped {
  readonly schema: Json | undefined;
  /** Keywords beside the reference. */
  readonly rest: JsonObject;
  readonly nullable: boolean;
}

/** The one schema that a `$ref`, or an `allOf`, `anyOf` or `oneOf` of one besides null, stands for. */
function wrapped(schema: JsonObject, root: JsonObject): Wrapped | undefined {
  const { $ref: ref, ...rest } = schema;
  if (typeof ref === 'string' && isLocalRef(ref)) return { schema: lookUp(root, ref), rest, nullable: false };
  for (const keyword of ['allOf', 'anyOf', 'oneOf']) {
    const branches = list(schema[keyword]);
    const real = branches.filter((branch) => !isNull(branch));
    const [only] = real;
    if (real.length !== 1 || only === undefined) continue;
    const { [keyword]: _branches, ...others } = schema;
    return { schema: only, rest: others, nullable: real.length < branches.length };
  }
  return undefined;
}

const isNull = (schema: Json): boolean =>
  isJsonObject(schema) && (schema['type'] === 'null' || schema['const'] === null);

/** `"type": ["string", "null"]` and a null in `enum` say that the property is nullable. */
function withoutNull(schema: JsonObject): Effective {
  const types = list(schema['type']);
  const values = list(schema['enum']);
  const nullable = types.includes('null') || values.includes(null);
  if (!nullable) return { schema, nullable };
  const rest = types.filter((type) => type !== 'null');
  return {
    nullable,
    schema: {
      ...schema,
      ...(types.length > 0 && { type: rest.length === 1 ? text(rest[0]) : rest }),
      ...(values.length > 0 && { enum: values.filter((value) => value !== null) }),
    },
  };
}
