// A DocField as the file has it → a Field. Pure.
import { isJsonObject, type Json, type JsonObject } from '../util/json.ts';
import { typeOf } from './json-schema/infer.ts';
import type { Field } from './meta.ts';
import { count, flag, text } from './properties.ts';

/** @param timeZone the service's zone, for datetimes that carry an offset */
export function toField(raw: JsonObject, timeZone?: string): Field {
  const fieldname = text(raw['fieldname']);
  return Object.freeze({
    fieldname,
    fieldtype: text(raw['fieldtype']),
    label: text(raw['label']) || fieldname,
    options: text(raw['options']),
    default: defaultOf(raw['default']),
    reqd: flag(raw['reqd']),
    unique: flag(raw['unique']),
    searchIndex: flag(raw['search_index']),
    permlevel: count(raw['permlevel']),
    length: count(raw['length']),
    nonNegative: flag(raw['non_negative']),
    setOnlyOnce: flag(raw['set_only_once']),
    allowOnSubmit: flag(raw['allow_on_submit']),
    noCopy: flag(raw['no_copy']),
    fetchFrom: text(raw['fetch_from']),
    fetchIfEmpty: flag(raw['fetch_if_empty']),
    isVirtual: flag(raw['is_virtual']),
    ignoreUserPermissions: flag(raw['ignore_user_permissions']),
    ignoreXssFilter: flag(raw['ignore_xss_filter']),
    enforceReadOnly: flag(raw['enforce_read_only']),
    structured: isStructured(raw),
    ...(timeZone !== undefined && { timeZone }),
    raw,
  });
}

function defaultOf(value: Json | undefined): string | number | null {
  if (typeof value === 'boolean') return Number(value);
  return typeof value === 'string' || typeof value === 'number' ? value : null;
}

/** JSON of a JSON Schema file is kept as it is, unless its schema wants text. */
function isStructured(raw: JsonObject): boolean {
  const schema = raw['json_schema'];
  if (!isJsonObject(schema)) return false;
  const fieldtype = raw['fieldtype'];
  return (fieldtype === 'JSON' || fieldtype === 'Geolocation') && typeOf(schema) !== 'string';
}
