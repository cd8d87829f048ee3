// Holds the documents to the tree: derived pages, links, commands, and the files the image is made of.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { derivedDocuments } from '../../scripts/docs.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

const pages = [
  ...readdirSync(ROOT).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];

const withoutCode = (text: string): string =>
  text.replaceAll(/^```[\s\S]*?^```$/gm, '').replaceAll(/`[^`\n]*`/g, '');

/** The anchor of a heading, as code hosts make it. */
const anchor = (heading: string): string =>
  heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(/\s/g, '-');

const anchorsOf = (path: string): string[] =>
  [...read(path).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => anchor(heading));

function faultOf(page: string, link: string): string | undefined {
  const [path = '', fragment] = link.split('#');
  const target = path === '' ? page : normalize(join(dirname(page), path));
  if (!existsSync(join(ROOT, target))) return `${page} → ${link}`;
  const known = fragment === undefined || !target.endsWith('.md') || anchorsOf(target).includes(fragment);
  return known ? undefined : `${page} → ${link}: no such heading`;
}

describe('the documents', () => {
  it('that are derived from code are up to date', async () => {
    for (const [path, text] of await derivedDocuments()) expect(read(path), path).toBe(text);
  });

  it('link to what exists', () => {
    const faults = pages.flatMap((page) =>
      [...withoutCode(read(page)).matchAll(/\]\(([^)\s]+)\)/g)]
        .map(([, link = '']) => link)
        .filter((link) => !/^[a-z]+:/.test(link))
        .map((link) => faultOf(page, link)),
    );
    expect(faults.length).toBeGreaterThan(15);
    expect(faults.filter((fault) => fault !== undefined)).toEqual([]);
  });

  it('name only npm scripts that exist', () => {
    const manifest: unknown = JSON.parse(read('package.json'));
    const scripts = Object.keys(Object(Object(manifest).scripts));
    const named = pages.flatMap((page) =>
      [...read(page).matchAll(/\bnpm run ([\w:-]+)|\bnpm (start|test)\b/g)].map(
        ([, run, short]) => run ?? short,
      ),
    );
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((name) => name !== undefined && !scripts.includes(name))).toEqual([]);
  });

  it('name only files that exist', () => {
    const named = pages.flatMap((page) =>
      [
        ...read(page).matchAll(/`((?:src|test|scripts|docs|doctypes)\/[\w./-]+|[\w-]+(?:\/[\w-]+)+\.ts)`/g),
      ].map(([, path = '']) => path),
    );
    const there = (path: string): boolean =>
      ['', 'src'].some((folder) => existsSync(join(ROOT, folder, path)));
    expect(named.length).toBeGreaterThan(50);
    expect([...new Set(named)].filter((path) => !there(path))).toEqual([]);
  });

  it('show every source folder in ARCHITECTURE.md', () => {
    const folders = readdirSync(join(ROOT, 'src'), { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    );
    const text = read('ARCHITECTURE.md');
    expect(folders.map(({ name }) => name).filter((name) => !text.includes(`\`${name}/\``))).toEqual([]);
  });
});

describe('the image', () => {
  const copied = [...read('Dockerfile').matchAll(/^COPY (?!--from)(.+)$/gm)].flatMap(([, line = '']) =>
    line.split(/\s+/).slice(0, -1),
  );

  it('copies only files that exist', () => {
    expect(copied.length).toBeGreaterThan(5);
    expect(copied.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  it('copies only what .dockerignore lets through', () => {
    const allowed = new Set(
      read('.dockerignore')
        .split('\n')
        .filter((line) => line.startsWith('!'))
        .map((line) => line.slice(1)),
    );
    expect(copied.filter((path) => !allowed.has(path))).toEqual([]);
  });

  it('runs as a user without rights, with a health check, and stops on SIGTERM', () => {
    const finalStage =
      read('Dockerfile')
        .split(/^FROM /m)
        .at(-1) ?? '';
    for (const line of [/^USER node$/m, /^HEALTHCHECK /m, /^STOPSIGNAL SIGTERM$/m, /^VOLUME \/data$/m]) {
      expect(finalStage).toMatch(line);
    }
  });
});

describe('continuous integration', () => {
  it('pins every action by its hash', () => {
    const used = [...read('.github/workflows/ci.yml').matchAll(/uses: (\S+)/g)].map(
      ([, action = '']) => action,
    );
    expect(used.length).toBeGreaterThan(0);
    expect(used.filter((action) => !/@[0-9a-f]{40}$/.test(action))).toEqual([]);
  });
});
