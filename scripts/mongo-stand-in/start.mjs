// Runs a command with a MongoDB-compatible server beside it (FerretDB, see main.go), for machines without MongoDB:
//   node scripts/mongo-stand-in/start.mjs -- npm test
// The command finds the server in TEST_MONGODB_URI. It is built once, into .cache/, which needs Go.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const SOURCE = import.meta.dirname;
const CACHE = resolve(SOURCE, '../../.cache/mongo-stand-in');
const BINARY = join(CACHE, process.platform === 'win32' ? 'server.exe' : 'server');
const START_MS = 20_000;
/** FerretDB 1 reads and writes in two steps where MongoDB has one; over one connection they cannot overlap. */
const ONE_CONNECTION = 'maxPoolSize=1';

/** Starts the server on a free loopback port with an empty database. `stop` also removes its data. */
export async function startMongoStandIn() {
  await build();
  const folder = await mkdtemp(join(tmpdir(), 'mongo-stand-in-'));
  const server = spawn(BINARY, [folder], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise((done) => server.once('close', done));
  const stop = async () => {
    if (server.exitCode === null && server.signalCode === null) server.kill('SIGTERM');
    const force = setTimeout(() => server.kill('SIGKILL'), 5000);
    await ended;
    clearTimeout(force);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const uri = await firstLine(server);
    await answering(new URL(uri));
    return { uri: `${uri}?${ONE_CONNECTION}`, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function build() {
  if (await isFresh()) return;
  await mkdir(CACHE, { recursive: true });
  const made = `${BINARY}.${process.pid}`;
  const code = await run('go', ['build', '-trimpath', '-o', made, '.'], { cwd: SOURCE });
  if (code !== 0) throw new Error(`go build ended with ${code}: the MongoDB stand-in needs Go 1.24 or newer`);
  await rename(made, BINARY);
}

async function isFresh() {
  if (!existsSync(BINARY)) return false;
  const built = (await stat(BINARY)).mtimeMs;
  const sources = await Promise.all(['main.go', 'go.mod', 'go.sum'].map((file) => stat(join(SOURCE, file))));
  return sources.every((source) => source.mtimeMs <= built);
}

/** The URI that the server prints; what it complains about, if it ends first. */
async function firstLine(server) {
  let complaints = '';
  server.stderr.on('data', (chunk) => {
    complaints = `${complaints}${chunk}`.slice(-4000);
  });
  const limit = AbortSignal.timeout(START_MS);
  return new Promise((found, failed) => {
    createInterface({ input: server.stdout }).once('line', found);
    server.once('error', failed);
    server.once('close', () => failed(new Error(`the MongoDB stand-in ended: ${complaints}`)));
    limit.addEventListener('abort', () => failed(new Error(`the MongoDB stand-in is silent: ${complaints}`)));
  });
}

async function answering({ hostname, port }) {
  const end = Date.now() + START_MS;
  for (;;) {
    if (await accepts(hostname, Number(port))) return;
    if (Date.now() > end) throw new Error('the MongoDB stand-in does not accept connections');
    await delay(50);
  }
}

async function accepts(host, port) {
  return new Promise((done) => {
    const socket = connect({ host, port });
    socket.once('connect', () => socket.end(() => done(true)));
    socket.once('error', () => done(false));
  });
}

async function run(command, args, options) {
  return new Promise((done, failed) => {
    const child = spawn(command, args, { stdio: 'inherit', ...options });
    child.once('error', failed);
    child.once('close', (code, signal) => done(signal === null ? (code ?? 1) : 1));
  });
}

async function main() {
  const at = process.argv.indexOf('--');
  const [command, ...args] = at === -1 ? [] : process.argv.slice(at + 1);
  const standIn = await startMongoStandIn();
  // The command gets the terminal's signals as well, and ends by itself; the server is stopped after it.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {});
  try {
    if (command === undefined) {
      console.log(standIn.uri);
      await new Promise((done) => ['SIGINT', 'SIGTERM'].forEach((signal) => process.once(signal, done)));
    } else {
      const env = { ...process.env, TEST_MONGODB_URI: standIn.uri };
      process.exitCode = await run(command, args, { env, shell: process.platform === 'win32' });
    }
  } finally {
    await standIn.stop();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
