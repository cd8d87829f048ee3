// DocTypes, documents and contexts that the tests of filters/ share, built without any file.
import { type Field, type Meta } from '../../../src/doctypes/meta.ts';
import { createRegistry } from '../../../src/doctypes/registry.ts';
import { compileFilters, compileOrFilters, type FilterContext } from '../../../src/filters/compile.ts';
import { parseFilters } from '../../../src/filters/parse.ts';
import { matches } from '../../../src/storage/match.ts';
import { assertQuery } from '../../../src/storage/query-parts.ts';
import type { Query } from '../../../src/storage/query.ts';
import { createClock } from '../../../src/util/datetime.ts';
import type { Json, JsonObject } from '../../../src/util/json.ts';

export const aField = (fieldname: string, fieldtype: string, changes: Partial<Field> = {}): Field => ({
  fieldname,
  fieldtype,
  label: fieldname,
  options: '',
  default: null,
  reqd: false,
  unique: false,
  searchIndex: false,
  permlevel: 0,
  length: 0,
  nonNegative: false,
  setOnlyOnce: false,
  allowOnSubmit: false,
  noCopy: false,
  fetchFrom: '',
  fetchIfEmpty: false,
  isVirtual: false,
  ignoreUserPermissions: false,
  ignoreXssFilter: false,
  enforceReadOnly: false,
  structured: false,
  raw: {},
  ...changes,
});

export const aMeta = (name: string, fields: readonly Field[], changes: Partial<Meta> = {}): Meta => ({
  name,
  module: 'Test',
  isTable: false,
  isSingle: false,
  isTree: false,
  isVirtual: false,
  isSubmittable: false,
  custom: false,
  schemaless: false,
  trackChanges: false,
  autoname: 'hash',
  allowRename: false,
  titleField: '',
  searchFields: [],
  sort: [['modified', 'desc']],
  parentField: '',
  fields,
  fieldsByName: new Map(fields.map((field) => [field.fieldname, field])),
  tables: fields.filter(({ fieldtype }) => fieldtype === 'Table' || fieldtype === 'Table MultiSelect'),
  permissions: [],
  collection: name,
  indexes: [],
  source: `${name}.json`,
  raw: {},
  schema: undefined,
  validate: () => [],
  ...changes,
});

export const item = aMeta(
  'Order Item',
  [
    aField('item_code', 'Data'),
    aField('qty', 'Float'),
    aField('due', 'Date'),
    aField('territory', 'Link', { options: 'Territory' }),
  ],
  { isTable: true },
);
export const note = aMeta('Order Note', [aField('text', 'Small Text')], { isTable: true });
export const territory = aMeta(
  'Territory',
  [aField('title', 'Data'), aField('parent_territory', 'Link', { options: 'Territory' })],
  { isTree: true, parentField: 'parent_territory' },
);
export const order = aMeta('Order', [
  aField('status', 'Select', { options: 'Open\nClosed' }),
  aField('title', 'Data'),
  aField('customer', 'Link', { options: 'Customer' }),
  aField('territory', 'Link', { options: 'Territory' }),
  aField('body', 'Text Editor'),
  aField('count', 'Int'),
  aField('total', 'Currency'),
  aField('ratio', 'Percent'),
  aField('weight', 'Float'),
  aField('paid', 'Check'),
  aField('took', 'Duration'),
  aField('day', 'Date'),
  aField('at', 'Datetime'),
  aField('hour', 'Time'),
  aField('settings', 'JSON', { structured: true }),
  aField('items', 'Table', { options: 'Order Item' }),
  aField('notes', 'Table', { options: 'Order Note' }),
  aField('old_notes', 'Table', { options: 'Order Note' }),
]);
export const ticket = aMeta('Ticket', [aField('title', 'Data')], { autoname: 'autoincrement' });
export const loose = aMeta('Loose', [aField('title', 'Data')], { schemaless: true });
export const tablets = aMeta('Tablets', [aField('tablets', 'Table', { options: 'Order Note' })]);

export const registry = createRegistry([order, item, note, territory, ticket, loose, tablets]);

/** Wednesday. */
export const NOW = '2024-05-15T10:30:00Z';

export function contextFor(meta: Meta, changes: Partial<FilterContext> = {}): FilterContext {
  return {
    meta,
    registry,
    clock: createClock('UTC', () => Date.parse(NOW)),
    firstDayOfWeek: 0,
    tree: () => undefined,
    ...changes,
  };
}

export const compile = (filters: Json, context: FilterContext = contextFor(order)): Query =>
  assertQuery(compileFilters(parseFilters(filters, 'filters'), context));

export const compileOr = (filters: Json, context: FilterContext = contextFor(order)): Query =>
  assertQuery(compileOrFilters(parseFilters(filters, 'or_filters'), context));

/** Names of the documents that match. */
export const namesOf = (query: Query, docs: readonly JsonObject[]): readonly (string | number)[] =>
  docs.filter((doc) => matches(query, doc)).map(nameOf);

const nameOf = ({ name }: JsonObject): string | number =>
  typeof name === 'string' || typeof name === 'number' ? name : '?';

export const select = (
  filters: Json,
  docs: readonly JsonObject[],
  context?: FilterContext,
): readonly (string | number)[] => namesOf(compile(filters, context), docs);
