// A process to be killed: writes batches as fast as it can, several at once, and prints the number of each batch when
// it is acknowledged.
import { openSqliteStore } from '../../../src/storage/sqlite/store.ts';

const [file = '', first = '0'] = process.argv.slice(2);
const store = await openSqliteStore({ file });
await store.ensure([
  { name: 'Left', indexes: [{ fields: [['batch', 'asc']] }], elementIndexes: ['tags'] },
  { name: 'Right', indexes: [], elementIndexes: [] },
]);

let next = Number(first);

async function write(): Promise<never> {
  for (;;) {
    const batch = next;
    next += 1;
    const filler = 'x'.repeat((batch * 37) % 3000);
    await store.commit([
      { kind: 'insert', collection: 'Left', doc: { name: `${batch}-1`, batch, tags: [`t${batch}`], filler } },
      { kind: 'insert', collection: 'Right', doc: { name: `${batch}-2`, batch, filler } },
      { kind: 'insert', collection: 'Left', doc: { name: `${batch}-3`, batch, tags: [`t${batch}`] } },
      { kind: 'put', collection: 'Right', doc: { name: 'last', batch } },
    ]);
    process.stdout.write(`${batch}\n`);
  }
}

await Promise.all(Array.from({ length: 8 }, write));
