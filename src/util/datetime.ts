// Naive local timestamps as Frappe prints them, and the one clock of the service. Knows nothing of documents.
import { DateTime } from 'luxon';

/** Tells the time in the service's zone. Timestamps of one clock always move forward. */
export interface Clock {
  readonly zone: string;
  /** `YYYY-MM-DD HH:MM:SS.ffffff`, later than any it gave before. */
  now(): string;
  /** `YYYY-MM-DD` */
  today(): string;
  /** Milliseconds since the epoch. */
  epoch(): number;
}

export function createClock(zone: string, epoch: () => number = Date.now): Clock {
  let last = 0;
  let cached = { second: -1, text: '' };
  const secondText = (second: number): string => {
    if (cached.second !== second) {
      cached = { second, text: DateTime.fromSeconds(second, { zone }).toFormat('yyyy-MM-dd HH:mm:ss') };
    }
    return cached.text;
  };
  return {
    zone,
    epoch,
    now() {
      last = Math.max(last + 1, epoch() * 1000);
      const second = Math.floor(last / 1_000_000);
      return `${secondText(second)}.${String(last - second * 1_000_000).padStart(6, '0')}`;
    },
    today: () => secondText(Math.floor(epoch() / 1000)).slice(0, 10),
  };
}

/** The later of `now` and one microsecond after `previous`: a document's `modified` never stands still. */
export function after(previous: string, now: string): string {
  if (now > previous) return now;
  const [head = '', fraction = '0'] = previous.split('.');
  const next = Number(fraction.padEnd(6, '0')) + 1;
  if (next < 1_000_000) return `${head}.${String(next).padStart(6, '0')}`;
  const second = DateTime.fromSQL(head, { zone: 'UTC' }).plus({ seconds: 1 });
  return `${second.toFormat('yyyy-MM-dd HH:mm:ss')}.000000`;
}
