// Trees: every node keeps its ancestors (root first), so that a subtree is one indexed look-up.
// Changes to one tree are put in order by a token that every change replaces: two moves can never make a circle.
import type { Meta } from '../doctypes/meta.ts';
import { NestedSetRecursionError, ValidationError } from '../errors/errors.ts';
import type { Doc, CollectionSpec } from '../storage/store.ts';
import type { Call } from './call.ts';
import type { Draft } from './draft.ts';
import { textOf } from './draft.ts';
import { loadStored } from './load.ts';
import { ANCESTORS } from './shape.ts';

/** One token per tree DocType, made at boot. */
export const TREE_TOKENS: CollectionSpec = { name: '_trees', indexes: [], elementIndexes: [] };

export const ancestorsOf = (doc: Doc): string[] => {
  const names = doc[ANCESTORS];
  return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [];
};

/** Names strictly below a node. */
export async function descendantsOf(call: Call, meta: Meta, node: string): Promise<Doc[]> {
  return call.work.find(meta.collection, { [ANCESTORS]: { $elemMatch: { $eq: node } } });
}

/**
 * Sets a draft's ancestors from its parent; when a stored node moves, its subtree moves along.
 * @throws NestedSetRecursionError when a node would stand below itself
 */
export async function placeInTree(call: Call, { meta, doc, before }: Draft): Promise<void> {
  if (!meta.isTree) return;
  const parentName = textOf(doc[meta.parentField]);
  if (before && textOf(before[meta.parentField]) === parentName && before[ANCESTORS] !== undefined) {
    doc[ANCESTORS] = ancestorsOf(before);
    return;
  }
  await takeToken(call, meta);
  const name = String(doc.name);
  const ancestors = await pathOf(call, meta, parentName);
  if (ancestors.includes(name)) {
    throw new NestedSetRecursionError(`${meta.name} ${name} cannot be placed below itself`, {
      details: { field: meta.parentField },
    });
  }
  doc[ANCESTORS] = ancestors;
  if (before) await moveSubtree(call, meta, { name, path: [...ancestors, name] });
}

/** The names from the root down to a node, itself included. */
async function pathOf(call: Call, meta: Meta, name: string): Promise<string[]> {
  if (name === '') return [];
  const parent = await loadStored(call, meta, name);
  return parent ? [...ancestorsOf(parent), name] : [name];
}

async function moveSubtree(
  call: Call,
  meta: Meta,
  { name, path }: { name: string; path: string[] },
): Promise<void> {
  for (const node of await descendantsOf(call, meta, name)) {
    const old = ancestorsOf(node);
    const moved = [...path, ...old.slice(old.indexOf(name) + 1)];
    call.work.replace(meta.collection, { ...node, [ANCESTORS]: moved }, textOf(node['modified']));
  }
}

async function takeToken(call: Call, meta: Meta): Promise<void> {
  const token = await call.work.get(TREE_TOKENS.name, meta.name);
  if (!token) throw new ValidationError(`${meta.name} was not set up as a tree when the server started`);
  call.work.replace(
    TREE_TOKENS.name,
    { name: meta.name, modified: call.clock.now() },
    textOf(token['modified']),
  );
}

/** @throws ValidationError while a node has children */
export async function checkLeaf(call: Call, meta: Meta, doc: Doc): Promise<void> {
  if (!meta.isTree) return;
  await takeToken(call, meta);
  const query = { [meta.parentField]: { $eq: doc.name } };
  if ((await call.work.count(meta.collection, query, 1)) > 0) {
    throw new ValidationError(`Cannot delete ${meta.name} ${doc.name} as it has child nodes`);
  }
}
