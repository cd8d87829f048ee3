// Draft (0), submitted (1), cancelled (2): which step a save is, who may take it, and what may still change.
import type { Field, Meta, Right } from '../doctypes/meta.ts';
import { DocstatusTransitionError, UpdateAfterSubmitError, ValidationError } from '../errors/errors.ts';
import type { Json } from '../util/json.ts';
import { isTable } from './cast.ts';
import type { Call } from './call.ts';
import type { Draft } from './draft.ts';
import { rowsOf, textOf } from './draft.ts';

export type Action = 'save' | 'submit' | 'update_after_submit' | 'cancel';

const NAMES = ['Draft', 'Submitted', 'Cancelled'] as const;
const title = (status: number): string => `${status} (${NAMES[status] ?? 'unknown'})`;

/** @throws ValidationError unless it is 0, 1 or 2, as number or text */
export function castDocstatus(value: Json): 0 | 1 | 2 {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  if (number === 0 || number === 1 || number === 2) return number;
  throw new ValidationError(`Invalid docstatus: ${JSON.stringify(value)}`, {
    details: { field: 'docstatus' },
  });
}

const ACTIONS: Readonly<Record<string, Action>> = {
  '0-0': 'save',
  '0-1': 'submit',
  '1-1': 'update_after_submit',
  '1-2': 'cancel',
};

/** @throws DocstatusTransitionError, ValidationError */
export function actionOf(from: number, to: number): Action {
  const action = ACTIONS[`${from}-${to}`];
  if (action) return action;
  if (from === 2) throw new ValidationError('Cannot edit cancelled document');
  throw new DocstatusTransitionError(`Cannot change docstatus from ${title(from)} to ${title(to)}`);
}

/** The right each step needs besides `write`. */
export const RIGHT_FOR: Readonly<Record<Action, Right>> = {
  save: 'write',
  submit: 'submit',
  update_after_submit: 'submit',
  cancel: 'cancel',
};

/** @throws UpdateAfterSubmitError for a change to a field that is closed by submission */
export function checkUpdateAfterSubmit(call: Call, { meta, doc, before }: Draft): void {
  if (!before) return;
  for (const field of meta.fields) {
    if (isTable(field)) checkRows(call, field, { doc, before });
    else if (!field.allowOnSubmit) compare(field, { doc, before }, '');
  }
}

type Values = Readonly<Record<string, Json | undefined>>;

function checkRows(call: Call, table: Field, { doc, before }: { doc: Values; before: Values }): void {
  const child = call.registry.find(table.options);
  if (!child) return;
  const rows = rowsOf(doc, table);
  const old = rowsOf(before, table);
  if (rows.length !== old.length && !table.allowOnSubmit) {
    throw refusal(table.label || table.fieldname, `${old.length} rows`, `${rows.length} rows`);
  }
  rows.forEach((row, index) => {
    const known = old.find(({ name }) => name === row.name);
    if (known) compareRow(child, { doc: row, before: known }, `Row #${index + 1}: `);
    else if (!table.allowOnSubmit)
      throw refusal(table.label || table.fieldname, 'no row', `row ${index + 1}`);
  });
}

function compareRow(child: Meta, values: { doc: Values; before: Values }, prefix: string): void {
  for (const field of child.fields) if (!field.allowOnSubmit) compare(field, values, prefix);
}

function compare(field: Field, { doc, before }: { doc: Values; before: Values }, prefix: string): void {
  const [old, value] = [before[field.fieldname], doc[field.fieldname]].map(comparable);
  if (old !== value) throw refusal(`${prefix}${field.label || field.fieldname}`, old ?? '', value ?? '');
}

/** Unset, '' and 0 are the same to this check. */
const comparable = (value: Json | undefined): string =>
  typeof value === 'object' && value !== null ? JSON.stringify(value) : value === 0 ? '' : textOf(value);

const refusal = (label: string, from: string, to: string): UpdateAfterSubmitError =>
  new UpdateAfterSubmitError(`Not allowed to change ${label} after submission from ${from} to ${to}`);
