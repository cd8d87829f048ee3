// JSON text → value, or the line and column of what is wrong with it, which Node 20 does not tell.
import type { Json } from '../util/json.ts';

export type JsonText = { readonly value: Json } | { readonly fault: string };

export function parseJsonText(text: string): JsonText {
  const source = text.startsWith('\uFEFF') ? text.slice(1) : text;
  try {
    const value: Json = JSON.parse(source);
    return { value };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const { offset, expected } = firstFault(source);
    const before = source.slice(0, offset).split('\n');
    const column = (before.at(-1) ?? '').length + 1;
    return { fault: `line ${before.length}, column ${column}: ${expected}, found ${found(source, offset)}` };
  }
}

const found = (source: string, offset: number): string => {
  const char = source[offset];
  return char === undefined ? 'the end of the file' : JSON.stringify(char);
};

const TOKEN =
  /[ \t\r\n]*(?:([{}[\],:])|("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|(?:true|false|null)(?!\w)))/y;

type Expected = 'value' | 'value or ]' | 'key' | 'key or }' | ':' | ', or }' | ', or ]' | 'end';

const WORDS: Readonly<Record<Expected, string>> = {
  value: 'expected a value',
  'value or ]': 'expected a value or "]"',
  key: 'expected a key in double quotes',
  'key or }': 'expected a key in double quotes or "}"',
  ':': 'expected ":"',
  ', or }': 'expected "," or "}"',
  ', or ]': 'expected "," or "]"',
  end: 'expected nothing more',
};

interface Token {
  /** A punctuation mark, `text` for a string, `scalar` for other values. */
  readonly kind: string;
}

/** Walks the tokens with a stack of open brackets until one does not fit. */
function firstFault(source: string): { offset: number; expected: string } {
  const open: string[] = [];
  let expected: Expected = 'value';
  let offset = 0;
  for (;;) {
    TOKEN.lastIndex = offset;
    const match = TOKEN.exec(source);
    const next: Expected | undefined = match ? step(expected, tokenOf(match), open) : undefined;
    if (!match || next === undefined) return { offset: skipSpace(source, offset), expected: WORDS[expected] };
    expected = next;
    offset += match[0].length;
  }
}

const tokenOf = (match: RegExpExecArray): Token => ({
  kind: match[1] ?? (match[2] === undefined ? 'scalar' : 'text'),
});

function skipSpace(source: string, offset: number): number {
  let at = offset;
  while (at < source.length && ' \t\r\n'.includes(source[at] ?? '')) at++;
  return at;
}

/** What must follow the token, or undefined when the token itself does not fit. */
function step(expected: Expected, { kind }: Token, open: string[]): Expected | undefined {
  const wantsValue = expected === 'value' || expected === 'value or ]';
  const wantsKey = expected === 'key' || expected === 'key or }';
  if ((kind === '{' || kind === '[') && wantsValue) {
    open.push(kind);
    return kind === '{' ? 'key or }' : 'value or ]';
  }
  if (kind === 'text' && wantsKey) return ':';
  if ((kind === 'text' || kind === 'scalar') && wantsValue) return after(open);
  if (kind === ':' && expected === ':') return 'value';
  if (kind === ',' && expected === ', or }') return 'key';
  if (kind === ',' && expected === ', or ]') return 'value';
  const closes =
    (kind === '}' && (expected === ', or }' || expected === 'key or }')) ||
    (kind === ']' && (expected === ', or ]' || expected === 'value or ]'));
  if (!closes) return undefined;
  open.pop();
  return after(open);
}

const after = (open: readonly string[]): Expected => {
  const bracket = open.at(-1);
  if (bracket === undefined) return 'end';
  return bracket === '{' ? ', or }' : ', or ]';
};
