// The formats that schemas of this service may name: the standard ones, with date-time and time also in the form
// documents are stored in, and those of Frappe's Data fields. Every check takes time linear in the text.
import { fullFormats } from 'ajv-formats/dist/formats.js';
import type { Format } from 'ajv';

const LOCAL_PART = /^[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+$/u;
const DOMAIN_LABEL = /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?$/u;
const LONGEST_ADDRESS = 254;

/** One address, `a@b.c` or `Somebody <a@b.c>`. */
export function isEmail(text: string): boolean {
  const bracketed = /<([^<>]*)>\s*$/.exec(text);
  const address = (bracketed?.[1] ?? text).trim();
  const at = address.lastIndexOf('@');
  if (at < 1 || address.length > LONGEST_ADDRESS) return false;
  const labels = address.slice(at + 1).split('.');
  return (
    address
      .slice(0, at)
      .split('.')
      .every((part) => LOCAL_PART.test(part)) &&
    labels.length > 1 &&
    labels.every((label) => DOMAIN_LABEL.test(label))
  );
}

/** Addresses separated by commas, semicolons or new lines. */
const isEmailList = (text: string): boolean =>
  text
    .split(/[,;\n]/)
    .filter((part) => part.trim() !== '')
    .every(isEmail);

const isPhone = (text: string): boolean => text === '' || /^[\d +_\-,.*#()]{1,20}$/.test(text.trim());

const isPersonName = (text: string): boolean =>
  text === '' || /^[\p{L}\p{M}\p{N}_'’.-]+(?: [\p{L}\p{M}\p{N}_'’.-]+)*$/u.test(text.trim());

const isUrl = (text: string): boolean =>
  text === '' || (/^[a-z][a-z0-9+.-]*:\/\/[^\s]+$/i.test(text) && URL.canParse(text));

/** ISO 13616: country, two check digits, account; the whole is 1 modulo 97. */
function isIban(text: string): boolean {
  if (text === '') return true;
  const iban = text.replaceAll(' ', '').toUpperCase();
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(iban)) return false;
  let rest = 0;
  for (const char of iban.slice(4) + iban.slice(0, 4)) {
    const value = Number.parseInt(char, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}

const TIME = /^([01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?:Z|[+-](?:[01]\d|2[0-3]):?[0-5]\d)?$/i;

const isTime = (text: string): boolean => TIME.test(text);

function isDateTime(text: string): boolean {
  const [, year, month, day, time] = /^(\d{4})-(\d\d)-(\d\d)[ T](.+)$/i.exec(text) ?? [];
  if (time === undefined || !isTime(time)) return false;
  // The calendar decides: the 30th of February comes back as a day of March.
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
}

export const FORMATS: Readonly<Record<string, Format>> = {
  ...fullFormats,
  // `2024-05-01 09:30:00.000000`, naive as stored, or RFC 3339 with a zone.
  'date-time': isDateTime,
  time: isTime,
  'email-list': isEmailList,
  phone: isPhone,
  'person-name': isPersonName,
  'web-address': isUrl,
  iban: isIban,
};
