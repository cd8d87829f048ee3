// Named counters, one document each in `_series`. They live outside transactions: a number is never given twice.
import { isDuplicate } from './failures.ts';
import type { Context, InSession } from './context.ts';
import type { Collection } from 'mongodb';

const COUNTERS = '_series';
const RACES = 5;

interface Counter {
  readonly _id: string;
  readonly value: number;
}

export async function incrementCounter(context: Context, counter: string, by: number): Promise<number> {
  const stored = await upserting(() =>
    counters(context).findOneAndUpdate(
      { _id: counter },
      { $inc: { value: by } },
      { upsert: true, returnDocument: 'after', maxTimeMS: context.maxTimeMs },
    ),
  );
  if (stored === null) throw new Error(`counter ${counter} gave no value`);
  return stored.value;
}

export async function raiseCounter(context: Context, counter: string, value: number): Promise<void> {
  await upserting(() => counters(context).updateOne({ _id: counter }, { $max: { value } }, { upsert: true }));
}

export async function releaseCounter(
  context: Context,
  release: { readonly counter: string; readonly value: number },
  options: InSession,
): Promise<void> {
  const { counter, value } = release;
  await counters(context).updateOne({ _id: counter, value }, { $inc: { value: -1 } }, options);
}

function counters(context: Context): Collection<Counter> {
  return context.db.collection<Counter>(COUNTERS);
}

/** Two first uses of a counter may both try to insert it; the loser tries again and finds it. */
async function upserting<T>(operation: () => Promise<T>): Promise<T> {
  for (let race = 1; ; race += 1) {
    try {
      return await operation();
    } catch (error) {
      if (!isDuplicate(error) || race === RACES) throw error;
    }
  }
}
