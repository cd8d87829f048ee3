// Dates and times as clients write them → the one form in which they are stored. Only real days and hours pass.
import { DateTime } from 'luxon';

const DATE = String.raw`(\d{4})-(\d{1,2})-(\d{1,2})`;
const TIME = String.raw`(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?`;
const OFFSET = String.raw`(Z|[+-]\d{2}(?::?\d{2})?)`;
const DATE_AND_TIME = new RegExp(`^${DATE}(?:[T ]+${TIME} ?${OFFSET}?)?$`, 'i');
const TIME_ONLY = new RegExp(`^${TIME}$`);

export const FIRST_DAY = '0001-01-01';
export const MIDNIGHT = '00:00:00';

export interface Moment {
  /** `YYYY-MM-DD` */
  readonly date: string;
  /** `HH:MM:SS` */
  readonly time: string;
  /** Six digits. */
  readonly fraction: string;
}

/**
 * A date, or a date with a time. A time that carries an offset is moved into `zone`; others are local already.
 * Undefined when the text is none, or the day does not exist.
 */
export function parseMoment(text: string, zone: string): Moment | undefined {
  const match = DATE_AND_TIME.exec(text.trim());
  if (!match) return undefined;
  const [, year, month, day, hour = '0', minute = '00', second = '00', fraction, offset] = match;
  const date = dateText(year, month, day);
  const time = timeText(hour, minute, second);
  if (date === undefined || time === undefined) return undefined;
  const moment = { date, time, fraction: sixDigits(fraction) };
  return offset === undefined ? moment : moved(moment, offset, zone);
}

/** The same instant in `zone`. */
function moved({ date, time, fraction }: Moment, offset: string, zone: string): Moment | undefined {
  const local = DateTime.fromISO(`${date}T${time}${offset.toUpperCase()}`, { zone });
  if (!local.isValid || local.year < 1 || local.year > 9999) return undefined;
  return { date: local.toFormat('yyyy-MM-dd'), time: local.toFormat('HH:mm:ss'), fraction };
}

/** `HH:MM:SS`, with microseconds only if there are any. */
export function parseTime(text: string): string | undefined {
  const match = TIME_ONLY.exec(text.trim());
  if (!match) return undefined;
  const [, hour = '', minute = '', second = '00', fraction] = match;
  const time = timeText(hour, minute, second);
  return time === undefined ? undefined : withFraction(time, sixDigits(fraction));
}

export const withFraction = (time: string, fraction: string): string =>
  /^0*$/.test(fraction) ? time : `${time}.${fraction}`;

const sixDigits = (fraction = ''): string => fraction.slice(0, 6).padEnd(6, '0');

function dateText(year = '', month = '', day = ''): string | undefined {
  const [y, m, d] = [Number(year), Number(month), Number(day)];
  if (y < 1 || m < 1 || m > 12 || d < 1 || d > daysIn(y, m)) return undefined;
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}

function timeText(hour: string, minute: string, second: string): string | undefined {
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  return `${hour.padStart(2, '0')}:${minute}:${second}`;
}

const SHORT_MONTHS = new Set([4, 6, 9, 11]);

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return SHORT_MONTHS.has(month) ? 30 : 31;
}
