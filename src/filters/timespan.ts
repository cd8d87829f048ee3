// "last quarter", "next 7 days" → first and last day. Calendar arithmetic on naive dates: no zone, so no DST.
import { DateTime } from 'luxon';

export interface Days {
  /** First and last day, `YYYY-MM-DD`, both included. */
  readonly from: string;
  readonly to: string;
}

export interface Calendar {
  /** `YYYY-MM-DD` in the service's zone. */
  readonly today: string;
  /** 0 Sunday … 6 Saturday. */
  readonly firstDayOfWeek: number;
}

type Span = (today: DateTime, firstDayOfWeek: number) => readonly [DateTime, DateTime];

const days =
  (from: number, to: number): Span =>
  (today) => [today.plus({ days: from }), today.plus({ days: to })];

const week =
  (offset: number): Span =>
  (today, firstDayOfWeek) => {
    const daysIntoWeek = ((today.weekday % 7) - firstDayOfWeek + 7) % 7;
    const start = today.minus({ days: daysIntoWeek }).plus({ weeks: offset });
    return [start, start.plus({ days: 6 })];
  };

const period =
  (unit: 'month' | 'quarter' | 'year', offset: number): Span =>
  (today) => {
    const start = today.startOf(unit).plus({ [unit]: offset });
    return [start, start.endOf(unit)];
  };

/** Frappe counts six months as whole quarters: from that of one date to that of the other. */
const quarters =
  (fromMonths: number, toMonths: number): Span =>
  (today) => [
    today.plus({ months: fromMonths }).startOf('quarter'),
    today.plus({ months: toMonths }).endOf('quarter'),
  ];

const SPANS: ReadonlyMap<string, Span> = new Map([
  ['today', days(0, 0)],
  ['yesterday', days(-1, -1)],
  ['tomorrow', days(1, 1)],
  ['last 7 days', days(-7, 0)],
  ['last 14 days', days(-14, 0)],
  ['last 30 days', days(-30, 0)],
  ['last 90 days', days(-90, 0)],
  ['last week', week(-1)],
  ['last month', period('month', -1)],
  ['last quarter', period('quarter', -1)],
  ['last 6 months', quarters(-6, -3)],
  ['last year', period('year', -1)],
  ['this week', week(0)],
  ['this month', period('month', 0)],
  ['this quarter', period('quarter', 0)],
  ['this year', period('year', 0)],
  ['next 7 days', days(0, 7)],
  ['next 14 days', days(0, 14)],
  ['next 30 days', days(0, 30)],
  ['next week', week(1)],
  ['next month', period('month', 1)],
  ['next quarter', period('quarter', 1)],
  ['next 6 months', quarters(3, 6)],
  ['next year', period('year', 1)],
]);

export const TIMESPANS: readonly string[] = [...SPANS.keys()];

/** Values of `previous` and `next`, and what they are called as timespans. */
export const PERIODS: ReadonlyMap<string, string> = new Map([
  ['1 week', 'week'],
  ['1 month', 'month'],
  ['3 months', 'quarter'],
  ['6 months', '6 months'],
  ['1 year', 'year'],
]);

/** Nothing for a keyword that is not known. */
export function timespanDays(keyword: string, { today, firstDayOfWeek }: Calendar): Days | undefined {
  const span = SPANS.get(keyword.trim().toLowerCase().replaceAll(/\s+/g, ' '));
  if (!span) return undefined;
  const [from, to] = span(DateTime.fromISO(today, { zone: 'UTC' }), firstDayOfWeek);
  return { from: from.toFormat('yyyy-MM-dd'), to: to.toFormat('yyyy-MM-dd') };
}
