// frappe.core.doctype.user.user: what can be done with a user besides reading and writing the document.
import { isAdministrator } from '../../../../../access/principal.ts';
import { PermissionError, whitelist } from '../../../../../plugin.ts';

export const generate_keys = whitelist<{ readonly user: string }>(
  {
    methods: ['POST', 'PUT'],
    retry: true,
    params: { type: 'object', properties: { user: { type: 'string' } }, required: ['user'] },
  },
  async ({ user }, ctx) => {
    const { principal } = ctx;
    if (!isAdministrator(principal) && !principal.roles.has('System Manager')) {
      throw new PermissionError('Only a System Manager may generate API keys');
    }
    // Refuses users whom the caller may not read or who do not exist.
    await ctx.getDoc('User', user);
    const { apiKey, apiSecret } = await ctx.auth.issueKeys(ctx.call.work, user);
    // Saved so that the document shows its key: the User controller copies it there.
    await ctx.save({ doctype: 'User', name: user });
    return { api_key: apiKey, api_secret: apiSecret };
  },
);
