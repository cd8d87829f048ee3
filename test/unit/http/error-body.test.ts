import { describe, expect, it } from 'vitest';
import {
  DoesNotExistError,
  MandatoryError,
  PermissionError,
  ValidationError,
} from '../../../src/errors/errors.ts';
import { v1ErrorBody, v2ErrorBody } from '../../../src/http/error-body.ts';
import { toPublicError } from '../../../src/http/public-error.ts';
import { DuplicateKey, StoreUnavailable, WriteConflict } from '../../../src/storage/errors.ts';
import type { Json } from '../../../src/util/json.ts';

const quiet = { showTraceback: false };
const strings = (text: Json | undefined): string[] => JSON.parse(typeof text === 'string' ? text : 'null');

describe('a v1 error body', () => {
  it('has Frappe’s four keys, the lists packed into strings', () => {
    const body = v1ErrorBody(new PermissionError('Not yours', { title: 'Sorry' }), quiet);
    expect(Object.keys(body)).toEqual(['exception', 'exc_type', 'exc', '_server_messages']);
    expect(body['exception']).toBe('frappe.exceptions.PermissionError: Not yours');
    expect(body['exc_type']).toBe('PermissionError');
    expect(strings(body['exc'])[0]).toMatch(/frappe\.exceptions\.PermissionError: Not yours$/);
    expect(strings(body['_server_messages']).map((text) => JSON.parse(text))).toEqual([
      { message: 'Not yours', title: 'Sorry', indicator: 'red', raise_exception: 1 },
    ]);
  });

  it('carries every message of an error that has several', () => {
    const error = new MandatoryError('a, b', { messages: ['Value missing: A', 'Value missing: B'] });
    const messages = strings(v1ErrorBody(error, quiet)['_server_messages']).map((text) => JSON.parse(text));
    expect(messages.map(({ message }) => message)).toEqual(['Value missing: A', 'Value missing: B']);
  });

  it('never has an empty exc, not even for an error without text', () => {
    const [trace] = strings(v1ErrorBody(new DoesNotExistError(''), quiet)['exc']);
    expect(trace).toMatch(/frappe\.exceptions\.DoesNotExistError$/);
  });

  it('shows no file paths unless asked to', () => {
    const error = new ValidationError('x');
    expect(error.stack).toContain('error-body.test.ts');
    expect(JSON.stringify(v1ErrorBody(error, quiet))).not.toMatch(/\.ts|node_modules|file:|:\d+:\d+/);
    expect(JSON.stringify(v1ErrorBody(error, { showTraceback: true }))).toContain('error-body.test.ts');
  });
});

describe('a v2 error body', () => {
  it('is a list of errors', () => {
    const body = v2ErrorBody(new PermissionError('Not yours'), quiet);
    expect(body['errors']).toMatchObject([
      { type: 'PermissionError', message: 'Not yours', indicator: 'red' },
    ]);
  });
});

describe('what the client sees of', () => {
  const shown = (error: unknown) => toPublicError(error, 'id-1');

  it.each([
    [
      'an unreachable database',
      new StoreUnavailable('mongodb://user:pw@host'),
      503,
      'ServiceUnavailableError',
    ],
    ['a conflict', new WriteConflict('ToDo', 'x'), 417, 'TimestampMismatchError'],
    ['a duplicate', new DuplicateKey('ToDo', 'name', 'x'), 409, 'DuplicateEntryError'],
    ['an unknown error', new Error('secret detail'), 500, 'InternalServerError'],
    ['something that is no error', 'secret detail', 500, 'InternalServerError'],
    ['an oversized upload', Object.assign(new Error('x'), { httpCode: 413 }), 413, 'PayloadTooLargeError'],
  ])('%s', (_title, error, status, type) => {
    const found = shown(error);
    expect(found).toMatchObject({ status, type });
    expect(JSON.stringify(v1ErrorBody(found, quiet))).not.toMatch(/secret|pw@/);
  });

  it('an internal error names the request', () => {
    expect(shown(new Error('x')).message).toContain('id-1');
  });

  it('an error class of a module loaded twice is what the class says', () => {
    const copy = Object.assign(new Error('No'), {
      type: 'PermissionError',
      status: 403,
      details: {},
      messages: ['No'],
    });
    expect(shown(copy)).toBe(copy);
  });
});
