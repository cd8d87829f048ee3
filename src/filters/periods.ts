// timespan, previous and next: words for stretches of days, lowered to `between`.
import type { Query } from '../storage/query.ts';
import type { Operator } from './filter.ts';
import { faultOf, type Operand } from './operand.ts';
import { betweenQuery } from './operators.ts';
import { type Calendar, type Days, PERIODS, TIMESPANS, timespanDays } from './timespan.ts';

const DIRECTIONS: ReadonlyMap<Operator, string> = new Map<Operator, string>([
  ['previous', 'last'],
  ['next', 'next'],
]);

export const isPeriod = (operator: Operator): boolean => operator === 'timespan' || DIRECTIONS.has(operator);

/** @throws ValidationError for fields without dates and for words that are not known, listing those that are */
export function periodQuery(operand: Operand, calendar: Calendar): Query {
  const { kind } = operand.column;
  if (kind !== 'date' && kind !== 'datetime') throw faultOf(operand, 'needs a Date or Datetime field');
  const { from, to } = daysOf(operand, calendar);
  return betweenQuery(operand, from, to);
}

function daysOf(operand: Operand, calendar: Calendar): Days {
  const word = typeof operand.value === 'string' ? operand.value : '';
  const direction = DIRECTIONS.get(operand.operator);
  const known = direction === undefined ? TIMESPANS : [...PERIODS.keys()];
  const period = PERIODS.get(word.trim().toLowerCase().replaceAll(/\s+/g, ' '));
  const keyword = direction === undefined ? word : `${direction} ${period ?? ''}`;
  const days = timespanDays(keyword, calendar);
  if (!days) throw faultOf(operand, `takes one of: ${known.join(', ')}`);
  return days;
}
