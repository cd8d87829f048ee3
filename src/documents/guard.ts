// The questions every operation asks first: is there such a DocType, and may this caller do that with it?
import type { Access } from '../access/permissions.ts';
import { accessTo } from '../access/permissions.ts';
import type { Meta, Right } from '../doctypes/meta.ts';
import { DoesNotExistError, PermissionError } from '../errors/errors.ts';
import type { Json } from '../util/json.ts';
import type { Call } from './call.ts';
import { textOf } from './draft.ts';

/**
 * An unknown DocType is a missing document of DocType `DocType`: who may not read those is told nothing.
 * @throws DoesNotExistError, PermissionError
 */
export function metaOf(call: Call, doctype: string): Meta {
  const meta = call.registry.find(doctype);
  if (meta) return meta;
  const definitions = call.registry.find('DocType');
  if (definitions && accessTo(definitions, call.principal).grant('read') === 'none') {
    throw refusal('read', doctype);
  }
  throw new DoesNotExistError(`DocType ${doctype} not found`);
}

/** @throws PermissionError when no rule gives the right, not even for one's own documents */
export function accessFor(call: Call, meta: Meta, right: Right): Access {
  const access = accessTo(meta, call.principal);
  if (access.grant(right) === 'none') throw refusal(right, meta.name);
  return access;
}

/** @throws PermissionError when the right does not reach this document */
export function checkDocument(
  call: Call,
  access: Access,
  right: Right,
  doc: { readonly doctype: string; readonly name: Json; readonly owner: Json },
): void {
  const grant = access.grant(right);
  if (grant === 'all') return;
  if (grant === 'owner' && doc.owner === call.principal.user) return;
  throw refusal(right, `${doc.doctype} ${textOf(doc.name)}`);
}

export const missing = (doctype: string, name: string | number): DoesNotExistError =>
  new DoesNotExistError(`${doctype} ${name} not found`);

const refusal = (right: Right, what: string): PermissionError =>
  new PermissionError(`You need the '${right}' permission on ${what} to perform this action.`, {
    title: 'Not Permitted',
  });
