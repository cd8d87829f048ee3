// Who points here: a document that others link to is neither deleted nor, while they are submitted, cancelled.
import type { LinkSource } from '../doctypes/registry.ts';
import type { Meta } from '../doctypes/meta.ts';
import { LinkExistsError } from '../errors/errors.ts';
import type { Query } from '../storage/query.ts';
import type { Call } from './call.ts';

/** DocTypes that only tell about others; their links never hold anything back. */
const IGNORED: ReadonlySet<string> = new Set(
  'Communication,ToDo,DocShare,Email Unsubscribe,Activity Log,File,Version,Document Follow,Comment,Tag Link,View Log,Deleted Document,Notification Log,Error Log,Access Log'.split(
    ',',
  ),
);

interface Target {
  readonly name: string | number;
  /** Only submitted documents count (cancelling); otherwise all do (deleting). */
  readonly submittedOnly: boolean;
}

/** @throws LinkExistsError naming one document that links here */
export async function checkNotLinked(call: Call, meta: Meta, target: Target): Promise<void> {
  const links = call.registry
    .linksTo(meta.name)
    .map((source) => ({ source, query: linkQuery(source, target.name) }));
  const dynamic = call.registry.dynamicLinks.map((source) => ({
    source,
    query: dynamicQuery(source, meta.name, target.name),
    openOnly: true,
  }));
  for (const { source, query, ...rest } of [...links, ...dynamic]) {
    if (IGNORED.has(source.meta.name)) continue;
    if (target.submittedOnly && (!source.meta.isSubmittable || source.field.fieldname === 'amended_from'))
      continue;
    const found = await firstOther(call, source, {
      query: { $and: [query, ...status(target, rest)] },
      meta,
      target,
    });
    if (found === undefined) continue;
    const here = `${meta.name} ${target.name}`;
    throw new LinkExistsError(
      `Cannot delete or cancel because ${here} is linked with ${source.meta.name} ${found}`,
    );
  }
}

function status(target: Target, { openOnly }: { openOnly?: boolean }): Query[] {
  if (target.submittedOnly) return [{ docstatus: { $eq: 1 } }];
  return openOnly ? [{ docstatus: { $ne: 2 } }] : [];
}

export const within = (source: LinkSource, query: Query): Query =>
  source.table ? { [source.table.fieldname]: { $elemMatch: query } } : query;

export const linkQuery = (source: LinkSource, name: string | number): Query =>
  within(source, { [source.field.fieldname]: { $eq: String(name) } });

export const dynamicQuery = (source: LinkSource, doctype: string, name: string | number): Query =>
  within(source, {
    $and: [{ [source.field.options]: { $eq: doctype } }, { [source.field.fieldname]: { $eq: String(name) } }],
  });

interface Search {
  readonly query: Query;
  readonly meta: Meta;
  readonly target: Target;
}

async function firstOther(
  call: Call,
  source: LinkSource,
  { query, meta, target }: Search,
): Promise<string | undefined> {
  const self = source.meta.name === meta.name ? [{ name: { $ne: target.name } }] : [];
  const single = source.meta.isSingle ? [{ name: { $eq: source.meta.name } }] : [];
  const [found] = await call.work.find(
    source.meta.collection,
    { $and: [query, ...self, ...single] },
    { limit: 1, fields: [] },
  );
  return found && String(found.name);
}
