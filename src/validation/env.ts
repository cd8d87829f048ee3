// AJV over the environment: text in, typed values and faults out. Knows the shapes of settings, not which exist.
import { Ajv, type ErrorObject } from 'ajv';

export interface TextSchema {
  readonly type: 'string' | 'integer';
  readonly [keyword: string]: string | number | readonly string[];
}

export interface CheckedEnv {
  /** Values that passed, coerced to their schema's type. */
  readonly values: Readonly<Record<string, string | number>>;
  /** Names whose value did not. */
  readonly faulty: ReadonlySet<string>;
}

function isTimeZone(text: string): boolean {
  try {
    // Throws a RangeError for a zone it does not know. Offsets such as +05:30 pass Intl but not every library.
    return (
      new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== '' &&
      !/^[+-]/.test(text)
    );
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

const FORMATS: Readonly<Record<string, (text: string) => boolean>> = {
  'time-zone': isTimeZone,
  'encryption-key': (text) =>
    /^[0-9a-f]{64}$/i.test(text) ||
    (/^[\w+/-]{43}=?$/.test(text) && Buffer.from(text, 'base64').length === 32),
};

/** Checks `env` against one schema per name; what the schemas do not name is ignored. */
export function checkEnv(
  schemas: Readonly<Record<string, TextSchema>>,
  env: Readonly<Record<string, string>>,
): CheckedEnv {
  const ajv = new Ajv({ allErrors: true, coerceTypes: true, formats: { ...FORMATS } });
  const values: Record<string, string | number> = { ...env };
  const validate = ajv.compile({ type: 'object', properties: schemas });
  validate(values);
  const faulty = new Set((validate.errors ?? []).map(nameOf));
  for (const name of faulty) delete values[name];
  return { values, faulty };
}

const nameOf = (error: ErrorObject): string => error.instancePath.slice(1);
