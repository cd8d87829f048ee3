import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { like } from '../../../src/util/like.ts';

describe('like', () => {
  it('agrees with a plain recursive definition on random patterns', () => {
    const char = fc.constantFrom('a', 'B', 'b', 'ä', '😀', '%', '_', '\\', '\n', '.');
    const text = fc.array(char, { maxLength: 9 }).map((chars) => chars.join(''));
    fc.assert(
      fc.property(text, text, (pattern, subject) => {
        expect(like(pattern, subject)).toBe(plain(Array.from(pattern), Array.from(subject)));
      }),
      { numRuns: 5000 },
    );
  });

  it('ignores case exactly as Unicode folds single characters', () => {
    const differing: string[] = [];
    for (let code = 1; code <= 0x1ffff; code += 1) {
      if (code >= 0xd800 && code < 0xe000) continue;
      const char = String.fromCodePoint(code);
      const others = [char.toLowerCase(), char.toUpperCase(), char.toUpperCase().toLowerCase()];
      for (const other of others) {
        if (other === char || Array.from(other).length !== 1) continue;
        const folds = new RegExp(`^\\u{${code.toString(16)}}$`, 'iu').test(other);
        if (like(char, other) !== folds) differing.push(`${char} ${other}`);
      }
    }
    expect(differing).toEqual([]);
  });

  it('keeps ß from ss, and the Turkish ı from i', () => {
    expect(like('ss', 'ß')).toBe(false);
    expect(like('STRASSE', 'straße')).toBe(false);
    expect(like('ẞ', 'ß')).toBe(true);
    expect(like('i', 'ı')).toBe(false);
    expect(like('i', 'İ')).toBe(false);
    expect(like('σ', 'ς')).toBe(true);
  });

  it('counts a character beyond the basic plane as one', () => {
    expect(like('_', '😀')).toBe(true);
    expect(like('__', '😀')).toBe(false);
    expect(like('a%_b', 'a😀b')).toBe(true);
    expect(like('\\😀', '😀')).toBe(true);
  });

  it.each([
    ['many runs', `${'%a'.repeat(20)}b`, 'a'.repeat(3000)],
    ['runs with gaps', `${'%a_'.repeat(20)}b`, 'a'.repeat(3000)],
    ['only gaps', `%${'_'.repeat(1400)}b`, 'a'.repeat(3000)],
    ['runs without text', `${'%'.repeat(5000)}b`, 'a'.repeat(3000)],
    ['letters beyond the basic plane', `${'%😀_'.repeat(20)}b`, '😀'.repeat(1500)],
  ])('a hostile pattern stays cheap: %s', (_, pattern, text) => {
    const start = performance.now();
    expect(like(pattern, text)).toBe(false);
    // Backtracking would take minutes; the bound leaves room for a busy machine.
    expect(performance.now() - start).toBeLessThan(500);
  });
});

/** The meaning of a pattern in a few lines, with no regard to cost. */
function plain(pattern: readonly string[], text: readonly string[]): boolean {
  const [head, ...rest] = pattern;
  if (head === undefined) return text.length === 0;
  if (head === '%') return plain(rest, text) || (text.length > 0 && plain(pattern, text.slice(1)));
  const [first, ...others] = text;
  if (first === undefined) return false;
  if (head === '_') return plain(rest, others);
  const [escaped, ...afterEscape] = rest;
  if (head === '\\' && escaped !== undefined) return same(escaped, first) && plain(afterEscape, others);
  return same(head, first) && plain(rest, others);
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
