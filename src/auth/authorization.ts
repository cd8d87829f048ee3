// Reads an Authorization header. Looks nothing up.
import { InvalidAuthorizationToken } from '../errors/errors.ts';

export type Authorization =
  /** No header, or one that is not a scheme and a value: ignored. */
  | { readonly kind: 'none' }
  | { readonly kind: 'key'; readonly apiKey: string; readonly apiSecret: string }
  /** A scheme or a value that can log nobody in. */
  | { readonly kind: 'unusable' };

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** @throws InvalidAuthorizationToken for Basic credentials that are not base64 of UTF-8 text */
export function parseAuthorization(header: string): Authorization {
  const [scheme, value, ...more] = header.trim().split(/\s+/);
  if (scheme === undefined || value === undefined || more.length > 0) return { kind: 'none' };
  switch (scheme.toLowerCase()) {
    case 'token':
      return parsePair(value);
    case 'basic':
      return parsePair(decodeBasic(value));
    default:
      return { kind: 'unusable' };
  }
}

function parsePair(text: string): Authorization {
  const [apiKey, apiSecret, ...more] = text.split(':');
  if (!apiKey || !apiSecret || more.length > 0) return { kind: 'unusable' };
  return { kind: 'key', apiKey, apiSecret };
}

function decodeBasic(value: string): string {
  const fault = 'Basic credentials must be base64 of api_key:api_secret';
  if (!BASE64.test(value)) throw new InvalidAuthorizationToken(fault);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(value, 'base64'));
  } catch (cause) {
    throw new InvalidAuthorizationToken(fault, { cause });
  }
}
