// Which documents a right reaches, as a query to be and'ed with the client's own. Pure.
import type { Right } from '../doctypes/meta.ts';
import type { Query } from '../storage/query.ts';
import { ALL, NONE } from '../storage/query.ts';
import type { Access } from './permissions.ts';
import type { Principal } from './principal.ts';

export function scopeOf(access: Access, right: Right, principal: Principal): Query {
  switch (access.grant(right)) {
    case 'all':
      return ALL;
    case 'owner':
      return { owner: { $eq: principal.user } };
    case 'none':
      return NONE;
  }
}
