// What a method may say besides its result. Rendering it, cookies included, is http/'s business.
import type { StartedSession } from '../auth/login.ts';
import type { Json } from '../util/json.ts';

export type SessionChange =
  { readonly kind: 'started'; readonly session: StartedSession } | { readonly kind: 'ended' };

export interface MethodResponse {
  /** Status of a successful answer; 200 unless set. */
  status: number | undefined;
  readonly headers: Record<string, string>;
  /** Further keys beside `message`; they are sent with an error, too. */
  readonly body: Record<string, Json>;
  /** Sent as cookies when the call succeeds. */
  session: SessionChange | undefined;
}

export const createResponse = (): MethodResponse => ({
  status: undefined,
  headers: {},
  body: {},
  session: undefined,
});

/** A call that is run again starts with nothing said. */
export function resetResponse(response: MethodResponse): void {
  response.status = undefined;
  response.session = undefined;
  for (const name of Object.keys(response.headers)) delete response.headers[name];
  for (const name of Object.keys(response.body)) delete response.body[name];
}
