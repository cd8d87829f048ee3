// Random documents and queries of the shape that documents really have: scalar fields, rows, lists of scalars.
import fc from 'fast-check';
import type { Condition, Query, Scalar } from '../../src/storage/query.ts';
import type { Doc, SortKey } from '../../src/storage/store.ts';
import type { Json } from '../../src/util/json.ts';

/** What to leave out, for an oracle or a server that is known to be wrong there. */
export interface Without {
  /** Characters beyond the basic plane. */
  readonly astral?: boolean;
  /** Patterns with many `%`. */
  readonly manyRuns?: boolean;
}

/** Fields by what they hold. Only `any` mixes booleans with numbers, whose order engines need not agree on. */
const SCALAR_FIELDS = ['any', 'other', 'mixed', 'text', 'number', 'absent'];
const SORT_FIELDS = ['mixed', 'text', 'number', 'absent', 'name'];

const NUMBERS = [-2, -0.5, 0, 1, 1.5, 2, 10, 9007199254740991];
const TEXTS = [
  '',
  'a',
  'A',
  'ab',
  'aB',
  'b',
  'ba',
  '1',
  '10',
  '2',
  'true',
  'null',
  '[1]',
  'ä',
  'Ä',
  'ß',
  'ss',
  'a b',
  'a\n',
];
const ASTRAL = ['😀', '\uff5e', 'a😀'];
const NAMES = ['a', 'b', 'c', 'D', 'd', 'e/f', 'g h', '10', '9', 'ä', '\uff5e'];
const PIECES = ['%', '%', '_', 'a', 'b', 'A', 'ä', '1', ' ', '\\', '.'];

const number = fc.constantFrom(...NUMBERS);
const text = (without: Without): fc.Arbitrary<string> =>
  fc.constantFrom(...TEXTS, ...(without.astral === true ? [] : ASTRAL));
const scalar = (without: Without): fc.Arbitrary<Scalar> =>
  fc.oneof(fc.constant(null), fc.boolean(), number, text(without), text(without));

/** Between none and a dozen documents, each with its own name. */
export function docsArbitrary(without: Without = {}): fc.Arbitrary<Doc[]> {
  const names = NAMES.filter((name) => without.astral !== true || name !== '\uff5e');
  return fc
    .uniqueArray(fc.constantFrom(...names), { maxLength: names.length })
    .chain((chosen) => fc.tuple(...chosen.map((name) => docArbitrary(name, without))));
}

function docArbitrary(name: string, without: Without): fc.Arbitrary<Doc> {
  const row = fc.record(
    { code: scalar(without), qty: scalar(without), name: text(without) },
    { requiredKeys: [] },
  );
  const fields: Record<string, fc.Arbitrary<Json>> = {
    any: scalar(without),
    other: scalar(without),
    mixed: fc.oneof(fc.constant(null), number, text(without)),
    text: text(without),
    number,
    items: fc.array(row, { maxLength: 3 }),
    tags: fc.array(scalar(without), { maxLength: 3 }),
  };
  return fc.record(fields, { requiredKeys: [] }).map((rest) => ({ name, ...rest }));
}

export function queryArbitrary(without: Without = {}): fc.Arbitrary<Query> {
  const { query } = fc.letrec<{ query: Query }>((tie) => ({
    query: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fieldQuery(without),
      fc.array(tie('query'), { maxLength: 3 }).map((parts): Query => ({ $and: parts })),
      fc.array(tie('query'), { maxLength: 3 }).map((parts): Query => ({ $or: parts })),
      fc.array(tie('query'), { maxLength: 2 }).map((parts): Query => ({ $nor: parts })),
    ),
  }));
  return query;
}

function fieldQuery(without: Without): fc.Arbitrary<Query> {
  const onScalar = fc
    .tuple(fc.constantFrom(...SCALAR_FIELDS, 'name'), conditionArbitrary(without))
    .map(([field, condition]): Query => ({ [field]: condition }));
  const onTags = conditionArbitrary(without).map((element): Query => ({ tags: { $elemMatch: element } }));
  const onItems = rowArbitrary(without).map((row): Query => ({ items: { $elemMatch: row } }));
  return fc.oneof(onScalar, onScalar, onTags, onItems);
}

function rowArbitrary(without: Without): fc.Arbitrary<Query> {
  const field = fc.constantFrom('code', 'qty', 'name');
  const one = fc
    .tuple(field, conditionArbitrary(without))
    .map(([name, condition]): Query => ({ [name]: condition }));
  const several = fc.array(one, { maxLength: 2 });
  return fc.oneof(
    one,
    several.map((parts): Query => ({ $and: parts })),
    several.map((parts): Query => ({ $or: parts })),
    several.map((parts): Query => ({ $nor: parts })),
  );
}

function conditionArbitrary(without: Without): fc.Arbitrary<Condition> {
  return fc.oneof(
    { weight: 4, arbitrary: operatorArbitrary(without) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(operatorArbitrary(without), operatorArbitrary(without))
        .map(([first, second]): Condition => ({ ...first, ...second })),
    },
  );
}

function operatorArbitrary(without: Without): fc.Arbitrary<Condition> {
  const value = scalar(without);
  const bound: fc.Arbitrary<string | number> = fc.oneof(number, text(without));
  const values = fc.array(value, { maxLength: 4 });
  return fc.oneof(
    value.map((operand): Condition => ({ $eq: operand })),
    value.map((operand): Condition => ({ $ne: operand })),
    values.map((operand): Condition => ({ $in: operand })),
    values.map((operand): Condition => ({ $nin: operand })),
    bound.map((operand): Condition => ({ $gt: operand })),
    bound.map((operand): Condition => ({ $gte: operand })),
    bound.map((operand): Condition => ({ $lt: operand })),
    bound.map((operand): Condition => ({ $lte: operand })),
    patternArbitrary(without).map((operand): Condition => ({ $like: operand })),
  );
}

function patternArbitrary(without: Without): fc.Arbitrary<string> {
  const pieces = without.astral === true ? PIECES : [...PIECES, '😀'];
  return fc
    .array(fc.constantFrom(...pieces), { maxLength: 7 })
    .map((chosen) => chosen.join(''))
    .filter((pattern) => without.manyRuns !== true || pattern.split('%').length <= 3);
}

export const sortArbitrary: fc.Arbitrary<SortKey[]> = fc.uniqueArray(
  fc.tuple(fc.constantFrom(...SORT_FIELDS), fc.constantFrom<'asc' | 'desc'>('asc', 'desc')),
  { maxLength: 3, selector: ([field]) => field },
);

/** The seed of a run: TEST_SEED, to repeat one, or a fresh one. It belongs into the title of the test. */
export const SEED = Number(process.env['TEST_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
