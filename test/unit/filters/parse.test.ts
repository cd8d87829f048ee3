// filters as clients write them: every accepted shape, and the message of every refused one.
import { describe, expect, it } from 'vitest';
import { AppError, DataError, ValidationError } from '../../../src/errors/errors.ts';
import { OPERATORS } from '../../../src/filters/filter.ts';
import { parseFilters } from '../../../src/filters/parse.ts';
import type { Json } from '../../../src/util/json.ts';

const filter = (field: string, operator: string, value: Json, doctype?: string) => ({
  doctype,
  field,
  operator,
  value,
});

describe('accepted shapes', () => {
  it.each<[string, Json | undefined]>([
    ['nothing', undefined],
    ['null', null],
    ['blank text', ''],
    ['spaces', '  '],
    ['JSON null', 'null'],
    ['JSON blank text', '""'],
    ['an empty dictionary', {}],
    ['an empty list', '[]'],
  ])('%s means no filter', (_, input) => {
    expect(parseFilters(input, 'filters')).toEqual([]);
  });

  it.each<[string, Json, readonly object[]]>([
    ['a dictionary', { status: 'Open', qty: 3 }, [filter('status', '=', 'Open'), filter('qty', '=', 3)]],
    ['a dictionary with operators', { qty: ['>', 3] }, [filter('qty', '>', 3)]],
    ['a dictionary with null', { qty: null }, [filter('qty', '=', null)]],
    ['triples', [['qty', '>', 3]], [filter('qty', '>', 3)]],
    ['quadruples', [['ToDo', 'qty', '>', 3]], [filter('qty', '>', 3, 'ToDo')]],
    ['quintuples, the fifth ignored', [['ToDo', 'qty', '>', 3, false]], [filter('qty', '>', 3, 'ToDo')]],
    ['pairs', [['qty', 3]], [filter('qty', '=', 3)]],
    ['pairs with an operator', [['qty', ['>', 3]]], [filter('qty', '>', 3)]],
    ['a bare triple', ['qty', '=', 3], [filter('qty', '=', 3)]],
    ['a bare quadruple', ['ToDo', 'qty', '=', 3], [filter('qty', '=', 3, 'ToDo')]],
    ['a list of dictionaries', [{ a: 1 }, { b: ['!=', 2] }], [filter('a', '=', 1), filter('b', '!=', 2)]],
    ['a mixed list', [{ a: 1 }, ['b', 'in', [1, 2]]], [filter('a', '=', 1), filter('b', 'in', [1, 2])]],
  ])('%s', (_, input, expected) => {
    expect(parseFilters(input, 'filters')).toEqual(expected);
    expect(parseFilters(JSON.stringify(input), 'filters')).toEqual(expected);
  });

  it.each(OPERATORS)('operator %s, in any case and with any spaces', (operator) => {
    const loud = `  ${operator.toUpperCase().replaceAll(' ', '   ')} `;
    expect(parseFilters([['f', loud, 1]], 'filters')).toEqual([filter('f', operator, 1)]);
  });

  it.each([
    ['=<', '<='],
    ['=>', '>='],
    ['ilike', 'like'],
  ])('operator %s is another name of %s', (alias, operator) => {
    expect(parseFilters([['f', alias, 1]], 'filters')).toEqual([filter('f', operator, 1)]);
  });

  it.each([
    ['`f`', 'f', undefined],
    ['items.f', 'items.f', undefined],
    ['`items`.`f`', 'items.f', undefined],
    ['`tabOrder Item`.`f`', 'f', 'Order Item'],
    ['`tabOrder Item`.f', 'f', 'Order Item'],
    ['tabOrder Item.f', 'tabOrder Item.f', undefined],
    ['  f ', 'f', undefined],
  ])('field %s', (spelling, field, doctype) => {
    expect(parseFilters({ [spelling]: 1 }, 'filters')).toEqual([filter(field, '=', 1, doctype)]);
  });
});

