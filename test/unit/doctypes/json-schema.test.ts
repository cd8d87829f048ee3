import { describe, expect, it } from 'vitest';
import { fieldType } from '../../../src/doctypes/fieldtypes/index.ts';
import type { Fault, Meta } from '../../../src/doctypes/meta.ts';
import type { Json, JsonObject } from '../../../src/util/json.ts';
import { doctype, faultsOf, load, loadFiles } from './folder.ts';

type Schema = Readonly<Record<string, unknown>>;

const thing = (properties: Schema, rest: Schema = {}): Schema => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Thing',
  type: 'object',
  properties,
  ...rest,
});

/** `if` and `then`; written out, an object with a `then` would be taken for a promise. */
const conditional = (condition: Schema, consequence: Schema): Schema =>
  JSON.parse(`{"if": ${JSON.stringify(condition)}, "then": ${JSON.stringify(consequence)}}`);

const field = async (property: Schema, rest: Schema = {}) => {
  const meta = await load(thing({ f: property }, rest));
  const found = meta.fieldsByName.get('f');
  if (!found) throw new Error('no field');
  return found;
};

/** What a write does before it validates: every given value is cast. */
function validate(meta: Meta, values: JsonObject): readonly Fault[] {
  const cast: Record<string, Json> = {};
  for (const [key, value] of Object.entries(values)) {
    const known = meta.fieldsByName.get(key);
    const result =
      known && fieldType(known).storedAs !== 'rows' ? fieldType(known).cast(value, known) : { value };
    if ('fault' in result) return [{ ...result.fault, field: known }];
    if (result.value !== null) cast[key] = result.value;
  }
  return meta.validate(cast);
}

const messages = (faults: readonly Fault[]): string[] =>
  faults.map((fault) => `${fault.field?.fieldname ?? ''}: ${fault.message}`);

describe('the fieldtype of a property', () => {
  it.each([
    [{ type: 'string' }, 'Small Text'],
    [{ type: 'string', maxLength: 140 }, 'Data'],
    [{ type: 'string', maxLength: 141 }, 'Small Text'],
    [{ type: ['string', 'null'], maxLength: 10 }, 'Data'],
    [{ type: 'integer' }, 'Int'],
    [{ type: 'number' }, 'Float'],
    [{ type: ['integer', 'number'] }, 'Float'],
    [{ type: 'boolean' }, 'Check'],
    [{ type: 'string', format: 'date' }, 'Date'],
    [{ type: 'string', format: 'date-time' }, 'Datetime'],
    [{ type: 'string', format: 'time' }, 'Time'],
    [{ type: 'string', format: 'email' }, 'Data'],
    [{ type: 'string', format: 'uri' }, 'Data'],
    [{ type: 'string', enum: ['a', 'b'] }, 'Select'],
    [{ enum: ['a', 'b', null] }, 'Select'],
    [{ enum: ['a', 'two\nlines'] }, 'Small Text'],
    [{ enum: [1, 2] }, 'Int'],
    [{ const: true }, 'Check'],
    [{ enum: ['a', 1] }, 'JSON'],
    [{}, 'JSON'],
    [{ type: 'object' }, 'JSON'],
    [{ type: 'array', items: { type: 'string' } }, 'JSON'],
    [{ type: 'array', items: { type: 'object', properties: {} } }, 'JSON'],
    [{ type: ['string', 'integer'] }, 'JSON'],
    [{ anyOf: [{ type: 'integer' }, { type: 'null' }] }, 'Int'],
    [{ allOf: [{ $ref: '#/$defs/Count' }], description: 'x' }, 'Int'],
    [{ $ref: '#/$defs/Count' }, 'Int'],
    [{ $ref: '#/$defs/Address' }, 'JSON'],
    [{ type: 'string', 'x-field': { fieldtype: 'Text Editor' } }, 'Text Editor'],
    [{ type: 'string', enum: ['a'], 'x-field': { fieldtype: 'Data' } }, 'Data'],
    [{ type: 'string', 'x-field': { fieldtype: 'Link', options: 'User' } }, 'Link'],
  ])('%j is %s', async (property, fieldtype) => {
    const $defs = {
      Count: { type: 'integer' },
      Address: { type: 'object', properties: { city: { type: 'string' } } },
    };
    const found = await field(property, { $defs });
    expect(found.fieldtype).toBe(fieldtype);
    expect(found.structured).toBe(fieldtype === 'JSON');
  });

  it('comes with label, default, mandatory mark and what x-field adds', async () => {
    const meta = await load(
      thing(
        {
          firstName: { type: 'string', maxLength: 20, 'x-field': { unique: 1, permlevel: 2 } },
          done: { type: 'boolean', default: true, title: 'Is Done' },
          tags: { type: 'array', items: { type: 'string' }, default: ['a'] },
        },
        { required: ['firstName'] },
      ),
    );
    expect(meta.fieldsByName.get('firstName')).toMatchObject({
      label: 'First Name',
      reqd: true,
      unique: true,
      permlevel: 2,
      length: 20,
    });
    expect(meta.fieldsByName.get('done')).toMatchObject({ label: 'Is Done', default: 1 });
    expect(meta.fieldsByName.get('tags')?.default).toBe('["a"]');
  });

  it('leaves a choice open that nobody made', async () => {
    expect((await field({ enum: ['a', 'b'] })).options).toBe('\na\nb');
  });
});

