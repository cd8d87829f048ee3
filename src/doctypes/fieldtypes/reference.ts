// Fieldtypes that point at other documents or hold rows of a child DocType. Whether a target exists is documents/.
import type { Field } from '../meta.ts';
import { ok, refuse, show } from './cast.ts';
import type { FieldType } from './field-type.ts';
import { textType } from './text.ts';

const needsOptions =
  (what: string) =>
  (field: Field): string | undefined =>
    field.options.trim() === '' ? `${field.fieldtype} needs options: the name of ${what}` : undefined;

const rowsType = (name: string): FieldType => ({
  name,
  storedAs: 'rows',
  unset: null,
  nullAs: '',
  cast: (value) =>
    value === null || Array.isArray(value)
      ? ok(value ?? [])
      : refuse(`must be a list of rows, not ${show(value)}`),
  operand: () => refuse('holds rows; compare one of their fields instead'),
  schema: () => ({ type: 'array', items: { type: 'object' } }),
  checkField: needsOptions('a child DocType'),
});

export const REFERENCE_TYPES: readonly FieldType[] = [
  { ...textType({ name: 'Link', short: true }), checkField: needsOptions('a DocType') },
  textType({ name: 'Dynamic Link', short: true }),
  rowsType('Table'),
  rowsType('Table MultiSelect'),
];
