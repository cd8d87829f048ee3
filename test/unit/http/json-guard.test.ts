import { describe, expect, it } from 'vitest';
import { DataError } from '../../../src/errors/errors.ts';
import { parseJson } from '../../../src/http/json-guard.ts';

const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);

describe('JSON from outside', () => {
  it('may be nested 100 levels deep, and no deeper', () => {
    expect(() => parseJson(nested(100), 'It')).not.toThrow();
    expect(() => parseJson(nested(101), 'It')).toThrow('It is nested deeper than 100 levels');
  });

  it('does not overflow the stack, however deep it is', () => {
    expect(() => parseJson(nested(200_000), 'It')).toThrow(DataError);
  });

  it.each(['{"__proto__":1}', '{"a":[{"__proto__":{}}]}', '{"constructor":{"prototype":{}}}'])(
    '%s is refused for its key',
    (text) => {
      expect(() => parseJson(text, 'It')).toThrow(/must not have a key named (__proto__|constructor)/);
    },
  );

  it('is reported by position, without a quote of what was sent', () => {
    const broken = '{"usr": "ann", "pwd": "hunter2" oops}';
    expect(() => parseJson(broken, 'The body')).toThrow(
      /^The body is not valid JSON( \(at position \d+\))?$/,
    );
  });
});
