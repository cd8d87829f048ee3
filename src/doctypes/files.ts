// Finds the JSON files below folders, each once however many ways lead to it. Reads no contents.
import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';

export interface FoundFile {
  /** As reached through the folder that was named; for messages. */
  readonly path: string;
  /** Modules of the same base name beside it, best first. */
  readonly modules: readonly string[];
}

const SKIPPED_FOLDERS = new Set(['node_modules', '__pycache__']);
/** Settings of tools, which may hold comments; never DocTypes. (Frappe has a DocType in a `package.json`.) */
const SKIPPED_FILES = /^[jt]sconfig(?:\..+)?\.json$/;
const MODULE_EXTENSIONS = ['.ts', '.js', '.mjs'] as const;

/** Real paths already visited; share it between scans to read nothing twice. */
export type Visited = Set<string>;

/** The folder does not exist, or is no folder. */
export class NoSuchFolder extends Error {}

/** @throws NoSuchFolder */
export async function findJsonFiles(folder: string, visited: Visited): Promise<FoundFile[]> {
  let isFolder: boolean;
  try {
    isFolder = (await stat(folder)).isDirectory();
  } catch (error) {
    if (!isMissing(error)) throw error;
    isFolder = false;
  }
  if (!isFolder) throw new NoSuchFolder(folder);
  return scan(folder, visited);
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');

async function scan(folder: string, visited: Visited): Promise<FoundFile[]> {
  if (!(await firstVisit(folder, visited))) return [];
  const names = (await readdir(folder)).toSorted();
  const files: FoundFile[] = [];
  for (const name of names) {
    if (name.startsWith('.')) continue;
    const target = path.join(folder, name);
    const kind = await kindOf(target);
    if (kind === 'folder' && !SKIPPED_FOLDERS.has(name)) files.push(...(await scan(target, visited)));
    if (kind !== 'file' || !name.endsWith('.json') || SKIPPED_FILES.test(name)) continue;
    if (await firstVisit(target, visited))
      files.push({ path: target, modules: modulesBeside(target, names) });
  }
  return files;
}

async function firstVisit(target: string, visited: Visited): Promise<boolean> {
  const real = await realpath(target);
  if (visited.has(real)) return false;
  visited.add(real);
  return true;
}

async function kindOf(target: string): Promise<'file' | 'folder' | 'other'> {
  try {
    const stats = await stat(target);
    if (stats.isDirectory()) return 'folder';
    return stats.isFile() ? 'file' : 'other';
  } catch (error) {
    // A link that leads nowhere.
    if (isMissing(error)) return 'other';
    throw error;
  }
}

function modulesBeside(file: string, names: readonly string[]): string[] {
  const base = path.basename(file, '.json');
  return MODULE_EXTENSIONS.map((extension) => base + extension)
    .filter((name) => names.includes(name))
    .map((name) => path.join(path.dirname(file), name));
}
