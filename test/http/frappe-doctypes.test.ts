// Real definitions, as Frappe exports them, unmodified: each takes what its kind allows.
import { existsSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dataOf, describeApp, query, rowsOf, type Body, type TestApp } from '../support/app.ts';

const FOLDER = resolve(import.meta.dirname, '../../../shared/data/frappe-doctypes');

interface Definition {
  readonly name: string;
  readonly issingle?: number;
  readonly istable?: number;
  readonly autoname?: string;
  readonly fields: readonly FieldDefinition[];
}
interface FieldDefinition {
  readonly fieldname: string;
  readonly fieldtype: string;
  readonly options?: string;
  readonly reqd?: number;
  readonly unique?: number;
  readonly is_virtual?: number;
  readonly length?: number;
  readonly fetch_from?: string;
  readonly set_only_once?: number;
}

function readDefinitions(): Definition[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.json'))
    .map((file): Definition => JSON.parse(readFileSync(join(FOLDER, file), 'utf8')));
}

const definitions = existsSync(FOLDER) ? readDefinitions() : [];
const byName = new Map(definitions.map((definition) => [definition.name, definition]));

/** DocTypes that links name but the folder lacks, as empty definitions. */
const stubs = new Map(
  definitions
    .flatMap(({ fields }) => fields)
    .filter(({ fieldtype, options }) => fieldtype === 'Link' && options && !byName.has(options))
    .map(({ options = '' }): [string, Definition] => [
      options,
      { name: options, autoname: 'Prompt', fields: [] },
    ]),
);

/** A folder with the stubs, made before the app starts. */
function stubFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'doctype-server-stubs-'));
  for (const [index, stub] of [...stubs.values()].entries()) {
    writeFileSync(join(folder, `stub-${index}.json`), JSON.stringify({ doctype: 'DocType', ...stub }));
  }
  return folder;
}

let counter = 0;
const next = (): number => (counter += 1);

/** A value that suits the fieldtype; undefined where a document of another kind would be needed. */
function valueFor(field: FieldDefinition): unknown {
  const number = next();
  const options = field.options ?? '';
  switch (field.fieldtype) {
    case 'Data':
    case 'Autocomplete':
    case 'Read Only':
    case 'Small Text':
    case 'Text':
    case 'Long Text':
    case 'Text Editor':
    case 'Markdown Editor':
    case 'HTML Editor':
      if (options === 'Email') return `user${number}@example.com`;
      if (options === 'URL') return `https://example.com/${number}`;
      if (options === 'Phone') return `+49 30 ${number}`;
      return `Text ${number}`.slice(-(field.length || 140));
    case 'Code':
    case 'JSON':
      return '{"a": 1}';
    case 'Int':
      return number;
    case 'Float':
    case 'Currency':
    case 'Percent':
      return 1.5;
    case 'Check':
      return 1;
    case 'Date':
      return '2026-01-02';
    case 'Datetime':
      return '2026-01-02 03:04:05';
    case 'Time':
      return '03:04:05';
    case 'Duration':
      return 60;
    case 'Rating':
      return 0.6;
    case 'Select':
      return options.split('\n').find((line) => line.trim() !== '') ?? `Text ${number}`;
    case 'Password':
      return `secret-${number}`;
    case 'Color':
      return '#112233';
    case 'Attach':
    case 'Attach Image':
      return `/files/${number}.png`;
    case 'Phone':
      return '+91-9876543210';
    default:
      return undefined;
  }
}

describe.skipIf(definitions.length === 0)(
  'exported Frappe DocTypes (the folder with them must be there)',
  () => {
    it('are a good number', () => {
      expect(definitions.length).toBeGreaterThan(150);
    });

    describeApp(
      'each takes what its kind allows',
      (app) => {
        for (const definition of definitions) {
          if (definition.istable) continue;
          if (definition.issingle) {
            it(`${definition.name}: a Single is read, written and read again`, () =>
              trySingle(app, definition));
          } else {
            it(`${definition.name}: create, read, update, list, delete`, () => tryDocuments(app, definition));
          }
        }
      },
      { doctypes: [FOLDER, stubFolder()] },
    );
  },
);

