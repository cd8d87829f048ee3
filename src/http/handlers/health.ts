// /healthz: whether the service can reach its database. Asks for no credentials and tells no details.
import type { Logger } from '../../log/logger.ts';
import { StoreUnavailable } from '../../storage/errors.ts';
import type { Store } from '../../storage/store.ts';
import { sendJson } from '../respond.ts';
import type { Handler } from '../state.ts';

export function createHealthHandler(store: Store, log: Logger): Handler {
  return async (ctx) => {
    try {
      await store.ping();
      sendJson(ctx, 200, { status: 'ok' });
    } catch (err) {
      if (!(err instanceof StoreUnavailable)) throw err;
      log.warn({ err }, 'the database does not answer');
      sendJson(ctx, 503, { status: 'unavailable' });
    }
  };
}
