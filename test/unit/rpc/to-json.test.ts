import { describe, expect, it } from 'vitest';
import { toJson } from '../../../src/rpc/to-json.ts';

const date = new Date('2024-02-29T12:30:45.678Z');

describe('the result of a method', () => {
  it.each<[string, unknown, unknown]>([
    ['nothing', undefined, undefined],
    ['null', null, null],
    ['text', 'a', 'a'],
    ['zero', 0, 0],
    ['false', false, false],
    ['not a number', NaN, null],
    ['infinity', [Infinity], [null]],
    ['a date', date, '2024-02-29 12:30:45.678000'],
    ['an invalid date', new Date(NaN), null],
    ['a small big integer', 12n, 12],
    ['a big integer', 2n ** 64n, '18446744073709551616'],
    ['bytes', Buffer.from('hi'), 'aGk='],
    [
      'a map',
      new Map<unknown, unknown>([
        ['a', 1],
        [2, date],
      ]),
      { a: 1, 2: '2024-02-29 12:30:45.678000' },
    ],
    ['a set', new Set([1, 2]), [1, 2]],
    ['a function', () => 1, undefined],
    ['members that are nothing', { a: undefined, b: [undefined, Symbol('x')] }, { b: [null, null] }],
    ['an object that knows its JSON', { toJSON: () => ({ a: date }) }, { a: '2024-02-29 12:30:45.678000' }],
    ['an object twice, but not within itself', [date, date], Array(2).fill('2024-02-29 12:30:45.678000')],
  ])('%s has a defined form', (_title, value, expected) => {
    expect(toJson(value, 'UTC')).toEqual(expected);
  });

  it('gives dates in the zone of the service', () => {
    expect(toJson(date, 'Asia/Kolkata')).toBe('2024-02-29 18:00:45.678000');
  });

  it('that contains itself is an error, not an endless loop', () => {
    const circle: Record<string, unknown> = {};
    circle['self'] = [circle];
    expect(() => toJson(circle, 'UTC')).toThrow('contains itself');
  });

  it('keeps a key called __proto__ as data', () => {
    const value: unknown = JSON.parse('{"__proto__": {"admin": true}}');
    expect(JSON.stringify(toJson(value, 'UTC'))).toBe('{"__proto__":{"admin":true}}');
  });
});
