// Operators on trees: All > (Asia > India, Europe), and orders that point into it.
import { describe, expect, it } from 'vitest';
import { compileFilters, treeLookups } from '../../../src/filters/compile.ts';
import { parseFilters } from '../../../src/filters/parse.ts';
import type { TreeAnswer, TreeLookup } from '../../../src/filters/tree.ts';
import type { Json } from '../../../src/util/json.ts';
import { contextFor, namesOf, order, registry, territory } from './fixtures.ts';

const nodes = [
  { name: 'All', _ancestors: [] },
  { name: 'Asia', parent_territory: 'All', _ancestors: ['All'] },
  { name: 'Europe', parent_territory: 'All', _ancestors: ['All'] },
  { name: 'India', parent_territory: 'Asia', _ancestors: ['All', 'Asia'] },
];

const orders = [
  { name: 'none' },
  { name: 'all', territory: 'All' },
  { name: 'asia', territory: 'Asia' },
  { name: 'india', territory: 'India', items: [{ name: 'r', territory: 'Europe' }] },
  { name: 'europe', territory: 'Europe' },
  { name: 'lost', territory: 'Nowhere' },
];

/** Plays the caller: loads what the filters ask for, and nothing else may be asked later. */
function find(filters: Json, meta: typeof order, docs: readonly { name: string }[]): string {
  const parsed = parseFilters(filters, 'filters');
  const asked = new Map(
    treeLookups(parsed, { meta, registry }).map((lookup) => [lookup.key, answer(lookup)]),
  );
  const tree = (lookup: TreeLookup): TreeAnswer => {
    if (!asked.has(lookup.key)) throw new Error(`not looked up: ${lookup.key}`);
    return asked.get(lookup.key);
  };
  return namesOf(compileFilters(parsed, contextFor(meta, { tree })), docs).join(' ');
}

function answer({ doctype, node, direction }: TreeLookup): TreeAnswer {
  expect(doctype).toBe('Territory');
  const found = nodes.find(({ name }) => name === node);
  if (!found) return undefined;
  if (direction === 'ancestors') return found._ancestors;
  return nodes.filter(({ _ancestors }) => _ancestors.some((name) => name === node)).map(({ name }) => name);
}

describe('on names of the tree', () => {
  it.each([
    ['descendants of', 'All', 'Asia Europe India'],
    ['descendants of', 'Asia', 'India'],
    ['descendants of', 'India', ''],
    ['descendants of (inclusive)', 'Asia', 'Asia India'],
    ['ancestors of', 'India', 'All Asia'],
    ['ancestors of', 'All', ''],
    ['not descendants of', 'Asia', 'All Asia Europe'],
    ['not ancestors of', 'India', 'Europe India'],
    ['descendants of', 'Nowhere', ''],
    ['descendants of (inclusive)', 'Nowhere', ''],
    ['ancestors of', 'Nowhere', ''],
    ['not descendants of', 'Nowhere', 'All Asia Europe India'],
    ['not ancestors of', 'Nowhere', 'All Asia Europe India'],
  ])('%s %s finds [%s]', (operator, node, expected) => {
    expect(find([['name', operator, node]], territory, nodes)).toBe(expected);
  });
});

describe('on links into the tree', () => {
  it.each([
    ['descendants of', 'All', 'asia india europe'],
    ['descendants of (inclusive)', 'Asia', 'asia india'],
    ['descendants of', 'India', ''],
    ['ancestors of', 'India', 'all asia'],
    ['not descendants of', 'Asia', 'none all asia europe lost'],
    ['not ancestors of', 'India', 'none india europe lost'],
    ['not descendants of', 'India', 'none all asia india europe lost'],
    ['descendants of (inclusive)', 'Nowhere', ''],
    ['not descendants of', 'Nowhere', 'none all asia india europe lost'],
  ])('%s %s finds [%s]', (operator, node, expected) => {
    expect(find([['territory', operator, node]], order, orders)).toBe(expected);
  });

  it('works on the link from node to parent', () => {
    const filters = [['parent_territory', 'descendants of (inclusive)', 'Asia']];
    expect(find(filters, territory, nodes)).toBe('India');
  });

  it('works on links in rows', () => {
    expect(find([['Order Item', 'territory', 'descendants of', 'All']], order, orders)).toBe('india');
  });
});

describe('lookups', () => {
  const lookups = (filters: Json, meta = order) =>
    treeLookups(parseFilters(filters, 'filters'), { meta, registry });

  it('are needed once for equal questions', () => {
    const filters = [
      ['territory', 'descendants of', 'Asia'],
      ['territory', 'not descendants of', 'Asia'],
      ['territory', 'ancestors of', 'Asia'],
      ['title', '=', 'x'],
    ];
    expect(lookups(filters)).toEqual([
      expect.objectContaining({ doctype: 'Territory', node: 'Asia', direction: 'descendants' }),
      expect.objectContaining({ doctype: 'Territory', node: 'Asia', direction: 'ancestors' }),
    ]);
  });

  it('are not needed for what every node carries', () => {
    expect(lookups({ name: ['descendants of', 'Asia'] }, territory)).toEqual([]);
  });

  it('refuse what is no tree before anything is loaded', () => {
    expect(() => lookups({ customer: ['ancestors of', 'x'] })).toThrow(/Customer, which is not a tree/);
    expect(() => lookups({ items: ['ancestors of', 'x'] })).toThrow(/items holds rows/);
    expect(() => lookups({ nosuch: ['ancestors of', 'x'] })).toThrow(/not permitted/);
    expect(() => lookups({ territory: ['ancestors of', ['x']] })).toThrow(/takes one value/);
  });
});
