// /api/method/login, also as cmd=login: opens a session. The http layer sends its cookies.
import { AuthenticationError, whitelist } from '../plugin.ts';

interface LoginArguments {
  readonly usr: string;
  readonly pwd: string;
}

export const login = whitelist<LoginArguments>(
  {
    allow_guest: true,
    methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    commit_on_get: true,
    params: {
      type: 'object',
      properties: { usr: { type: 'string', default: '' }, pwd: { type: 'string', default: '' } },
    },
  },
  async ({ usr, pwd }, { auth, call, response, site }) => {
    const session = await auth.logIn(call.work, usr, pwd).catch((error: unknown) => {
      // Clients look for the reason of a refusal under `message`.
      if (error instanceof AuthenticationError) response.body['message'] = error.message;
      throw error;
    });
    response.session = { kind: 'started', session };
    Object.assign(response.body, {
      message: 'Logged In',
      home_page: site.homePage,
      full_name: session.user.fullName,
      dashboard_route: site.dashboardRoute,
    });
  },
);
