// Removes expired documents, a few at a time and behind the writes that wait, so that nobody notices.
import { column } from './compile.ts';
import type { Connection } from './connection.ts';
import { identifier } from './names.ts';
import type { WriteQueue } from './queue.ts';

const PORTION = 200;

/** @throws StoreUnavailable */
export async function sweepExpired(
  queue: WriteQueue,
  connection: Connection,
  tables: Iterable<string>,
  now: number,
): Promise<void> {
  const expiry = column('expiresAt');
  for (const table of tables) {
    const own = identifier(table);
    const expired = `SELECT rowid FROM ${own} WHERE typeof(${expiry}) IN ('integer', 'real') AND ${expiry} <= ?`;
    const portion = `DELETE FROM ${own} WHERE rowid IN (${expired} LIMIT ${PORTION})`;
    while ((await queue.run(() => connection.run(portion, [now]))) === PORTION);
  }
}
