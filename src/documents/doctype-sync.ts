// Keeps a document of DocType `DocType` for every definition that was loaded, so that links to DocTypes, lists and
// reads of them work like those of any document. Runs at boot, writes only what differs.
import { createHash } from 'node:crypto';
import type { Meta } from '../doctypes/meta.ts';
import type { Registry } from '../doctypes/registry.ts';
import type { Store, Write } from '../storage/store.ts';
import type { Clock } from '../util/datetime.ts';
import type { Json, JsonObject } from '../util/json.ts';
import { fieldType } from '../doctypes/fieldtypes/index.ts';
import { isTable } from './cast.ts';
import type { DraftDoc } from './controller.ts';
import { isRecord } from './draft.ts';
import { TREE_TOKENS } from './tree.ts';
import { toStored } from './shape.ts';

const DOCTYPE = 'DocType';
const MODULE = 'Module Def';
/** Marks documents that this file wrote; only those are ever removed by it. */
const MARK = 'migration_hash';

interface Sync {
  readonly store: Store;
  readonly registry: Registry;
  readonly clock: Clock;
}

export async function syncDocTypes({ store, registry, clock }: Sync): Promise<void> {
  const meta = registry.find(DOCTYPE);
  const batch: Write[] = [];
  if (meta) {
    const stored = await store.find(meta.collection, { [MARK]: { $gt: '' } }, { fields: [MARK] });
    const marks = new Map(stored.map((doc) => [doc.name, doc[MARK]]));
    for (const one of registry.all) {
      const doc = definitionDoc({ meta, registry, clock }, one);
      if (marks.get(one.name) !== doc[MARK]) batch.push({ kind: 'put', collection: meta.collection, doc });
      marks.delete(one.name);
    }
    const gone = [...marks.keys()];
    if (gone.length > 0)
      batch.push({ kind: 'purge', collection: meta.collection, query: { name: { $in: gone } } });
  }
  batch.push(
    ...(await missingModules({ store, registry, clock })),
    ...(await missingTokens(store, registry)),
  );
  if (batch.length > 0) await store.commit(batch);
}

function definitionDoc(
  { meta, registry, clock }: { meta: Meta; registry: Registry; clock: Clock },
  one: Meta,
) {
  const hash = createHash('sha256')
    .update(JSON.stringify([one.raw, meta.raw]))
    .digest('hex');
  const values: DraftDoc = { ...standard(one.raw, clock), ...known(meta, one.raw), name: one.name };
  values['module'] ??= one.module;
  for (const table of meta.tables) {
    const child = registry.find(table.options);
    const rows = one.raw[table.fieldname];
    values[table.fieldname] =
      child && Array.isArray(rows)
        ? rows
            .filter(isRecord)
            .map((row, index) => definitionRow({ one, child, table: table.fieldname, row, index }))
        : [];
  }
  return { ...toStored(registry, meta, values), [MARK]: hash };
}

interface RowSource {
  readonly one: Meta;
  readonly child: Meta;
  readonly table: string;
  readonly row: JsonObject;
  readonly index: number;
}

const definitionRow = ({ one, child, table, row, index }: RowSource): Json => ({
  ...known(child, row),
  name: `${one.name}-${table}-${index + 1}`,
  docstatus: 0,
  idx: index + 1,
  parent: one.name,
  parentfield: table,
  parenttype: DOCTYPE,
});

/** The properties that the meta knows and that its fieldtypes can hold. */
function known(meta: Meta, values: JsonObject): Record<string, Json> {
  const result: Record<string, Json> = {};
  for (const field of meta.fields) {
    const value = values[field.fieldname];
    if (value === undefined || isTable(field)) continue;
    const cast = fieldType(field).cast(value, field);
    if ('value' in cast) result[field.fieldname] = cast.value;
  }
  return result;
}

function standard(raw: JsonObject, clock: Clock): DraftDoc {
  const now = clock.now();
  const text = (key: string, otherwise: string): string => {
    const value = raw[key];
    return typeof value === 'string' && value !== '' ? value : otherwise;
  };
  const creation = text('creation', now);
  return {
    owner: text('owner', 'Administrator'),
    creation,
    modified: text('modified', creation),
    modified_by: text('modified_by', 'Administrator'),
    docstatus: 0,
    idx: 0,
  };
}

async function missingModules({ store, registry, clock }: Sync): Promise<Write[]> {
  const meta = registry.find(MODULE);
  if (!meta) return [];
  const names = [...new Set(registry.all.map(({ module }) => module).filter((name) => name !== ''))];
  const present = new Set(
    (await store.find(meta.collection, { name: { $in: names } }, { fields: [] })).map(({ name }) => name),
  );
  return names
    .filter((name) => !present.has(name))
    .map((name): Write => {
      const doc = { ...standard({}, clock), name, module_name: name, app_name: 'doctype_server' };
      return { kind: 'put', collection: meta.collection, doc: toStored(registry, meta, doc) };
    });
}

async function missingTokens(store: Store, registry: Registry): Promise<Write[]> {
  const trees = registry.all.filter(({ isTree }) => isTree).map(({ name }) => name);
  if (trees.length === 0) return [];
  const present = new Set(
    (await store.find(TREE_TOKENS.name, { name: { $in: trees } })).map(({ name }) => name),
  );
  return trees
    .filter((name) => !present.has(name))
    .map((name): Write => ({ kind: 'put', collection: TREE_TOKENS.name, doc: { name, modified: '' } }));
}
