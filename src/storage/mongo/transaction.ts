// A batch on a server with transactions: all of it or nothing, even if the server dies.
import type { TransactionOptions } from 'mongodb';
import { StoreUnavailable } from '../errors.ts';
import type { Write } from '../store.ts';
import type { Context } from './context.ts';
import { translated } from './failures.ts';
import { applyWrite } from './writes.ts';

/** Enough for a hot document; each attempt means that somebody else's transaction got through. */
const ATTEMPTS = 30;

/** @throws DuplicateKey, WriteConflict, StoreUnavailable */
export async function commitInTransaction(context: Context, batch: readonly Write[]): Promise<void> {
  const options: TransactionOptions = {
    readConcern: { level: 'snapshot' },
    // The database's own: majority and journal, unless the URI says otherwise.
    writeConcern: context.db.writeConcern ?? { w: 'majority', journal: true },
    readPreference: 'primary',
    maxCommitTimeMS: context.maxTimeMs,
  };
  const session = context.client.startSession();
  let attempts = 0;
  try {
    await translated(() =>
      session.withTransaction(async () => {
        attempts += 1;
        if (attempts > ATTEMPTS) throw new StoreUnavailable('MongoDB is too busy to finish a transaction');
        for (const write of batch) await applyWrite(context, write, { session });
      }, options),
    );
  } finally {
    await session.endSession();
  }
}
