// What a stand-in for MongoDB is known not to do. A listed test has to fail there: one that passes fails the run,
// so that the list never outlives its reasons. MongoDB itself and SQLite have no entries, and must not get any.

export interface Skip {
  readonly server: 'ferretdb';
  /** The title of the test, without those of the blocks around it. */
  readonly test: string;
  readonly reason: string;
}

const rows = '$elemMatch knows operators only, not the fields of a row';
const negation = '$elemMatch: support for $ne and $nin is not implemented';

export const SKIPS: readonly Skip[] = [];

export function skipReason(server: string, test: string): string | undefined {
  return SKIPS.find((skip) => skip.server === server && skip.test === test)?.reason;
}
