import { describe, expect, it } from 'vitest';
import { ConfigError, loadConfig, type Env, type Surroundings } from '../../../src/config/config.ts';
import { showConfig } from '../../../src/config/show.ts';
import { VARIABLES } from '../../../src/config/variables.ts';

const surroundings = (files: Readonly<Record<string, string>> = {}): Surroundings => ({
  cwd: '/srv',
  readText: (file) => {
    const text = files[file];
    if (text === undefined) throw new Error('no such file');
    return text;
  },
  isFolder: (path) => path === '/srv/doctypes' || path === '/apps/shop',
});

const load = (env: Env, files?: Readonly<Record<string, string>>) => loadConfig(env, surroundings(files));

function faultsOf(env: Env, files?: Readonly<Record<string, string>>): readonly string[] {
  try {
    load(env, files);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

describe('the configuration', () => {
  it('needs no variable at all', () => {
    expect(load({})).toMatchObject({
      host: '127.0.0.1',
      port: 8000,
      mongodbUri: undefined,
      dataDir: '/srv/data',
      doctypesPath: ['/srv/doctypes'],
      methodsPath: ['/srv/methods'],
      sessionExpiry: 170 * 3600,
      bodyLimit: 25 * 1024 * 1024,
      filtersMax: 200,
      pageMax: 0,
      firstDayOfWeek: 0,
      homePage: '/app',
      dashboardRoute: '/app',
      showTraceback: false,
      encryptionKey: undefined,
    });
  });

  it('is frozen, and knows every variable of the table', () => {
    const config = load({});
    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.keys(config).toSorted()).toEqual(Object.keys(VARIABLES).toSorted());
    const shown = showConfig(config).split('\n');
    expect(shown.map((line) => line.split('=')[0])).toEqual(Object.values(VARIABLES).map(({ env }) => env));
  });

  it('treats an empty value as not set', () => {
    expect(load({ PORT: '', MONGODB_URI: '', DASHBOARD_ROUTE: '' })).toMatchObject({
      port: 8000,
      mongodbUri: undefined,
    });
  });

  it.each([
    ['PORT', '0', { port: 0 }],
    ['BODY_LIMIT', '25mb', { bodyLimit: 26_214_400 }],
    ['BODY_LIMIT', '512 KB', { bodyLimit: 524_288 }],
    ['BODY_LIMIT', '1000', { bodyLimit: 1000 }],
    ['SESSION_EXPIRY', '06:30', { sessionExpiry: 23_400 }],
    ['SESSION_EXPIRY', '240:00:05', { sessionExpiry: 864_005 }],
    ['FIRST_DAY_OF_WEEK', 'Monday', { firstDayOfWeek: 1 }],
    ['DOCTYPES_PATH', 'doctypes:/apps/shop', { doctypesPath: ['/srv/doctypes', '/apps/shop'] }],
    ['SHOW_TRACEBACK', 'yes', { showTraceback: true }],
    ['TRUST_PROXY', '0', { trustProxy: false }],
    ['TIME_ZONE', 'Asia/Kolkata', { timeZone: 'Asia/Kolkata' }],
    ['HOME_PAGE', '/home', { homePage: '/home', dashboardRoute: '/home' }],
    ['DASHBOARD_ROUTE', '/sites', { homePage: '/app', dashboardRoute: '/sites' }],
    ['ENCRYPTION_KEY', 'ab'.repeat(32), { encryptionKey: Buffer.alloc(32, 0xab) }],
    ['ENCRYPTION_KEY', Buffer.alloc(32, 7).toString('base64'), { encryptionKey: Buffer.alloc(32, 7) }],
  ])('reads %s=%s', (name, value, expected) => {
    expect(load({ [name]: value })).toMatchObject(expected);
  });

  it.each([
    ['PORT', '80a'],
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '1.5'],
    ['BODY_LIMIT', '0'],
    ['BODY_LIMIT', '25 apples'],
    ['SESSION_EXPIRY', '170'],
    ['SESSION_EXPIRY', '00:00'],
    ['SESSION_EXPIRY', '1:75'],
    ['TIME_ZONE', 'Mars/Olympus'],
    ['TIME_ZONE', '+05:30'],
    ['FIRST_DAY_OF_WEEK', 'Caturday'],
    ['HOME_PAGE', 'app'],
    ['LOG_LEVEL', 'loud'],
    ['SHOW_TRACEBACK', 'maybe'],
    ['DOCTYPES_PATH', ':'],
  ])('refuses %s=%s with one line that names both', (name, value) => {
    const faults = faultsOf({ [name]: value });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(new RegExp(`^${name} must be `));
    expect(faults[0]).toContain(JSON.stringify(value));
    expect(faults[0]).not.toContain('\n');
  });

  it('reports all faults together', () => {
    const faults = faultsOf({ PORT: 'x', TIME_ZONE: 'x', DOCTYPES_PATH: '/nowhere:/apps/shop' });
    expect(faults).toEqual([
      'PORT must be a whole number from 0 to 65535, not "x"',
      'TIME_ZONE must be a time zone such as Europe/Berlin, not "x"',
      'DOCTYPES_PATH names a folder that does not exist: /nowhere',
    ]);
  });

  it('asks for no folder that nobody named', () => {
    const nothing: Surroundings = { ...surroundings(), isFolder: () => false };
    expect(() => loadConfig({}, nothing)).not.toThrow();
    expect(() => loadConfig({ METHODS_PATH: './methods' }, nothing)).toThrow(ConfigError);
  });

  it('never repeats a secret in a fault', () => {
    const faults = faultsOf({ MONGODB_URI: 'postgres://u:hunter2@h', ENCRYPTION_KEY: 'hunter2' });
    expect(faults).toHaveLength(2);
    expect(faults.join()).not.toContain('hunter2');
  });

  it('takes a secret from a file, without its last line end', () => {
    const config = load({ ADMIN_PASSWORD_FILE: '/run/pw' }, { '/run/pw': ' pass word \n' });
    expect(config.adminPassword).toBe(' pass word ');
  });

  it('refuses a secret given twice, an unreadable file and an empty one', () => {
    expect(faultsOf({ ADMIN_PASSWORD: 'a', ADMIN_PASSWORD_FILE: '/run/pw' })).toEqual([
      'ADMIN_PASSWORD and ADMIN_PASSWORD_FILE are both set; set one',
    ]);
    expect(faultsOf({ MONGODB_URI_FILE: '/none' })).toEqual([
      'MONGODB_URI_FILE names a file that cannot be read: /none',
    ]);
    expect(faultsOf({ ENCRYPTION_KEY_FILE: '/e' }, { '/e': '\n' })).toEqual([
      'ENCRYPTION_KEY_FILE names an empty file: /e',
    ]);
  });

  it('reads no file for a variable that is not a secret', () => {
    expect(load({ PORT_FILE: '/run/port' }, { '/run/port': '1' }).port).toBe(8000);
  });
});

