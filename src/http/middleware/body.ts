// Reads the query string and the body into the request's Input. koa-body reads and limits; what it parses loosely
// (forms, text) is parsed by params.ts. Multipart is not read here.
import { HttpMethodEnum, koaBody } from 'koa-body';
import type { Middleware, Request } from 'koa';
import { DataError, PayloadTooLargeError, UnsupportedMediaType } from '../../errors/errors.ts';
import { assertJson, malformed, parseJson } from '../json-guard.ts';
import { parseUrlencoded, type Input } from '../params.ts';
import type { State } from '../state.ts';

const BODY = 'The request body';
const JSON_TYPES = ['application/json', 'application/*+json'];
const FORM_TYPE = 'application/x-www-form-urlencoded';
const TEXT_TYPES = ['text/plain', FORM_TYPE];

export function readBody(limit: number): Middleware<State> {
  const parse = koaBody({
    jsonLimit: limit,
    textLimit: limit,
    jsonTypes: JSON_TYPES,
    textTypes: TEXT_TYPES,
    urlencoded: false,
    multipart: false,
    parsedMethods: Object.values(HttpMethodEnum),
    onError: (error) => {
      throw readError(error, limit);
    },
  });
  return async (ctx, next) => {
    const query = parseUrlencoded(ctx.querystring, 'The query string');
    ctx.state.input = { query, body: {}, kind: 'none' };
    if (!hasBody(ctx.request)) return next();
    assertReadable(ctx.request);
    return parse(ctx, async () => {
      ctx.state.input = { query, ...toInput(ctx.request) };
      await next();
    });
  };
}

const hasBody = ({ headers }: Request): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/** @throws UnsupportedMediaType */
function assertReadable(request: Request): void {
  const { headers } = request;
  // What has no type is read as text: JSON if it looks like it.
  headers['content-type'] ??= 'text/plain';
  if (/^multipart\//i.test(headers['content-type'])) {
    throw new UnsupportedMediaType('Multipart bodies are not accepted here: send JSON or a urlencoded form');
  }
  if (!request.is([...JSON_TYPES, ...TEXT_TYPES])) {
    const type = headers['content-type'].slice(0, 100);
    throw new UnsupportedMediaType(`The request body must be JSON or a urlencoded form, not ${type}`);
  }
  const { charset } = request;
  if (charset !== '' && !/^(?:utf-?8|us-ascii)$/i.test(charset)) {
    throw new UnsupportedMediaType(`The request body must be UTF-8, not ${charset.slice(0, 40)}`);
  }
}

function toInput(request: Request): Pick<Input, 'body' | 'kind'> {
  const body: unknown = request.body ?? {};
  if (typeof body !== 'string') {
    assertJson(body, BODY);
    return { body, kind: 'json' };
  }
  if (body.trim() === '') return { body: {}, kind: 'none' };
  // curl and others send JSON under a form's type unless told otherwise; a form never begins like this.
  if (/^\s*[[{]/.test(body)) return { body: parseJson(body, BODY), kind: 'json' };
  if (request.is(FORM_TYPE)) return { body: parseUrlencoded(body, BODY), kind: 'form' };
  throw new UnsupportedMediaType('The request body must be JSON or a urlencoded form, not plain text');
}

/** koa-body's errors: of co-body (JSON), raw-body (limits, aborts), inflation and zlib (compression). */
function readError(error: Error, limit: number): Error {
  const status: unknown = 'status' in error ? error.status : undefined;
  const code: unknown = 'code' in error ? error.code : undefined;
  if ('type' in error && error.type === 'request.aborted') return error;
  if (status === 413) {
    return new PayloadTooLargeError(`${BODY} is larger than ${limit} bytes`, { details: { limit } });
  }
  if (status === 415) {
    return new UnsupportedMediaType(`The encoding of the request body is not supported`, { cause: error });
  }
  if (error instanceof SyntaxError) return malformed(error, BODY);
  if (typeof code === 'string' && code.startsWith('Z_')) {
    return new DataError(`${BODY} cannot be decompressed`, { cause: error });
  }
  return error;
}
