// Reads one document.
import { accessFor, checkDocument, metaOf, missing } from './guard.ts';
import { ValidationError } from '../errors/errors.ts';
import type { Call } from './call.ts';
import type { DraftDoc } from './controller.ts';
import { applyDefaults } from './defaults.ts';
import { loadStored } from './load.ts';
import type { DocRef, WireDoc } from './requests.ts';
import { toDraftDoc, toStored, toWire } from './shape.ts';

/**
 * A Single that was never saved reads as its defaults.
 * @throws DoesNotExistError, PermissionError
 */
export async function getDoc(call: Call, { doctype, name }: DocRef): Promise<WireDoc> {
  const meta = metaOf(call, doctype);
  if (meta.isTable) {
    throw new ValidationError(
      `${doctype} is a child DocType: its rows are read through their parent document`,
    );
  }
  const access = accessFor(call, meta, 'read');
  const doc = await loadStored(call, meta, name);
  if (doc) {
    checkDocument(call, access, 'read', { doctype, name, owner: doc['owner'] ?? null });
    return toWire(call.registry, { meta, access }, doc);
  }
  if (!meta.isSingle) throw missing(doctype, name);
  const draft: DraftDoc = { ...toDraftDoc(meta, { name: meta.name }), docstatus: 0, idx: 0 };
  for (const field of meta.fields) if (field.fieldtype === 'Select') draft[field.fieldname] = null;
  await applyDefaults(call, meta, draft);
  return toWire(call.registry, { meta, access }, toStored(call.registry, meta, draft));
}
