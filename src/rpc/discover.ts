// Finds the modules of a methods folder and loads them. Knows nothing of whitelists.
import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createJiti } from 'jiti';

export interface ModuleFile {
  readonly path: string;
  /** `frappe/client.ts` → `frappe.client` */
  readonly dotted: string;
}

export type Exports = Readonly<Record<string, unknown>>;

const SCRIPTS = new Set(['.js', '.mjs', '.cjs', '.ts', '.mts', '.cts']);
const TYPESCRIPT = new Set(['.ts', '.mts', '.cts']);
const isDeclaration = (name: string): boolean => /\.d\.[cm]?ts$/.test(name);
const isHidden = (name: string): boolean => /^[._]/.test(name) || name === 'node_modules';

/** The modules below `root`, sorted; none when the folder does not exist. Names that begin with . or _ are left out. */
export async function findModules(root: string): Promise<readonly ModuleFile[]> {
  const files: ModuleFile[] = [];
  const seen = new Set<string>();
  const walk = async (folder: string): Promise<void> => {
    const real = await realpath(folder);
    if (seen.has(real)) return;
    seen.add(real);
    const entries = (await readdir(folder, { withFileTypes: true })).filter(({ name }) => !isHidden(name));
    // Links last: what is reached twice goes by its own path.
    const ordered = entries.toSorted(
      (left, right) => Number(left.isSymbolicLink()) - Number(right.isSymbolicLink()),
    );
    for (const entry of ordered) {
      const path = join(folder, entry.name);
      if (entry.isDirectory() || (await isLinkedFolder(entry, path))) await walk(path);
      else if (SCRIPTS.has(extname(path)) && !isDeclaration(path)) files.push(toModuleFile(root, path));
    }
  };
  try {
    await walk(root);
  } catch (error) {
    if (!isMissing(error) || seen.size > 0) throw error;
  }
  return files.toSorted((left, right) => (left.path < right.path ? -1 : 1));
}

const isLinkedFolder = async (entry: Dirent, path: string): Promise<boolean> =>
  entry.isSymbolicLink() && (await stat(path)).isDirectory();

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';

function toModuleFile(root: string, path: string): ModuleFile {
  const inside = relative(root, path);
  const stem = inside.slice(0, inside.length - extname(inside).length);
  return { path, dotted: stem.split(sep).join('.') };
}

/** Modules of this package: the runtime that runs this file can load them as they are. */
export const importNative = async (path: string): Promise<Exports> => {
  const namespace: unknown = await import(pathToFileURL(path).href);
  return flatten(namespace);
};

/** Modules of users: TypeScript needs no build step. */
export function createUserImport(): (path: string) => Promise<Exports> {
  const jiti = createJiti(import.meta.url);
  return async (path) => {
    if (!TYPESCRIPT.has(extname(path))) return importNative(path);
    const namespace: unknown = await jiti.import(path);
    return flatten(namespace);
  };
}

/** A CommonJS module shows its exports as properties of its default export. */
function flatten(namespace: unknown): Exports {
  if (typeof namespace !== 'object' || namespace === null) return {};
  const inner: unknown = 'default' in namespace ? namespace.default : undefined;
  return typeof inner === 'object' && inner !== null ? { ...inner, ...namespace } : { ...namespace };
}