describe('refused shapes', () => {
  it.each<[string, Json, RegExp]>([
    ['text that is not JSON', '[["a",', /^Invalid filters: not valid JSON/],
    ['plain text', 'status=Open', /not valid JSON/],
    ['a number', '5', /filters must be a list or a dictionary/],
    ['JSON text of text', '"Open"', /must be a list or a dictionary/],
    ['true', true, /must be a list or a dictionary/],
    ['a list of names', ['a', 'b'], /filters\[0\] must be a filter/],
    ['a bare triple with an unknown operator', ['a', '~', 'b'], /filters\[0\] must be a filter/],
    ['an empty filter', [[]], /filters\[0\] must be \[field, value\]/],
    ['a filter of one', [['a']], /filters\[0\] must be/],
    ['a filter of six', [['D', 'a', '=', 1, 2, 3]], /filters\[0\] must be/],
    ['null as a filter', [null], /filters\[0\] must be a filter/],
    [
      'a number as a field',
      [
        ['a', '=', 1],
        [5, '=', 1],
      ],
      /filters\[1\]\[0\] must be a field name, as text/,
    ],
    ['an empty field', { '': 1 }, /must be a field name/],
    ['a number as an operator', [['a', 1, 1]], /filters\[0\]\[1\] must be an operator/],
    [
      'an unknown operator',
      [
        ['a', '=', 1],
        ['a', '~', 1],
      ],
      /filters\[1\]\[1\] is "~": Operator must be one of =, !=/,
    ],
    ['SQL as an operator', [['a', '= 1; drop table', 1]], /Operator must be one of/],
    ['an unknown operator in a dictionary', { a: ['near', 1] }, /filters\["a"\]\[0\] is "near"/],
    ['a prototype key as an operator', { a: ['constructor', 1] }, /Operator must be one of/],
    [
      'a list of three in a dictionary',
      { a: ['in', 1, 2] },
      /filters\["a"\] must be a value or \[operator, value\]/,
    ],
    ['an object as a value', [['a', '=', { b: 1 }]], /filters\[0\]\[2\] must be text, a number/],
    ['a Mongo operator as a value', { a: { $gt: '' } }, /filters\["a"\] must be a value/],
    ['a Mongo operator in a list', [['a', 'in', [{ $gt: '' }]]], /filters\[0\]\[2\]\[0\] must be text/],
    ['a list in a list', [['a', 'in', [[1]]]], /filters\[0\]\[2\]\[0\] must be/],
    ['an endless number', '[["a", "=", 1e999]]', /filters\[0\]\[2\] must be/],
    ['NUL in a value', [['a', '=', 'x\0']], /must not contain NUL/],
    ['a lone surrogate', [['a', 'in', ['\ud800']]], /must not contain NUL or lone surrogate/],
    ['a backtick that is not closed', [['`a', '=', 1]], /filters\[0\] names no field: "`a"/],
    [
      'nested conditions',
      [['a', '=', 1], 'and', ['b', '=', 2]],
      /filters\[1\] joins conditions by "and" or "or"/,
    ],
    ['wrapped conditions', [[['a', '=', 1], 'OR', ['b', '=', 2]]], /filters\[0\] joins conditions/],
    [
      'too long a list',
      [['a', 'in', Array.from({ length: 10_001 }, (_, i) => i)]],
      /a list of at most 10000/,
    ],
    ['too long a field', [['a'.repeat(401), '=', 1]], /no longer than 400/],
  ])('%s', (_, input, message) => {
    const parse = () => parseFilters(input, 'filters');
    expect(parse).toThrow(message);
    expect(parse).toThrow(ValidationError);
  });

  it('names or_filters when those are wrong', () => {
    expect(() => parseFilters('[[1]]', 'or_filters')).toThrow(/^Invalid or_filters: or_filters\[0\]/);
  });

  it('answers malformed JSON with a DataError', () => {
    expect(() => parseFilters('{', 'filters')).toThrow(DataError);
  });

  it('says where the fault is, for machines too', () => {
    const fault = caught(() => parseFilters([['a', '=', { b: 1 }]], 'filters'));
    expect(fault.details).toEqual({ parameter: 'filters', position: 'filters[0][2]' });
    expect(fault.status).toBe(417);
  });

  it('caps the number of filters', () => {
    const many = Array.from({ length: 4 }, () => ['a', '=', 1]);
    expect(parseFilters(many, 'filters', { filters: 4 })).toHaveLength(4);
    expect(() => parseFilters(many, 'filters', { filters: 3 })).toThrow(
      '4 filters given, at most 3 are allowed',
    );
    expect(() => parseFilters({ a: 1, b: 2 }, 'filters', { filters: 1 })).toThrow('at most 1');
  });

  it.each([10_000, 200_000])('survives %i nested lists, as text and as a value', (depth) => {
    const text = '['.repeat(depth) + ']'.repeat(depth);
    let value: Json = [];
    for (let level = 1; level < depth; level += 1) value = [value];
    for (const input of [text, value, `[["a","=",${text}]]`, [['a', '=', value]], { a: value }]) {
      expect(() => parseFilters(input, 'filters')).toThrow(ValidationError);
    }
  });

  it('takes prototype keys for what they are: names of fields', () => {
    const filters = parseFilters('{"__proto__": 1, "constructor": 2}', 'filters');
    expect(filters.map(({ field }) => field)).toEqual(['__proto__', 'constructor']);
  });
});

function caught(run: () => unknown): AppError {
  try {
    run();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
