// The kinds of value a variable may hold: the schema its text must meet, how it is read, and how it is shown.
// Knows no variable by name.
import { isAbsolute, resolve } from 'node:path';
import type { TextSchema } from '../validation/env.ts';

export interface Kind<T> {
  readonly schema: TextSchema;
  /** Completes "NAME must be …". */
  readonly expected: string;
  /** Called only with text that meets the schema; a number where the schema's type is integer. */
  read(value: string | number, cwd: string): T;
  /** As it would be written in the environment. */
  show(value: T): string;
}

export const text = (expected = 'text', schema: Omit<TextSchema, 'type'> = {}): Kind<string> => ({
  schema: { type: 'string', ...schema },
  expected,
  read: String,
  show: String,
});

export const integer = (minimum: number, maximum: number): Kind<number> => ({
  schema: { type: 'integer', minimum, maximum },
  expected: `a whole number from ${minimum} to ${maximum}`,
  read: Number,
  show: String,
});

export const oneOf = <const T extends string>(choices: readonly T[]): Kind<T> => ({
  schema: { type: 'string', enum: choices },
  expected: `one of ${choices.join(', ')}`,
  read: (value) => {
    const found = choices.find((choice) => choice === value);
    if (found === undefined) throw new TypeError(`${value} is not among the choices`);
    return found;
  },
  show: String,
});

const TRUE = ['true', '1', 'yes', 'on'];
const FALSE = ['false', '0', 'no', 'off'];

export const flag: Kind<boolean> = {
  schema: { type: 'string', enum: [...TRUE, ...FALSE] },
  expected: 'true or false',
  read: (value) => TRUE.includes(String(value)),
  show: String,
};

export const folder: Kind<string> = {
  schema: { type: 'string', minLength: 1 },
  expected: 'a folder',
  read: (value, cwd) => resolve(cwd, String(value)),
  show: String,
};

/** `:`-separated; an entry may be relative to the working directory. */
export const folders: Kind<readonly string[]> = {
  schema: { type: 'string', pattern: '[^:]' },
  expected: 'folders separated by ":"',
  read: (value, cwd) =>
    String(value)
      .split(':')
      .filter((part) => part !== '')
      .map((part) => (isAbsolute(part) ? part : resolve(cwd, part))),
  show: (value) => value.join(':'),
};

const UNITS: Readonly<Record<string, number>> = { '': 1, b: 1, kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3 };

/** Bytes: `26214400`, `25mb`, `512 KB`; a kilobyte has 1024. */
export const size: Kind<number> = {
  schema: { type: 'string', pattern: '^[1-9][0-9]{0,11}( ?([bB]|[kKmMgG][bB]))?$' },
  expected: 'a size such as 25mb, 512kb or 1048576',
  read: (value) => {
    const [, digits = '0', unit = ''] = /^(\d+) ?([a-z]*)$/.exec(String(value).toLowerCase()) ?? [];
    return Number(digits) * (UNITS[unit] ?? 1);
  },
  show: String,
};

/** Seconds, from Frappe's `hh:mm` or `hh:mm:ss`; hours may pass 24. */
export const hours: Kind<number> = {
  // At least one digit that is not zero: a session that ends at once would lock everybody out.
  schema: { type: 'string', pattern: '^(?=.*[1-9])[0-9]{1,5}:[0-5][0-9](:[0-5][0-9])?$' },
  expected: 'a length of time as hh:mm, such as 170:00',
  read: (value) => {
    const [hour = 0, minute = 0, second = 0] = String(value).split(':').map(Number);
    return hour * 3600 + minute * 60 + second;
  },
  show: (seconds) => {
    const two = (part: number): string => String(part).padStart(2, '0');
    const rest = seconds % 60;
    const base = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}`;
    return rest === 0 ? base : `${base}:${two(rest)}`;
  },
};

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;

/** 0 is Sunday. */
export const weekday: Kind<number> = {
  schema: { type: 'string', enum: DAYS },
  expected: `one of ${DAYS.join(', ')}`,
  read: (value) => DAYS.findIndex((day) => day === value),
  show: (value) => DAYS[value] ?? '',
};

/** 32 bytes, from base64 or hexadecimal text. */
export const key: Kind<Buffer> = {
  schema: { type: 'string', format: 'encryption-key' },
  expected: '32 bytes as base64 or hexadecimal text',
  read: (value) => Buffer.from(String(value), String(value).length === 64 ? 'hex' : 'base64'),
  show: (value) => value.toString('base64'),
};
