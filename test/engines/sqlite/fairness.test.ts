// What one caller must not do to the others: hold the event loop by writing on and on, or spoil a list by a value.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { temporaryStore } from './temporary.ts';

const ITEM = { name: 'Item', indexes: [], elementIndexes: [] };

it('a caller that writes without a pause leaves everything else its turn', async () => {
  const { store } = await temporaryStore([ITEM]);
  const progress = { written: 0, turns: 0, done: false };
  const writing = (async () => {
    while (progress.written < 200) {
      await store.commit([{ kind: 'put', collection: 'Item', doc: { name: 'a', at: progress.written } }]);
      progress.written += 1;
    }
    progress.done = true;
  })();
  while (!progress.done) {
    await nextTurn();
    progress.turns += 1;
  }
  await writing;
  expect(progress.turns).toBeGreaterThanOrEqual(100);
});

it('an integer beyond 2^53 matches no pattern, and harms no query that meets it', async () => {
  const { store } = await temporaryStore([ITEM]);
  await store.commit([
    { kind: 'insert', collection: 'Item', doc: { name: 'big', f: 2 ** 60, list: [2 ** 60, 'a1'] } },
    { kind: 'insert', collection: 'Item', doc: { name: 'text', f: 'a1' } },
  ]);
  expect(await store.find('Item', { f: { $like: '%1%' } }, { fields: ['name'] })).toEqual([{ name: 'text' }]);
  expect(await store.count('Item', { list: { $elemMatch: { $like: 'a%' } } })).toBe(1);
});

it('a unique index is refused over integers beyond 2^53 that collide, like over any value', async () => {
  const { store } = await temporaryStore([ITEM]);
  await store.commit(
    ['a', 'b'].map((name) => ({ kind: 'insert', collection: 'Item', doc: { name, code: 2 ** 60 } })),
  );
  const indexes = [{ fields: [['code', 'asc']], unique: true }] as const;
  const { refused } = await store.ensure([{ ...ITEM, indexes }]);
  expect(refused).toHaveLength(1);
  expect(refused[0]?.reason).toContain('2 documents have the same code');
});
