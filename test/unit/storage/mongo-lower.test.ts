import { describe, expect, it } from 'vitest';
import { lowerLike, lowerQuery, lowerSort } from '../../../src/storage/mongo/lower.ts';
import { toShell } from '../../../src/storage/mongo/shell.ts';
import { ALL, NONE, type Query } from '../../../src/storage/query.ts';

describe('lowerQuery', () => {
  const lowered: [string, Query, unknown][] = [
    ['ALL', ALL, {}],
    ['NONE', NONE, { _id: { $in: [] } }],
    ['an empty $nor', { $nor: [] }, {}],
    ['a condition, as it is', { f: { $gte: 1, $lt: 5 } }, { f: { $gte: 1, $lt: 5 } }],
    ['the name', { name: { $in: ['a'] } }, { _id: { $in: ['a'] } }],
    [
      'the name of a row, which stays',
      { items: { $elemMatch: { name: { $eq: 'r' } } } },
      { items: { $elemMatch: { name: { $eq: 'r' } } } },
    ],
    [
      'an $and of different fields, which needs no operator',
      { $and: [{ a: { $eq: 1 } }, ALL, { b: { $eq: 2 } }] },
      { a: { $eq: 1 }, b: { $eq: 2 } },
    ],
    [
      'an $and of one field twice, which does',
      { $and: [{ a: { $gt: 1 } }, { a: { $lt: 5 } }] },
      { $and: [{ a: { $gt: 1 } }, { a: { $lt: 5 } }] },
    ],
    [
      'two disjunctions',
      { $and: [{ $or: [{ a: { $eq: 1 } }] }, { $or: [{ b: { $eq: 1 } }] }] },
      { $and: [{ $or: [{ a: { $eq: 1 } }] }, { $or: [{ b: { $eq: 1 } }] }] },
    ],
    ['ALL rows', { items: { $elemMatch: ALL } }, { items: { $elemMatch: {} } }],
    ['NONE of the rows', { items: { $elemMatch: NONE } }, { items: { $elemMatch: { _id: { $in: [] } } } }],
    [
      '$like among other operators',
      { f: { $like: 'a%', $ne: 'ab' } },
      { f: { $regex: '^a', $options: 'is', $ne: 'ab' } },
    ],
  ];
  it.each(lowered)('lowers %s', (_, query, expected) => {
    expect(lowerQuery(query)).toEqual(expected);
  });

  it.each(['a.b', '$where', '', '_id', 'a\0'])('refuses the field name %j, in rows as well', (field) => {
    expect(() => lowerQuery({ [field]: { $eq: 1 } })).toThrow(TypeError);
    expect(() => lowerQuery({ items: { $elemMatch: { $and: [{ [field]: { $eq: 1 } }] } } })).toThrow(
      TypeError,
    );
  });
});

describe('lowerLike', () => {
  it.each([
    ['abc', String.raw`^abc\z`],
    ['abc%', '^abc'],
    ['%abc', String.raw`abc\z`],
    ['%abc%', 'abc'],
    ['%', ''],
    ['', String.raw`^\z`],
    ['a_c', String.raw`^a.c\z`],
    ['%a%b%', 'a.*b'],
    ['a.b*(c)\\%', String.raw`^a\.b\*\(c\)%\z`],
    ['a\0b%', String.raw`^a\x00b`],
    ['a%b%c%d', String.raw`^a(?>.*?b)(?>.*?c).*d\z`],
    ['%a%%b%c%', '^(?>.*?a)(?>.*?b)(?>.*?c)'],
  ])('makes %j the expression %j', (pattern, expected) => {
    expect(lowerLike(pattern)).toEqual({ $regex: expected, $options: 'is' });
  });
});

describe('lowerSort', () => {
  it('ends in the identity unless it is there already', () => {
    expect(lowerSort([['modified', 'desc']])).toEqual([
      ['modified', -1],
      ['_id', 1],
    ]);
    expect(lowerSort([['name', 'desc']])).toEqual([['_id', -1]]);
  });
});

describe('toShell', () => {
  it('is one line that mongosh reads', () => {
    const query: Query = { $and: [{ status: { $eq: 'Open "x"' } }, { name: { $like: 'a%' } }] };
    const options = { fields: ['status'], sort: [['modified', 'desc']], skip: 20, limit: 10 } as const;
    expect(toShell('Sales Order', query, options)).toBe(
      'db.getCollection("Sales Order").find({"status":{"$eq":"Open \\"x\\""},"_id":{"$regex":"^a","$options":"is"}}, ' +
        '{"_id":1,"status":1}).sort({"modified": -1, "_id": 1}).skip(20).limit(10)',
    );
    expect(toShell('ToDo', ALL)).toBe('db.getCollection("ToDo").find({}).sort({"_id": 1})');
  });
});
