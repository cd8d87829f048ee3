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

/** `done`: a value has ended; `open`, `close`: a bracket has; else what must come next. */
type Move = 'done' | 'open' | 'close' | Expected;

const VALUE = { '{': 'open', '[': 'open', text: 'done', scalar: 'done' } as const;

/** What a token does where something is expected; a token that is not named does not fit. */
const MOVES: Readonly<Record<Expected, Readonly<Record<string, Move>>>> = {
  value: VALUE,
  'value or ]': { ...VALUE, ']': 'close' },
  key: { text: ':' },
  'key or }': { text: ':', '}': 'close' },
  ':': { ':': 'value' },
  ', or }': { ',': 'key', '}': 'close' },
  ', or ]': { ',': 'value', ']': 'close' },
  end: {},
};

/** Walks the tokens with a stack of open brackets until one does not fit. */
function firstFault(source: string): { offset: number; expected: string } {
  const open: string[] = [];
  let expected: Expected = 'value';
  let offset = 0;
  for (;;) {
    TOKEN.lastIndex = offset;
    const match = TOKEN.exec(source);
    const next: Expected | undefined = match ? step(expected, kindOf(match), open) : undefined;
    if (!match || next === undefined) return { offset: skipSpace(source, offset), expected: WORDS[expected] };
    expected = next;
    offset += match[0].length;
  }
}

/** A punctuation mark, `text` for a string, `scalar` for other values. */
const kindOf = (match: RegExpExecArray): string => match[1] ?? (match[2] === undefined ? 'scalar' : 'text');

function skipSpace(source: string, offset: number): number {
  let at = offset;
  while (at < source.length && ' \t\r\n'.includes(source[at] ?? '')) at++;
  return at;
}

/** What must follow the token, or undefined when the token itself does not fit. */
function step(expected: Expected, kind: string, open: string[]): Expected | undefined {
  const move = MOVES[expected][kind];
  if (move === 'open') {
    open.push(kind);
    return kind === '{' ? 'key or }' : 'value or ]';
  }
  if (move === 'close') open.pop();
  return move === 'close' || move === 'done' ? after(open) : move;
}

const after = (open: readonly string[]): Expected => {
  const bracket = open.at(-1);
  if (bracket === undefined) return 'end';
  return bracket === '{' ? ', or }' : ', or ]';
};
