// /api/method/ping: says that the service answers requests.
import { whitelist } from '../plugin.ts';

export const ping = whitelist({ allow_guest: true }, () => 'pong');
