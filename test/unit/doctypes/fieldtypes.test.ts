import { describe, expect, it } from 'vitest';
import type { CastResult } from '../../../src/doctypes/fieldtypes/field-type.ts';
import { FIELD_TYPES, fieldType } from '../../../src/doctypes/fieldtypes/index.ts';
import { toField } from '../../../src/doctypes/field.ts';
import type { Field } from '../../../src/doctypes/meta.ts';
import type { Json, JsonObject } from '../../../src/util/json.ts';

const aField = (fieldtype: string, properties: JsonObject = {}, zone = 'UTC'): Field =>
  toField({ fieldname: 'f', fieldtype, ...properties }, zone);

const cast = (fieldtype: string, value: Json, properties: JsonObject = {}, zone = 'UTC'): CastResult => {
  const field = aField(fieldtype, properties, zone);
  return fieldType(field).cast(value, field);
};

const operand = (fieldtype: string, value: Json): CastResult => {
  const field = aField(fieldtype);
  return fieldType(field).operand(value, field);
};

describe('every fieldtype of Frappe', () => {
  it.each([
    'Data',
    'Small Text',
    'Text',
    'Long Text',
    'Text Editor',
    'HTML Editor',
    'Markdown Editor',
    'Code',
    'JSON',
    'Int',
    'Long Int',
    'Float',
    'Currency',
    'Percent',
    'Check',
    'Date',
    'Datetime',
    'Time',
    'Duration',
    'Rating',
    'Select',
    'Link',
    'Dynamic Link',
    'Table',
    'Table MultiSelect',
    'Attach',
    'Attach Image',
    'Password',
    'Read Only',
    'Phone',
    'Color',
    'Barcode',
    'Geolocation',
    'Signature',
    'Icon',
    'Autocomplete',
    'Section Break',
    'Column Break',
    'Tab Break',
    'HTML',
    'Button',
    'Image',
    'Fold',
    'Heading',
  ])('%s exists and bears its name', (name) => {
    expect(FIELD_TYPES.get(name)?.name).toBe(name);
  });

  it('reads null as null, unless it is a table, which has no rows then', () => {
    for (const type of FIELD_TYPES.values()) {
      if (type.storedAs === 'none') continue;
      expect(cast(type.name, null), type.name).toEqual({ value: type.storedAs === 'rows' ? [] : null });
    }
  });

  it('refuses structure where a plain value belongs', () => {
    for (const { name, storedAs } of FIELD_TYPES.values()) {
      if (storedAs === 'rows' || storedAs === 'none' || name === 'JSON' || name === 'Geolocation') continue;
      for (const value of [{ a: 1 }, [1]]) expect(cast(name, value), name).toHaveProperty('fault');
    }
  });
});

