// The table of all fieldtypes. A fieldtype exists if and only if it is here.
import type { Field } from '../meta.ts';
import { flag } from '../properties.ts';
import { refuse } from './cast.ts';
import { select } from './choice.ts';
import { DATE_TYPES } from './datetime.ts';
import type { FieldType } from './field-type.ts';
import { NUMBER_TYPES } from './number.ts';
import { REFERENCE_TYPES } from './reference.ts';
import { STRUCTURE, STRUCTURE_TYPES } from './structure.ts';
import { TEXT_TYPES } from './text.ts';

const LAYOUT = [
  'Section Break',
  'Column Break',
  'Tab Break',
  'HTML',
  'Button',
  'Image',
  'Fold',
  'Heading',
] as const;

const layoutType = (name: string): FieldType => ({
  name,
  storedAs: 'none',
  unset: null,
  nullAs: '',
  cast: () => refuse('is part of the form and holds no value'),
  operand: () => refuse('is part of the form and holds no value'),
  schema: () => ({}),
});

const ALL_TYPES: readonly FieldType[] = [
  ...TEXT_TYPES,
  ...NUMBER_TYPES,
  ...DATE_TYPES,
  select,
  ...REFERENCE_TYPES,
  ...STRUCTURE_TYPES,
  ...LAYOUT.map(layoutType),
];

export const FIELD_TYPES: ReadonlyMap<string, FieldType> = new Map(
  ALL_TYPES.map((type) => [type.name, type]),
);

/** Numbers of fields marked `nullable`: unset is null instead of 0. */
const NULLABLE: ReadonlyMap<string, FieldType> = new Map(
  ALL_TYPES.filter((type) => type.unset === 0).map((type) => [type.name, { ...type, unset: null }]),
);

/**
 * How the values of this field behave. Ask it rather than the table: structured and nullable fields differ from
 * others of their fieldtype.
 * @throws TypeError for a fieldtype that does not exist, which loading has refused
 */
export function fieldType(field: Field): FieldType {
  if (field.structured) return STRUCTURE;
  const nullable = flag(field.raw['nullable']) ? NULLABLE.get(field.fieldtype) : undefined;
  const type = nullable ?? FIELD_TYPES.get(field.fieldtype);
  if (!type) throw new TypeError(`no fieldtype ${field.fieldtype}`);
  return type;
}

/** Layout fields structure the form and carry no data. */
export const isLayout = (fieldtype: string): boolean => FIELD_TYPES.get(fieldtype)?.storedAs === 'none';
