// Holds the direction of dependencies: ARCHITECTURE.md shows the same table.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const SRC = fileURLToPath(new URL('../../src', import.meta.url));

/** A folder may import from the rows before its own, and from its own row only itself. The first row shares. */
const ROWS = [
  ['config', 'errors', 'util', 'validation'],
  ['log'],
  ['storage', 'doctypes'],
  ['filters'],
  ['access'],
  ['auth'],
  ['documents'],
  ['rpc', 'methods', 'controllers', 'boot'],
  ['http'],
];

/** Packages that only one part may import. */
const OWNERS: Readonly<Record<string, string>> = {
  koa: 'http/',
  '@koa/router': 'http/',
  'koa-body': 'http/',
  mongodb: 'storage/mongo/',
  'node:sqlite': 'storage/sqlite/',
  '@photostructure/sqlite': 'storage/sqlite/',
  ajv: 'validation/',
  'ajv-formats': 'validation/',
  argon2: 'auth/',
  pino: 'log/',
};

/** plugin.ts is what modules outside import; those in the tree use it as they do. */
const PLUGIN = 'plugin.ts';
const PLUGIN_USERS = ['methods', 'controllers'];

interface Import {
  readonly file: string;
  readonly specifier: string;
  /** The imported file, relative to src, when it is ours. */
  readonly target: string | undefined;
  readonly typeOnly: boolean;
}

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
const sources = new Map(files.map((file) => [file, readFileSync(join(SRC, file), 'utf8')]));

const withoutComments = (text: string): string =>
  text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/^\s*\/\/.*$/gm, '');

function importsOf(file: string, text: string): Import[] {
  const found = withoutComments(text).matchAll(
    /\b(?:import|export)\s+(type\s+)?(?:[\w*{][^'";]*?\sfrom\s*)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/g,
  );
  return [...found].map(([, typeOnly, fixed, dynamic]) => {
    const specifier = fixed ?? dynamic ?? '';
    const own = specifier.startsWith('.');
    const target = own ? relative(SRC, resolve(SRC, dirname(file), specifier)) : undefined;
    return { file, specifier, target, typeOnly: typeOnly !== undefined };
  });
}

const imports = [...sources].flatMap(([file, text]) => importsOf(file, text));

const folderOf = (file: string): string => (file.includes('/') ? (file.split('/')[0] ?? '') : '');
const rowOf = (folder: string): number => ROWS.findIndex((row) => row.includes(folder));

function isAllowed(from: string, to: string): boolean {
  if (from === to) return true;
  const [fromRow, toRow] = [rowOf(from), rowOf(to)];
  if (fromRow < 0 || toRow < 0) return false;
  return toRow < fromRow || (fromRow === 0 && toRow === 0);
}

function faultOf({ file, target, specifier }: Import): string | undefined {
  const from = folderOf(file);
  if (target === undefined || from === '') return undefined;
  if (target === PLUGIN) return PLUGIN_USERS.includes(from) ? undefined : `${file} imports plugin.ts`;
  return isAllowed(from, folderOf(target)) ? undefined : `${file} imports ${specifier}`;
}

const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

describe('the layers', () => {
  it('are those of the source tree', () => {
    const folders = new Set(files.map(folderOf).filter((folder) => folder !== ''));
    expect([...folders].filter((folder) => rowOf(folder) < 0)).toEqual([]);
    expect(imports.length).toBeGreaterThan(100);
  });

  it('import only from the layers before them', () => {
    expect(imports.map(faultOf).filter((fault) => fault !== undefined)).toEqual([]);
  });

  it('notice an import that goes the wrong way', () => {
    const [wrong] = importsOf('storage/x.ts', "import { createHttp } from '../http/server.ts';");
    const [sideways] = importsOf('doctypes/x.ts', "export type { Store } from '../storage/store.ts';");
    const [lazy] = importsOf('filters/x.ts', "const m = await import('../documents/get.ts');");
    const [fine] = importsOf('http/x.ts', "import type { Store } from '../storage/store.ts';");
    expect([wrong, sideways, lazy].map((found) => found && faultOf(found))).not.toContain(undefined);
    expect(fine && faultOf(fine)).toBeUndefined();
  });

  it('resolve every import of our own to a file', () => {
    const missing = imports.filter(({ target }) => target !== undefined && !sources.has(target));
    expect(missing.map(({ file, specifier }) => `${file} → ${specifier}`)).toEqual([]);
  });

  it('know engines, and are joined, only in app.ts', () => {
    const engine = /^storage\/(mongo|sqlite)\//;
    const wrong = imports.filter(
      ({ file, target }) =>
        target !== undefined && engine.test(target) && !engine.test(file) && file !== 'app.ts',
    );
    expect(wrong.map(({ file, specifier }) => `${file} imports ${specifier}`)).toEqual([]);
    const joining = imports.filter(({ target, file }) => target === 'app.ts' && file !== 'main.ts');
    expect(joining.map(({ file }) => file)).toEqual([]);
  });

  it('keep each package with its owner', () => {
    const wrong = imports.filter(({ file, specifier, target }) => {
      const owner = OWNERS[specifier.startsWith('node:') ? specifier : packageOf(specifier)];
      return target === undefined && owner !== undefined && !file.startsWith(owner);
    });
    expect(wrong.map(({ file, specifier }) => `${file} imports ${specifier}`)).toEqual([]);
  });

  it('import nothing that package.json does not name', () => {
    const manifest: unknown = JSON.parse(readFileSync(join(SRC, '..', 'package.json'), 'utf8'));
    const dependencies: unknown = Object(manifest).dependencies;
    const known = new Set(Object.keys(Object(dependencies)));
    const unknown = imports.filter(({ specifier, target, typeOnly }) => {
      const builtIn = specifier.startsWith('node:');
      return target === undefined && !builtIn && !typeOnly && !known.has(packageOf(specifier));
    });
    expect(unknown.map(({ file, specifier }) => `${file} imports ${specifier}`)).toEqual([]);
  });
});

describe('the sources', () => {
  const matching = (pattern: RegExp, except: readonly string[] = []): string[] =>
    [...sources]
      .filter(([file, text]) => !except.includes(file) && pattern.test(withoutComments(text)))
      .map(([file]) => file);

  it('read process.env in main.ts alone', () => {
    expect(matching(/\bprocess\s*(?:\.|\[['"])env\b/, ['main.ts'])).toEqual([]);
  });

  it('end the process in main.ts alone', () => {
    expect(matching(/\bprocess\.exit\b/, ['main.ts'])).toEqual([]);
  });

  it('have named exports only', () => {
    expect(matching(/^export default\b/m)).toEqual([]);
  });

  it('make a privileged principal in access/principal.ts alone', () => {
    expect(matching(/\bvia:\s*'system'/, ['access/principal.ts'])).toEqual([]);
  });

  it('say at their top what they are for', () => {
    const silent = [...sources].filter(([, text]) => !/^(#!.*\n)?(\/\/ |\/\*)/.test(text));
    expect(silent.map(([file]) => file)).toEqual([]);
  });
});
