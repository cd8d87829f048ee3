// For servers that speak the protocol but cannot judge the rows of a child table: such a query reads the collection and
// is judged here, by the reference meaning. MongoDB itself never comes this way.
import { compareBy, matches } from '../match.ts';
import type { Query } from '../query.ts';
import { queryParts } from '../query-parts.ts';
import type { Doc, FindOptions } from '../store.ts';
import { collectionOf, type Context } from './context.ts';
import { fromStored } from './documents.ts';
import { translated } from './failures.ts';

export const needsJudging = (context: Context, query: Query): boolean =>
  !context.judgesRows && asksForElements(query);

const asksForElements = (query: Query): boolean =>
  queryParts(query).some((part) =>
    part.kind === 'field' ? '$elemMatch' in part.condition : part.queries.some(asksForElements),
  );

export async function findJudged(
  context: Context,
  collection: string,
  query: Query,
  { fields, sort = [], skip = 0, limit }: FindOptions,
): Promise<Doc[]> {
  const stored = await translated(() =>
    collectionOf(context, collection).find({}, { maxTimeMS: context.maxTimeMs }).toArray(),
  );
  const found = stored
    .map(fromStored)
    .filter((doc) => matches(query, doc))
    .toSorted(compareBy(sort))
    .slice(skip, limit === undefined ? undefined : skip + limit);
  return fields === undefined ? found : found.map((doc) => projected(doc, fields));
}

function projected(doc: Doc, fields: readonly string[]): Doc {
  const kept = Object.entries(doc).filter(([field]) => fields.includes(field));
  return { ...Object.fromEntries(kept), name: doc.name };
}
