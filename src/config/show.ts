// The settings in force as text, for `main --print-config`. Never shows a secret.
import type { Config } from './config.ts';
import { VARIABLES, type Variable } from './variables.ts';

const MASK = '********';

/** One `NAME=value` line per variable; nothing after `=` means that it is not set. */
export function showConfig(config: Config): string {
  const line = <T>(variable: Variable<T>, value: T): string =>
    `${variable.env}=${mask(variable, variable.kind.show(value))}`;
  const shown = [
    line(VARIABLES.host, config.host),
    line(VARIABLES.port, config.port),
    line(VARIABLES.mongodbUri, config.mongodbUri),
    line(VARIABLES.dataDir, config.dataDir),
    line(VARIABLES.doctypesPath, config.doctypesPath),
    line(VARIABLES.methodsPath, config.methodsPath),
    line(VARIABLES.adminPassword, config.adminPassword),
    line(VARIABLES.encryptionKey, config.encryptionKey),
    line(VARIABLES.timeZone, config.timeZone),
    line(VARIABLES.firstDayOfWeek, config.firstDayOfWeek),
    line(VARIABLES.sessionExpiry, config.sessionExpiry),
    line(VARIABLES.homePage, config.homePage),
    line(VARIABLES.dashboardRoute, config.dashboardRoute),
    line(VARIABLES.bodyLimit, config.bodyLimit),
    line(VARIABLES.filtersMax, config.filtersMax),
    line(VARIABLES.pageMax, config.pageMax),
    line(VARIABLES.queryTimeoutMs, config.queryTimeoutMs),
    line(VARIABLES.trustProxy, config.trustProxy),
    line(VARIABLES.showTraceback, config.showTraceback),
    line(VARIABLES.logLevel, config.logLevel),
    line(VARIABLES.shutdownTimeoutMs, config.shutdownTimeoutMs),
  ];
  return shown.join('\n');
}

function mask(variable: Pick<Variable<unknown>, 'secret'>, value: string): string {
  if (value === '' || variable.secret === undefined) return value;
  if (variable.secret === 'hidden') return MASK;
  // The greedy part reaches the last @, for passwords that hold one.
  return value.replace(/:\/\/[^/?#]*@/, `://${MASK}@`);
}
