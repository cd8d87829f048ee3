// Every setting of the service, in one table: name, kind, default, and the line that documents it.
// Definitions only; config.ts reads them from the environment.
import {
  flag,
  folder,
  folders,
  hours,
  integer,
  key,
  oneOf,
  size,
  text,
  weekday,
  type Kind,
} from './kinds.ts';

export interface Variable<T> {
  readonly env: string;
  readonly kind: Kind<T>;
  /** As it would be written in the environment; empty means that the setting may be absent. */
  readonly default: string;
  readonly doc: string;
  /** May also come from a file named by `<env>_FILE`; never shown: wholly, or but for the place it points at. */
  readonly secret?: 'hidden' | 'credentials';
  /** A folder that is named must be there. */
  readonly mustExist?: true;
}

const set = <T>(variable: Variable<T>): Variable<T> => variable;
const optional = <T>({ kind, ...rest }: Omit<Variable<T>, 'default'>): Variable<T | undefined> => ({
  ...rest,
  kind: {
    ...kind,
    read: (value, cwd) => (value === '' ? undefined : kind.read(value, cwd)),
    show: (value) => (value === undefined ? '' : kind.show(value)),
  },
  default: '',
});

const path = text('a path that begins with "/"', { pattern: '^/' });
const mongodb = text('a connection string that begins with mongodb:// or mongodb+srv://', {
  pattern: '^mongodb(\\+srv)?://[^\\s/]',
});

export const VARIABLES = {
  host: set({
    env: 'HOST',
    kind: text('a host name or address', { pattern: '^\\S+$' }),
    default: '127.0.0.1',
    doc: 'Address to listen on. The container sets `0.0.0.0`.',
  }),
  port: set({
    env: 'PORT',
    kind: integer(0, 65_535),
    default: '8000',
    doc: 'Port to listen on; `0` takes a free one.',
  }),
  mongodbUri: optional({
    env: 'MONGODB_URI',
    kind: mongodb,
    secret: 'credentials',
    doc: 'MongoDB to use. Unset means the embedded SQLite database.',
  }),
  dataDir: set({
    env: 'DATA_DIR',
    kind: folder,
    default: './data',
    doc: 'Embedded database, local files and the key file. Made if it is missing.',
  }),
  doctypesPath: set({
    env: 'DOCTYPES_PATH',
    kind: folders,
    mustExist: true,
    default: './doctypes',
    doc: 'Folders of DocType files, separated by `:`, read recursively. The core DocTypes are always loaded.',
  }),
  methodsPath: set({
    env: 'METHODS_PATH',
    kind: folders,
    mustExist: true,
    default: './methods',
    doc: 'Folders of method modules, separated by `:`. The built-in methods are always loaded.',
  }),
  adminPassword: optional({
    env: 'ADMIN_PASSWORD',
    kind: text('at least one character', { minLength: 1 }),
    secret: 'hidden',
    doc: 'Password of `Administrator`, used on the first boot only. Unset means that one is generated and printed once.',
  }),
  encryptionKey: optional({
    env: 'ENCRYPTION_KEY',
    kind: key,
    secret: 'hidden',
    doc: 'Key that seals Password fields: 32 bytes as base64 or hexadecimal text. Unset means a key file in `DATA_DIR`. Replicas need the same key.',
  }),
  timeZone: set({
    env: 'TIME_ZONE',
    kind: text('a time zone such as Europe/Berlin', { format: 'time-zone' }),
    default: 'UTC',
    doc: 'IANA zone of datetimes, of timespan filters and of "today".',
  }),
  firstDayOfWeek: set({
    env: 'FIRST_DAY_OF_WEEK',
    kind: weekday,
    default: 'Sunday',
    doc: 'Where "this week" and "last week" begin.',
  }),
  sessionExpiry: set({
    env: 'SESSION_EXPIRY',
    kind: hours,
    default: '170:00',
    doc: 'How long a login lasts without a request, as `hh:mm`.',
  }),
  homePage: set({
    env: 'HOME_PAGE',
    kind: path,
    default: '/app',
    doc: 'The `home_page` that a login answers.',
  }),
  dashboardRoute: optional({
    env: 'DASHBOARD_ROUTE',
    kind: path,
    doc: 'The `dashboard_route` that a login answers. Unset means `HOME_PAGE`.',
  }),
  bodyLimit: set({
    env: 'BODY_LIMIT',
    kind: size,
    default: '25mb',
    doc: 'Largest request body: bytes, or with `kb`, `mb`, `gb`.',
  }),
  filtersMax: set({
    env: 'FILTERS_MAX',
    kind: integer(1, 10_000),
    default: '200',
    doc: 'Most filters, `or_filters` among them, in one request.',
  }),
  pageMax: set({
    env: 'PAGE_MAX',
    kind: integer(0, 10_000_000),
    default: '0',
    doc: 'Most rows of one list; `0` sets no limit.',
  }),
  queryTimeoutMs: set({
    env: 'QUERY_TIMEOUT_MS',
    kind: integer(1, 3_600_000),
    default: '10000',
    doc: 'How long MongoDB may work on one query, in milliseconds (`maxTimeMS`).',
  }),
  trustProxy: set({
    env: 'TRUST_PROXY',
    kind: flag,
    default: 'false',
    doc: 'Believe the `X-Forwarded-*` headers. Set it only behind a proxy that overwrites them.',
  }),
  showTraceback: set({
    env: 'SHOW_TRACEBACK',
    kind: flag,
    default: 'false',
    doc: 'Send file paths in the traces of errors. For development.',
  }),
  logLevel: set({
    env: 'LOG_LEVEL',
    kind: oneOf(['debug', 'info', 'warn', 'error', 'silent']),
    default: 'info',
    doc: 'Least level that is logged: `debug`, `info`, `warn`, `error` or `silent`.',
  }),
  shutdownTimeoutMs: set({
    env: 'SHUTDOWN_TIMEOUT_MS',
    kind: integer(0, 600_000),
    default: '10000',
    doc: 'How long requests under way may take to end after SIGTERM, in milliseconds.',
  }),
} as const;
