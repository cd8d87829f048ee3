// The process: reads the environment, builds the app, listens, and stops on signals.
// The only file that reads process.env or ends the process.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp, type App } from './app.ts';
import { loadConfig, type Config } from './config/config.ts';
import { showConfig } from './config/show.ts';
import { createLogger, type Logger } from './log/logger.ts';
import { maskUri } from './log/redact.ts';

const USAGE = `Usage: main [--print-config | --check | --version | --help]

With no option: starts the server. Settings are environment variables; docs/configuration.md lists them.
  --print-config  print the settings in force, secrets masked, and exit
  --check         load DocTypes and methods against a database thrown away afterwards, and exit
  --version       print the version and exit
`;

/** npm passes Ctrl-C on to its child, which the terminal has told already: one key press, two signals. */
const SAME_KEY_PRESS_MS = 500;
/** Beyond the time that requests get, for closing the store. */
const CLOSING_GRACE_MS = 5_000;

const print = (text: string): void => void process.stdout.write(`${text}\n`);

async function version(): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));
  const found: unknown = Object(manifest).version;
  return typeof found === 'string' ? found : 'unknown';
}

async function run(options: readonly string[]): Promise<void> {
  const [option, ...more] = options;
  if (more.length > 0) throw new Error(`one option at most; got ${options.join(' ')}`);
  if (option === '--help') return void process.stdout.write(USAGE);
  if (option === '--version') return print(await version());
  const config = loadConfig(process.env);
  if (option === '--print-config') return print(showConfig(config));
  if (option === '--check') return check(config);
  if (option !== undefined) throw new Error(`unknown option ${option}; try --help`);
  return serve(config);
}

async function serve(config: Config): Promise<void> {
  const log = createLogger({ level: config.logLevel });
  const stopper = createStopper(config, log);
  const app = await createApp(config, log);
  stopper.add(app);
  const { url } = await app.listen();
  const { engine, doctypes, adminPassword } = app.facts;
  const lines = [
    `Doctype Server ${await version()}`,
    `  URL       ${url}`,
    `  Engine    ${engine}`,
    `  Data      ${config.dataDir}`,
    `  DocTypes  ${doctypes} loaded`,
    `  Docs      ${url}/`,
  ];
  if (adminPassword !== undefined) {
    lines.push('', `  Password of Administrator, shown this once: ${adminPassword}`);
  }
  print(lines.join('\n'));
  log.info({ url, engine, doctypes }, 'listening');
}

/** Boots without listening, on a database of its own, so that a running server is not disturbed. */
async function check(config: Config): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'doctype-server-check-'));
  try {
    const log = createLogger({ level: 'silent' });
    const app = await createApp({ ...config, dataDir, mongodbUri: undefined }, log);
    const { doctypes } = app.facts;
    await app.close();
    print(`${doctypes} DocTypes, no faults`);
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
  // A module of the user's may have left a timer running.
  process.exit(0);
}

/** Signals end the process: at once while it boots, in good order once there is an app; a second one at once again. */
function createStopper(config: Config, log: Logger): { add(app: App): void } {
  let running: App | undefined;
  let stoppedAt: number | undefined;
  const onSignal = (signal: 'SIGTERM' | 'SIGINT', code: number): void => {
    if (stoppedAt !== undefined) {
      if (Date.now() - stoppedAt >= SAME_KEY_PRESS_MS) process.exit(code);
      return;
    }
    if (running === undefined) process.exit(code);
    stoppedAt = Date.now();
    log.info({ signal }, 'stopping');
    setTimeout(() => {
      log.error({}, 'could not stop in time');
      process.exit(1);
    }, config.shutdownTimeoutMs + CLOSING_GRACE_MS).unref();
    running.close().then(
      () => {
        log.info({}, 'stopped');
        process.exit(0);
      },
      (err: unknown) => {
        log.error({ err }, 'could not stop in good order');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', () => onSignal('SIGTERM', 143));
  process.on('SIGINT', () => onSignal('SIGINT', 130));
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (err: unknown) => {
      try {
        log.error({ err }, event);
      } finally {
        process.exit(1);
      }
    });
  }
  return {
    add(app) {
      running = app;
    },
  };
}

/** What an operator reads when the start fails: the faults, one line each, not where in our code they were noticed. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return `doctype-server: ${String(error)}`;
  const { code, address, port }: NodeJS.ErrnoException & { address?: string; port?: number } = error;
  const text =
    code === 'EADDRINUSE' ? `HOST and PORT: ${address}:${port} is in use by another process` : error.message;
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (process.env['LOG_LEVEL'] === 'debug' && error.stack !== undefined) lines.push(error.stack);
  return lines.map((line) => `doctype-server: ${maskUri(line)}`).join('\n');
}

try {
  await run(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exit(1);
}
