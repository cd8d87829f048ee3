// Holds the reference, and the lowering to MongoDB, to an independent implementation of MongoDB's queries (mingo).
// Left out by construction, because mingo is wrong there: text beyond the basic plane (it orders UTF-16 units),
// dotted paths, and row queries over scalar elements. `\z` and atomic groups are PCRE's and unknown to JavaScript,
// whose own `$` means the same without the flag `m`.
import fc from 'fast-check';
import { Query as Oracle } from 'mingo';
import { expect, it } from 'vitest';
import { compareBy, matches } from '../../src/storage/match.ts';
import { lowerQuery, lowerSort } from '../../src/storage/mongo/lower.ts';
import type { Query } from '../../src/storage/query.ts';
import type { Doc } from '../../src/storage/store.ts';
import { docsArbitrary, queryArbitrary, SEED, sortArbitrary } from '../support/queries.ts';

const WITHOUT = { astral: true, manyRuns: true };

/** The lowered filter with expressions that JavaScript reads. */
function forJavaScript(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(forJavaScript);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, part]): [string, unknown] =>
    key === '$regex' ? [key, String(part).replace(/\\z$/, '$')] : [key, forJavaScript(part)],
  );
  return Object.fromEntries(entries);
}

function oracleFor(query: Query): Oracle {
  return new Oracle(Object(forJavaScript(lowerQuery(query))));
}

function asStored({ name, ...fields }: Doc): Record<string, unknown> {
  return { _id: name, ...fields };
}

it(`mingo finds by the lowered query what the reference finds (seed ${SEED})`, () => {
  const agrees = fc.property(docsArbitrary(WITHOUT), queryArbitrary(WITHOUT), (docs, query) => {
    const oracle = oracleFor(query);
    for (const doc of docs) {
      expect(oracle.test(asStored(doc)), JSON.stringify({ doc, query })).toBe(matches(query, doc));
    }
  });
  fc.assert(agrees, { seed: SEED, numRuns: 3000 });
});

it(`mingo sorts as the reference does (seed ${SEED})`, () => {
  const agrees = fc.property(docsArbitrary(WITHOUT), sortArbitrary, (docs, sort) => {
    const found = oracleFor({})
      .find<{ _id: string }>(docs.map(asStored))
      .sort(Object.fromEntries(lowerSort(sort)))
      .all();
    const expected = docs.toSorted(compareBy(sort));
    expect(found.map(({ _id: name }) => name)).toEqual(expected.map((doc) => doc.name));
  });
  fc.assert(agrees, { seed: SEED, numRuns: 1000 });
});