/** [fieldtype, what a client sends, what is stored] */
const CASTS: readonly (readonly [string, Json, Json, JsonObject?])[] = [
  ['Int', '12.7', 12],
  ['Int', -12.7, -12],
  ['Int', '1,000', 1000],
  ['Int', ' 7 ', 7],
  ['Int', '', null],
  ['Int', true, 1],
  ['Int', 2147483647, 2147483647],
  ['Int', 3000000000, 3000000000, { length: 20 }],
  ['Int', -0.5, 0],
  ['Long Int', 9007199254740991, 9007199254740991],
  ['Float', '1,000.5', 1000.5],
  ['Float', '1e3', 1000],
  ['Float', 0.1 + 0.2, 0.3],
  ['Float', -0, 0],
  ['Currency', '12.12345678949', 12.123456789],
  ['Percent', '', null],
  ['Duration', '3600', 3600],
  ['Rating', 5, 1],
  ['Rating', -1, 0],
  ['Rating', '0.666', 0.67],
  ['Check', true, 1],
  ['Check', 'false', 0],
  ['Check', '1', 1],
  ['Check', 0, 0],
  ['Check', '', null],
  ['Date', '2020-1-5', '2020-01-05'],
  ['Date', '2024-02-29', '2024-02-29'],
  ['Date', '2020-01-05 23:59:59', '2020-01-05'],
  ['Date', '', null],
  ['Datetime', '2020-1-5', '2020-01-05 00:00:00.000000'],
  ['Datetime', '2020-01-05 09:30', '2020-01-05 09:30:00.000000'],
  ['Datetime', '2020-01-05T09:30:15.5', '2020-01-05 09:30:15.500000'],
  ['Datetime', '2020-01-05 09:30:15.1234567', '2020-01-05 09:30:15.123456'],
  ['Datetime', '2020-01-05T09:30:00Z', '2020-01-05 09:30:00.000000'],
  ['Datetime', '2020-01-05T01:30:00+05:30', '2020-01-04 20:00:00.000000'],
  ['Time', '9:05', '09:05:00'],
  ['Time', '23:59:59.500', '23:59:59.500000'],
  ['Time', '09:05:00.000000', '09:05:00'],
  ['Data', 5, '5'],
  ['Data', true, '1'],
  ['Data', '', ''],
  ['Data', '', null, { unique: 1 }],
  ['Link', 7, '7', { options: 'User' }],
  ['Select', ' Open ', 'Open', { options: 'Open\nClosed' }],
  ['JSON', { a: [1] }, '{"a":[1]}'],
  ['JSON', [1, 2], '[1,2]'],
  ['JSON', '{"a": 1}', '{"a": 1}'],
  ['JSON', ' ', null],
  ['Geolocation', { type: 'Point' }, '{"type":"Point"}'],
];

describe('casting a value for storage', () => {
  it.each(
    CASTS.map(([fieldtype, value, stored, properties = {}]) => ({ fieldtype, value, stored, properties })),
  )('$fieldtype takes $value as $stored', ({ fieldtype, value, stored, properties }) => {
    const result = cast(fieldtype, value, properties);
    expect(result).toEqual({ value: stored });
    expect(Object.is('value' in result ? result.value : undefined, -0)).toBe(false);
  });

  it.each([
    ['Int', 'abc'],
    ['Int', 2147483648],
    ['Long Int', 9007199254740992],
    ['Int', '1.2.3'],
    ['Int', 'Infinity'],
    ['Float', '12px'],
    ['Float', 'NaN'],
    ['Check', 2],
    ['Check', 'maybe'],
    ['Date', '2023-02-29'],
    ['Date', '2023-13-01'],
    ['Date', '0000-00-00'],
    ['Date', '05-01-2020'],
    ['Date', 'tomorrow'],
    ['Date', 20200105],
    ['Datetime', '2020-01-05 24:00:00'],
    ['Datetime', '2020-01-05 10:60:00'],
    ['Datetime', '2020-02-30 10:00:00'],
    ['Datetime', '2020-01-05 10:00:00 nonsense'],
    ['Time', '25:00'],
    ['Time', '10:00:00Z'],
    ['JSON', '{"a":'],
    ['Geolocation', 'here'],
    ['Data', 'a\u0000b'],
    ['Small Text', '\ud800'],
    ['JSON', { a: '\udc00' }],
    ['Table', 'rows'],
    ['Section Break', 'x'],
  ] satisfies readonly (readonly [string, Json])[])('%s refuses %j', (fieldtype: string, value: Json) => {
    expect(cast(fieldtype, value)).toHaveProperty('fault.message');
  });

  it('says what was expected and what came', () => {
    expect(cast('Data', {})).toEqual({ fault: { kind: 'type', message: 'must be text, not an object' } });
    expect(cast('Date', '2023-02-30')).toHaveProperty(
      'fault.message',
      'must be a date, YYYY-MM-DD, not "2023-02-30"',
    );
    expect(cast('Int', 1e12)).toHaveProperty('fault.kind', 'range');
  });

  it('shortens what came, so that no message repeats a whole upload', () => {
    const result = cast('Int', 'x'.repeat(10_000));
    expect('fault' in result && result.fault.message.length).toBeLessThan(200);
  });

  it('moves a datetime with an offset into the zone of the service, across midnight and daylight saving', () => {
    const at = (value: string): CastResult => cast('Datetime', value, {}, 'Europe/Berlin');
    expect(at('2024-07-01T23:30:00Z')).toEqual({ value: '2024-07-02 01:30:00.000000' });
    expect(at('2024-01-01T12:00:00.25Z')).toEqual({ value: '2024-01-01 13:00:00.250000' });
    expect(at('2024-01-01 12:00:00')).toEqual({ value: '2024-01-01 12:00:00.000000' });
    expect(cast('Date', '2024-07-01T23:30:00Z', {}, 'Europe/Berlin')).toEqual({ value: '2024-07-02' });
  });
});

