// frappe.auth: who is asking.
import { whitelist } from '../../plugin.ts';

export const get_logged_user = whitelist({}, (_args, { user }) => user);
