// SQL LIKE without regular expressions: the cost of a hostile pattern stays bounded by text × pattern length.
// It knows nothing of queries or engines; every engine takes the meaning of a pattern from here.

/** One piece of a pattern: a run of characters (`%`), one character (`_`), or itself. */
export type LikeToken =
  { readonly kind: 'run' } | { readonly kind: 'one' } | { readonly kind: 'text'; readonly text: string };

/** Splits a pattern at its wildcards. A `\` makes the next character literal; at the end it stands for itself. */
export function likeTokens(pattern: string): LikeToken[] {
  const tokens: LikeToken[] = [];
  let text = '';
  const flush = (): void => {
    if (text !== '') tokens.push({ kind: 'text', text });
    text = '';
  };
  for (let at = 0; at < pattern.length; at += 1) {
    const char = pattern.charAt(at);
    if (char === '%' || char === '_') {
      flush();
      tokens.push({ kind: char === '%' ? 'run' : 'one' });
    } else if (char === '\\' && at + 1 < pattern.length) {
      at += 1;
      text += pattern.charAt(at);
    } else {
      text += char;
    }
  }
  flush();
  return tokens;
}

/** Does `text` match the LIKE pattern, ignoring case? */
export function like(pattern: string, text: string): boolean {
  if (last === undefined || last.pattern !== pattern) last = { pattern, parts: compile(pattern) };
  return matchParts(last.parts, characters(fold(text)));
}

/** Folded text, indexable by character: a plain string where every character is one UTF-16 unit. */
type Characters = string | readonly string[];
/** Characters between two `%`; undefined stands for `_`. */
interface Part {
  readonly chars: readonly (string | undefined)[];
  /** The same as plain text, when it holds no `_`. */
  readonly text: string | undefined;
}

// A scan asks for one pattern many times in a row.
let last: { readonly pattern: string; readonly parts: readonly Part[] } | undefined;

/** The parts between the runs: n runs give n + 1 parts, some of them empty. */
function compile(pattern: string): readonly Part[] {
  const parts: (string | undefined)[][] = [[]];
  for (const token of likeTokens(pattern)) {
    if (token.kind === 'run') parts.push([]);
    else if (token.kind === 'one') parts.at(-1)?.push(undefined);
    else for (const char of fold(token.text)) parts.at(-1)?.push(char);
  }
  return parts.map((chars) => ({ chars, text: chars.includes(undefined) ? undefined : chars.join('') }));
}

/** The first part is held at the start, the last at the end; those between take the leftmost place that is free. */
function matchParts(parts: readonly Part[], text: Characters): boolean {
  const [first, ...rest] = parts;
  const end = rest.pop();
  if (first === undefined || !fits(first, text, 0)) return false;
  let at = first.chars.length;
  if (end === undefined) return at === text.length;
  for (const part of rest) {
    const found = search(part, text, at);
    if (found === -1) return false;
    at = found + part.chars.length;
  }
  const start = text.length - end.chars.length;
  return start >= at && fits(end, text, start);
}

function search(part: Part, text: Characters, from: number): number {
  if (part.text !== undefined && typeof text === 'string') return text.indexOf(part.text, from);
  for (let at = from; at + part.chars.length <= text.length; at += 1) if (fits(part, text, at)) return at;
  return -1;
}

function fits(part: Part, text: Characters, at: number): boolean {
  if (at + part.chars.length > text.length) return false;
  return part.chars.every((char, index) => char === undefined || char === text[at + index]);
}

function characters(text: string): Characters {
  return /[\ud800-\udfff]/.test(text) ? Array.from(text) : text;
}

const folded = new Map<string, string>();

function fold(text: string): string {
  // oxlint-disable-next-line no-control-regex -- the ASCII range begins at NUL
  if (/^[\u0000-\u007f]*$/.test(text)) return text.toLowerCase();
  return text.replaceAll(/[A-Z]|[^\u0000-\u007f]/gu, foldCharacter);
}

/** Unicode's simple case folding: one character gives one, so ß stays apart from ss, and Turkish ı from i. */
function foldCharacter(char: string): string {
  const known = folded.get(char);
  if (known !== undefined) return known;
  const result = char === 'ı' ? char : single(single(char, char.toUpperCase()), undefined);
  folded.set(char, result);
  return result;
}

function single(char: string, mapped = char.toLowerCase()): string {
  return Array.from(mapped).length === 1 ? mapped : char;
}
