// Reads the settings of variables.ts from the environment, once, at boot; reports all faults together.
// No global: main.ts loads a Config and hands it on.
import { readFileSync, statSync } from 'node:fs';
import { checkEnv } from '../validation/env.ts';
import { VARIABLES, type Variable } from './variables.ts';

type Table = typeof VARIABLES;
type Values = { readonly [K in keyof Table]: Table[K] extends Variable<infer T> ? T : never };
export interface Config extends Values {
  /** The home page, unless another route is set. */
  readonly dashboardRoute: string;
}

/** The settings cannot be used; one line per fault, each naming its variable. */
export class ConfigError extends Error {
  readonly faults: readonly string[];
  constructor(faults: readonly string[]) {
    super(faults.join('\n'));
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

export type Env = Readonly<Record<string, string | undefined>>;

/** What loading needs of the machine. */
export interface Surroundings {
  readonly cwd: string;
  /** @throws when the file cannot be read */
  readText(file: string): string;
  isFolder(path: string): boolean;
}

const machine = (): Surroundings => ({
  cwd: process.cwd(),
  readText: (file) => readFileSync(file, 'utf8'),
  isFolder: (path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false,
});

const ALL: readonly Variable<unknown>[] = Object.values(VARIABLES);

/** @throws ConfigError with every fault */
export function loadConfig(env: Env, surroundings: Surroundings = machine()): Config {
  const faults: string[] = [];
  const given = gather(env, surroundings, faults);
  const schemas = Object.fromEntries(ALL.map(({ env: name, kind }) => [name, kind.schema]));
  const { values, faulty } = checkEnv(schemas, given);
  for (const variable of ALL) {
    if (faulty.has(variable.env)) faults.push(faultOf(variable, given[variable.env] ?? ''));
  }
  const read = <T>(variable: Variable<T>): T => {
    const value = values[variable.env] ?? variable.default;
    return variable.kind.read(value, surroundings.cwd);
  };
  const folders = [VARIABLES.doctypesPath, VARIABLES.methodsPath].filter(
    ({ env: name }) => values[name] !== undefined,
  );
  for (const variable of folders) {
    const missing = read(variable).filter((folder) => !surroundings.isFolder(folder));
    for (const folder of missing)
      faults.push(`${variable.env} names a folder that does not exist: ${folder}`);
  }
  if (faults.length > 0) throw new ConfigError(faults);
  return Object.freeze(assemble(read));
}

/** One line per field keeps each value tied to its variable's type. */
function assemble(read: <T>(variable: Variable<T>) => T): Config {
  const homePage = read(VARIABLES.homePage);
  return {
    host: read(VARIABLES.host),
    port: read(VARIABLES.port),
    mongodbUri: read(VARIABLES.mongodbUri),
    dataDir: read(VARIABLES.dataDir),
    doctypesPath: read(VARIABLES.doctypesPath),
    methodsPath: read(VARIABLES.methodsPath),
    adminPassword: read(VARIABLES.adminPassword),
    encryptionKey: read(VARIABLES.encryptionKey),
    timeZone: read(VARIABLES.timeZone),
    firstDayOfWeek: read(VARIABLES.firstDayOfWeek),
    sessionExpiry: read(VARIABLES.sessionExpiry),
    homePage,
    dashboardRoute: read(VARIABLES.dashboardRoute) ?? homePage,
    bodyLimit: read(VARIABLES.bodyLimit),
    filtersMax: read(VARIABLES.filtersMax),
    pageMax: read(VARIABLES.pageMax),
    queryTimeoutMs: read(VARIABLES.queryTimeoutMs),
    trustProxy: read(VARIABLES.trustProxy),
    showTraceback: read(VARIABLES.showTraceback),
    logLevel: read(VARIABLES.logLevel),
    shutdownTimeoutMs: read(VARIABLES.shutdownTimeoutMs),
  };
}

/** The text of each variable that is set, secrets from their files included. An empty value counts as not set. */
function gather(env: Env, surroundings: Surroundings, faults: string[]): Record<string, string> {
  const given: Record<string, string> = {};
  for (const variable of ALL) {
    const value = env[variable.env] ?? '';
    const file = variable.secret === undefined ? '' : (env[`${variable.env}_FILE`] ?? '');
    if (value !== '' && file !== '') {
      faults.push(`${variable.env} and ${variable.env}_FILE are both set; set one`);
    } else if (file !== '') {
      const content = secretFrom(file, surroundings);
      if (content === undefined)
        faults.push(`${variable.env}_FILE names a file that cannot be read: ${file}`);
      else if (content === '') faults.push(`${variable.env}_FILE names an empty file: ${file}`);
      else given[variable.env] = content;
    } else if (value !== '') {
      given[variable.env] = value;
    }
  }
  return given;
}

/** The file's text without the line end that editors and `echo` leave; undefined when it cannot be read. */
function secretFrom(file: string, surroundings: Surroundings): string | undefined {
  try {
    return surroundings.readText(file).replace(/\r?\n$/, '');
  } catch {
    return undefined;
  }
}

function faultOf(variable: Variable<unknown>, value: string): string {
  const base = `${variable.env} must be ${variable.kind.expected}`;
  return variable.secret === undefined ? `${base}, not ${JSON.stringify(value)}` : base;
}
