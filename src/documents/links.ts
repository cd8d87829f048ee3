// Links out of a document: targets exist, cancelled ones are refused, `fetch_from` copies what they hold.
import type { Field, Meta } from '../doctypes/meta.ts';
import { CancelledLinkError, LinkValidationError, ValidationError } from '../errors/errors.ts';
import { fieldType } from '../doctypes/fieldtypes/index.ts';
import type { Doc } from '../storage/store.ts';
import type { Call } from './call.ts';
import type { DraftDoc } from './controller.ts';
import type { Draft } from './draft.ts';
import { draftRows, isBlank, rowsOf, textOf } from './draft.ts';
import { storedName } from './load.ts';

/** A document or row with the values it had before, against which a link is new. */
interface Holder {
  readonly meta: Meta;
  readonly doc: DraftDoc;
  readonly before: Readonly<Record<string, unknown>> | undefined;
  readonly prefix: string;
}

interface Link {
  readonly holder: Holder;
  readonly field: Field;
  readonly doctype: string;
  readonly value: string;
}

/**
 * Checks links that are new or changed; fetches through all links of a document that is still open.
 * @throws LinkValidationError, CancelledLinkError
 */
export async function resolveLinks(call: Call, draft: Draft): Promise<void> {
  const holders = [...holdersOf(call, draft)];
  const links = holders.flatMap(linksOf);
  const targets = await loadTargets(call, links);
  checkTargets(call, draft, { links, targets });
  for (const holder of holders) fetchFrom(holder, { draft, targets: { of: targets, links } });
}

function* holdersOf(call: Call, draft: Draft): Generator<Holder> {
  yield { meta: draft.meta, doc: draft.doc, before: draft.before, prefix: '' };
  for (const { table, meta, row, position } of draftRows(draft, (name) => call.registry.find(name))) {
    const stored = draft.before ? rowsOf(draft.before, table) : [];
    const before = isBlank(row.name) ? undefined : stored.find((old) => old.name === row.name);
    yield { meta, doc: row, before, prefix: `Row #${position}: ` };
  }
}

function linksOf(holder: Holder): Link[] {
  const links: Link[] = [];
  for (const field of holder.meta.fields) {
    const value = textOf(holder.doc[field.fieldname]);
    if (value === '') continue;
    if (field.fieldtype === 'Link') links.push({ holder, field, doctype: field.options, value });
    if (field.fieldtype === 'Dynamic Link') {
      const doctype = textOf(holder.doc[field.options]);
      if (doctype === '') {
        const label = holder.meta.fieldsByName.get(field.options)?.label ?? field.options;
        throw new ValidationError(`${holder.prefix}${label} must be set first`, {
          details: { field: field.options },
        });
      }
      links.push({ holder, field, doctype, value });
    }
  }
  return links;
}

type Targets = ReadonlyMap<string, ReadonlyMap<string, Doc>>;

/** One read per linked DocType, whatever the number of links. */
async function loadTargets(call: Call, links: readonly Link[]): Promise<Targets> {
  const wanted = new Map<string, Set<string>>();
  for (const { doctype, value } of links) {
    const names = wanted.get(doctype);
    if (names) names.add(value);
    else wanted.set(doctype, new Set([value]));
  }
  const loaded = await Promise.all(
    [...wanted].map(async ([doctype, names]): Promise<[string, Map<string, Doc>]> => {
      const meta = call.registry.find(doctype);
      if (!meta || meta.isTable) return [doctype, new Map()];
      if (meta.isSingle) return [doctype, await singleTarget(call, meta)];
      const keys = [...names].map((name) => storedName(meta, name));
      const docs = await call.work.find(meta.collection, { name: { $in: keys } });
      return [doctype, new Map(docs.map((doc) => [String(doc.name), doc]))];
    }),
  );
  return new Map(loaded);
}

/** A Single always exists, saved or not. */
async function singleTarget(call: Call, meta: Meta): Promise<Map<string, Doc>> {
  return new Map([[meta.name, (await call.work.get(meta.collection, meta.name)) ?? { name: meta.name }]]);
}

const isNew = ({ holder, field }: Link): boolean =>
  holder.before?.[field.fieldname] !== holder.doc[field.fieldname];

function checkTargets(
  call: Call,
  draft: Draft,
  { links, targets }: { links: Link[]; targets: Targets },
): void {
  const changed = links.filter(isNew);
  const lost = changed.filter(({ doctype, value }) => !targets.get(doctype)?.has(value));
  if (lost.length > 0) {
    const texts = lost.map(({ holder, field, doctype, value }) => {
      const unknown = call.registry.find(doctype) ? '' : ` (DocType ${doctype} is not loaded)`;
      return `${holder.prefix}${field.label || field.fieldname}: ${value}${unknown}`;
    });
    throw new LinkValidationError(`Could not find ${texts.join(', ')}`, {
      details: { fields: lost.map(({ field }) => field.fieldname) },
    });
  }
  if (!draft.meta.isSubmittable) return;
  const cancelled = changed.filter(
    ({ field, doctype, value }) =>
      field.fieldname !== 'amended_from' && targets.get(doctype)?.get(value)?.['docstatus'] === 2,
  );
  if (cancelled.length > 0) {
    const texts = cancelled.map(
      ({ holder, field, value }) => `${holder.prefix}${field.label || field.fieldname}: ${value}`,
    );
    throw new CancelledLinkError(`Cannot link cancelled document: ${texts.join(', ')}`);
  }
}

interface Fetching {
  readonly draft: Draft;
  readonly targets: { readonly of: Targets; readonly links: readonly Link[] };
}

/** `fetch_from: link_field.source_field`, on every save of an open document (reference §3.7). */
function fetchFrom(holder: Holder, { draft, targets }: Fetching): void {
  for (const field of holder.meta.fields) {
    if (field.fetchFrom === '') continue;
    if (draft.doc['docstatus'] !== 0 && !field.allowOnSubmit) continue;
    if (field.fetchIfEmpty && !isBlank(holder.doc[field.fieldname])) continue;
    const [linkField = '', source = ''] = field.fetchFrom.split('.');
    const link = targets.links.find((one) => one.holder === holder && one.field.fieldname === linkField);
    const target = link && targets.of.get(link.doctype)?.get(link.value);
    if (!target) continue;
    const cast = fieldType(field).cast(target[source] ?? null, field);
    if ('value' in cast) holder.doc[field.fieldname] = cast.value ?? fieldType(field).unset;
  }
}
