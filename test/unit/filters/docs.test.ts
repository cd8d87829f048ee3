// Every example of docs/filters.md is taken at its word.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parseFields } from '../../../src/filters/clauses.ts';
import { resolveFields } from '../../../src/filters/resolve-clauses.ts';
import { TIMESPANS } from '../../../src/filters/timespan.ts';
import { OPERATORS } from '../../../src/filters/filter.ts';
import { compile, contextFor, order, registry } from './fixtures.ts';

const text = readFileSync(new URL('../../../docs/filters.md', import.meta.url), 'utf8');

const examples = (kind: string): readonly string[] =>
  [...text.matchAll(new RegExp(`\`\`\`json ${kind}\n([^]*?)\n\`\`\``, 'g'))].flatMap((match) =>
    (match[1] ?? '').split('\n'),
  );

it.each(examples('filters'))('filters=%s', (example) => {
  const context = contextFor(order, { tree: () => ['India'] });
  expect(Object.keys(compile(example, context))).toHaveLength(1);
});

it.each(examples('fields'))('fields=%s', (example) => {
  expect(resolveFields(parseFields(example), { meta: order, registry })).not.toEqual([]);
});

it('holds examples, every operator and the keywords of timespan', () => {
  expect(examples('filters').length).toBeGreaterThan(10);
  expect(examples('fields').length).toBeGreaterThan(4);
  for (const operator of OPERATORS) expect(text).toContain(`\`${operator}\``);
  for (const keyword of TIMESPANS.filter((each) => /day|6/.test(each)))
    expect(text).toContain(`\`${keyword}\``);
});
