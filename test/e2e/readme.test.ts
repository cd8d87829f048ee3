// The commands and files of README.md, run as they stand there.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT, startServer, tempFolder, type Server } from '../support/process.ts';

const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
const folder = tempFolder();
const doctypes = join(folder.path, 'doctypes');
let server: Server;
let url: string;

/** The code block after an HTML comment. */
function block(comment: string): string {
  const rest = readme.slice(readme.indexOf(`<!-- ${comment} -->`));
  return /^```\w+\n([\s\S]*?)^```$/m.exec(rest)?.[1] ?? '';
}

/** Runs the calls of the README, and more after them, as one shell session; gives each line that was printed. */
function shell(script: string): unknown[] {
  const { stdout, stderr, status } = spawnSync('bash', ['--norc', '-eu', '-o', 'pipefail', '-c', script], {
    cwd: folder.path,
    encoding: 'utf8',
    // An interactive profile of the machine's has no say in what the README prints.
    env: { ...process.env, BASH_ENV: '' },
  });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return stdout
    .split(/\n(?=\{)|(?<=\})(?=\{)/)
    .filter((line) => line.trim() !== '')
    .map((line): unknown => JSON.parse(line));
}

beforeAll(async () => {
  mkdirSync(doctypes);
  for (const [, file = ''] of readme.matchAll(/<!-- doctype: (\S+) -->/g)) {
    writeFileSync(join(doctypes, file), block(`doctype: ${file}`));
  }
  server = startServer({
    ADMIN_PASSWORD: 'admin',
    DATA_DIR: join(folder.path, 'data'),
    DOCTYPES_PATH: `${join(ROOT, 'doctypes')}:${doctypes}`,
  });
  url = await server.url();
});
afterAll(async () => {
  server.child.kill('SIGTERM');
  await server.ended;
  folder.remove();
});

describe('the README', () => {
  it('has calls that can be pasted one after another', () => {
    const calls = block('calls').replace('http://127.0.0.1:8000', url);
    expect(calls).toContain(url);
    const [login, list, updated, read, removed] = shell(calls);
    expect(login).toMatchObject({ message: 'Logged In', full_name: 'Administrator', home_page: '/app' });
    expect(list).toEqual({
      data: [{ name: expect.any(String), description: 'Write to Ada', status: 'Open' }],
    });
    expect(updated).toMatchObject({ data: { status: 'Closed', priority: 'High' } });
    expect(read).toEqual(updated);
    expect(removed).toEqual({ message: 'ok' });
  });

  it('has DocTypes of both dialects that are served', () => {
    const post = (doctype: string, body: string): string =>
      `curl -s -b cookies.txt "${url}/api/resource/${doctype}" -H 'Content-Type: application/json' -d '${body}'`;
    const login = `curl -s -o /dev/null -c cookies.txt "${url}/api/method/login" -d usr=Administrator -d pwd=admin`;
    const [book, shelf, author, website] = shell(
      [
        login,
        post('Book', '{"title": "Notes", "pages": 66, "shelf": "Science"}'),
        post('Book', '{"title": "Other", "shelf": "Attic"}'),
        post('Author', '{"full_name": "Ada Lovelace", "born": "1815-12-10"}'),
        post('Author', '{"full_name": "Nobody", "website": "not a link"}'),
      ].join('\n'),
    );
    expect(book).toMatchObject({ data: { name: 'Notes', pages: 66, doctype: 'Book' } });
    expect(shelf).toMatchObject({ exc_type: 'ValidationError' });
    expect(author).toMatchObject({ data: { name: 'Ada Lovelace', born: '1815-12-10' } });
    expect(website).toMatchObject({ exc_type: 'ValidationError' });
  });
});
