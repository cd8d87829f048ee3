// Fieldtypes whose value is text without structure. Length and format are the schema's business, not the cast's.
import type { Json } from '../../util/json.ts';
import type { Field } from '../meta.ts';
import { castText, operandText } from './cast.ts';
import type { FieldType } from './field-type.ts';

/** Length of Frappe's varchar columns where the field says nothing else. */
export const VARCHAR_LENGTH = 140;

const FORMAT_OF_OPTION: ReadonlyMap<string, string> = new Map([
  ['Email', 'email-list'],
  ['Name', 'person-name'],
  ['Phone', 'phone'],
  ['URL', 'web-address'],
  ['IBAN', 'iban'],
]);

export interface TextRules {
  readonly name: string;
  /** Kept in a varchar column by Frappe: 140 characters, or as many as the field says. */
  readonly short?: boolean;
  /** Format every value of the fieldtype has. */
  readonly format?: string;
  readonly cast?: FieldType['cast'];
}

export function textType({ name, short = false, format, cast = castText }: TextRules): FieldType {
  return {
    name,
    storedAs: 'text',
    unset: null,
    nullAs: '',
    cast,
    operand: (value: Json) => operandText(value),
    schema: (field: Field) => {
      const own = name === 'Data' ? FORMAT_OF_OPTION.get(field.options.trim()) : format;
      const limit = short ? field.length || VARCHAR_LENGTH : field.length;
      return {
        type: 'string',
        ...(limit > 0 && { maxLength: limit }),
        ...(own !== undefined && { format: own }),
      };
    },
  };
}

const LONG = [
  'Small Text',
  'Text',
  'Long Text',
  'Text Editor',
  'HTML Editor',
  'Markdown Editor',
  'Code',
  'Attach',
  'Attach Image',
  'Barcode',
  'Signature',
  'Password',
];
const SHORT = ['Data', 'Read Only', 'Color', 'Icon', 'Autocomplete'];

export const TEXT_TYPES: readonly FieldType[] = [
  ...SHORT.map((name) => textType({ name, short: true })),
  ...LONG.map((name) => textType({ name })),
  textType({ name: 'Phone', short: true, format: 'phone' }),
];
