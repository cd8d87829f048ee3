import { describe, expect, it } from 'vitest';
import { DataError, ValidationError } from '../../../src/errors/errors.ts';
import type { Meta } from '../../../src/doctypes/meta.ts';
import {
  commandOf,
  documentValues,
  listParameters,
  parametersOf,
  parseUrlencoded,
  sidParameter,
  type Input,
} from '../../../src/http/params.ts';
import { partly } from '../auth/memory-store.ts';
import type { Json, JsonObject } from '../../../src/util/json.ts';

const SID = 'a'.repeat(56);
const input = (kind: Input['kind'], body: Json, query: JsonObject = {}): Input => ({ kind, body, query });
const metaWith = (...fields: string[]): Meta => {
  const fieldsByName = new Map(fields.map((field) => [field, { fieldname: field }]));
  return partly<Meta>({ fieldsByName });
};

describe('urlencoded parameters', () => {
  it('keep the first of a repeated key, and text as it is', () => {
    expect(parseUrlencoded('a=1&a=2&b=x+y%26z&c&a.b[0]=3', 'It')).toEqual({
      a: '1',
      b: 'x y&z',
      c: '',
      'a.b[0]': '3',
    });
  });

  it('may be called like the methods of every object', () => {
    expect(parseUrlencoded('toString=1&valueOf=2', 'It')).toEqual({ toString: '1', valueOf: '2' });
  });

  it.each(['__proto__=1', 'constructor=1'])('with the key of %s are refused', (text) => {
    expect(() => parseUrlencoded(text, 'It')).toThrow(DataError);
  });

  it('are refused when there are too many', () => {
    expect(() => parseUrlencoded('a&'.repeat(1001), 'It')).toThrow('more than 1000');
  });
});

describe('the parameters of a call', () => {
  it('come from query and body, and the body wins', () => {
    const both = input('json', { a: 1, b: [2] }, { a: 'query', c: 'query' });
    expect(parametersOf(both)).toEqual({ a: 1, b: [2], c: 'query' });
  });

  it('do not hold what is for the service itself', () => {
    const all = { _: '1', cmd: 'x', sid: 'y', csrf_token: 'z', a: 'b' };
    expect(parametersOf(input('none', {}, all))).toEqual({ a: 'b' });
    expect(parametersOf(input('form', all))).toEqual({ a: 'b' });
  });

  it('hold a JSON array under data', () => {
    expect(parametersOf(input('json', [1, 2]))).toEqual({ data: [1, 2] });
  });

  it('name a command in query, form or JSON', () => {
    expect(commandOf(input('none', {}, { cmd: 'login' }))).toBe('login');
    expect(commandOf(input('json', { cmd: 'login' }, { cmd: 'other' }))).toBe('login');
    expect(commandOf(input('json', { cmd: 3 }))).toBe('');
  });

  it('may hold a sid, which in JSON must look like one', () => {
    expect(sidParameter(input('none', {}, { sid: 'x' }))).toBe('x');
    expect(sidParameter(input('json', { sid: SID }))).toBe(SID);
    expect(sidParameter(input('json', { sid: 'SM123' }))).toBe('');
    expect(sidParameter(input('json', { a: 1 }, { sid: 'x' }))).toBe('x');
    expect(parametersOf(input('json', { sid: 'SM123' }))).toEqual({ sid: 'SM123' });
  });
});

describe('the document in a request', () => {
  it('is the JSON body, without doctype', () => {
    const body = { doctype: 'ToDo', description: 'x', cmd: 'reboot', sid: 'SM1', nothing: null };
    expect(documentValues(input('json', body), metaWith())).toEqual({
      description: 'x',
      cmd: 'reboot',
      sid: 'SM1',
      nothing: null,
    });
  });

  it('takes values from the query string, too', () => {
    expect(documentValues(input('json', { a: 1 }, { a: 'q', b: 'q', sid: 'x' }), metaWith())).toEqual({
      a: 1,
      b: 'q',
    });
  });

  it.each<[string, Input, string[], JsonObject]>([
    ['a form field data', input('form', { data: '{"a": 1}', b: '2' }), [], { a: 1 }],
    ['a form field data, though the DocType has one', input('form', { data: '{"a":1}' }), ['data'], { a: 1 }],
    ['data in the query', input('none', {}, { data: '{"a":1}' }), [], { a: 1 }],
    ['data alone in JSON', input('json', { data: { a: 1 } }), [], { a: 1 }],
    ['data alone in JSON, as text', input('json', { data: '{"a":1}' }), [], { a: 1 }],
  ])('may be wrapped: %s', (_title, given, fields, expected) => {
    expect(documentValues(given, metaWith(...fields))).toEqual(expected);
  });

  it.each<[string, Input, string[]]>([
    ['beside other keys', input('json', { data: { a: 1 }, b: 2 }), []],
    ['of a DocType with that field', input('json', { data: '{"a":1}' }), ['data']],
    ['that is plain text', input('json', { data: 'text' }), []],
    ['as a list', input('json', { data: [{ a: 1 }] }), []],
    ['of a form, plain text, of a DocType with that field', input('form', { data: 'text' }), ['data']],
  ])('is not unwrapped from a field called data %s', (_title, given, fields) => {
    expect(documentValues(given, metaWith(...fields))).toEqual(given.body);
  });

  it.each<[string, Input]>([
    ['a list', input('json', [{ a: 1 }])],
    ['data that is no JSON', input('form', { data: 'nonsense' })],
    ['data that is a list', input('form', { data: '[1]' })],
    ['data with a forbidden key', input('form', { data: '{"__proto__":{"a":1}}' })],
  ])('is refused: %s', (_title, given) => {
    expect(() => documentValues(given, metaWith())).toThrow(DataError);
  });
});

describe('the parameters of a list', () => {
  const list = (query: JsonObject) => listParameters('ToDo', input('none', {}, query));

  it('pass on what was sent, limit as an alias of limit_page_length', () => {
    const { request } = list({ fields: '["a"]', limit_start: '5', limit: '3', order_by: 'a desc' });
    expect(request).toMatchObject({
      doctype: 'ToDo',
      fields: '["a"]',
      limit_start: '5',
      limit_page_length: '3',
      order_by: 'a desc',
      debug: false,
    });
    expect(list({ limit: '3', limit_page_length: '7' }).request.limit_page_length).toBe('7');
    expect(list({}).request.limit_page_length).toBeUndefined();
  });

  it.each(['False', 'false', '0', false, 0])('ask for arrays with as_dict=%j', (value) => {
    expect(list({ as_dict: value }).asDict).toBe(false);
  });

  it.each(['True', 'true', '1', '', true, 1, undefined])('ask for objects with as_dict=%j', (value) => {
    expect(list(value === undefined ? {} : { as_dict: value }).asDict).toBe(true);
  });

  it.each([
    ['True', true],
    ['1', true],
    [1, true],
    [true, true],
    ['False', false],
    ['0', false],
    ['', false],
  ])('debug=%j means %j', (value, expected) => {
    expect(list({ debug: value }).request.debug).toBe(expected);
  });

  it('are refused when they ask for groups', () => {
    expect(() => list({ group_by: 'status' })).toThrow(ValidationError);
  });
});
