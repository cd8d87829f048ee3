// DocTypes → the collections and indexes they are stored with. Every index costs each write: only what a list, a look-up
// of links or a permission rule walks gets one, and no DocType more than MAX_INDEXES.
import { SINGLES } from '../doctypes/compile.ts';
import { fieldType } from '../doctypes/fieldtypes/index.ts';
import type { Field, Meta } from '../doctypes/meta.ts';
import type { Registry } from '../doctypes/registry.ts';
import type { CollectionSpec, IndexSpec, SortKey } from '../storage/store.ts';
import { ANCESTORS } from './shape.ts';

/** Of the 64 that MongoDB allows a collection, its own on `_id` included. */
export const MAX_INDEXES = 40;
/** Part of them that rows of child tables may take. */
const MAX_ELEMENT_INDEXES = 12;

const BY_MODIFIED: SortKey = ['modified', 'desc'];

export function collectionSpecs(registry: Registry): CollectionSpec[] {
  const stored = registry.all.filter((meta) => !meta.isTable && !meta.isSingle);
  return [
    ...stored.map((meta) => specOf(meta, registry)),
    { name: SINGLES, indexes: [], elementIndexes: [] },
  ];
}

function specOf(meta: Meta, registry: Registry): CollectionSpec {
  const elementIndexes = elementPaths(meta, registry);
  const indexes = distinct([
    ...meta.fields.filter(isUnique).map(uniqueIndex),
    { fields: withoutName(meta.sort) },
    { fields: [BY_MODIFIED] },
    ...meta.indexes.map(declaredIndex),
    ...meta.fields.flatMap(dynamicLinkIndex),
    ...filterFields(meta).map((field) => ({ fields: [[field, 'asc'] as const, ...sortAfter(meta, field)] })),
  ]);
  return {
    name: meta.collection,
    indexes: indexes.slice(0, MAX_INDEXES - elementIndexes.length),
    elementIndexes,
  };
}

const isUnique = (field: Field): boolean => field.unique && isComparable(field);

const isComparable = (field: Field): boolean => {
  const { storedAs } = fieldType(field);
  return storedAs === 'text' || storedAs === 'integer' || storedAs === 'number';
};

const uniqueIndex = ({ fieldname }: Field): IndexSpec => ({ fields: [[fieldname, 'asc']], unique: true });

const declaredIndex = (names: readonly string[]): IndexSpec => ({
  fields: names.map((name) => (name.startsWith('-') ? [name.slice(1), 'desc'] : [name, 'asc'])),
});

/**
 * Fields that lists are filtered by, the likeliest first. With the default order behind the field, a filtered page is
 * one walk of the index.
 */
function filterFields(meta: Meta): string[] {
  const candidates = meta.fields.filter((field) => isComparable(field) && !field.unique);
  // The index of type and name together serves the type alone.
  const typesOfDynamicLinks = new Set(
    meta.fields.filter((field) => field.fieldtype === 'Dynamic Link').map((field) => field.options),
  );
  const isLink = (field: Field): boolean =>
    field.fieldtype === 'Link' && !typesOfDynamicLinks.has(field.fieldname);
  const named = (fields: readonly Field[]): string[] => fields.map((field) => field.fieldname);
  return [
    ...(meta.isTree ? [meta.parentField] : []),
    ...(meta.permissions.some((rule) => rule.ifOwner) ? ['owner'] : []),
    ...named(candidates.filter((field) => field.searchIndex)),
    ...named(candidates.filter((field) => isLink(field) && isOffered(field))),
    ...named(candidates.filter(isLink)),
  ];
}

/** Shown as a filter of the list. */
const isOffered = ({ raw }: Field): boolean => raw['in_standard_filter'] === 1 || raw['in_list_view'] === 1;

const sortAfter = (meta: Meta, field: string): readonly SortKey[] =>
  withoutName(meta.sort).filter(([name]) => name !== field);

/** The name is every collection's key, and behind every other order already. */
const withoutName = (keys: readonly SortKey[]): readonly SortKey[] =>
  keys.filter(([field]) => field !== 'name');

/** What points at a document: its DocType and name together. */
function dynamicLinkIndex({ fieldtype, options, fieldname }: Field): IndexSpec[] {
  if (fieldtype !== 'Dynamic Link' || options === '') return [];
  return [
    {
      fields: [
        [options, 'asc'],
        [fieldname, 'asc'],
      ],
    },
  ];
}

/** The first of each list of fields; a later unique one is kept. */
function distinct(indexes: readonly IndexSpec[]): IndexSpec[] {
  const known = new Map<string, IndexSpec>();
  for (const index of indexes.filter(({ fields }) => fields.length > 0)) {
    const key = JSON.stringify(index.fields);
    if (!known.has(key)) known.set(key, index);
  }
  return [...known.values()];
}

function elementPaths(meta: Meta, registry: Registry): string[] {
  const paths = meta.tables.flatMap((table) => {
    const rows = registry.find(table.options)?.fields.filter(isRowKey) ?? [];
    return rows.map((field) => `${table.fieldname}.${field.fieldname}`);
  });
  return [...(meta.isTree ? [ANCESTORS] : []), ...paths].slice(0, MAX_ELEMENT_INDEXES);
}

const isRowKey = (field: Field): boolean =>
  isComparable(field) &&
  (field.unique || field.searchIndex || field.fieldtype === 'Link' || field.fieldtype === 'Dynamic Link');
