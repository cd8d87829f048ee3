// Runs every case of cases/*.json on the reference, and on every engine. The cases are data: a new engine, in
// whatever language, is held to the same files.
import { randomUUID } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { compareBy, matches } from '../../src/storage/match.ts';
import type { Query } from '../../src/storage/query.ts';
import type { Doc, FindOptions, Store } from '../../src/storage/store.ts';
import { describeEngines } from '../support/engines.ts';

interface Case {
  readonly name: string;
  readonly docs: readonly Doc[];
  readonly query: Query;
  readonly options?: FindOptions;
  /** Names in their order, or whole documents where their fields matter. */
  readonly expect: readonly (string | number | Doc)[];
}

const FOLDER = join(import.meta.dirname, 'cases');
const FILES = readdirSync(FOLDER).map((file) => ({ file, cases: readCases(file) }));

function readCases(file: string): Case[] {
  return JSON.parse(readFileSync(join(FOLDER, file), 'utf8'));
}

/** As the case expects it: whole documents or names alone. */
function shaped(found: readonly Doc[], expected: Case['expect']): unknown[] {
  return typeof expected[0] === 'object' ? [...found] : found.map((doc) => doc.name);
}

it('no two cases have one name', () => {
  const names = FILES.flatMap(({ cases }) => cases.map((each) => each.name));
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
});

describe.each(FILES)('the reference: $file', ({ cases }) => {
  it.each(cases)('$name', ({ docs, query, options, expect: expected }) => {
    const { sort = [], skip = 0, limit, fields } = options ?? {};
    const found = docs.filter((doc) => matches(query, doc)).toSorted(compareBy(sort));
    const page = found.slice(skip, limit === undefined ? undefined : skip + limit);
    expect(
      shaped(
        page.map((doc) => projected(doc, fields)),
        expected,
      ),
    ).toEqual(expected);
  });
});

function projected(doc: Doc, fields: readonly string[] | undefined): Doc {
  if (fields === undefined) return doc;
  const kept = Object.entries(doc).filter(([field]) => fields.includes(field));
  return { ...Object.fromEntries(kept), name: doc.name };
}

describeEngines('cases', (engine) => {
  const open: { store?: Store } = {};
  beforeAll(async () => {
    open.store = await engine.open();
  });

  async function filled(docs: readonly Doc[]): Promise<{ store: Store; collection: string }> {
    if (open.store === undefined) throw new Error('not open');
    const collection = `Case ${randomUUID()}`;
    await open.store.ensure([{ name: collection, indexes: [], elementIndexes: [] }]);
    await open.store.commit(docs.map((doc) => ({ kind: 'insert', collection, doc })));
    return { store: open.store, collection };
  }

  describe.each(FILES)('$file', ({ cases }) => {
    for (const { name, docs, query, options, expect: expected } of cases) {
      engine.it(name, async () => {
        const { store, collection } = await filled(docs);
        const found = await store.find(collection, query, options);
        expect(shaped(found, expected)).toEqual(expected);
        const all = docs.filter((doc) => matches(query, doc)).length;
        expect(await store.count(collection, query)).toBe(all);
        expect(await store.count(collection, query, 1)).toBe(Math.min(all, 1));
      });
    }
  });

  engine.it('$in takes thousands of values', async () => {
    const docs = Array.from({ length: 50 }, (_, at): Doc => ({
      name: `d${at}`,
      f: `value ${at * 100}`,
      n: at,
    }));
    const { store, collection } = await filled(docs);
    const values = Array.from({ length: 4000 }, (_, at) => `value ${at}`);
    expect(await store.count(collection, { f: { $in: values } })).toBe(40);
    expect(await store.count(collection, { f: { $nin: values } })).toBe(10);
    expect(await store.count(collection, { f: { $in: [...values, 1, true, null] } })).toBe(40);
    const names = Array.from({ length: 4000 }, (_, at) => `d${at + 25}`);
    expect(await store.count(collection, { name: { $in: names } })).toBe(25);
    expect(
      await store.count(collection, { n: { $in: Array.from({ length: 4000 }, (_, at) => at * 2) } }),
    ).toBe(25);
  });

  engine.it('an unknown operator is refused, wherever it stands', async () => {
    const { store, collection } = await filled([]);
    const unknown: unknown[] = [
      { f: { $regex: '.*' } },
      { f: { $where: 'true' } },
      { $where: 'true' },
      { $expr: { $eq: [1, 1] } },
      { $and: [{ f: { $exists: true } }] },
      { items: { $elemMatch: { f: { $size: 1 } } } },
      { f: { $eq: { $gt: '' } } },
      { f: { $in: 'x' } },
      { f: { $gt: null } },
      { f: 'x' },
    ];
    for (const query of unknown) {
      // The types forbid these; a caller in JavaScript could still pass them.
      const untyped: Query = JSON.parse(JSON.stringify(query));
      await expect(async () => store.find(collection, untyped), JSON.stringify(query)).rejects.toThrow(
        TypeError,
      );
    }
  });
});
