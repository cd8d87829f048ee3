// Small builders of storage queries, which keep them flat and readable. They know nothing of filters.
import { ALL, type Condition, NONE, type Query } from '../storage/query.ts';

export const is = (field: string, condition: Condition): Query => ({ [field]: condition });
export const isNull = (field: string): Query => ({ [field]: { $eq: null } });

export function and(queries: readonly Query[]): Query {
  if (queries.includes(NONE)) return NONE;
  const kept = queries.filter((query) => query !== ALL);
  return one(kept) ?? (kept.length === 0 ? ALL : { $and: kept });
}

export function or(queries: readonly Query[]): Query {
  if (queries.includes(ALL)) return ALL;
  const kept = queries.filter((query) => query !== NONE);
  return one(kept) ?? (kept.length === 0 ? NONE : { $or: kept });
}

const one = (queries: readonly Query[]): Query | undefined => (queries.length === 1 ? queries[0] : undefined);