describe('a JSON Schema file', () => {
  it('is a DocType like any other, with the properties of x-doctype', async () => {
    const meta = await load(
      thing(
        { code: { type: 'string', maxLength: 10 } },
        {
          'x-doctype': {
            autoname: 'field:code',
            module: 'Mine',
            permissions: [{ role: 'All', read: 1 }],
            indexes: [['code', '-modified']],
          },
        },
      ),
    );
    expect(meta).toMatchObject({ name: 'Thing', autoname: 'field:code', module: 'Mine', schemaless: false });
    expect(meta.permissions[0]?.rights).toEqual(new Set(['read']));
    expect(meta.indexes).toEqual([['code', '-modified']]);
  });

  it('gives nobody a right of itself', async () => {
    expect((await load(thing({}))).permissions).toEqual([]);
  });

  it('keeps undeclared fields when it says additionalProperties', async () => {
    expect((await load(thing({}, { additionalProperties: true }))).schemaless).toBe(true);
    expect((await load(thing({}, { additionalProperties: { type: 'integer' } }))).schemaless).toBe(true);
    expect((await load(thing({}, { additionalProperties: false }))).schemaless).toBe(false);
  });

  it('takes a property called name for the name of the document', async () => {
    const meta = await load(thing({ name: { type: 'string', minLength: 3 } }, { required: ['name'] }));
    expect(meta.autoname).toBe('prompt');
    expect(meta.fieldsByName.has('name')).toBe(false);
    expect(messages(meta.validate({ name: 'ab' }))).toEqual([': name must NOT have fewer than 3 characters']);
    expect(meta.validate({ name: 'abc' })).toEqual([]);
  });

  it.each([
    ['a type that does not exist', thing({ a: { type: 'strng' } }), '/properties/a/type: must be one of'],
    ['a broken pattern', thing({ a: { type: 'string', pattern: '(' } }), '/properties/a/pattern: "(" is not'],
    [
      'a reference to nothing',
      thing({ a: { $ref: '#/$defs/X' } }),
      '/properties/a/$ref: "#/$defs/X" leads nowhere',
    ],
    ['a root that is no object', thing({}, { type: 'array' }), '/type: must be "object"'],
    ['no title', thing({}, { title: undefined }), '/title: is missing'],
    ['a property the service keeps', thing({ owner: {} }), '/properties/owner: "owner" is kept'],
    ['a property with a dot', thing({ 'a.b': {} }), '/properties/a.b: "a.b" is no fieldname'],
    [
      'rows of an unknown file',
      thing({ a: { type: 'array', items: { $ref: 'row.json' } } }),
      'no DocType is titled',
    ],
    [
      'one document inside another',
      thing({ a: { $ref: 'User' } }),
      '/properties/a/$ref: "User" is another file',
    ],
    ['an x-field that is text', thing({ a: { 'x-field': 'x' } }), '/properties/a/x-field: must be an object'],
    ['an x-doctype that is text', thing({}, { 'x-doctype': 'x' }), '/x-doctype: must be an object'],
    [
      'an unknown fieldtype',
      thing({ a: { 'x-field': { fieldtype: 'X' } } }),
      '/properties/a/fieldtype: there is no',
    ],
    [
      'an unknown autoname field',
      thing({}, { 'x-doctype': { autoname: 'field:x' } }),
      '/x-doctype/autoname: there',
    ],
    ['a bad name', thing({}, { title: 'a/b' }), '/title: "a/b"'],
  ])('with %s is broken', async (_what, schema, fault) => {
    expect((await faultsOf({ 'x.json': schema })).join('\n')).toContain(fault);
  });

  it('that is about something else is left alone', async () => {
    expect(await faultsOf({ 'renovate.json': { $schema: 'https://docs.renovatebot.com/x.json' } })).toEqual(
      [],
    );
  });
});

