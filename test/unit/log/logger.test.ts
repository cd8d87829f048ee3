import { describe, expect, it } from 'vitest';
import { createLogger, type LogLevel } from '../../../src/log/logger.ts';

function recorded(level: LogLevel = 'debug') {
  const lines: string[] = [];
  const log = createLogger({ level, write: (line) => lines.push(line) });
  const entries = (): Record<string, unknown>[] =>
    lines.map((line): Record<string, unknown> => JSON.parse(line));
  return { log, lines, entries };
}

describe('the log', () => {
  it('writes one JSON line per event, with level, time and message', () => {
    const { log, lines, entries } = recorded();
    log.info({ status: 200 }, 'answered');
    expect(lines).toHaveLength(1);
    expect(lines[0]?.endsWith('\n')).toBe(true);
    expect(entries()[0]).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      status: 200,
      message: 'answered',
    });
  });

  it('leaves out what is below its level', () => {
    const { log, entries } = recorded('warn');
    log.debug({}, 'a');
    log.info({}, 'b');
    log.warn({}, 'c');
    log.error({}, 'd');
    expect(entries().map((entry) => entry['message'])).toEqual(['c', 'd']);
  });

  it('hides secrets by key at any depth, whatever the spelling', () => {
    const { log, lines } = recorded();
    const secret = 'hunter2';
    log.info(
      {
        headers: { Authorization: secret, Cookie: secret, 'X-Frappe-CSRF-Token': secret, accept: 'json' },
        body: { usr: 'jane', pwd: secret, rows: [{ new_password: secret }] },
        api_secret: secret,
        sid: secret,
      },
      'request',
    );
    expect(lines[0]).not.toContain(secret);
    expect(lines[0]).toContain('jane');
    expect(lines[0]).toContain('"accept":"json"');
  });

  it('masks credentials in connection strings, in errors too', () => {
    const { log, lines, entries } = recorded();
    log.error({ err: new Error('no answer from mongodb://root:hun@ter2@db:27017/x') }, 'gone');
    expect(lines[0]).not.toContain('ter2');
    expect(entries()[0]).toMatchObject({
      err: { type: 'Error', message: 'no answer from mongodb://***@db:27017/x' },
    });
  });

  it('writes the causes of an error', () => {
    const { log, entries } = recorded();
    log.error({ err: new TypeError('outer', { cause: new Error('inner') }) }, 'failed');
    expect(entries()[0]).toMatchObject({ err: { type: 'TypeError', cause: { message: 'inner' } } });
  });

  it('survives circular values', () => {
    const { log, entries } = recorded();
    const loop: Record<string, unknown> = { a: 1 };
    loop['self'] = loop;
    log.info({ loop, big: 10n }, 'odd');
    expect(entries()[0]).toMatchObject({ loop: { a: 1 }, big: '10' });
  });

  it('gives children that add their fields, redacted as well', () => {
    const { log, entries } = recorded();
    log.child({ request: 'r1', token: 'x' }).child({ user: 'jane' }).warn({ n: 1 }, 'hm');
    expect(entries()[0]).toMatchObject({ request: 'r1', user: 'jane', n: 1, token: '[redacted]' });
  });
});
