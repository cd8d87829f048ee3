// Date, Datetime and Time: sortable text, the same in every engine. The calendar itself is calendar.ts.
import type { Clock } from '../../util/datetime.ts';
import type { Json } from '../../util/json.ts';
import type { Field } from '../meta.ts';
import { FIRST_DAY, MIDNIGHT, type Moment, parseMoment, parseTime, withFraction } from './calendar.ts';
import { ok, refuse, show } from './cast.ts';
import type { CastResult, FieldType } from './field-type.ts';

/** Zone of datetimes that carry an offset, for fields made without one. */
const DEFAULT_ZONE = 'UTC';

interface MomentRules {
  readonly name: string;
  readonly nullAs: string;
  /** What a fault says is expected. */
  readonly form: string;
  /** What clients may write in a filter but not in a document. */
  readonly partial: RegExp;
  /** JSON Schema pattern of the stored form. */
  readonly pattern: string;
  parse(text: string, zone: string): string | undefined;
  defaultFor(word: string, clock: Clock): string | undefined;
}

function momentType({ name, nullAs, form, partial, pattern, parse, defaultFor }: MomentRules): FieldType {
  const read = (value: Json, field: Field, blank: Json): CastResult => {
    if (value === null) return ok(null);
    if (value === '') return ok(blank);
    const parsed = typeof value === 'string' ? parse(value, field.timeZone ?? DEFAULT_ZONE) : undefined;
    return parsed === undefined ? refuse(`must be ${form}, not ${show(value)}`) : ok(parsed);
  };
  return {
    name,
    storedAs: 'text',
    unset: null,
    nullAs,
    cast: (value, field) => read(value, field, null),
    operand: (value, field) =>
      typeof value === 'string' && partial.test(value) ? ok(value) : read(value, field, ''),
    schema: () => ({ type: 'string', pattern }),
    defaultFor: (word, clock) => defaultFor(word.trim().toLowerCase(), clock),
  };
}

const datetimeText = ({ date, time, fraction }: Moment): string => `${date} ${time}.${fraction}`;

/** A year or a month: text that sorts before all of its days. */
const YEAR_OR_MONTH = /^\d{4}(?:-(?:0[1-9]|1[0-2]))?$/;
const NOTHING = /^(?!)/;
const DATE_PATTERN = String.raw`\d{4}-\d\d-\d\d`;
const TIME_PATTERN = String.raw`\d\d:\d\d:\d\d`;

export const DATE_TYPES: readonly FieldType[] = [
  momentType({
    name: 'Date',
    nullAs: FIRST_DAY,
    form: 'a date, YYYY-MM-DD',
    partial: YEAR_OR_MONTH,
    pattern: `^${DATE_PATTERN}$`,
    parse: (text, zone) => parseMoment(text, zone)?.date,
    defaultFor: (word, clock) => (word === 'today' || word === 'now' ? clock.today() : undefined),
  }),
  momentType({
    name: 'Datetime',
    nullAs: `${FIRST_DAY} ${MIDNIGHT}.000000`,
    form: 'a date and time, YYYY-MM-DD HH:MM:SS',
    partial: YEAR_OR_MONTH,
    pattern: String.raw`^${DATE_PATTERN} ${TIME_PATTERN}\.\d{6}$`,
    parse: (text, zone) => {
      const moment = parseMoment(text, zone);
      return moment && datetimeText(moment);
    },
    defaultFor: (word, clock) => {
      if (word === 'now') return clock.now();
      return word === 'today' ? `${clock.today()} ${MIDNIGHT}.000000` : undefined;
    },
  }),
  momentType({
    name: 'Time',
    nullAs: MIDNIGHT,
    form: 'a time of day without a zone, HH:MM:SS',
    partial: NOTHING,
    pattern: String.raw`^${TIME_PATTERN}(?:\.\d{6})?$`,
    parse: parseTime,
    defaultFor: (word, clock) => {
      if (word !== 'now') return undefined;
      const [time = MIDNIGHT, fraction = ''] = clock.now().slice(11).split('.');
      return withFraction(time, fraction);
    },
  }),
];
