// The checks of a whole document before it is written: mandatory fields, the DocType's validator, constants.
import { fieldType } from '../doctypes/fieldtypes/index.ts';
import type { Fault, Field, Meta } from '../doctypes/meta.ts';
import { CannotChangeConstantError, MandatoryError, UniqueValidationError } from '../errors/errors.ts';
import type { Json } from '../util/json.ts';
import { isTable } from './cast.ts';
import type { Call } from './call.ts';
import type { DraftDoc } from './controller.ts';
import type { Draft, DraftRow } from './draft.ts';
import { draftRows, isBlank, rowsOf, valueOf } from './draft.ts';
import type { Place } from './faults.ts';
import { faultError } from './faults.ts';

/** @throws MandatoryError, and the ValidationErrors of faults.ts */
export function validateDraft(call: Call, draft: Draft): void {
  const rows = [...draftRows(draft, (name) => call.registry.find(name))];
  checkMandatory(draft, rows);
  const faults = [
    ...faultsOf({ meta: draft.meta }, draft.meta, draft.doc),
    ...rows.flatMap(({ meta, row, position }) => faultsOf({ meta, position }, meta, row)),
  ];
  if (faults.length > 0) throw faultError(faults);
  if (draft.before) checkConstants(draft.meta, draft.doc, draft.before);
  checkRowUniqueness(rows);
}

function faultsOf(place: Place, meta: Meta, doc: DraftDoc): (Fault & { place: Place })[] {
  const values: Record<string, Json> = {};
  for (const [key, value] of Object.entries(doc))
    if (value !== undefined && value !== null) values[key] = value;
  return meta.validate(values).map((fault) => ({ ...fault, place }));
}

/** Markup without text is nothing, unless it shows a picture. */
const holdsText = (text: string): boolean =>
  /<(img|video|audio|iframe)\b/i.test(text) || text.replace(/<[^>]*>|&nbsp;/g, '').trim() !== '';

function isMissing(field: Field, value: Json | undefined): boolean {
  if (isTable(field)) return !Array.isArray(value) || value.length === 0;
  if (isBlank(value)) return true;
  return typeof value === 'string' && !holdsText(value) && field.fieldtype !== 'Code';
}

function checkMandatory({ meta, doc }: Draft, rows: readonly DraftRow[]): void {
  const lost: { field: Field; message: string }[] = [];
  for (const field of meta.fields) {
    if (!field.reqd || field.fieldtype === 'Check' || !isMissing(field, doc[field.fieldname])) continue;
    const what = isTable(field) ? 'Data missing in table' : `Value missing for ${meta.name}:`;
    lost.push({ field, message: `Error: ${what} ${field.label || field.fieldname}` });
  }
  for (const { meta: child, row, position } of rows) {
    for (const field of child.fields) {
      if (!field.reqd || field.fieldtype === 'Check' || !isMissing(field, row[field.fieldname])) continue;
      const message = `Error: ${child.name} Row #${position}: Value missing for: ${field.label || field.fieldname}`;
      lost.push({ field, message });
    }
  }
  if (lost.length === 0) return;
  const fields = lost.map(({ field }) => field.fieldname);
  throw new MandatoryError(`[${meta.name}, ${String(doc.name ?? '')}]: ${fields.join(', ')}`, {
    title: 'Missing Fields',
    messages: lost.map(({ message }) => message),
    details: { fields },
  });
}

/** `set_only_once` fields keep their first value once they have one. */
function checkConstants(meta: Meta, doc: DraftDoc, before: Readonly<Record<string, Json>>): void {
  for (const field of meta.fields) {
    if (!field.setOnlyOnce || isTable(field)) continue;
    const old = valueOf(before, field.fieldname) ?? fieldType(field).unset;
    if (isBlank(old) || old === 0 || old === doc[field.fieldname]) continue;
    throw new CannotChangeConstantError(`Value cannot be changed for ${field.label || field.fieldname}`, {
      details: { field: field.fieldname },
    });
  }
}

/** Within one document; across documents a child table's `unique` is checked by checkRowsAcrossDocuments. */
function checkRowUniqueness(rows: readonly DraftRow[]): void {
  const seen = new Set<string>();
  for (const { table, meta, row, position } of rows) {
    for (const field of meta.fields) {
      const value = row[field.fieldname];
      if (!field.unique || isBlank(value)) continue;
      const key = JSON.stringify([table.fieldname, field.fieldname, value]);
      if (seen.has(key)) {
        throw new UniqueValidationError(
          `Row #${position}: ${field.label || field.fieldname} must be unique`,
          {
            details: { field: field.fieldname },
          },
        );
      }
      seen.add(key);
    }
  }
}

/** @throws UniqueValidationError when another document holds a row with the same unique value */
export async function checkRowsAcrossDocuments(call: Call, draft: Draft): Promise<void> {
  for (const { table, meta, row } of draftRows(draft, (name) => call.registry.find(name))) {
    for (const field of meta.fields) {
      const value = row[field.fieldname];
      if (!field.unique || (typeof value !== 'string' && typeof value !== 'number') || value === '') continue;
      const old = draft.before && rowsOf(draft.before, table).find(({ name }) => name === row.name);
      if (old && old[field.fieldname] === value) continue;
      const [other] = await call.work.find(
        draft.meta.collection,
        {
          $and: [
            { [table.fieldname]: { $elemMatch: { [field.fieldname]: { $eq: value } } } },
            { name: { $ne: draft.doc.name ?? null } },
          ],
        },
        { limit: 1, fields: [] },
      );
      if (other) {
        throw new UniqueValidationError(`${field.label || field.fieldname} must be unique`, {
          details: { field: field.fieldname },
        });
      }
    }
  }
}
