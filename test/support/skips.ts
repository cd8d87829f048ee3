// What a stand-in for MongoDB is known not to do. A listed test has to fail there: one that passes fails the run,
// so that the list never outlives its reasons. MongoDB itself and SQLite have no entries, and must not get any.

export interface Skip {
  readonly server: 'ferretdb';
  /** The title of the test, without those of the blocks around it. */
  readonly test: string;
  readonly reason: string;
}

const FERRETDB: readonly (readonly [test: string, reason: string])[] = [
  ['several runs find their texts in order and apart', 'its regular expressions have no atomic groups'],
  ['fields named with quotes, spaces, hyphens and brackets', 'a backslash in a field name breaks its JSON'],
];

export const SKIPS: readonly Skip[] = FERRETDB.map(([test, reason]) => ({
  server: 'ferretdb',
  test,
  reason,
}));

export function skipReason(server: string, test: string): string | undefined {
  return SKIPS.find((skip) => skip.server === server && skip.test === test)?.reason;
}
