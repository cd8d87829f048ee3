// AJV over the arguments of a method: checks them against JSON Schema and converts what came as text.
import addFormats from 'ajv-formats';
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import { isJsonObject, type Json, type JsonObject } from '../util/json.ts';

export interface ArgumentFault {
  /** Dotted path of the argument; '' for the arguments as a whole. */
  readonly argument: string;
  /** Wrong type, as opposed to a wrong or a missing value. */
  readonly wrongType: boolean;
  readonly message: string;
}

export interface Coerced {
  /** The arguments with defaults filled in and texts turned into what the schema asks for. */
  readonly values: JsonObject;
  readonly faults: readonly ArgumentFault[];
}

export type Coerce = (values: JsonObject) => Coerced;

/** @throws Error when `schema` is not a valid JSON Schema */
export function compileCoercion(schema: JsonObject): Coerce {
  const ajv = new Ajv2020({ coerceTypes: true, useDefaults: true, allErrors: true, strict: false });
  // The package is CommonJS: its function is the default export of its default export.
  addFormats.default(ajv);
  const validate = ajv.compile(schema);
  const structured = structuredProperties(schema);
  return (values) => {
    const copy = parseStructured(structuredClone(values), structured);
    validate(copy);
    return { values: copy, faults: (validate.errors ?? []).map(toFault) };
  };
}

/** Properties that take an object or an array but no text. */
function structuredProperties(schema: JsonObject): readonly string[] {
  const properties = schema['properties'];
  if (!isJsonObject(properties)) return [];
  return Object.entries(properties).flatMap(([name, property]) => {
    const type = isJsonObject(property) ? property['type'] : undefined;
    const types = Array.isArray(type) ? type : [type];
    const takesStructure = types.includes('object') || types.includes('array');
    return takesStructure && !types.includes('string') ? [name] : [];
  });
}

/** A query string carries objects and arrays as JSON text. */
function parseStructured(values: JsonObject, names: readonly string[]): JsonObject {
  const parsed: Record<string, Json> = { ...values };
  for (const name of names) {
    const value = parsed[name];
    if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) continue;
    try {
      const json: Json = JSON.parse(value);
      parsed[name] = json;
    } catch (error) {
      // Left as text: AJV then says that it is not of the wanted type.
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  return parsed;
}

function toFault(error: ErrorObject): ArgumentFault {
  const path = error.instancePath.slice(1).replaceAll('/', '.');
  const missing: unknown = error.params['missingProperty'];
  if (error.keyword === 'required' && typeof missing === 'string') {
    return { argument: path ? `${path}.${missing}` : missing, wrongType: false, message: 'is missing' };
  }
  return { argument: path, wrongType: error.keyword === 'type', message: error.message ?? 'is not valid' };
}