describe('the printed configuration', () => {
  it('shows the defaults', () => {
    expect(showConfig(load({}))).toMatchInlineSnapshot(`
      "HOST=127.0.0.1
      PORT=8000
      MONGODB_URI=
      DATA_DIR=/srv/data
      DOCTYPES_PATH=/srv/doctypes
      METHODS_PATH=/srv/methods
      ADMIN_PASSWORD=
      ENCRYPTION_KEY=
      TIME_ZONE=UTC
      FIRST_DAY_OF_WEEK=Sunday
      SESSION_EXPIRY=170:00
      HOME_PAGE=/app
      DASHBOARD_ROUTE=/app
      BODY_LIMIT=26214400
      FILTERS_MAX=200
      PAGE_MAX=0
      QUERY_TIMEOUT_MS=10000
      TRUST_PROXY=false
      SHOW_TRACEBACK=false
      LOG_LEVEL=info
      SHUTDOWN_TIMEOUT_MS=10000"
    `);
  });

  it('shows an embedded set-up', () => {
    expect(
      showConfig(
        load({
          HOST: '0.0.0.0',
          DATA_DIR: '/data',
          DOCTYPES_PATH: '/apps/shop',
          ADMIN_PASSWORD: 'hunter2',
          TIME_ZONE: 'Europe/Berlin',
          SESSION_EXPIRY: '6:00',
        }),
      ),
    ).toMatchInlineSnapshot(`
      "HOST=0.0.0.0
      PORT=8000
      MONGODB_URI=
      DATA_DIR=/data
      DOCTYPES_PATH=/apps/shop
      METHODS_PATH=/srv/methods
      ADMIN_PASSWORD=********
      ENCRYPTION_KEY=
      TIME_ZONE=Europe/Berlin
      FIRST_DAY_OF_WEEK=Sunday
      SESSION_EXPIRY=06:00
      HOME_PAGE=/app
      DASHBOARD_ROUTE=/app
      BODY_LIMIT=26214400
      FILTERS_MAX=200
      PAGE_MAX=0
      QUERY_TIMEOUT_MS=10000
      TRUST_PROXY=false
      SHOW_TRACEBACK=false
      LOG_LEVEL=info
      SHUTDOWN_TIMEOUT_MS=10000"
    `);
  });

  it('shows a MongoDB set-up without its credentials', () => {
    expect(
      showConfig(
        load({
          MONGODB_URI: 'mongodb://app:hunt@er2@db1,db2/shop?replicaSet=rs0',
          ENCRYPTION_KEY: 'ab'.repeat(32),
        }),
      ),
    ).toMatchInlineSnapshot(`
      "HOST=127.0.0.1
      PORT=8000
      MONGODB_URI=mongodb://********@db1,db2/shop?replicaSet=rs0
      DATA_DIR=/srv/data
      DOCTYPES_PATH=/srv/doctypes
      METHODS_PATH=/srv/methods
      ADMIN_PASSWORD=
      ENCRYPTION_KEY=********
      TIME_ZONE=UTC
      FIRST_DAY_OF_WEEK=Sunday
      SESSION_EXPIRY=170:00
      HOME_PAGE=/app
      DASHBOARD_ROUTE=/app
      BODY_LIMIT=26214400
      FILTERS_MAX=200
      PAGE_MAX=0
      QUERY_TIMEOUT_MS=10000
      TRUST_PROXY=false
      SHOW_TRACEBACK=false
      LOG_LEVEL=info
      SHUTDOWN_TIMEOUT_MS=10000"
    `);
  });

  it('can be fed back as an environment, secrets aside', () => {
    const config = load({ BODY_LIMIT: '1kb', FIRST_DAY_OF_WEEK: 'Friday', SESSION_EXPIRY: '1:02:03' });
    const env = Object.fromEntries(
      showConfig(config)
        .split('\n')
        .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    );
    delete env['METHODS_PATH'];
    expect(load(env)).toEqual(config);
  });
});
