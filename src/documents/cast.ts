// A client's values → a draft's values: known fields only, each cast by its fieldtype, rows numbered. No database.
import { fieldType } from '../doctypes/fieldtypes/index.ts';
import type { Fault, Field, Meta } from '../doctypes/meta.ts';
import { ROW_FIELDS, SIDE_FIELDS, STANDARD_FIELDS } from '../doctypes/meta.ts';
import type { Registry } from '../doctypes/registry.ts';
import type { Json, JsonObject } from '../util/json.ts';
import type { DraftDoc } from './controller.ts';
import { isRecord } from './draft.ts';
import type { Place } from './faults.ts';
import { faultError } from './faults.ts';
import { sanitize } from './sanitize.ts';

/** Keys of a request body that are never taken as field values. */
const RESERVED: ReadonlySet<string> = new Set([
  ...STANDARD_FIELDS,
  ...ROW_FIELDS,
  ...SIDE_FIELDS,
  'doctype',
  'flags',
]);

/** A row keeps its name, so that an update finds it again; `__islocal` marks one that is new. */
const ROW_KEYS = ['name', 'idx', '__islocal'] as const;

type PlacedFault = Fault & { readonly place: Place };

/** Collects faults, so that one answer names all of them. */
interface Casting {
  readonly registry: Registry;
  readonly faults: PlacedFault[];
}

/**
 * Casts the given values; fields that are not given are not in the result.
 * @throws ValidationError (or the subclass of the first fault) naming every field that cannot be cast
 */
export function castValues(registry: Registry, meta: Meta, values: JsonObject): Record<string, Json> {
  const casting: Casting = { registry, faults: [] };
  const result = castFields(casting, { meta }, values);
  if (casting.faults.length > 0) throw faultError(casting.faults);
  return result;
}

function castFields(casting: Casting, place: Place, values: JsonObject): Record<string, Json> {
  const result: Record<string, Json> = {};
  for (const [key, value] of Object.entries(values)) {
    const field = place.meta.fieldsByName.get(key);
    if ((RESERVED.has(key) && !field) || key.startsWith('__')) continue;
    if (field && isTable(field)) result[key] = castRows(casting, { place, field }, value);
    else if (field) result[key] = castField(casting, { place, field }, value);
    else if (place.meta.schemaless) result[key] = castUndeclared(casting, place, key, value);
  }
  return result;
}

export const isTable = (field: Field): boolean => fieldType(field).storedAs === 'rows';

interface FieldPlace {
  readonly place: Place;
  readonly field: Field;
}

function castField(casting: Casting, { place, field }: FieldPlace, value: Json): Json {
  const result = fieldType(field).cast(value, field);
  if ('fault' in result) {
    casting.faults.push({ ...result.fault, field, place });
    return null;
  }
  return typeof result.value === 'string' ? sanitize(result.value, field) : result.value;
}

function castRows(casting: Casting, { place, field }: FieldPlace, value: Json): Json {
  if (value === null || value === '') return [];
  const refuse = (message: string): [] => {
    casting.faults.push({ kind: 'type', message, field, place });
    return [];
  };
  if (!Array.isArray(value)) return refuse('must be a list of rows');
  const meta = casting.registry.find(field.options);
  if (!meta) return value.length === 0 ? [] : refuse(`the child DocType ${field.options} is not loaded`);
  return value.map((row: Json, index) => {
    const position = index + 1;
    if (!isRecord(row)) {
      refuse(`row ${position} must be an object`);
      return {};
    }
    const cast = castFields(casting, { meta, position }, row);
    for (const key of ROW_KEYS) if (row[key] !== undefined) cast[key] = row[key];
    return cast;
  });
}

function castUndeclared(casting: Casting, place: Place, key: string, value: Json): Json {
  const refuse = (message: string): null => {
    casting.faults.push({ kind: 'type', field: undefined, message: `${key}: ${message}`, place });
    return null;
  };
  if (key.startsWith('$') || key.startsWith('_') || /[.\0]/.test(key))
    return refuse('is not a legal field name');
  const broken = brokenText(value);
  if (broken) return refuse(broken);
  return typeof value === 'string' ? sanitize(value, undefined) : value;
}

/** Text that not every engine can keep, or keys that a query could mistake for operators. */
function brokenText(value: Json): string | undefined {
  if (typeof value === 'string') {
    return value.includes('\0') || !value.isWellFormed()
      ? 'holds characters that cannot be stored'
      : undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    if (key.startsWith('$') || key.includes('\0')) return `the key ${JSON.stringify(key)} is not allowed`;
    const broken = brokenText(inner);
    if (broken) return broken;
  }
  return undefined;
}

/** Casts what hooks may have put into a draft, in place. */
export function recastDraft(registry: Registry, meta: Meta, doc: DraftDoc): void {
  const given: Record<string, Json> = {};
  for (const [key, value] of Object.entries(doc)) if (value !== undefined) given[key] = value;
  const cast = castValues(registry, meta, given);
  for (const [key, value] of Object.entries(cast)) {
    const field = meta.fieldsByName.get(key);
    if (!field || !isTable(field)) doc[key] = value;
  }
}
