// The one query language of the service: a closed subset of MongoDB's query documents, plus $like.
// Filters and permissions compile to it; engines lower it. It knows nothing of doctypes or users.

export type Scalar = string | number | boolean | null;

/** All given operators must hold (they are and'ed). A missing field counts as null. */
export interface Condition {
  readonly $eq?: Scalar;
  readonly $ne?: Scalar;
  /** Ordering compares within one type: a number never with text; null never matches. */
  readonly $gt?: string | number;
  readonly $gte?: string | number;
  readonly $lt?: string | number;
  readonly $lte?: string | number;
  readonly $in?: readonly Scalar[];
  readonly $nin?: readonly Scalar[];
  /** SQL LIKE: `%` any run, `_` any one character, `\` escapes; ignores case (Unicode); text only. */
  readonly $like?: string;
  /** Some element of an array: a row object matching a Query, or a scalar matching a Condition. */
  readonly $elemMatch?: Query | Condition;
}

export type Query =
  | { readonly $and: readonly Query[] }
  | { readonly $or: readonly Query[] }
  | { readonly $nor: readonly Query[] }
  | { readonly [field: string]: Condition };

/** Matches every document. */
export const ALL: Query = { $and: [] };
/** Matches no document. */
export const NONE: Query = { $or: [] };