/** Values for every field; links to DocTypes that exist get a stub target. */
async function valuesFor(app: TestApp, definition: Definition, depth: number): Promise<Body> {
  const values: Body = {};
  for (const field of definition.fields) {
    if (field.is_virtual || (depth > 1 && !field.reqd && definition.autoname !== `field:${field.fieldname}`))
      continue;
    if (field.fieldtype === 'Table' || field.fieldtype === 'Table MultiSelect') {
      const child = byName.get(field.options ?? '');
      if (child && depth < 8) values[field.fieldname] = [await valuesFor(app, child, depth + 1)];
    } else if (field.fieldtype === 'Link') {
      const target = await linkTarget(app, field, depth);
      if (target !== undefined) values[field.fieldname] = target;
    } else if (field.fieldtype !== 'Dynamic Link') {
      const value = valueFor(field);
      if (value !== undefined) values[field.fieldname] = value;
    }
  }
  for (const field of definition.fields.filter(({ fieldtype }) => fieldtype === 'Dynamic Link')) {
    const holder = definition.fields.find(({ fieldname }) => fieldname === field.options);
    if (!holder || holder.fieldtype === 'Select' || (depth > 1 && !field.reqd)) continue;
    values[holder.fieldname] = 'Role';
    values[field.fieldname] = 'All';
  }
  return values;
}

async function linkTarget(app: TestApp, field: FieldDefinition, depth: number): Promise<unknown> {
  if (field.options === 'DocType') return 'ToDo';
  if (field.options === 'User') return 'Administrator';
  if (field.options === 'Role') return 'All';
  const target = byName.get(field.options ?? '') ?? stubs.get(field.options ?? '');
  if (!target || target.issingle || target.istable || depth >= 8) return undefined;
  const known = rowsOf(await app.get(`/api/resource/${encodeURIComponent(target.name)}?limit=1`));
  return known[0] ? known[0]['name'] : (await create(app, target, depth + 1))['name'];
}

async function create(app: TestApp, definition: Definition, depth = 0): Promise<Body> {
  const values = await valuesFor(app, definition, depth);
  const named = /^prompt$/i.test(definition.autoname ?? '') ? { name: `Name ${next()}` } : {};
  return dataOf(
    await app.post(`/api/resource/${encodeURIComponent(definition.name)}`, { ...values, ...named }),
  );
}

async function tryDocuments(app: TestApp, definition: Definition): Promise<void> {
  const path = `/api/resource/${encodeURIComponent(definition.name)}`;
  const made = await create(app, definition);
  expect(made['doctype']).toBe(definition.name);
  const own = `${path}/${encodeURIComponent(String(made['name']))}`;
  const read = dataOf(await app.get(own));
  expect(read['creation']).toBe(made['creation']);

  const writable = definition.fields.find(
    ({ fieldname, fieldtype, options, unique, set_only_once, fetch_from, is_virtual }) =>
      ['Data', 'Small Text', 'Text', 'Int'].includes(fieldtype) &&
      !options &&
      !unique &&
      !set_only_once &&
      !fetch_from &&
      !is_virtual &&
      definition.autoname !== `field:${fieldname}` &&
      !['full_name', 'api_key', 'user_type', 'migration_hash'].includes(fieldname),
  );
  const change = writable ? { [writable.fieldname]: valueFor(writable) } : {};
  const updated = dataOf(await app.put(own, change));
  expect(updated).toMatchObject(change);
  expect(String(updated['modified']) > String(made['modified'])).toBe(true);

  const filters = [['name', '=', made['name']]];
  const rows = rowsOf(await app.get(`${path}?${query({ fields: ['*'], filters })}`));
  expect(rows).toHaveLength(1);
  expect(rows[0]).toMatchObject(change);

  const removed = await app.remove(own);
  expect(removed.status, removed.text).toBe(202);
  expect((await app.get(own)).status).toBe(404);
}

async function trySingle(app: TestApp, definition: Definition): Promise<void> {
  const name = encodeURIComponent(definition.name);
  const path = `/api/resource/${name}/${name}`;
  expect(dataOf(await app.get(path))['doctype']).toBe(definition.name);
  const values = await valuesFor(app, definition, 0);
  const written = dataOf(await app.put(path, values));
  const read = dataOf(await app.get(path));
  expect(read['modified']).toBe(written['modified']);
  for (const field of definition.fields) {
    if (field.fieldtype !== 'Data' || values[field.fieldname] === undefined) continue;
    expect(read[field.fieldname]).toBe(values[field.fieldname]);
  }
}
