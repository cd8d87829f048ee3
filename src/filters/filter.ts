// What a client asked for, before it is judged against the DocType.
import type { Json } from '../util/json.ts';

export const OPERATORS = [
  '=',
  '!=',
  '<',
  '>',
  '<=',
  '>=',
  'like',
  'not like',
  'in',
  'not in',
  'is',
  'between',
  'timespan',
  'previous',
  'next',
  'descendants of',
  'descendants of (inclusive)',
  'ancestors of',
  'not descendants of',
  'not ancestors of',
] as const;
export type Operator = (typeof OPERATORS)[number];

export interface Filter {
  /** Named only by 4-tuples and `tabX`.`f` spellings; else the DocType of the list. */
  readonly doctype: string | undefined;
  /** `fieldname`, or `table_field.fieldname`. */
  readonly field: string;
  readonly operator: Operator;
  readonly value: Json;
}