describe('child tables', () => {
  const row = {
    ...thing({ qty: { type: 'integer', minimum: 1 } }),
    title: 'Order Item',
    'x-doctype': { istable: 1 },
  };
  const order = (ref: string) => thing({ items: { type: 'array', items: { $ref: ref } } });

  it.each([
    'Order Item',
    'Order%20Item',
    'order_item.json',
    './order_item.json',
    'order_item',
    'https://x.org/item',
  ])('are found by the reference %s', async (ref) => {
    const { registry } = await loadFiles({
      'a/thing.json': order(ref),
      'a/order_item.json': { ...row, $id: 'https://x.org/item' },
    });
    expect(registry.get('Thing').tables[0]).toMatchObject({ fieldtype: 'Table', options: 'Order Item' });
    expect(registry.parentsOf('Order Item')[0]?.meta.name).toBe('Thing');
  });

  it('may have rows of a DocType in the other dialect', async () => {
    const child = doctype('Order Item', [{ fieldname: 'qty', fieldtype: 'Int' }], { istable: 1 });
    const { registry } = await loadFiles({ 'thing.json': order('Order Item'), 'child.json': child });
    expect(registry.get('Thing').validate({ items: [{ qty: 1 }] })).toEqual([]);
  });

  it('need a DocType that is made for rows', async () => {
    const faults = await faultsOf({
      'thing.json': order('Other'),
      'other.json': { ...thing({}), title: 'Other' },
    });
    expect(faults[0]).toMatch(
      /^thing\.json: \/properties\/items: Other .* needs "x-doctype": {"istable": 1}$/,
    );
  });

  it.each(['$defs', 'definitions'])('are made of what %s describes', async (place) => {
    const { registry } = await loadFiles({
      'thing.json': thing(
        {
          lines: { type: 'array', items: { $ref: `#/${place}/orderLine` } },
          named: { type: 'array', items: { $ref: `#/${place}/Other` } },
        },
        {
          [place]: {
            orderLine: {
              type: 'object',
              properties: { qty: { $ref: `#/${place}/count` } },
              required: ['qty'],
            },
            Other: { title: 'Thing Note', type: 'object', properties: { text: { type: 'string' } } },
            count: { type: 'integer', minimum: 1 },
          },
        },
      ),
    });
    const child = registry.get('Thing Order Line');
    expect(child).toMatchObject({ isTable: true });
    expect(registry.get('Thing').tables.map(({ options }) => options)).toEqual([
      'Thing Order Line',
      'Thing Note',
    ]);
    expect(messages(child.validate({ qty: 0 }))).toEqual(['qty: must be >= 1']);
  });

  it('are counted by the schema of the parent, rows are judged by their own', async () => {
    const { registry } = await loadFiles({
      'thing.json': thing({
        items: { type: 'array', minItems: 2, uniqueItems: true, items: { $ref: 'Order Item' } },
      }),
      'row.json': row,
    });
    const meta = registry.get('Thing');
    expect(meta.fieldsByName.get('items')?.reqd).toBe(false);
    expect(meta.validate({ items: [] })).toEqual([]);
    expect(messages(meta.validate({ items: [{ qty: 0 }] }))).toEqual([
      'items: must NOT have fewer than 2 items',
    ]);
    const twice = [
      { name: 'r1', idx: 1, parent: 'x', qty: 1 },
      { name: 'r2', idx: 2, parent: 'x', qty: 1 },
    ];
    expect(meta.validate({ items: twice })[0]?.message).toContain('duplicate items');
    expect(registry.get('Order Item').validate({ qty: 0 })).toHaveLength(1);
  });
});

