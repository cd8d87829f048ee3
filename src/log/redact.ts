// Takes secrets out of what is about to be logged: by key, and inside connection strings. Pure; never changes its input.

const HIDDEN = '[redacted]';
const MAX_DEPTH = 6;

/** Compared without case, `_` and `-`. */
const SECRET_KEYS = new Set([
  'accesstoken',
  'adminpassword',
  'apisecret',
  'authorization',
  'clientsecret',
  'cookie',
  'csrftoken',
  'encryptionkey',
  'newpassword',
  'oldpassword',
  'password',
  'pwd',
  'refreshtoken',
  'secret',
  'setcookie',
  'sid',
  'token',
  'xfrappecsrftoken',
]);

const isSecretKey = (key: string): boolean => SECRET_KEYS.has(key.toLowerCase().replaceAll(/[_-]/g, ''));

/** `scheme://user:password@host` with the credentials masked. */
export function maskUri(text: string): string {
  return text.replaceAll(/([a-z][a-z0-9+.-]*:\/\/)[^\s/?#@]*(?:@[^\s/?#@]*)*@/gi, '$1***@');
}

function errorFields(error: Error, depth: number): Record<string, unknown> {
  const fields: Record<string, unknown> = { type: error.name, message: maskUri(error.message) };
  if (error.constructor.name !== error.name) fields['type'] = error.constructor.name;
  if (error.stack !== undefined) fields['stack'] = maskUri(error.stack);
  if (error.cause !== undefined) fields['cause'] = redactValue(error.cause, depth + 1);
  if (error instanceof AggregateError) fields['errors'] = redactValue(error.errors, depth + 1);
  const code: unknown = Reflect.get(error, 'code');
  if (typeof code === 'string' || typeof code === 'number') fields['code'] = code;
  return fields;
}

function redactValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return maskUri(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  // A bound on depth also ends circular structures.
  if (depth > MAX_DEPTH) return '[deep]';
  if (value instanceof Error) return errorFields(value, depth);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return value.map((item) => redactValue(item, depth + 1));
  return redactEntries(Object.entries(value), depth);
}

function redactEntries(
  entries: readonly (readonly [string, unknown])[],
  depth: number,
): Record<string, unknown> {
  return Object.fromEntries(
    entries.map(([key, value]) => [key, isSecretKey(key) ? HIDDEN : redactValue(value, depth + 1)]),
  );
}

/** A copy of `fields` that is safe to print. Errors become `{ type, message, stack, cause, code }`. */
export function redact(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return redactEntries(Object.entries(fields), 0);
}
