// Select: one of the lines in the field's options. Blank is always allowed, mandatory fields are checked elsewhere.
import type { Field } from '../meta.ts';
import { castText } from './cast.ts';
import type { FieldType } from './field-type.ts';
import { textType, VARCHAR_LENGTH } from './text.ts';

/** The lines of a Select, trimmed, the blank one included where it is written. */
export const selectOptions = (field: Field): readonly string[] =>
  field.options === '' ? [] : field.options.split('\n').map((line) => line.trim());

/** Naming series are offered by Selects, but any series may be given; options of blanks offer nothing to check. */
const isOpen = (field: Field): boolean =>
  field.fieldname === 'naming_series' || selectOptions(field).every((option) => option === '');

export const select: FieldType = {
  ...textType({ name: 'Select', short: true }),
  cast(value, field) {
    const result = castText(value, field);
    if ('fault' in result || typeof result.value !== 'string') return result;
    return { value: result.value.trim() };
  },
  schema: (field) =>
    isOpen(field)
      ? { type: 'string', maxLength: field.length || VARCHAR_LENGTH }
      : { type: 'string', enum: [...new Set(['', ...selectOptions(field)])] },
};
