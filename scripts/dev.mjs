// `npm run dev`: the server from its sources, restarted when they, DocTypes or methods change.
// A change is tried first (`main --check`); if it is broken, that is said and the last good version keeps serving.
import { spawn } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ROOT } from './setup.mjs';

/** Polled, since notifications do not cross every container mount. */
const POLL_MS = 400;
const IGNORED = /(^|\/)(node_modules|\.[^/]+)(\/|$)/;

const say = (text) => process.stderr.write(`dev: ${text}\n`);

function watched() {
  const named = ['DOCTYPES_PATH', 'METHODS_PATH'].flatMap((name) => (process.env[name] ?? '').split(':'));
  const own = [join(ROOT, 'src'), join(ROOT, 'doctypes'), 'doctypes', 'methods'];
  return [...new Set([...own, ...named.filter((path) => path !== '')].map((path) => resolve(path)))];
}

/** One line per file, with its time and size: two states differ if and only if a file did. */
function state(folders) {
  const lines = [];
  for (const folder of folders) {
    let names;
    try {
      names = readdirSync(folder, { recursive: true });
    } catch (error) {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') continue;
      throw error;
    }
    for (const name of names) {
      if (IGNORED.test(name)) continue;
      const found = statSync(join(folder, name), { throwIfNoEntry: false });
      if (found?.isFile()) lines.push(`${join(folder, name)} ${found.mtimeMs} ${found.size}`);
    }
  }
  return lines.toSorted().join('\n');
}

const runServer = (args, stdio) =>
  spawn(process.execPath, ['--import', 'tsx', join(ROOT, 'src', 'main.ts'), ...args], { stdio });

const ended = (child) =>
  new Promise((done) => {
    if (child.exitCode !== null || child.signalCode !== null) done(child.exitCode);
    else child.once('exit', done);
  });

/** Serves until a signal arrives. */
export function develop(args) {
  const folders = watched();
  let seen = state(folders);
  let server;
  let stopping = false;
  let busy = false;

  const launch = () => {
    const child = runServer(args, 'inherit');
    server = child;
    child.once('exit', (code) => {
      if (server === child) server = undefined;
      if (!stopping && code) say('the server ended; it starts again when a file changes');
    });
  };

  const restart = async () => {
    if ((await ended(runServer(['--check'], ['ignore', 'ignore', 'inherit']))) !== 0) {
      say(server ? 'that does not load; the version before keeps serving' : 'that does not load');
      return;
    }
    if (stopping) return;
    if (server) {
      const old = server;
      old.kill('SIGTERM');
      await ended(old);
    }
    if (stopping) return;
    say('changed; serving the new version');
    launch();
  };

  launch();
  return new Promise((done) => {
    const poll = setInterval(async () => {
      if (busy || stopping) return;
      const now = state(folders);
      if (now === seen) return;
      seen = now;
      busy = true;
      await restart().finally(() => (busy = false));
    }, POLL_MS);
    const stop = async (signal) => {
      if (stopping) return;
      stopping = true;
      clearInterval(poll);
      if (server) {
        server.kill(signal);
        await ended(server);
      }
      done(0);
    };
    process.on('SIGINT', stop).on('SIGTERM', stop);
  });
}