describe('every keyword is enforced on write', () => {
  const cases: readonly (readonly [string, Schema, JsonObject, readonly string[]])[] = [
    ['pattern', thing({ a: { type: 'string', pattern: '^x' } }), { a: 'y' }, ['a: must match pattern "^x"']],
    [
      'minLength',
      thing({ a: { type: 'string', minLength: 2 } }),
      { a: '' },
      ['a: must NOT have fewer than 2 characters'],
    ],
    ['minimum', thing({ a: { type: 'integer', minimum: 1 } }), { a: 0 }, ['a: must be >= 1']],
    [
      'exclusiveMaximum',
      thing({ a: { type: 'number', exclusiveMaximum: 1 } }),
      { a: '1' },
      ['a: must be < 1'],
    ],
    [
      'multipleOf',
      thing({ a: { type: 'number', multipleOf: 0.5 } }),
      { a: 0.7 },
      ['a: must be multiple of 0.5'],
    ],
    ['enum', thing({ a: { enum: ['x', 'y'] } }), { a: 'z' }, ['a: must be one of "x", "y", not "z"']],
    ['const on a boolean', thing({ a: { type: 'boolean', const: true } }), { a: false }, ['a: must be true']],
    [
      'format email',
      thing({ a: { type: 'string', format: 'email' } }),
      { a: 'x' },
      ['a: must be a valid email, not "x"'],
    ],
    [
      'format of text',
      thing({ a: { type: 'string', format: 'uuid' } }),
      { a: '1' },
      ['a: must be a valid uuid, not "1"'],
    ],
    [
      'a nested object',
      thing({ a: { type: 'object', properties: { n: { type: 'integer' } }, required: ['m'] } }),
      { a: { n: 'x' } },
      ['a: needs "m"', 'a: n must be integer'],
    ],
    [
      'array items',
      thing({ a: { type: 'array', items: { type: 'string' } } }),
      { a: ['x', 1] },
      ['a: 1 must be string'],
    ],
    [
      'dependentRequired',
      thing({ a: { type: 'string' }, b: { type: 'string' } }, { dependentRequired: { a: ['b'] } }),
      { a: 'x' },
      ['b: is required when a is given'],
    ],
    [
      'if and then',
      thing(
        { kind: { enum: ['x', 'y'] }, b: { type: 'string' } },
        conditional({ properties: { kind: { const: 'x' } }, required: ['kind'] }, { required: ['b'] }),
      ),
      { kind: 'x' },
      ['b: is required'],
    ],
    [
      'a condition on a boolean',
      thing(
        { on: { type: 'boolean' }, b: { type: 'string' } },
        conditional({ properties: { on: { const: true } }, required: ['on'] }, { required: ['b'] }),
      ),
      { on: 1 },
      ['b: is required'],
    ],
    ['a required boolean', thing({ a: { type: 'boolean' } }, { required: ['a'] }), {}, ['a: is required']],
    [
      'extra fields',
      thing({}, { additionalProperties: { type: 'integer' } }),
      { extra: 'x' },
      [': extra must be integer'],
    ],
    [
      'maxProperties',
      thing({}, { additionalProperties: true, maxProperties: 1 }),
      { a: 1, b: 2 },
      [': must NOT have more than 1 properties'],
    ],
    [
      'fields of allOf',
      thing({}, { allOf: [{ properties: { a: { type: 'integer', minimum: 5 } } }] }),
      { a: 1 },
      ['a: must be >= 5'],
    ],
    ['not', thing({ a: { type: 'string', not: { const: 'x' } } }), { a: 'x' }, ['a: must NOT be valid']],
  ];
  it.each([...cases])('%s', async (...[, schema, values, faults]) => {
    expect(messages(validate(await load(schema), values))).toEqual(faults);
  });

  it('and what is right passes, in the form it is stored', async () => {
    const meta = await load(
      thing(
        {
          at: { type: 'string', format: 'date-time' },
          day: { type: 'string', format: 'date' },
          hour: { type: 'string', format: 'time' },
          on: { type: 'boolean' },
          kind: { enum: ['x', 'y'] },
          note: { type: ['string', 'null'], minLength: 1 },
          maybe: { anyOf: [{ type: 'integer', minimum: 1 }, { type: 'null' }] },
          deep: { type: 'object', properties: { at: { type: 'string', format: 'date-time' } } },
        },
        { required: ['note', 'at'], additionalProperties: false },
      ),
    );
    const values = {
      at: '2024-05-01T10:00:00+02:00',
      day: '2024-05-01',
      hour: '10:00',
      on: '1',
      kind: '',
      deep: { at: '2024-05-01T10:00:00Z' },
    };
    expect(validate(meta, values)).toEqual([]);
    const standard = { name: 'x', owner: 'a', creation: 'b', docstatus: 0, idx: 1, doctype: 'Thing' };
    expect(validate(meta, { ...standard, at: '2024-05-01 10:00:00', note: 'x', maybe: 2 })).toEqual([]);
    expect(messages(validate(meta, { at: '2024-05-01', maybe: 0 }))).toEqual(['maybe: must be >= 1']);
  });

  it('mandatory fields are left to the check that names them as Frappe does', async () => {
    expect((await load(thing({ a: { type: 'string' } }, { required: ['a'] }))).validate({})).toEqual([]);
  });
});
