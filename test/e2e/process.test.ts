// The process as an operator meets it: start, banner, faults, signals.
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { startServer, tempFolder, type Server } from '../support/process.ts';

const folder = tempFolder();
const methods = join(folder.path, 'methods');
mkdirSync(methods);
// Answers only after it was told to, so that a request is surely under way when the signal comes.
writeFileSync(
  join(methods, 'slow.js'),
  `let release;
   export const wait = () => new Promise((resolve) => { console.log('waiting'); release = resolve; });
   wait.whitelist = { allow_guest: true };
   process.on('SIGTERM', () => setTimeout(() => release?.('done'), 50));`,
);

let servers: Server[] = [];
let count = 0;

function start(env: Readonly<Record<string, string>> = {}, args: readonly string[] = []): Server {
  count += 1;
  const server = startServer({ DATA_DIR: join(folder.path, `data-${count}`), ...env }, args);
  servers.push(server);
  return server;
}

async function failure(env: Readonly<Record<string, string>>, args: readonly string[] = []) {
  const server = start(env, args);
  const code = await server.ended;
  return { code, lines: server.errors().trimEnd().split('\n') };
}

/** Resolves when the server has printed `text`. */
function printed({ child, output }: Server, text: string): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (output().includes(text)) resolve();
    };
    child.stdout?.on('data', look);
    look();
  });
}

afterEach(async () => {
  for (const { child } of servers) child.kill('SIGKILL');
  await Promise.all(servers.map(({ ended }) => ended));
  servers = [];
});
afterAll(() => folder.remove());

describe('the start', () => {
  it('prints where the server is and what it serves, and a password that was made up, once', async () => {
    const data = { DATA_DIR: join(folder.path, 'kept') };
    const first = start(data);
    const url = await first.url();
    await printed(first, '"listening"');
    expect(first.output()).toMatch(/^ {2}Engine +SQLite/m);
    expect(first.output()).toContain(`  Data      ${data.DATA_DIR}\n`);
    expect(first.output()).toMatch(/^ {2}DocTypes +\d+ loaded$/m);
    expect(first.output()).toContain(`  Docs      ${url}/\n`);
    const password = /Administrator, shown this once: (\S+)/.exec(first.output())?.[1] ?? '';
    expect(password.length).toBeGreaterThan(11);
    const login = await fetch(`${url}/api/method/login`, {
      method: 'POST',
      body: new URLSearchParams({ usr: 'Administrator', pwd: password }),
    });
    expect(login.status).toBe(200);
    first.child.kill('SIGTERM');
    expect(await first.ended).toBe(0);

    const second = start(data);
    await second.url();
    expect(second.output()).not.toContain('shown this once');
  });

  it('stops with one line per setting that cannot be used', async () => {
    const { code, lines } = await failure({ PORT: 'x', TIME_ZONE: 'Mars' });
    expect(code).toBe(1);
    expect(lines).toEqual([
      'doctype-server: PORT must be a whole number from 0 to 65535, not "x"',
      'doctype-server: TIME_ZONE must be a time zone such as Europe/Berlin, not "Mars"',
    ]);
  });

  it('names the DocType files that are broken, without a stack', async () => {
    const path = join(folder.path, 'broken');
    mkdirSync(path);
    writeFileSync(join(path, 'a.json'), '{"doctype": "DocType",');
    writeFileSync(join(path, 'b.json'), '{"doctype": "DocType", "name": "B", "fields": 3}');
    const { code, lines } = await failure({ DOCTYPES_PATH: path });
    expect(code).toBe(1);
    expect(lines.join('\n')).toContain('a.json');
    expect(lines.join('\n')).toContain('b.json');
    expect(lines.every((line) => line.startsWith('doctype-server: '))).toBe(true);
    expect(lines.join('\n')).not.toMatch(/^\s+at /m);
  });

  it('says that the port is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => void other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const { code, lines } = await failure({ PORT: String(port) });
    other.close();
    expect(code).toBe(1);
    expect(lines).toEqual([`doctype-server: HOST and PORT: 127.0.0.1:${port} is in use by another process`]);
  });

  it('says that MongoDB cannot be reached, without its credentials', async () => {
    const uri = 'mongodb://jane:hunter2@127.0.0.1:1/x?serverSelectionTimeoutMS=200';
    const { code, lines } = await failure({ MONGODB_URI: uri });
    expect(code).toBe(1);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('MongoDB');
    expect(lines[0]).not.toContain('hunter2');
  });

  it('refuses an option that it does not have', async () => {
    const { code, lines } = await failure({}, ['--chekc']);
    expect(code).toBe(1);
    expect(lines).toEqual(['doctype-server: unknown option --chekc; try --help']);
  });
});

describe('the options', () => {
  it('--print-config shows the settings and starts nothing', async () => {
    const server = start({ ADMIN_PASSWORD: 'hunter2', PORT: '1234' }, ['--print-config']);
    expect(await server.ended).toBe(0);
    expect(server.output()).toContain('\nPORT=1234\n');
    expect(server.output()).not.toContain('hunter2');
  });

  it('--check loads everything and leaves no trace', async () => {
    const server = start({ METHODS_PATH: methods }, ['--check']);
    expect(await server.ended).toBe(0);
    expect(server.output()).toMatch(/^\d+ DocTypes, no faults$/m);
  });
});

describe('a signal', () => {
  it('lets requests under way end, takes no new ones, and ends with 0', async () => {
    const server = start({ METHODS_PATH: methods });
    const url = await server.url();
    const answer = fetch(`${url}/api/method/slow.wait`);
    await printed(server, 'waiting');
    server.child.kill('SIGTERM');
    await printed(server, '"stopping"');
    await expect(fetch(`${url}/api/method/ping`)).rejects.toThrow();
    expect(await (await answer).json()).toEqual({ message: 'done' });
    expect(await server.ended).toBe(0);
    expect(server.output()).toContain('"stopped"');
  });

  it('does not wait for requests longer than the limit', async () => {
    const server = start({ METHODS_PATH: methods, SHUTDOWN_TIMEOUT_MS: '0' });
    const url = await server.url();
    const answer = fetch(`${url}/api/method/slow.wait`);
    await printed(server, 'waiting');
    server.child.kill('SIGINT');
    await expect(answer).rejects.toThrow();
    expect(await server.ended).toBe(0);
  });
});
