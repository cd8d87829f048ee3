import { describe, expect, it } from 'vitest';
import { collectionSpecs, MAX_INDEXES } from '../../../src/documents/collection-specs.ts';
import type { CollectionSpec } from '../../../src/storage/store.ts';
import { doctype, type FieldProperties, loadFiles } from './folder.ts';

async function specOf(fields: readonly FieldProperties[], properties = {}): Promise<CollectionSpec> {
  const row = doctype(
    'Row',
    [
      { fieldname: 'item', fieldtype: 'Link', options: 'User' },
      { fieldname: 'code', fieldtype: 'Data', search_index: 1 },
      { fieldname: 'qty', fieldtype: 'Int' },
    ],
    { istable: 1 },
  );
  const { registry } = await loadFiles({
    'thing.json': doctype('Thing', fields, properties),
    'row.json': row,
  });
  const spec = collectionSpecs(registry).find(({ name }) => name === 'Thing');
  if (!spec) throw new Error('no spec');
  return spec;
}

/** `status, -modified`; a leading `!` marks a unique index. */
const written = ({ indexes }: CollectionSpec): string[] =>
  indexes.map(
    ({ fields, unique }) =>
      (unique ? '!' : '') +
      fields.map(([field, order]) => (order === 'desc' ? `-${field}` : field)).join(', '),
  );

describe('the collections of DocTypes', () => {
  it('are one for each, one for all Singles, and none for rows', async () => {
    const { registry } = await loadFiles({
      'a.json': doctype('Plain'),
      'b.json': doctype('Alone', [], { issingle: 1 }),
      'c.json': doctype('Row', [], { istable: 1 }),
    });
    const names = collectionSpecs(registry).map(({ name }) => name);
    expect(names).toContain('Plain');
    expect(names.filter((name) => name === '_singles')).toHaveLength(1);
    expect(names).not.toContain('Alone');
    expect(names).not.toContain('Row');
  });

  it('have an index for each way a list is walked', async () => {
    const spec = await specOf(
      [
        { fieldname: 'code', fieldtype: 'Data', unique: 1, search_index: 1 },
        { fieldname: 'status', fieldtype: 'Select', search_index: 1 },
        { fieldname: 'customer', fieldtype: 'Link', options: 'User' },
        { fieldname: 'plain', fieldtype: 'Data' },
        { fieldname: 'ref_type', fieldtype: 'Link', options: 'DocType' },
        { fieldname: 'ref', fieldtype: 'Dynamic Link', options: 'ref_type' },
        { fieldname: 'items', fieldtype: 'Table', options: 'Row' },
      ],
      {
        indexes: [['status', '-modified', 'plain'], 'plain'],
        permissions: [{ role: 'All', read: 1, if_owner: 1 }],
      },
    );
    expect(written(spec)).toEqual([
      '!code',
      '-modified',
      'status, -modified, plain',
      'plain',
      'ref_type, ref',
      'owner, -modified',
      'status, -modified',
      'customer, -modified',
    ]);
    expect(spec.elementIndexes).toEqual(['items.item', 'items.code']);
  });

  it('end their indexes with the default order, and have one for it and one for modified', async () => {
    const fields = [{ fieldname: 'status', fieldtype: 'Data', search_index: 1 }];
    const sorted = await specOf(fields, { sort_field: 'status asc, creation desc, name asc' });
    expect(written(sorted)).toEqual(['status, -creation', '-modified']);
    const byCreation = await specOf(fields, { sort_field: 'creation', sort_order: 'DESC' });
    expect(written(byCreation)).toEqual(['-creation', '-modified', 'status, -creation']);
  });

  it('look up ancestors and parents of trees', async () => {
    const spec = await specOf([], { is_tree: 1 });
    expect(spec.elementIndexes).toEqual(['_ancestors']);
    expect(written(spec)).toContain('parent_thing, -modified');
  });

  it('have no more indexes than writes can bear, the unique ones in any case', async () => {
    const links = Array.from({ length: 80 }, (_, index) => ({
      fieldname: `link_${index}`,
      fieldtype: 'Link',
      options: 'User',
    }));
    const spec = await specOf([...links, { fieldname: 'code', fieldtype: 'Data', unique: 1 }]);
    expect(spec.indexes).toHaveLength(MAX_INDEXES);
    expect(written(spec)[0]).toBe('!code');
  });
});
