// Brings a clone to the point where its commands can run: dependencies and build, each only if missing or stale.
// Node built-ins only: it runs before anything is installed.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));

const at = (...parts) => join(ROOT, ...parts);
const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));

/** A fault that the person at the terminal can mend: printed as one line, without a stack. */
export class SetupError extends Error {}

export function checkNodeVersion() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new SetupError(`Node 20.19 or newer is needed; this is ${process.versions.node}`);
}

/** Every package of the lock file that this platform needs is there in the locked version. */
export function hasDependencies({ dev }) {
  const installedList = at('node_modules', '.package-lock.json');
  if (!existsSync(installedList)) return false;
  const installed = readJson(installedList).packages ?? {};
  const wanted = Object.entries(readJson(at('package-lock.json')).packages ?? {});
  return wanted.every(([path, entry]) => {
    if (path === '' || entry.optional || entry.devOptional || (entry.dev && !dev)) return true;
    return installed[path]?.version === entry.version && existsSync(at(path));
  });
}

/** Runs `npm ci` unless the installed packages are those of the lock file. */
export function ensureDependencies({ dev }) {
  if (hasDependencies({ dev })) return;
  process.stderr.write('Installing dependencies …\n');
  const args = ['ci', dev ? '--include=dev' : '--omit=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  // Set when npm started us: its own program, so that no other npm is picked up from the path.
  const npm = process.env.npm_execpath;
  const [command, ...before] = npm ? [process.execPath, npm] : ['npm'];
  const { status, error } = spawnSync(command, [...before, ...args], {
    cwd: ROOT,
    stdio: ['ignore', 2, 2],
    shell: !npm && process.platform === 'win32',
  });
  if (error) throw new SetupError(`npm could not be started: ${error.message}`);
  if (status !== 0) throw new SetupError('the dependencies could not be installed; npm says why above');
}

/** The program a package offers under `name`, as a file for Node. */
export function program(packageName, name = packageName) {
  const { bin } = readJson(at('node_modules', packageName, 'package.json'));
  return at('node_modules', packageName, typeof bin === 'string' ? bin : bin[name]);
}

function sourceFiles(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .toSorted();
}

/** By content, not by time: a checkout touches every file. */
function sourceHash() {
  const hash = createHash('sha256');
  for (const file of [...sourceFiles(at('src')), at('tsconfig.json'), at('tsconfig.build.json')]) {
    hash.update(relative(ROOT, file)).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

/** True also where only the build was shipped, without its sources. */
export function hasBuild() {
  if (!existsSync(at('dist', 'main.js'))) return false;
  if (!existsSync(at('src'))) return true;
  const stamp = at('dist', '.built-from');
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === sourceHash();
}

/** Builds `dist/` unless it is the build of these very sources. */
export function ensureBuild() {
  if (hasBuild()) return;
  process.stderr.write('Building …\n');
  const hash = sourceHash();
  // Built aside and moved in whole: modules of deleted sources vanish, and a running server never sees half a build.
  const fresh = `dist.${process.pid}`;
  try {
    const args = [program('typescript', 'tsc'), '-p', 'tsconfig.build.json', '--outDir', fresh];
    const { status } = spawnSync(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 2, 2] });
    if (status !== 0) throw new SetupError('the build failed; the compiler says why above');
    mkdirSync(at(fresh), { recursive: true });
    writeFileSync(at(fresh, '.built-from'), hash);
    rmSync(at('dist'), { recursive: true, force: true });
    renameSync(at(fresh), at('dist'));
  } finally {
    rmSync(at(fresh), { recursive: true, force: true });
  }
}

/** Runs a file with Node, signals passed on; resolves to its exit code. */
export function runNode(args, env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: ROOT,
      stdio: 'inherit',
      env: { ...process.env, ...env },
    });
    const pass = (signal) => child.kill(signal);
    process.on('SIGINT', pass).on('SIGTERM', pass);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      process.off('SIGINT', pass).off('SIGTERM', pass);
      resolve(code ?? (signal === 'SIGINT' ? 130 : 143));
    });
  });
}
