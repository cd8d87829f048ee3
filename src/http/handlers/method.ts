// /api/method and cmd=: hands a call to rpc/ and renders what comes back, session cookies included.
import { invoke, type RpcServices } from '../../rpc/invoke.ts';
import { commandOf, parametersOf } from '../params.ts';
import { clearSessionCookies, sendJson, setSessionCookies, withMessages } from '../respond.ts';
import type { Handler, HttpContext } from '../state.ts';

export interface MethodHandlers {
  /** The name is in the path; what follows a slash after it is ignored. */
  readonly byPath: Handler;
  /** The name is the parameter `cmd`; without one, the page that says what this service is. */
  readonly byCommand: Handler;
}

const ABOUT = {
  service: 'Doctype Server',
  resources: '/api/resource/{doctype}',
  methods: '/api/method/{name}',
  health: '/healthz',
  docs: 'docs/rest-api.md in the source of this service',
};

export function createMethodHandlers(services: RpcServices): MethodHandlers {
  return {
    byPath: (ctx) => run(services, ctx, (ctx.params['name'] ?? '').split('/')[0] ?? ''),
    async byCommand(ctx) {
      const command = commandOf(ctx.state.input);
      if (command === '') sendJson(ctx, 200, ABOUT);
      else await run(services, ctx, command);
    },
  };
}

async function run(services: RpcServices, ctx: HttpContext, name: string): Promise<void> {
  const { input, principal, response } = ctx.state;
  const request = { verb: ctx.method, ip: ctx.ip };
  const invocation = { name, args: parametersOf(input), principal, request, response };
  const { result, messages } = await invoke(services, invocation);
  if (response.session?.kind === 'started') setSessionCookies(ctx, response.session.session);
  if (response.session?.kind === 'ended') clearSessionCookies(ctx);
  ctx.set(response.headers);
  const body = result === undefined ? response.body : { ...response.body, message: result };
  sendJson(ctx, response.status ?? 200, withMessages(body, messages));
}
