// What a principal may do with a DocType, from its permission rules. Pure. No rule means no access.
import type { Field, Meta, Right } from '../doctypes/meta.ts';
import type { Principal } from './principal.ts';
import { isAdministrator } from './principal.ts';

/** `owner`: only with documents the principal owns. */
export type Grant = 'all' | 'owner' | 'none';

export interface Access {
  grant(right: Right): Grant;
  mayRead(field: Field): boolean;
  mayWrite(field: Field): boolean;
}

const FULL: Access = { grant: () => 'all', mayRead: () => true, mayWrite: () => true };

/** Rights that mean nothing unless documents of the DocType can be submitted. */
const SUBMITTABLE_ONLY: ReadonlySet<Right> = new Set(['submit', 'cancel', 'amend']);

/**
 * Only rules of permlevel 0 give rights to documents; higher levels open fields (reference §3.11).
 * `create` given by an if_owner rule is not owner-limited: the author will own the document.
 */
export function accessTo(meta: Meta, principal: Principal): Access {
  if (isAdministrator(principal)) return FULL;
  const rules = meta.permissions.filter((rule) => principal.roles.has(rule.role));
  const grants = new Map<Right, Grant>();
  const readLevels = new Set<number>();
  const writeLevels = new Set<number>();
  for (const rule of rules) {
    if (rule.rights.has('read') || rule.rights.has('select')) readLevels.add(rule.permlevel);
    if (rule.rights.has('write') || rule.rights.has('create')) writeLevels.add(rule.permlevel);
    if (rule.permlevel > 0) continue;
    for (const right of rule.rights) {
      if (SUBMITTABLE_ONLY.has(right) && !meta.isSubmittable) continue;
      const limited = rule.ifOwner && right !== 'create';
      if (!limited || !grants.has(right)) grants.set(right, limited ? 'owner' : 'all');
    }
  }
  return {
    grant: (right) => grants.get(right) ?? 'none',
    mayRead: (field) => readLevels.has(field.permlevel),
    mayWrite: (field) => writeLevels.has(field.permlevel),
  };
}
