// Holds every function of the methods folders under its dotted name. Loads them once, at boot.
import { fileURLToPath } from 'node:url';
import type { Json } from '../util/json.ts';
import { createUserImport, findModules, importNative, type Exports, type ModuleFile } from './discover.ts';
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
  const all = [...methods].toSorted((left, right) => (left.name < right.name ? -1 : 1));
  const byName = new Map(all.map((method) => [method.name, method]));
  return { all, find: (name) => byName.get(name) };
}

interface Sink {
  readonly found: Map<string, Method>;
  readonly faults: string[];
}

async function loadFolder(root: string, load: (path: string) => Promise<Exports>, sink: Sink): Promise<void> {
  for (const file of await findModules(root)) {
    if ([...sink.found.values()].some((method) => method.file === file.path)) continue;
    try {
      for (const method of methodsOf(file, await load(file.path))) add(method, sink);
    } catch (error) {
      sink.faults.push(`${file.path}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

/** A function that is called as its top-level file is also known by that name alone. @throws Error for a wrong mark */
function methodsOf({ path, dotted }: ModuleFile, exports: Exports): Method[] {
  return functionsOf(exports).flatMap(([name, handler]) => {
    const method = { name: `${dotted}.${name}`, file: path, handler, whitelist: markOf(name, handler) };
    return dotted === name ? [{ ...method, name }, method] : [method];
  });
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
