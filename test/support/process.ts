// Starts the server as a process of its own, from its sources, on a free port and a data folder that is thrown away.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MAIN = join(ROOT, 'src', 'main.ts');

export interface Server {
  readonly child: ChildProcess;
  /** What it has printed so far. */
  readonly output: () => string;
  readonly errors: () => string;
  /** Resolves to the exit code, or the name of the signal that ended it. */
  readonly ended: Promise<number | string>;
  /** The URL of the banner. @throws Error when it ends without one */
  readonly url: () => Promise<string>;
}

export function tempFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'doctype-server-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Settings of the surrounding shell do not reach it: only `env` does. */
export function startServer(env: Readonly<Record<string, string>>, args: readonly string[] = []): Server {
  const child = spawn(process.execPath, ['--import', 'tsx', MAIN, ...args], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], HOST: '127.0.0.1', PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const out: string[] = [];
  const err: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => out.push(text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => err.push(text));
  const ended = new Promise<number | string>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
  const output = (): string => out.join('');
  const errors = (): string => err.join('');
  const url = (): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = /^ +URL +(\S+)$/m.exec(output())?.[1];
        if (found !== undefined) resolve(found);
      };
      child.stdout.on('data', look);
      look();
      ended.then((code) => reject(new Error(`ended with ${code}:\n${output()}${errors()}`)), reject);
    });
  return { child, output, errors, ended, url };
}
