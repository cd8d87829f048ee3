// Holds every function of the methods folders under its dotted name. Loads them once, at boot.
import { fileURLToPath } from 'node:url';
import type { Json } from '../util/json.ts';
import { createUserImport, findModules, importNative, type Exports } from './discover.ts';
import { readWhitelist, type MethodHandler, type Whitelist } from './whitelist.ts';

export interface Method {
  readonly name: string;
  readonly file: string;
  readonly handler: MethodHandler;
  /** Undefined: exported, but not marked as callable. */
  readonly whitelist: Whitelist | undefined;
}

export interface MethodRegistry {
  find(name: string): Method | undefined;
  /** Sorted by name. */
  readonly all: readonly Method[];
}

/** Everything that is wrong with the methods folders, one line each. */
export class MethodFilesError extends Error {
  readonly faults: readonly string[];
  constructor(faults: readonly string[]) {
    super(faults.join('\n'));
    this.name = 'MethodFilesError';
    this.faults = faults;
  }
}

const BUILT_IN = fileURLToPath(new URL('../methods', import.meta.url));

/** Loads the built-in methods and those of `paths`. @throws MethodFilesError naming every file at fault */
export async function loadMethods(paths: readonly string[]): Promise<MethodRegistry> {
  const found = new Map<string, Method>();
  const faults: string[] = [];
  await loadFolder(BUILT_IN, importNative, { found, faults });
  const importUser = createUserImport();
  for (const path of paths) await loadFolder(path, importUser, { found, faults });
  if (faults.length > 0) throw new MethodFilesError(faults);
  return createMethodRegistry(found.values());
}

export function createMethodRegistry(methods: Iterable<Method>): MethodRegistry {
  const all = [...methods].sort((left, right) => (left.name < right.name ? -1 : 1));
  const byName = new Map(all.map((method) => [method.name, method]));
  return { all, find: (name) => byName.get(name) };
}

interface Sink {
  readonly found: Map<string, Method>;
  readonly faults: string[];
}

async function loadFolder(root: string, load: (path: string) => Promise<Exports>, sink: Sink): Promise<void> {
  for (const { path, dotted } of await findModules(root)) {
    if ([...sink.found.values()].some((method) => method.file === path)) continue;
    try {
      for (const [name, handler] of functionsOf(await load(path))) {
        const whitelist = markOf(name, handler);
        const names = dotted === name ? [name, `${name}.${name}`] : [`${dotted}.${name}`];
        for (const method of names) add({ name: method, file: path, handler, whitelist }, sink);
      }
    } catch (error) {
      sink.faults.push(`${path}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

function add(method: Method, { found, faults }: Sink): void {
  const known = found.get(method.name);
  if (known) faults.push(`${method.file}: the method ${method.name} is already defined in ${known.file}`);
  else found.set(method.name, method);
}

const isHandler = (value: unknown): value is MethodHandler => typeof value === 'function';

const functionsOf = (exports: Exports): [string, MethodHandler][] =>
  Object.entries(exports).flatMap(([name, value]): [string, MethodHandler][] =>
    name !== 'default' && isHandler(value) ? [[name, value]] : [],
  );

/** @throws Error naming the export */
function markOf(name: string, handler: MethodHandler): Whitelist | undefined {
  if (!('whitelist' in handler)) return undefined;
  try {
    const plain: Json = JSON.parse(JSON.stringify(handler.whitelist) ?? 'null');
    return readWhitelist(plain);
  } catch (cause) {
    throw new Error(`${name}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
