// /api/method/logout: ends the caller's session, if there is one. The http layer deletes its cookies.
import { whitelist } from '../plugin.ts';

export const logout = whitelist(
  { allow_guest: true, methods: ['GET', 'POST'], commit_on_get: true },
  (_args, { auth, call, principal, response }) => {
    if (principal.sid !== undefined) auth.logOut(call.work, principal.sid);
    response.session = { kind: 'ended' };
  },
);
