// A writer is killed in the middle of its work, again and again on one file: what it was told is there, whole, and
// nothing is there in part.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ALL } from '../../../src/storage/query.ts';
import { otherConnection, temporaryFile, temporaryStore } from './temporary.ts';

const WRITER = join(import.meta.dirname, 'crash-writer.ts');
const ROUNDS = 4;

/** Runs the writer until it has acknowledged some batches, kills it, and gives all that it has acknowledged. */
function killedAfter(acknowledged: number, file: string, first: number): Promise<number[]> {
  const child = spawn(process.execPath, ['--import', 'tsx', WRITER, file, String(first)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    if (output.split('\n').length > acknowledged) child.kill('SIGKILL');
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (signal !== 'SIGKILL') reject(new Error(`the writer ended with ${code}: ${errors}`));
      // A line that was cut off says nothing.
      else resolve(output.split('\n').slice(0, -1).map(Number));
    });
  });
}

it('a killed writer loses nothing it was promised, and leaves no half of a batch', async () => {
  const file = temporaryFile();
  const promised: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const acknowledged = 20 + Math.floor(Math.random() * 400);
    promised.push(...(await killedAfter(acknowledged, file, round * 1_000_000)));
    const { store } = await temporaryStore([], { file });
    const found = [
      ...(await store.find('Left', ALL)),
      ...(await store.find('Right', { name: { $ne: 'last' } })),
    ];
    const names = new Set(found.map((doc) => doc.name));
    const batches = new Set(found.map((doc) => Number(doc['batch'])));
    expect(promised.filter((batch) => !batches.has(batch))).toEqual([]);
    for (const batch of batches) {
      expect(
        [1, 2, 3].filter((part) => names.has(`${batch}-${part}`)),
        `batch ${batch}`,
      ).toEqual([1, 2, 3]);
    }
    const connection = await otherConnection(file);
    expect(connection.get('PRAGMA integrity_check')).toMatchObject({ integrity_check: 'ok' });
    expect(connection.get('SELECT count(*) AS n FROM "Left(tags) elements"')).toMatchObject({
      n: batches.size * 2,
    });
    await store.close();
  }
  expect(promised.length).toBeGreaterThan(20 * ROUNDS);
});
