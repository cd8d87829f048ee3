// Naming series: `INV-.YYYY.-.####` and `format:INV-{YYYY}-{####}` → text with a counted number (reference §5.2, §5.3).
import { DateTime } from 'luxon';
import type { Meta } from '../doctypes/meta.ts';
import { InvalidNamingSeriesError } from '../errors/errors.ts';
import type { Clock } from '../util/datetime.ts';
import type { Call } from './call.ts';
import type { DraftDoc } from './controller.ts';

const DEFAULT_COUNTER = '.#####';
const LEGAL = /^[\p{L}\p{N}\p{M} _\-/.#{}&+,:]*$/u;

/**
 * The counter belongs to the text before it, whatever the DocType, as in Frappe.
 * @throws InvalidNamingSeriesError
 */
export async function seriesName(call: Call, doc: DraftDoc, series: string): Promise<string> {
  const pattern = withCounter(series);
  return assemble(call, doc, { parts: pattern.split('.'), counterScope: '' });
}

/** The counter of a `format:` rule belongs to the DocType and the text before it. */
export async function formattedName(call: Call, meta: Meta, doc: DraftDoc): Promise<string> {
  const parts = meta.autoname
    .slice('format:'.length)
    .split(/(\{[^{}]*\})/)
    .map((part) => (/^\{#+\}$/.test(part) ? part.slice(1, -1) : part));
  return assemble(call, doc, { parts, counterScope: `${meta.name}:`, braced: true });
}

function withCounter(series: string): string {
  const pattern = series.includes('#') ? series : `${series.replace(/\.$/, '')}${DEFAULT_COUNTER}`;
  if (!LEGAL.test(pattern)) {
    throw new InvalidNamingSeriesError(
      `The naming series ${JSON.stringify(series)} holds characters that are not allowed`,
    );
  }
  if (!/\.#/.test(pattern) && !pattern.startsWith('#')) {
    throw new InvalidNamingSeriesError(`The naming series ${JSON.stringify(series)} needs a dot before #`);
  }
  return pattern;
}

interface Pattern {
  readonly parts: readonly string[];
  readonly counterScope: string;
  /** Only `{…}` parts are tokens; the rest is literal. */
  readonly braced?: boolean;
}

async function assemble(
  call: Call,
  doc: DraftDoc,
  { parts, counterScope, braced }: Pattern,
): Promise<string> {
  let name = '';
  let counted = false;
  for (const part of parts) {
    if (/^#+$/.test(part) && !counted) {
      counted = true;
      const number = await call.work.increment(counterKey(counterScope, name));
      name += String(number).padStart(part.length, '0');
    } else if (!braced || /^\{.*\}$/s.test(part)) {
      name += tokenText(part, doc, call.clock);
    } else {
      name += part;
    }
  }
  return name;
}

const counterKey = (scope: string, prefix: string): string => `series:${scope}${prefix}`;

function tokenText(part: string, doc: DraftDoc, clock: Clock): string {
  const token = part.replace(/^\{(.*)\}$/s, '$1');
  const date = dateToken(token, clock);
  if (date !== undefined) return date;
  const value = doc[token];
  if (value === undefined) return token === part ? part : '';
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function dateToken(token: string, clock: Clock): string | undefined {
  if (token === 'timestamp') return clock.now();
  const format = { YYYY: 'yyyy', YY: 'yy', MM: 'MM', DD: 'dd', JJJ: 'ooo' }[token];
  const today = DateTime.fromISO(clock.today());
  if (format) return today.toFormat(format);
  return token === 'WW' ? week(today) : undefined;
}

/** ISO week, bent so that a year's weeks run from 00 to 53. */
function week(day: DateTime): string {
  if (day.month === 1 && day.weekNumber >= 52) return '00';
  return day.month === 12 && day.weekNumber === 1 ? '53' : String(day.weekNumber).padStart(2, '0');
}

/**
 * Deleting the newest document of a series gives its number back. Whether it is the newest is decided by the store,
 * when the deletion commits.
 */
export function releaseNumber(call: Call, doc: { readonly name: string | number }, pattern: string): void {
  const digits = /(#+)$/.exec(withCounter(pattern))?.[1]?.length;
  if (digits === undefined || typeof doc.name !== 'string') return;
  const number = doc.name.slice(-digits);
  if (/^\d+$/.test(number)) call.work.release(counterKey('', doc.name.slice(0, -digits)), Number(number));
}
