// Random documents and queries: every engine must answer as the reference does, in the same order.
// A failure prints the smallest case it finds; TEST_SEED repeats a run.
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, expect } from 'vitest';
import { compareBy, matches } from '../../src/storage/match.ts';
import type { Doc, FindOptions, Store } from '../../src/storage/store.ts';
import { describeEngines, type Engine } from '../support/engines.ts';
import { docsArbitrary, queryArbitrary, SEED, sortArbitrary, type Without } from '../support/queries.ts';

/** What skips.ts lists for a stand-in, left out here: a random test cannot be expected to fail. */
function without(engine: Engine): Without {
  return engine.server === 'ferretdb' ? { manyRuns: true } : {};
}

/** Collections are cheap on the embedded engine only. */
const ROUNDS = { sqlite: 120, mongodb: 60, ferretdb: 30 };
const QUERIES = 20;

describeEngines('random queries', (engine) => {
  const open: { store?: Store } = {};
  beforeAll(async () => {
    open.store = await engine.open();
  });

  engine.it(`agree with the reference (seed ${SEED})`, async () => {
    const { store } = open;
    if (store === undefined) throw new Error('not open');
    const round = fc.record({
      docs: docsArbitrary(without(engine)),
      asked: fc.array(
        fc.record({
          query: queryArbitrary(without(engine)),
          sort: sortArbitrary,
          skip: fc.nat({ max: 3 }),
          limit: fc.option(fc.nat({ max: 5 }), { nil: undefined }),
        }),
        { minLength: QUERIES, maxLength: QUERIES },
      ),
    });
    const agrees = fc.asyncProperty(round, async ({ docs, asked }) => {
      const collection = `Random ${randomUUID()}`;
      await store.ensure([{ name: collection, indexes: [], elementIndexes: ['items.code', 'tags'] }]);
      await store.commit(docs.map((doc) => ({ kind: 'insert', collection, doc })));
      for (const { query, sort, skip, limit } of asked) {
        const expected = docs.filter((doc) => matches(query, doc)).toSorted(compareBy(sort));
        const page = expected.slice(skip, limit === undefined ? undefined : skip + limit);
        const options: FindOptions = { sort, skip, ...(limit === undefined ? {} : { limit }) };
        const found = await store.find(collection, query, options);
        expect(found.map(withoutNulls), JSON.stringify({ query, options })).toEqual(page.map(withoutNulls));
        expect(await store.count(collection, query), JSON.stringify(query)).toBe(expected.length);
      }
    });
    await fc.assert(agrees, { seed: SEED, numRuns: ROUNDS[engine.server] });
  });
});

/** A null field may be stored or left out; nobody can tell by a query. */
function withoutNulls(doc: Doc): unknown {
  return Object.fromEntries(Object.entries(doc).filter(([, value]) => value !== null));
}
