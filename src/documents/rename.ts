// Gives a document another name; every link to it follows, in the same commit (reference §5.6).
import type { LinkSource } from '../doctypes/registry.ts';
import type { Meta } from '../doctypes/meta.ts';
import { ValidationError } from '../errors/errors.ts';
import { accessTo } from '../access/permissions.ts';
import type { Doc } from '../storage/store.ts';
import type { Json } from '../util/json.ts';
import { dynamicQuery, linkQuery } from './back-links.ts';
import type { Call } from './call.ts';
import type { Draft } from './draft.ts';
import { isRecord, rowsOf, textOf } from './draft.ts';
import { accessFor, metaOf } from './guard.ts';
import { runHook } from './lifecycle.ts';
import { loadStored } from './load.ts';
import { checkName } from './naming.ts';
import { forgetPasswords, renamePasswords } from './passwords.ts';
import type { RenameRequest } from './requests.ts';
import { ANCESTORS, toDraftDoc } from './shape.ts';
import { ancestorsOf, checkLeaf, descendantsOf } from './tree.ts';

/**
 * With `merge` the document of the new name exists and takes over the links; the old one is deleted.
 * @returns the new name
 * @throws ValidationError, NameError, PermissionError
 */
export async function renameDoc(call: Call, request: RenameRequest): Promise<string> {
  const { doctype, oldName, merge = false } = request;
  const meta = metaOf(call, doctype);
  accessFor(call, meta, 'write');
  const before = await loadStored(call, meta, oldName);
  const newName = await checkRename(call, meta, { before, request });
  if (!before)
    throw new ValidationError(`Can't rename ${oldName} to ${newName} because ${oldName} doesn't exist.`);

  const draft: Draft = { meta, before, doc: toDraftDoc(meta, before) };
  await runHook(call, draft, 'before_rename');
  if (merge) await removeMerged(call, meta, before);
  else await moveDocument(call, meta, { before, newName });
  await repoint(call, meta, { oldName: before.name, newName });
  draft.doc.name = newName;
  await runHook(call, draft, 'after_rename');
  return newName;
}

interface Checking {
  readonly before: Doc | undefined;
  readonly request: RenameRequest;
}

async function checkRename(call: Call, meta: Meta, { before, request }: Checking): Promise<string> {
  const { oldName, newName, merge } = request;
  if (!before)
    throw new ValidationError(`Can't rename ${oldName} to ${newName} because ${oldName} doesn't exist.`);
  const name = newName.trim();
  if (name === String(oldName)) {
    throw new ValidationError('No changes made because old and new name are the same.');
  }
  const grant = accessTo(meta, call.principal).grant('write');
  if (grant === 'owner' && before['owner'] !== call.principal.user) {
    throw new ValidationError(`You need write permission on ${meta.name} ${oldName} to rename`);
  }
  const fixed = meta.isSingle || meta.isTable || meta.autoname.toLowerCase() === 'autoincrement';
  if (!meta.allowRename || fixed) throw new ValidationError(`${meta.name} not allowed to be renamed`);
  const target = await loadStored(call, meta, name);
  if (merge && !target) {
    throw new ValidationError(`${meta.name} ${name} does not exist, select a new target to merge`);
  }
  if (!merge && target) {
    throw new ValidationError(`Another ${meta.name} with name ${name} exists, select another name`);
  }
  return checkName(meta, name);
}

async function moveDocument(
  call: Call,
  meta: Meta,
  { before, newName }: { before: Doc; newName: string },
): Promise<void> {
  const doc: Record<string, Json> & { name: string } = { ...before, name: newName };
  if (meta.autoname.startsWith('field:')) doc[meta.autoname.slice(6)] = newName;
  for (const table of meta.tables)
    doc[table.fieldname] = rowsOf(before, table).map((row) => ({ ...row, parent: newName }));
  call.work.remove(meta.collection, before.name, textOf(before['modified']));
  call.work.insert(meta.collection, doc);
  await renamePasswords(call, meta, [before.name, newName]);
  if (meta.isTree) await renameInTree(call, meta, { oldName: String(before.name), newName });
}

async function removeMerged(call: Call, meta: Meta, before: Doc): Promise<void> {
  await checkLeaf(call, meta, before);
  forgetPasswords(call, meta, before.name);
  call.work.remove(meta.collection, before.name, textOf(before['modified']));
}

interface Names {
  readonly oldName: string | number;
  readonly newName: string;
}

async function renameInTree(call: Call, meta: Meta, { oldName, newName }: Names): Promise<void> {
  for (const node of await descendantsOf(call, meta, String(oldName))) {
    const path = ancestorsOf(node).map((name) => (name === oldName ? newName : name));
    call.work.replace(meta.collection, { ...node, [ANCESTORS]: path }, textOf(node['modified']));
  }
}

/** Links follow without touching `modified`: nothing was edited. */
async function repoint(call: Call, meta: Meta, { oldName, newName }: Names): Promise<void> {
  for (const source of call.registry.linksTo(meta.name)) {
    const query = linkQuery(source, oldName);
    await rewrite(call, source, query, (row) => replaced(row, source.field.fieldname, { oldName, newName }));
  }
  for (const source of call.registry.dynamicLinks) {
    const query = dynamicQuery(source, meta.name, oldName);
    await rewrite(call, source, query, (row) =>
      row[source.field.options] === meta.name
        ? replaced(row, source.field.fieldname, { oldName, newName })
        : row,
    );
  }
}

type Row = Readonly<Record<string, Json>>;

const replaced = (row: Row, fieldname: string, { oldName, newName }: Names): Row =>
  row[fieldname] === String(oldName) ? { ...row, [fieldname]: newName } : row;

async function rewrite(
  call: Call,
  source: LinkSource,
  query: Parameters<Call['work']['find']>[1],
  change: (row: Row) => Row,
): Promise<void> {
  for (const doc of await call.work.find(source.meta.collection, query)) {
    if (source.meta.isSingle && doc.name !== source.meta.name) continue;
    const { table } = source;
    const rows = table && doc[table.fieldname];
    const changed =
      table && Array.isArray(rows)
        ? { ...doc, [table.fieldname]: rows.map((row: Json) => (isRecord(row) ? change(row) : row)) }
        : { ...change(doc), name: doc.name };
    call.work.replace(source.meta.collection, changed, textOf(doc['modified']));
  }
}
