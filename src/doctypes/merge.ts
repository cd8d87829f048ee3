// One definition for each name: users' files replace the shipped ones, which leave behind the fields the service needs.
import type { JsonObject } from '../util/json.ts';
import { type Definition, fieldsOf } from './definition.ts';
import { isChild, withFields, withRaw } from './dialect.ts';
import { FIELD_TYPES } from './fieldtypes/index.ts';
import type { Findings } from './findings.ts';
import { flag, list, text } from './properties.ts';

/** Marks a field of a shipped DocType that the service itself reads or writes. */
export const NEEDED = 'needed_by_service';

/** Definitions by name. Two of one name are a fault that names both. */
export function byName(definitions: readonly Definition[], findings: Findings): Map<string, Definition> {
  const known = new Map<string, Definition>();
  for (const definition of definitions) {
    const first = known.get(definition.name);
    if (first === undefined) known.set(definition.name, definition);
    else if (!isSame(first, definition)) {
      const place = (one: Definition): string => (one.at === '' ? one.file : `${one.file} (${one.at})`);
      const message = `DocType ${JSON.stringify(definition.name)} is defined twice: here and in ${place(first)}`;
      findings.fault(definition.file, definition.at, message);
    }
  }
  return known;
}

/** Two files that describe one inline child alike, as generators write them. */
const isSame = (one: Definition, other: Definition): boolean =>
  one.schema !== undefined && isChild(one) && JSON.stringify(one.schema) === JSON.stringify(other.schema);

export function mergeCore(
  core: ReadonlyMap<string, Definition>,
  own: ReadonlyMap<string, Definition>,
  findings: Findings,
): Map<string, Definition> {
  const merged = new Map(core);
  for (const [name, definition] of own) {
    const shipped = core.get(name);
    merged.set(name, shipped ? withNeeded(definition, shipped, findings) : definition);
  }
  return merged;
}

function withNeeded(definition: Definition, shipped: Definition, findings: Findings): Definition {
  for (const property of ['istable', 'issingle']) {
    if (flag(definition.raw[property]) === flag(shipped.raw[property])) continue;
    const message = `must be ${flag(shipped.raw[property]) ? 1 : 0}: the service needs ${definition.name} to be as shipped`;
    findings.fault(definition.file, `${definition.at}/${property}`, message);
  }
  const fields = new Map(
    fieldsOf(definition).map((field, index) => [text(field['fieldname']), { field, index }]),
  );
  const missing: JsonObject[] = [];
  for (const needed of fieldsOf(shipped).filter((field) => flag(field[NEEDED]))) {
    const found = fields.get(text(needed['fieldname']));
    if (!found) missing.push(needed);
    else if (storedAs(found.field) !== storedAs(needed)) {
      const message = `must be ${text(needed['fieldtype'])}, which the service needs`;
      findings.fault(definition.file, `${definition.fieldAt(found.index)}/fieldtype`, message);
    }
  }
  return withIndexes(withFields(definition, missing), shipped);
}

/** The service's own look-ups stay as quick as they were, where the fields are still there. */
function withIndexes(definition: Definition, shipped: Definition): Definition {
  const known = new Set(['modified', ...fieldsOf(definition).map((field) => text(field['fieldname']))]);
  const kept = list(shipped.raw['indexes']).filter((index) =>
    [index].flat().every((name) => known.has(text(name).replace(/^-/, ''))),
  );
  if (kept.length === 0) return definition;
  return withRaw(definition, { ...definition.raw, indexes: [...list(definition.raw['indexes']), ...kept] });
}

const storedAs = (field: JsonObject): string | undefined =>
  FIELD_TYPES.get(text(field['fieldtype']))?.storedAs;
