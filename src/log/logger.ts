// The service's log: JSON lines on standard output, through pino. Secrets are taken out before a line is written.
// Nothing else may print, but main.ts (banner and boot errors).
import { destination, pino, stdTimeFunctions, type BaseLogger } from 'pino';
import { redact } from './redact.ts';

export type LogFields = Readonly<Record<string, unknown>>;
export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

export interface Logger {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
  /** A logger that adds `fields` to each of its lines. */
  child(fields: LogFields): Logger;
}

export interface LoggerOptions {
  readonly level: LogLevel;
  /** Takes each line, newline included. Default: standard output. */
  readonly write?: (line: string) => void;
}

/** `fields` may hold an error under `err`; its stack and causes are written. */
export function createLogger({ level, write }: LoggerOptions): Logger {
  // Synchronous, so that the last lines before an exit are never lost.
  const target = write ? { write } : destination({ dest: 1, sync: true });
  const root = pino(
    {
      level,
      base: null,
      messageKey: 'message',
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: redact },
      // Errors are already plain when pino sees them.
      serializers: { err: (err: unknown) => err },
    },
    target,
  );
  return wrap(root);
}

interface Inner extends Pick<BaseLogger, 'debug' | 'info' | 'warn' | 'error'> {
  child(bindings: LogFields): Inner;
}

function wrap(inner: Inner): Logger {
  return {
    debug: (fields, message) => inner.debug(fields, message),
    info: (fields, message) => inner.info(fields, message),
    warn: (fields, message) => inner.warn(fields, message),
    error: (fields, message) => inner.error(fields, message),
    child: (fields) => wrap(inner.child(redact(fields))),
  };
}
