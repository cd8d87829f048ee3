// The commands of package.json, from a fresh clone onwards: `node scripts/run.mjs <command> [arguments]`.
// Node built-ins only.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  checkNodeVersion,
  ensureBuild,
  ensureDependencies,
  hasBuild,
  program,
  ROOT,
  runNode,
  SetupError,
} from './setup.mjs';

const VITEST = () => program('vitest');

/** The server in this very process, so that signals and the exit code are its own. */
async function start(args) {
  const built = hasBuild();
  ensureDependencies({ dev: !built });
  if (!built) ensureBuild();
  const main = join(ROOT, 'dist', 'main.js');
  process.argv = [process.argv[0], main, ...args];
  await import(pathToFileURL(main).href);
}

async function build() {
  ensureDependencies({ dev: true });
  ensureBuild();
}

async function dev(args) {
  ensureDependencies({ dev: true });
  const { develop } = await import('./dev.mjs');
  return develop(args);
}

async function test(args) {
  ensureDependencies({ dev: true });
  return runNode([VITEST(), 'run', ...args]);
}

/** Runs every check, also after one has failed, so that one run shows all that is wrong. */
async function check() {
  ensureDependencies({ dev: true });
  const checks = [
    ['types', [program('typescript', 'tsc'), '-p', 'tsconfig.json']],
    ['lint', [program('oxlint'), '--type-aware', '--deny-warnings']],
    ['format', [program('prettier'), '--check', '--log-level=warn', '.']],
    ['documents', [program('tsx'), 'scripts/docs.ts', '--check']],
  ];
  const failed = [];
  for (const [name, args] of checks) {
    if ((await runNode(args)) !== 0) failed.push(name);
  }
  process.stdout.write(failed.length === 0 ? 'check: all fine\n' : `check: failed: ${failed.join(', ')}\n`);
  return failed.length === 0 ? 0 : 1;
}

async function script(file, args) {
  ensureDependencies({ dev: true });
  return runNode([program('tsx'), file, ...args]);
}

async function format() {
  ensureDependencies({ dev: true });
  return runNode([program('prettier'), '--write', '--log-level=warn', '.']);
}

const COMMANDS = {
  start,
  build,
  dev,
  test,
  check,
  format,
  docs: (args) => script('scripts/docs.ts', args),
  bench: (args) => script('scripts/bench/run.ts', args),
};

try {
  checkNodeVersion();
  const [name = '', ...args] = process.argv.slice(2);
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) throw new SetupError(`no command "${name}"; there are ${Object.keys(COMMANDS).join(', ')}`);
  const code = await command(args);
  if (code) process.exitCode = code;
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  process.stderr.write(`doctype-server: ${error.message}\n`);
  process.exitCode = 1;
}
