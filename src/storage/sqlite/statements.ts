// Prepared statements of one connection, the most recently used ones kept.
import type { Database, Row, Statement } from './driver.ts';
import type { Sql } from './compile.ts';

const KEPT = 500;

export interface Statements {
  run(sql: Sql): number;
  get(sql: Sql): Row | undefined;
  all(sql: Sql): Row[];
  clear(): void;
}

export function createStatements(database: Database): Statements {
  const kept = new Map<string, Statement>();
  const statement = (text: string): Statement => {
    const known = kept.get(text);
    if (known) kept.delete(text);
    const prepared = known ?? database.prepare(text);
    kept.set(text, prepared);
    const [oldest] = kept.keys();
    if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
    return prepared;
  };
  return {
    run: ({ text, values }) => Number(statement(text).run(...values).changes),
    get: ({ text, values }) => statement(text).get(...values),
    all: ({ text, values }) => statement(text).all(...values),
    clear: () => kept.clear(),
  };
}
