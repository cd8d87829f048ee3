import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MethodContext } from '../../../src/rpc/context.ts';
import { loadMethods, MethodFilesError } from '../../../src/rpc/registry.ts';
import { partly } from '../auth/memory-store.ts';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'methods-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function file(path: string, text: string): Promise<string> {
  const full = join(root, path);
  await mkdir(dirname(full), { recursive: true });
  await writeFile(full, text);
  return full;
}

async function faultsOf(...paths: string[]): Promise<string> {
  const error: unknown = await loadMethods(paths).catch((caught: unknown) => caught);
  if (!(error instanceof MethodFilesError)) throw new Error(`no fault was found: ${String(error)}`);
  return error.message;
}

const MARKED = 'export function hello() { return "hi" }\nhello.whitelist = { allow_guest: true };\n';

describe('the methods folders', () => {
  it('always hold the built-in methods', async () => {
    const methods = await loadMethods([]);
    for (const name of ['ping', 'login', 'logout', 'frappe.auth.get_logged_user']) {
      expect(methods.find(name)?.whitelist).toBeDefined();
    }
    expect(methods.find('frappe.core.doctype.user.user.generate_keys')?.whitelist?.allowGuest).toBe(false);
    expect(methods.find('frappe.client.delete')?.whitelist?.verbs).toEqual(new Set(['DELETE', 'POST']));
  });

  it('name a method by path and export, and a top-level one also by its file alone', async () => {
    await file('hello.mjs', MARKED);
    await file('shop/cart.mjs', MARKED);
    const { all } = await loadMethods([root]);
    const own = all.filter((method) => method.file.startsWith(root)).map(({ name }) => name);
    expect(own).toEqual(['hello', 'hello.hello', 'shop.cart.hello']);
  });

  it('may hold TypeScript, without a build step', async () => {
    await file('typed.ts', 'export const typed = (args: { n: number }): number => args.n * 2;\n');
    await file('marked.ts', MARKED.replace('()', '(): string'));
    const methods = await loadMethods([root]);
    expect(methods.find('marked.hello')?.whitelist?.allowGuest).toBe(true);
    expect(methods.find('typed')?.whitelist).toBeUndefined();
    expect(await methods.find('typed')?.handler({ n: 21 }, partly<MethodContext>({}))).toBe(42);
  });

  it('may hold CommonJS', async () => {
    await file('old.cjs', 'function hello() {}\nhello.whitelist = {};\nmodule.exports = { hello };\n');
    expect((await loadMethods([root])).find('old.hello')?.whitelist).toBeDefined();
  });

  it('leave out hidden files, declarations and dependencies', async () => {
    for (const path of [
      '_private.mjs',
      '.hidden.mjs',
      'types.d.ts',
      'node_modules/x/index.mjs',
      'notes.txt',
    ]) {
      await file(path, 'throw new Error("must not be loaded")');
    }
    const { all } = await loadMethods([root]);
    expect(all.some((method) => method.file.startsWith(root))).toBe(false);
  });

  it('may be missing, and may be reached twice', async () => {
    await file('shop/cart.mjs', MARKED);
    await symlink(join(root, 'shop'), join(root, 'loop'));
    const methods = await loadMethods([root, root, join(root, 'missing')]);
    expect(methods.find('shop.cart.hello')).toBeDefined();
  });

  it('are refused with every file that is broken', async () => {
    const broken = await file('broken.mjs', 'export const = ;');
    const failing = await file('failing.mjs', 'throw new Error("no database");');
    const faults = await faultsOf(root);
    expect(faults).toContain(broken);
    expect(faults).toContain(`${failing}: no database`);
  });

  it('are refused when two files define one method, and name both', async () => {
    const [ping, first, second] = [
      await file('ping.mjs', 'export const ping = () => 1;'),
      await file('a.mjs', MARKED),
      await file('a.cjs', 'exports.hello = () => 1;'),
    ];
    const faults = await faultsOf(root);
    expect(faults).toMatch(/methods\/ping\.[jt]s/);
    for (const path of [ping, first, second]) expect(faults).toContain(path);
  });

  it.each([
    ['{ allow_guests: true }', 'unknown property "allow_guests"'],
    ['{ allow_guest: "yes" }', 'whitelist.allow_guest must be true or false'],
    ['{ methods: ["FETCH"] }', 'whitelist.methods must be a list of'],
    ['{ params: { type: "nonsense" } }', 'not a valid JSON Schema'],
    ['true', 'whitelist must be an object'],
  ])('are refused when a mark says %s', async (mark, fault) => {
    const path = await file('hello.mjs', `export const hello = () => 1;\nhello.whitelist = ${mark};`);
    const faults = await faultsOf(root);
    expect(faults).toContain(`${path}: hello: `);
    expect(faults).toContain(fault);
  });
});
