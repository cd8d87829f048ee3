// Errors as the bodies that Frappe's clients expect. Pure.
import type { JsonObject } from '../util/json.ts';

/** What of an error reaches the client; an AppError is one. */
export interface PublicError {
  readonly type: string;
  readonly status: number;
  readonly message: string;
  readonly title?: string | undefined;
  readonly messages: readonly string[];
  readonly stack?: string | undefined;
}

export interface ErrorBodyOptions {
  readonly showTraceback: boolean;
}

const exceptionOf = ({ type, message }: PublicError): string =>
  message === '' ? `frappe.exceptions.${type}` : `frappe.exceptions.${type}: ${message}`;

const FRAME = /^\s+at (?:async )?(.+)$/;

/** Functions by name; where they are is shown only on demand. */
function frameOf(line: string, showTraceback: boolean): string | undefined {
  const text = FRAME.exec(line)?.[1];
  if (text === undefined) return undefined;
  if (showTraceback) return `  at ${text}`;
  const name = text.split(' (')[0] ?? '';
  return `  at ${/^[\w$.<>[\] ]+$/.test(name) ? name : '<anonymous>'}`;
}

/** Never empty: Python's client takes an answer for an error by this alone. */
function traceOf(error: PublicError, { showTraceback }: ErrorBodyOptions): string {
  const lines = (error.stack ?? '').split('\n');
  const frames = lines.flatMap((line) => frameOf(line, showTraceback) ?? []);
  return ['Traceback (most recent call first):', ...frames, exceptionOf(error)].join('\n');
}

const messageObjects = (error: PublicError): JsonObject[] =>
  error.messages.map((message) => ({
    message,
    ...(error.title === undefined ? {} : { title: error.title }),
    indicator: 'red',
    raise_exception: 1,
  }));

/** A list in a string whose items are strings: the form in which v1 sends messages. */
export const packMessages = (messages: readonly object[]): string =>
  JSON.stringify(messages.map((message) => JSON.stringify(message)));

export const v1ErrorBody = (error: PublicError, options: ErrorBodyOptions): JsonObject => ({
  exception: exceptionOf(error),
  exc_type: error.type,
  exc: JSON.stringify([traceOf(error, options)]),
  _server_messages: packMessages(messageObjects(error)),
});

export const v2ErrorBody = (error: PublicError, options: ErrorBodyOptions): JsonObject => ({
  errors: messageObjects(error).map((message) => ({
    type: error.type,
    exception: traceOf(error, options),
    ...message,
  })),
});
