import { mkdir, symlink } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadDocTypes } from '../../../src/doctypes/load.ts';
import { CORE, doctype, faultsOf, folderOf, load, loadFiles } from './folder.ts';

const data = (fieldname: string, properties = {}) => ({ fieldname, fieldtype: 'Data', ...properties });

describe('finding DocType files', () => {
  it('reads folders below folders, but neither hidden ones nor installed packages', async () => {
    const { registry, files } = await loadFiles({
      'a/b/one.json': doctype('One'),
      'node_modules/x/two.json': doctype('Two'),
      '.git/three.json': doctype('Three'),
      '.four.json': doctype('Four'),
    });
    expect(['One', 'Two', 'Three', 'Four'].map((name) => registry.find(name)?.name)).toEqual([
      'One',
      ...Array(3),
    ]);
    expect(files).toBe((await loadFiles({})).files + 1);
  });

  it('reads a folder once that is reached twice, by name or by a link that leads in a circle', async () => {
    const folder = await folderOf({ 'in/one.json': doctype('One') });
    await mkdir(path.join(folder, 'deep'));
    await symlink(folder, path.join(folder, 'deep', 'circle'));
    await symlink('/nowhere/at/all', path.join(folder, 'dangling.json'));
    const { registry } = await loadDocTypes({
      core: CORE,
      paths: [folder, path.join(folder, 'in'), folder, CORE],
    });
    expect(registry.get('One').source).toBe(path.join(folder, 'in', 'one.json'));
  });

  it('warns of a folder that does not exist', async () => {
    const { warnings } = await loadDocTypes({ core: CORE, paths: ['/nowhere/at/all'] });
    expect(warnings).toEqual(['/nowhere/at/all: there is no such folder']);
  });

  it('skips what an app keeps besides DocTypes, and says so', async () => {
    const { warnings, registry } = await loadFiles({
      'report.json': { doctype: 'Report', name: 'Sales' },
      'test_records.json': [{ doctype: 'Thing', title: 'x' }],
      'package.json': { name: 'app', version: '1.0.0' },
      'tsconfig.json': '{ // with a comment\n }',
      'list.json': [1, 2],
      'thing.json': doctype('Thing'),
    });
    expect(registry.find('Thing')).toBeDefined();
    const skipped = warnings.map((warning) => warning.replace(/^.*\//, ''));
    expect(skipped).toEqual([
      'list.json: skipped: holds plain values, not a DocType',
      'package.json: skipped: holds other JSON, not a DocType',
      'report.json: skipped: holds Report records, not a DocType',
      'test_records.json: skipped: holds Thing records, not a DocType',
    ]);
  });

  it('reads every DocType of a list', async () => {
    const { registry } = await loadFiles({
      'all.json': [doctype('One'), { doctype: 'Role' }, doctype('Two')],
    });
    expect([registry.find('One'), registry.find('Two')]).not.toContain(undefined);
  });

  it('finds the controller beside a file, and leaves scripts for the browser alone', async () => {
    const { controllerFiles, warnings } = await loadFiles({
      'one.json': doctype('One'),
      'one.ts': 'export const validate = () => {};',
      'two.json': doctype('Two'),
      'two.js': 'frappe.ui.form.on("Two", {});',
      'three.json': doctype('Three'),
      'three.mjs': 'export {};',
    });
    expect([...controllerFiles].map(([name, file]) => [name, path.basename(file)])).toEqual([
      ['One', 'one.ts'],
      ['Three', 'three.mjs'],
    ]);
    expect(warnings.join('\n')).toMatch(/two\.js: exports nothing/);
  });
});

describe('broken files', () => {
  it('are all named at once, each with JSON path and fault', async () => {
    const faults = await faultsOf({
      'a.json': '{"doctype": "DocType",\n "name": "A" "fields": []}',
      'b.json': doctype('B', [data('ok'), { fieldname: 'n', fieldtype: 'Integer' }]),
      'c.json': doctype('C', [data('x'), data('x')]),
    });
    expect(faults).toEqual([
      'a.json: line 2, column 14: expected "," or "}", found "\\""',
      'b.json: /fields/1/fieldtype: there is no fieldtype "Integer"',
      'c.json: /fields/1: fieldname "x" is already at /fields/0',
    ]);
  });

  it.each([
    ['', 'line 1, column 1: expected a value, found the end of the file'],
    ['{"a": [1, 2}', 'line 1, column 12: expected "," or "]", found "}"'],
    ['{"a": 1,}', 'line 1, column 9: expected a key in double quotes, found "}"'],
    ["{'a': 1}", 'line 1, column 2: expected a key in double quotes or "}", found "\'"'],
    ['{"a": tru}', 'line 1, column 7: expected a value, found "t"'],
    ['{"a": 01}', 'line 1, column 7: expected a value, found "0"'],
    ['[]\n\n x', 'line 3, column 2: expected nothing more, found "x"'],
    ['[1\n,\n"\u0001"]', 'line 3, column 1: expected a value, found "\\""'],
  ])('with the text %j report line and column', async (text, fault) => {
    expect(await faultsOf({ 'x.json': text })).toEqual([`x.json: ${fault}`]);
  });

  it('may begin with a byte order mark, as some editors write it', async () => {
    expect(await faultsOf({ 'x.json': `\uFEFF${JSON.stringify(doctype('Thing'))}` })).toEqual([]);
  });

  it('that hold two DocTypes of one name are both named', async () => {
    const [fault = ''] = await faultsOf({ 'one.json': doctype('Same'), 'two.json': doctype('Same') });
    expect(fault).toMatch(/^two\.json: DocType "Same" is defined twice: here and in one\.json$/);
  });

  const named = (name: unknown) => ({ ...doctype('x'), name });
  const field = (properties: object) =>
    doctype('Thing', [{ fieldname: 'f', fieldtype: 'Data', ...properties }]);
  it.each([
    ['a misspelled doctype', { ...doctype('X'), doctype: 'Doctype' }, '/doctype: must be spelled "DocType"'],
    ['no doctype', { name: 'X', fields: [data('a')] }, '/doctype: must be "DocType"'],
    ['no name', named(undefined), 'needs "name"'],
    ['a name that is a number', named(7), '/name: must be string'],
    ['an empty name', named(''), '/name: "" is empty'],
    ['a name of internal collections', named('_sessions'), '/name: "_sessions" must not begin with "_"'],
    ['a name MongoDB forbids', named('a$b'), '/name: "a$b" may hold'],
    ['a name with NUL', named('a\u0000b'), '/name:'],
    ['a name that is too long', named('x'.repeat(141)), '/name:'],
    ['no fields', { doctype: 'DocType', name: 'X' }, 'needs "fields"'],
    ['fields that are no list', { ...doctype('X'), fields: {} }, '/fields: must be array'],
    ['a field that is text', { ...doctype('X'), fields: ['a'] }, '/fields/0: must be object'],
    ['a field without fieldtype', field({ fieldtype: undefined }), '/fields/0: needs "fieldtype"'],
    ['a fieldtype in other letters', field({ fieldtype: 'small text' }), 'did you mean "Small Text"?'],
    ['a field without any name', field({ fieldname: undefined }), '/fields/0: fieldname is missing'],
    ['a standard field', field({ fieldname: 'owner' }), '/fields/0: "owner" is kept by the service'],
    ['a fieldname with a dot', field({ fieldname: 'a.b' }), '/fields/0: "a.b" is no fieldname'],
    ['a fieldname with $', field({ fieldname: '$where' }), '/fields/0: "$where" is no fieldname'],
    ['a fieldname of every object', field({ fieldname: '__proto__' }), '/fields/0: "__proto__" is kept'],
    ['a Link without target', field({ fieldtype: 'Link' }), '/fields/0: f: Link needs options'],
    [
      'a Table without child',
      field({ fieldtype: 'Table', options: '' }),
      '/fields/0: f: Table needs options',
    ],
    ['a Table of no child DocType', field({ fieldtype: 'Table', options: 'User' }), 'is not a child DocType'],
    ['a flag that is neither on nor off', field({ reqd: 'sometimes' }), '/fields/0/reqd: must be one of'],
    ['a negative length', field({ length: -1 }), '/fields/0/length:'],
    ['permissions that are no list', { ...doctype('X'), permissions: {} }, '/permissions: must be array'],
    ['a rule without role', doctype('X', [], { permissions: [{ read: 1 }] }), '/permissions/0: needs "role"'],
    [
      'names by a missing field',
      doctype('X', [], { autoname: 'field:code' }),
      '/autoname: there is no field "code"',
    ],
    ['names by an empty format', doctype('X', [], { autoname: 'format:' }), '/autoname: the format is empty'],
    [
      'names by half a brace',
      doctype('X', [], { autoname: 'format:A-{#' }),
      '/autoname: braces do not match',
    ],
    ['an autoname that is no text', doctype('X', [], { autoname: 5 }), '/autoname: must be string or null'],
    [
      'an index of a missing field',
      doctype('X', [], { indexes: [['nope']] }),
      '/indexes/0: there is no field "nope"',
    ],
    ['a Single that is a child', doctype('X', [], { istable: 1, issingle: 1 }), '/issingle:'],
  ])('with %s', async (_what, file, fault) => {
    const faults = await faultsOf({ 'x.json': file });
    expect(faults.join('\n')).toContain(fault);
    expect(faults[0]).toMatch(/^x\.json: /);
  });
});

describe('lesser faults of exported files', () => {
  it('do not keep the service from starting', async () => {
    const meta = await load(
      doctype(
        'Thing',
        [
          data('subject', { label: null, options: null }),
          { fieldname: '', fieldtype: 'Section Break' },
          { fieldname: 'sb', fieldtype: 'Section Break' },
          { fieldname: 'sb', fieldtype: 'Column Break' },
          { fieldname: 'dl', fieldtype: 'Dynamic Link', options: 'nowhere' },
          { fieldname: 'sel', fieldtype: 'Select' },
          { fieldname: 'idx', fieldtype: 'Int' },
          { fieldname: '_user_tags', fieldtype: 'Data' },
        ],
        {
          field_order: ['ghost'],
          title_field: 'ghost',
          autoname: 'something',
          sort_field: 'ghost',
          sort_order: 'ASC',
        },
      ),
    );
    expect(meta.fields.map(({ fieldname }) => fieldname)).toEqual(['subject', 'dl', 'sel']);
    expect(meta.titleField).toBe('');
    expect(meta.sort).toEqual([['modified', 'desc']]);
  });

  it('such as a child DocType that is not loaded leave a table whose rows are refused', async () => {
    const { registry, warnings } = await loadFiles({
      'thing.json': doctype('Thing', [{ fieldname: 'rows', fieldtype: 'Table', options: 'Gone' }]),
    });
    expect(registry.get('Thing').tables).toHaveLength(1);
    expect(registry.find('Gone')).toBeUndefined();
    expect(warnings.join()).toContain('child DocType "Gone" is not loaded');
  });
});

describe('a compiled DocType', () => {
  it('has the fields of rows only where they mean something else', async () => {
    const parent = { fieldname: 'parent', fieldtype: 'Data' };
    expect((await load(doctype('Thing', [parent], { istable: 1 }))).fields).toEqual([]);
    expect((await load(doctype('Thing', [parent]))).fieldsByName.has('parent')).toBe(true);
  });

  it('cannot be changed, and keeps properties that the service does not know', async () => {
    const meta = await load(doctype('Thing', [data('a', { my_own: [1] })], { beta: 1, whatever: { x: 1 } }));
    expect(Object.isFrozen(meta)).toBe(true);
    expect(meta.raw['whatever']).toEqual({ x: 1 });
    expect(meta.fieldsByName.get('a')?.raw['my_own']).toEqual([1]);
  });

  it('has the fields that carry data, named by their labels where they have no name', async () => {
    const meta = await load(
      doctype('Thing', [
        { fieldname: 'tab', fieldtype: 'Tab Break' },
        { fieldname: '', fieldtype: 'Data', label: 'First Name?' },
        { fieldname: 'sum', fieldtype: 'Float', is_virtual: 1 },
      ]),
    );
    expect(meta.fields.map(({ fieldname }) => fieldname)).toEqual(['first_name']);
  });

  it('reads its default order from sort_field and sort_order', async () => {
    const sort = async (properties: Readonly<Record<string, unknown>>) =>
      (await load(doctype('Thing', [data('a')], properties))).sort;
    expect(await sort({})).toEqual([['modified', 'desc']]);
    expect(await sort({ sort_field: 'a', sort_order: 'ASC' })).toEqual([['a', 'asc']]);
    expect(await sort({ sort_field: 'idx desc, `a` asc, ghost', sort_order: 'DESC' })).toEqual([
      ['idx', 'desc'],
      ['a', 'asc'],
    ]);
  });

  it('is submittable with a link to what it amends, and a tree with the fields of a tree', async () => {
    const meta = await load(doctype('Thing', [], { is_submittable: 1, is_tree: 1 }));
    expect(meta.fieldsByName.get('amended_from')).toMatchObject({
      fieldtype: 'Link',
      options: 'Thing',
      noCopy: true,
    });
    expect(meta.parentField).toBe('parent_thing');
    const names = meta.fields.map(({ fieldname }) => fieldname);
    expect(names).toEqual(['amended_from', 'parent_thing', 'is_group', 'lft', 'rgt', 'old_parent']);
  });

  it('keeps tree fields that the file has', async () => {
    const parent = { fieldname: 'above', fieldtype: 'Link', options: 'Thing', reqd: 1 };
    const meta = await load(doctype('Thing', [parent], { is_tree: 1, nsm_parent_field: 'above' }));
    expect(meta.parentField).toBe('above');
    expect(meta.fields.filter(({ fieldname }) => fieldname === 'above')).toHaveLength(1);
    expect(meta.fieldsByName.get('above')?.reqd).toBe(true);
  });

  it('reads its permission rules', async () => {
    const meta = await load(
      doctype('Thing', [], {
        permissions: [{ role: 'All', read: 1, write: 0, if_owner: 1, permlevel: 1, fly: 1 }],
      }),
    );
    expect(meta.permissions).toEqual([
      { role: 'All', permlevel: 1, ifOwner: true, rights: new Set(['read']) },
    ]);
  });

  it('stores Singles together and every other DocType by itself', async () => {
    expect((await load(doctype('Thing', [], { issingle: 1 }))).collection).toBe('_singles');
    expect((await load(doctype('Thing'))).collection).toBe('Thing');
  });
});

describe('a file of a user that bears the name of a shipped DocType', () => {
  it('replaces it, and gets the fields that the service needs', async () => {
    const { registry } = await loadFiles({
      'user.json': doctype('User', [data('email'), data('shoe_size')]),
    });
    const meta = registry.get('User');
    expect(meta.source).toMatch(/user\.json$/);
    expect(meta.fieldsByName.get('shoe_size')).toBeDefined();
    expect(meta.fieldsByName.get('enabled')?.fieldtype).toBe('Check');
    expect(meta.fieldsByName.get('roles')?.options).toBe('Has Role');
    expect(meta.fieldsByName.get('email')?.unique).toBe(false);
    expect(meta.fieldsByName.get('bio')).toBeUndefined();
    expect(meta.permissions).toEqual([]);
  });

  it('may not turn it into something the service cannot use', async () => {
    const faults = await faultsOf({
      'user.json': doctype('User', [{ fieldname: 'enabled', fieldtype: 'Small Text' }]),
      'has_role.json': doctype('Has Role', []),
    });
    expect(faults).toContain('user.json: /fields/0/fieldtype: must be Check, which the service needs');
    expect(faults.join('\n')).toContain('has_role.json: /istable: must be 1');
  });
});

describe('the shipped DocTypes', () => {
  it('load without a warning, ToDo among them', async () => {
    const { registry, warnings } = await loadDocTypes({ core: CORE, paths: [path.dirname(CORE)] });
    expect(warnings).toEqual([]);
    expect(registry.get('ToDo').sort).toEqual([['modified', 'desc']]);
    expect(registry.get('ToDo').fieldsByName.get('description')?.reqd).toBe(true);
    for (const meta of registry.all) expect(meta.validate({ name: 'x' }), meta.name).toEqual([]);
  });

  it('give somebody but Administrator a right, unless they are rows', async () => {
    const { registry } = await loadDocTypes({ core: CORE, paths: [path.dirname(CORE)] });
    for (const meta of registry.all.filter(({ isTable }) => !isTable)) {
      expect(
        meta.permissions.some(({ rights }) => rights.has('read')),
        meta.name,
      ).toBe(true);
    }
  });
});
