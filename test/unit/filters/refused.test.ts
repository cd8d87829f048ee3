// Filters that the DocType does not allow: each is the client's fault and says which field and why.
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/errors/errors.ts';
import type { Json } from '../../../src/util/json.ts';
import { compile } from './fixtures.ts';

describe('refused filters', () => {
  it.each<[Json, RegExp]>([
    [{ nosuch: 1 }, /^Field not permitted in query: nosuch$/],
    [{ constructor: 1 }, /^Field not permitted in query: constructor$/],
    [{ parent: 'x' }, /^Field not permitted in query: parent$/],
    [{ doctype: 'x' }, /^Field not permitted in query: doctype$/],
    [{ 'items.nosuch': 1 }, /^Field not permitted in query: nosuch$/],
    [{ 'status.x': 1 }, /^Field not permitted in query: status.x$/],
    [{ 'customer.title': 1 }, /linked documents are not supported in queries: customer.title/],
    [[['Customer', 'x', '=', 1]], /^Customer is not a child table of Order$/],
    [{ settings: '{}' }, /settings holds structured data/],
    [{ items: 'x' }, /items holds rows of a child table/],
    [{ day: '2024-02-30' }, /^Invalid filter on day: = must be a date/],
    [{ day: ['>', 'soon'] }, /^Invalid filter on day: > must be a date/],
    [{ day: '2024-02' }, /^Invalid filter on day: = takes a date, YYYY-MM-DD, not "2024-02"/],
    [{ day: ['in', ['2024-02-01', 'x']] }, /^Invalid filter on day: in must be a date/],
    [{ at: '2024-01-01 25:00' }, /^Invalid filter on at/],
    [{ hour: '25:00' }, /^Invalid filter on hour/],
    [{ count: 'many' }, /^Invalid filter on count: = must be a number/],
    [{ count: ['in', '1, x'] }, /^Invalid filter on count: in must be a number/],
    [{ count: ['like', '5%'] }, /count: like searches text/],
    [{ modified: 'x' }, /^Invalid filter on modified/],
    [{ title: ['=', ['a']] }, /title: = takes one value, not a list/],
    [{ title: ['like', ['a']] }, /title: like takes one value/],
    [{ title: ['like', 'x'.repeat(1001)] }, /title: like takes at most 1000 characters/],
    [{ title: ['in', ','.repeat(10_000)] }, /title: in takes at most 10000 values/],
    [{ title: ['is', 'empty'] }, /title: is takes "set" or "not set"/],
    [{ title: ['is', null] }, /title: is takes/],
    [{ day: ['between', 'x'] }, /day: between takes a list of two values/],
    [{ day: ['between', []] }, /between takes a list of two/],
    [{ day: ['between', ['2024-01-01', null]] }, /between takes a list of two/],
    [{ day: ['between', ['2024-01-01', '2024-01-02', 3]] }, /between takes a list of two/],
    [{ count: ['between', [1]] }, /between takes a list of two/],
    [{ day: ['timespan', 'last eon'] }, /day: timespan takes one of: today, yesterday, .*next year/],
    [{ day: ['timespan', null] }, /timespan takes one of/],
    [
      { day: ['previous', 'last week'] },
      /previous takes one of: 1 week, 1 month, 3 months, 6 months, 1 year/,
    ],
    [{ title: ['timespan', 'today'] }, /title: timespan needs a Date or Datetime field/],
    [{ title: ['descendants of', 'x'] }, /needs the name of a tree's node, but this field is neither/],
    [{ customer: ['descendants of', 'x'] }, /this field is Customer, which is not a tree/],
    [{ name: ['ancestors of', 'x'] }, /this field is Order, which is not a tree/],
  ])('%j', (filters, message) => {
    const compiling = () => compile(filters);
    expect(compiling).toThrow(message);
    expect(compiling).toThrow(AppError);
  });
});
