// JSON kept as text, as Frappe keeps it, and JSON kept as structure, for objects and arrays of JSON Schema files.
import { isJsonObject, type Json } from '../../util/json.ts';
import { isFromSchema, isStorable, ok, operandText, refuse, refuseUnstorable, show } from './cast.ts';
import type { CastResult, FieldType } from './field-type.ts';
import { textType } from './text.ts';

/** Levels of lists and objects that a value may have. */
const DEEPEST = 64;

/** What keeps a JSON value from being stored, if anything does. */
function unstorable(value: Json, depth = 0): CastResult | undefined {
  if (depth > DEEPEST) return refuse(`is nested more than ${DEEPEST} levels deep`);
  if (typeof value === 'string') return isStorable(value) ? undefined : refuseUnstorable();
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    if (key === '__proto__' || !isStorable(key))
      return refuse(`has a key that cannot be stored: ${show(key)}`);
    const fault = unstorable(inner, depth + 1);
    if (fault) return fault;
  }
  return undefined;
}

function parseJson(text: string): { readonly value: Json } | undefined {
  try {
    const value: Json = JSON.parse(text);
    return { value };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Text that must be JSON; objects and lists become compact text. Blank means nothing. */
function castJsonText(value: Json): CastResult {
  if (value === null || (typeof value === 'string' && value.trim() === '')) return ok(null);
  if (typeof value !== 'string') return unstorable(value) ?? ok(JSON.stringify(value));
  if (!isStorable(value)) return refuseUnstorable();
  return parseJson(value) ? ok(value) : refuse(`must be JSON, not ${show(value)}`);
}

const jsonText = (name: string): FieldType => ({
  ...textType({ name, cast: castJsonText }),
  operand: (value) =>
    typeof value === 'object' && value !== null ? ok(JSON.stringify(value)) : operandText(value),
});

/** Types the property's schema allows; none said means all. */
function allowedTypes(schema: Json | undefined): readonly Json[] {
  if (!isJsonObject(schema)) return [];
  const type = schema['type'];
  return Array.isArray(type) ? type : type === undefined ? [] : [type];
}

export const STRUCTURE: FieldType = {
  name: 'JSON',
  storedAs: 'structure',
  unset: null,
  nullAs: '',
  cast(value, field) {
    const types = allowedTypes(field.raw['json_schema']);
    const textAllowed = types.length === 0 || types.includes('string');
    // A form can send structure only as text; text that the schema allows as such stays what it is.
    if (typeof value !== 'string' || (textAllowed && isFromSchema(field)))
      return unstorable(value) ?? ok(value);
    if (value.trim() === '') return ok(null);
    const parsed = parseJson(value);
    if (!parsed) return refuse(`must be JSON, not ${show(value)}`);
    return unstorable(parsed.value) ?? ok(parsed.value);
  },
  operand: () => refuse('holds structured data, which cannot be compared'),
  schema: () => ({}),
};

export const STRUCTURE_TYPES: readonly FieldType[] = [jsonText('JSON'), jsonText('Geolocation')];
