// Starts the files of the image's final stage, as the Dockerfile names them, in a folder of their own: installs what
// production needs, runs `npm start`, logs in, lists, stops. Needs a build in dist/. Node built-ins only.
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { ROOT } from './setup.mjs';

const START_MS = 30_000;
const PASSWORD = 'smoke-test';

/** [source, target] of each COPY of the last stage, relative to the repository and to the image's /app. */
function finalStageCopies() {
  const stages = readFileSync(join(ROOT, 'Dockerfile'), 'utf8').split(/^FROM /m);
  const copies = [...(stages.at(-1) ?? '').matchAll(/^COPY (.+)$/gm)];
  return copies.flatMap(([, line = '']) => {
    const words = line.split(/\s+/).filter((word) => !word.startsWith('--'));
    const target = words.at(-1) ?? '.';
    return words.slice(0, -1).map((word) => {
      const source = word.replace(/^\/app\//, '');
      return [source, target.endsWith('/') ? join(target, basename(source)) : target];
    });
  });
}

function expect(holds, what) {
  if (!holds) throw new Error(what);
  console.log(`fine: ${what}`);
}

/** Resolves to the URL of the banner. */
function serving(child) {
  return new Promise((resolve, reject) => {
    let output = '';
    const timer = setTimeout(() => reject(new Error(`no banner in time:\n${output}`)), START_MS);
    child.stdout.on('data', (chunk) => {
      output += chunk;
      const [, url] = /^ +URL +(\S+)$/m.exec(output) ?? [];
      if (url === undefined) return;
      clearTimeout(timer);
      resolve(url);
    });
    child.once('exit', (code) => reject(new Error(`ended with ${code} before it served:\n${output}`)));
  });
}

async function drive(url) {
  const ping = await fetch(`${url}/api/method/ping`);
  expect((await ping.json()).message === 'pong', 'ping is answered');
  expect((await fetch(`${url}/healthz`)).status === 200, 'the health check passes');
  const login = await fetch(`${url}/api/method/login`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ usr: 'Administrator', pwd: PASSWORD }),
  });
  expect(login.status === 200, 'Administrator logs in');
  const cookie = login.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  const list = await fetch(`${url}/api/resource/User?filters=[["name","=","Administrator"]]`, {
    headers: { cookie },
  });
  expect((await list.json()).data?.[0]?.name === 'Administrator', 'a filtered list is answered');
}

const app = mkdtempSync(join(tmpdir(), 'doctype-server-smoke-'));
let child;
try {
  for (const [source, target] of finalStageCopies()) {
    expect(existsSync(join(ROOT, source)), `${source} exists`);
    cpSync(join(ROOT, source), join(app, target), { recursive: true });
  }
  const install = spawnSync('npm', ['ci', '--omit=dev', '--no-audit', '--no-fund'], {
    cwd: app,
    stdio: 'inherit',
  });
  expect(install.status === 0, 'the production dependencies install');
  child = spawn('npm', ['start'], {
    cwd: app,
    env: { ...process.env, PORT: '0', ADMIN_PASSWORD: PASSWORD, MONGODB_URI: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await drive(await serving(child));
  const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal)));
  child.kill('SIGTERM');
  const code = await ended;
  expect(code === 0 || code === 'SIGTERM' || code === 143, `it stops when told to (${code})`);
} finally {
  child?.kill('SIGKILL');
  rmSync(app, { recursive: true, force: true });
}
