import { describe, expect, it } from 'vitest';
import { parseAuthorization } from '../../../src/auth/authorization.ts';
import { InvalidAuthorizationToken } from '../../../src/errors/errors.ts';

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');
const pair = { kind: 'key', apiKey: 'key', apiSecret: 'secret' };

describe('the Authorization header', () => {
  it.each([
    ['token key:secret', pair],
    ['TOKEN key:secret', pair],
    [`Basic ${base64('key:secret')}`, pair],
    [`basic ${base64('key:secret')}`, pair],
    [`Basic ${base64('schlüssel:geheim')}`, { kind: 'key', apiKey: 'schlüssel', apiSecret: 'geheim' }],
    ['', { kind: 'none' }],
    ['token', { kind: 'none' }],
    ['token key secret', { kind: 'none' }],
    ['Bearer abc', { kind: 'unusable' }],
    ['Digest abc', { kind: 'unusable' }],
    ['token key', { kind: 'unusable' }],
    ['token key:sec:ret', { kind: 'unusable' }],
    ['token :secret', { kind: 'unusable' }],
    ['token key:', { kind: 'unusable' }],
  ])('%j is read as %j', (header, expected) => {
    expect(parseAuthorization(header)).toEqual(expected);
  });

  it.each(['Basic %%%', 'Basic abc', `Basic ${Buffer.from([0xff, 0xfe]).toString('base64')}`])(
    '%j is refused, for it is not base64 of text',
    (header) => {
      expect(() => parseAuthorization(header)).toThrow(InvalidAuthorizationToken);
    },
  );
});
