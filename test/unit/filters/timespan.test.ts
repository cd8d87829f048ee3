// Stretches of days around the edges of weeks, months, quarters and years.
import { describe, expect, it } from 'vitest';
import { TIMESPANS, timespanDays } from '../../../src/filters/timespan.ts';
import { createClock } from '../../../src/util/datetime.ts';
import { compile, contextFor, order } from './fixtures.ts';

const span = (keyword: string, today: string, firstDayOfWeek = 0): string => {
  const days = timespanDays(keyword, { today, firstDayOfWeek });
  return days ? `${days.from} ${days.to}` : '';
};

describe('on Wednesday, 15 May 2024', () => {
  it.each([
    ['today', '2024-05-15 2024-05-15'],
    ['yesterday', '2024-05-14 2024-05-14'],
    ['tomorrow', '2024-05-16 2024-05-16'],
    ['last 7 days', '2024-05-08 2024-05-15'],
    ['last 14 days', '2024-05-01 2024-05-15'],
    ['last 30 days', '2024-04-15 2024-05-15'],
    ['last 90 days', '2024-02-15 2024-05-15'],
    ['last week', '2024-05-05 2024-05-11'],
    ['last month', '2024-04-01 2024-04-30'],
    ['last quarter', '2024-01-01 2024-03-31'],
    ['last 6 months', '2023-10-01 2024-03-31'],
    ['last year', '2023-01-01 2023-12-31'],
    ['this week', '2024-05-12 2024-05-18'],
    ['this month', '2024-05-01 2024-05-31'],
    ['this quarter', '2024-04-01 2024-06-30'],
    ['this year', '2024-01-01 2024-12-31'],
    ['next 7 days', '2024-05-15 2024-05-22'],
    ['next 14 days', '2024-05-15 2024-05-29'],
    ['next 30 days', '2024-05-15 2024-06-14'],
    ['next week', '2024-05-19 2024-05-25'],
    ['next month', '2024-06-01 2024-06-30'],
    ['next quarter', '2024-07-01 2024-09-30'],
    ['next 6 months', '2024-07-01 2024-12-31'],
    ['next year', '2025-01-01 2025-12-31'],
  ])('%s is %s', (keyword, expected) => {
    expect(span(keyword, '2024-05-15')).toBe(expected);
    expect(span(`  ${keyword.toUpperCase().replaceAll(' ', '  ')} `, '2024-05-15')).toBe(expected);
  });

  it('leaves no keyword out', () => {
    expect(TIMESPANS).toHaveLength(24);
  });
});

describe('at the edges', () => {
  it.each([
    ['this week', '2024-05-12', 0, '2024-05-12 2024-05-18'],
    ['this week', '2024-05-18', 0, '2024-05-12 2024-05-18'],
    ['this week', '2024-05-12', 1, '2024-05-06 2024-05-12'],
    ['this week', '2024-05-13', 1, '2024-05-13 2024-05-19'],
    ['this week', '2024-05-15', 6, '2024-05-11 2024-05-17'],
    ['last week', '2025-01-01', 1, '2024-12-23 2024-12-29'],
    ['this week', '2025-01-01', 1, '2024-12-30 2025-01-05'],
    ['last month', '2024-03-31', 0, '2024-02-01 2024-02-29'],
    ['next month', '2024-01-31', 0, '2024-02-01 2024-02-29'],
    ['next month', '2023-12-31', 0, '2024-01-01 2024-01-31'],
    ['last quarter', '2024-01-01', 0, '2023-10-01 2023-12-31'],
    ['this quarter', '2024-03-31', 0, '2024-01-01 2024-03-31'],
    ['next quarter', '2024-12-31', 0, '2025-01-01 2025-03-31'],
    ['last 6 months', '2024-08-31', 0, '2024-01-01 2024-06-30'],
    ['last 6 months', '2024-01-01', 0, '2023-07-01 2023-12-31'],
    ['next 6 months', '2024-11-30', 0, '2025-01-01 2025-06-30'],
    ['last year', '2025-01-01', 0, '2024-01-01 2024-12-31'],
    ['yesterday', '2024-03-01', 0, '2024-02-29 2024-02-29'],
    ['tomorrow', '2024-12-31', 0, '2025-01-01 2025-01-01'],
  ])('%s on %s with weeks from day %i is %s', (keyword, today, first, expected) => {
    expect(span(keyword, today, first)).toBe(expected);
  });

  it.each(['2024-03-10', '2024-03-31', '2024-10-27', '2024-11-03'])(
    'the day of a clock change, %s, is as long as any other',
    (today) => {
      expect(span('today', today)).toBe(`${today} ${today}`);
      expect(span('last 7 days', today).slice(11)).toBe(today);
    },
  );
});

it('an unknown keyword has no days', () => {
  expect(span('last fortnight', '2024-05-15')).toBe('');
  expect(span('constructor', '2024-05-15')).toBe('');
});

it('today is that of the zone of the service, on the night of a clock change too', () => {
  const at = (zone: string, instant: string) => {
    const clock = createClock(zone, () => Date.parse(instant));
    return compile({ day: ['timespan', 'today'] }, contextFor(order, { clock }));
  };
  const day = (text: string) => ({ day: { $gte: text, $lte: text } });
  expect(at('Asia/Kolkata', '2024-05-15T19:00:00Z')).toEqual(day('2024-05-16'));
  expect(at('America/New_York', '2024-11-03T04:30:00Z')).toEqual(day('2024-11-03'));
  expect(at('America/New_York', '2024-11-04T04:30:00Z')).toEqual(day('2024-11-03'));
});

it('previous and next are names of timespans, and reach whole days of a Datetime', () => {
  const spans = [
    ['previous', '1 week', '2024-05-05', '2024-05-11'],
    ['previous', '3 months', '2024-01-01', '2024-03-31'],
    ['next', '6 months', '2024-07-01', '2024-12-31'],
    ['next', '1 month', '2024-06-01', '2024-06-30'],
    ['next', '1 Year', '2025-01-01', '2025-12-31'],
  ];
  for (const [operator = '', word = '', from, to] of spans) {
    expect(compile({ at: [operator, word] })).toEqual({
      at: { $gte: `${from} 00:00:00.000000`, $lte: `${to} 23:59:59.999999` },
    });
  }
});
