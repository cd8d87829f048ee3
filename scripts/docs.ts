// Writes the documents that are derived from the code: docs/configuration.md, docs/errors.md and README's table.
// `--check` writes nothing and fails on a difference.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { VARIABLES } from '../src/config/variables.ts';
import * as errors from '../src/errors/errors.ts';

const ROOT = new URL('../', import.meta.url);
const NOTE = '<!-- Written by `npm run docs`; edit the source it names instead. -->';

/** When a client meets each error; a class without a line stops the generator. */
const WHEN: Readonly<Record<string, string>> = {
  ValidationError: 'The request or the document breaks a rule that has no class of its own.',
  DataError: 'A parameter or the body cannot be read: malformed JSON, filters, dates or numbers.',
  MandatoryError: 'A mandatory field is empty; one message per field.',
  LinkValidationError: 'A Link field names a document that does not exist.',
  CancelledLinkError: 'A Link field names a cancelled document.',
  LinkExistsError: 'Other documents point at the one to be deleted or cancelled.',
  TimestampMismatchError: 'The document has changed since the client read it (`modified` differs).',
  UpdateAfterSubmitError: 'A field of a submitted document may not be changed.',
  DocstatusTransitionError: 'The document cannot go from its state to the one asked for.',
  CannotChangeConstantError: 'A field that is set only once has a value already.',
  CharacterLengthExceededError: 'A text is longer than its field takes.',
  NonNegativeError: 'A number below zero in a field that takes none.',
  UniqueValidationError: 'Another document holds the same value in a unique field.',
  InvalidNameError: 'The name of a document cannot be used.',
  InvalidEmailAddressError: 'A text is not an email address.',
  InvalidPhoneNumberError: 'A text is not a phone number.',
  InvalidNamingSeriesError: 'A naming series cannot be read or is not among the choices.',
  InvalidUUIDValue: 'A name is not a UUID where the DocType asks for one.',
  NestedSetRecursionError: 'A node of a tree would become its own ancestor.',
  FrappeTypeError: 'An argument of a method has the wrong type.',
  CSRFTokenError: 'An unsafe request of a cookie session carries no valid CSRF token.',
  InvalidAuthorizationToken: 'The `Authorization` header cannot be decoded.',
  AuthenticationError: 'Wrong credentials, or none where a login is needed.',
  PermissionError: 'The user may not do this.',
  DoesNotExistError: 'No such DocType, document or route.',
  MethodNotAllowedError: 'The path exists but does not take this verb; `Allow` lists those it does.',
  NameError: 'The name breaks the naming rules of the DocType.',
  DuplicateEntryError: 'A document of this name exists.',
  PayloadTooLargeError: 'The body is larger than `BODY_LIMIT`.',
  UnsupportedMediaType: 'The content type or charset of the body cannot be read.',
  TooManyRequestsError: 'Too many requests; `Retry-After` says when to try again.',
  ServiceUnavailableError: 'The database cannot be reached.',
  QueryTimeoutError: 'The database took too long over a query.',
};

function configuration(): string {
  const rows = Object.values(VARIABLES).map(({ env, default: value, kind, doc, secret }) => {
    const name = secret === undefined ? `\`${env}\`` : `\`${env}\` (or \`${env}_FILE\`)`;
    return `| ${name} | ${value === '' ? 'unset' : `\`${value}\``} | ${kind.expected} | ${doc} |`;
  });
  return `${NOTE}

# Configuration

The server is set up through environment variables, read once at the start. A value that cannot be used stops the start
with one line per fault. An empty value counts as unset. Relative paths start at the working directory.

| variable | default | value | meaning |
| --- | --- | --- | --- |
${rows.join('\n')}

A secret can be given in a file instead, for Docker and Kubernetes secrets: \`ADMIN_PASSWORD_FILE=/run/secrets/admin\`.
One line end at the end of the file is dropped. Setting both is an error. A folder of \`DOCTYPES_PATH\` or \`METHODS_PATH\`
that is named must exist; the defaults may be missing.

\`npm start -- --print-config\` prints the values in force, secrets masked.

Source: \`src/config/variables.ts\`.
`;
}

function readmeTable(): string {
  const rows = Object.values(VARIABLES).map(
    ({ env, default: value, doc }) => `| \`${env}\` | ${value === '' ? 'unset' : `\`${value}\``} | ${doc} |`,
  );
  return `| variable | default | meaning |\n| --- | --- | --- |\n${rows.join('\n')}`;
}

interface Described {
  readonly type: string;
  readonly status: number;
  readonly when: string;
}

function described(): Described[] {
  const found: Described[] = [];
  for (const value of Object.values<unknown>({ ...errors })) {
    if (typeof value !== 'function' || value === errors.AppError) continue;
    const made: unknown = Reflect.construct(value, ['']);
    if (!(made instanceof errors.AppError)) continue;
    const when = WHEN[made.type];
    if (when === undefined) throw new Error(`scripts/docs.ts: describe ${made.type} in WHEN`);
    found.push({ type: made.type, status: made.status, when });
  }
  return found.toSorted((a, b) => a.status - b.status || (a.type < b.type ? -1 : 1));
}

function errorPage(): string {
  const rows = described().map(({ type, status, when }) => `| ${status} | \`${type}\` | ${when} |`);
  return `${NOTE}

# Errors

Every failure is answered as JSON. \`exc_type\` names it; the names and statuses are Frappe's. \`exception\` is the name with
its message, \`_server_messages\` the messages for the user (a JSON list in a string, each a JSON object in a string) and
\`exc\` a trace (a JSON list in a string). \`exc\` is never empty, because some clients recognise a failure by it alone. Traces
hold no file paths unless \`SHOW_TRACEBACK\` is on.

| status | \`exc_type\` | when |
| --: | --- | --- |
${rows.join('\n')}
| 500 | other | A fault of the server. The message tells nothing but the request id, under which the log has the cause. |

Source: \`src/errors/errors.ts\`.
`;
}

const BEGIN = '<!-- variables: written by `npm run docs` -->';
const END = '<!-- /variables -->';

function withTable(readme: string): string {
  const begin = readme.indexOf(BEGIN);
  const end = readme.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`README.md lacks ${BEGIN} … ${END}`);
  return `${readme.slice(0, begin + BEGIN.length)}\n\n${readmeTable()}\n\n${readme.slice(end)}`;
}

/** Each derived document by its path, as it should read. */
export async function derivedDocuments(): Promise<ReadonlyMap<string, string>> {
  const readme = await readFile(new URL('README.md', ROOT), 'utf8');
  const drafts = new Map([
    ['README.md', withTable(readme)],
    ['docs/configuration.md', configuration()],
    ['docs/errors.md', errorPage()],
  ]);
  const formatted = [...drafts].map(async ([path, text]): Promise<[string, string]> => {
    const filepath = fileURLToPath(new URL(path, ROOT));
    return [path, await format(text, { ...(await resolveConfig(filepath)), filepath })];
  });
  return new Map(await Promise.all(formatted));
}

async function main(check: boolean): Promise<number> {
  let stale = 0;
  for (const [path, text] of await derivedDocuments()) {
    const url = new URL(path, ROOT);
    const current = await readFile(url, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '';
      throw error;
    });
    if (current === text) continue;
    if (check) {
      stale += 1;
      console.error(`${path} is stale; npm run docs writes it`);
    } else {
      await writeFile(url, text);
      console.log(`wrote ${path}`);
    }
  }
  return stale === 0 ? 0 : 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.exitCode = await main(process.argv.includes('--check'));
}