describe('fields of a JSON Schema file', () => {
  const schema = (type: string): JsonObject => ({ json_schema: { type } });

  it('do not take values of another type that Frappe would convert', () => {
    expect(cast('Int', 12.7, schema('integer'))).toHaveProperty('fault');
    expect(cast('Small Text', 5, schema('string'))).toHaveProperty('fault');
    expect(cast('Float', true, schema('number'))).toHaveProperty('fault');
    expect(cast('Int', '12', schema('integer'))).toEqual({ value: 12 });
    expect(cast('Float', 1e-12, schema('number'))).toEqual({ value: 1e-12 });
  });

  it('keep objects and arrays as structure, and read them from the text of a form', () => {
    const value = { a: [1, { b: null }] };
    expect(cast('JSON', value, schema('object'))).toEqual({ value });
    expect(cast('JSON', '{"a":1}', schema('object'))).toEqual({ value: { a: 1 } });
    expect(cast('JSON', 'text', schema('object'))).toHaveProperty('fault');
    expect(cast('JSON', '[1]', { json_schema: {} })).toEqual({ value: '[1]' });
  });

  it('refuse structure nested without end', () => {
    let value: Json = 0;
    for (let level = 0; level < 5000; level++) value = [value] satisfies Json;
    expect(cast('JSON', value, schema('array'))).toHaveProperty('fault');
    expect(cast('JSON', value)).toHaveProperty('fault');
  });

  it('have no number when none was given', () => {
    expect(fieldType(aField('Int')).unset).toBe(0);
    expect(fieldType(aField('Int', { nullable: 1 })).unset).toBeNull();
  });
});

describe('a value to compare with', () => {
  it.each([
    ['Datetime', '2020-01-05', '2020-01-05 00:00:00.000000'],
    ['Datetime', '2020-01', '2020-01'],
    ['Date', '2020', '2020'],
    ['Date', '2020-1-5 10:00:00', '2020-01-05'],
    ['Date', '', ''],
    ['Time', '9:05', '09:05:00'],
    ['Int', '12.5', 12.5],
    ['Int', '', 0],
    ['Check', 'true', 1],
    ['Check', 2, 2],
    ['Link', 7, '7'],
    ['Data', true, '1'],
    ['Data', null, null],
  ] satisfies readonly (readonly [string, Json, Json])[])(
    '%s reads %j as %j',
    (fieldtype, value, expected) => {
      expect(operand(fieldtype, value)).toEqual({ value: expected });
    },
  );

  it.each([
    ['Int', 'abc'],
    ['Date', 'soon'],
    ['Data', { $gt: '' }],
    ['Data', ['a']],
    ['Table', 'x'],
  ] satisfies readonly (readonly [string, Json])[])('%s refuses %j', (fieldtype: string, value: Json) => {
    expect(operand(fieldtype, value)).toHaveProperty('fault');
  });
});

describe('defaults', () => {
  const clock = {
    zone: 'UTC',
    now: () => '2024-05-06 07:08:09.000010',
    today: () => '2024-05-06',
    epoch: () => 0,
  };
  it.each([
    ['Date', 'Today', '2024-05-06'],
    ['Datetime', 'Now', '2024-05-06 07:08:09.000010'],
    ['Datetime', 'today', '2024-05-06 00:00:00.000000'],
    ['Time', 'now', '07:08:09.000010'],
    ['Date', '2020-01-01', undefined],
  ])('%s reads %s as %s', (fieldtype, word, expected) => {
    expect(FIELD_TYPES.get(fieldtype)?.defaultFor?.(word, clock)).toBe(expected);
  });
});
