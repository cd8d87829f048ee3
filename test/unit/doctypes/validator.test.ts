import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it, vi } from 'vitest';
import type { JsonObject } from '../../../src/util/json.ts';
import { doctype, load, loadFiles } from './folder.ts';

const faultOf = async (field: JsonObject, value: string | number, properties = {}) => {
  const meta = await load(doctype('Thing', [{ fieldname: 'f', fieldtype: 'Data', ...field }], properties));
  const faults = meta.validate({ name: 'x', f: value });
  return faults.map(({ kind, message, field: found }) => [kind, found?.fieldname, message]);
};

const LONG = 'x'.repeat(141);

describe('the check of a document', () => {
  it.each([
    [{}, LONG, 'length', 'is too long: at most 140 characters are allowed'],
    [{ length: 3 }, 'abcd', 'length', 'is too long: at most 3 characters are allowed'],
    [
      { fieldtype: 'Link', options: 'User' },
      LONG,
      'length',
      'is too long: at most 140 characters are allowed',
    ],
    [{ fieldtype: 'Select', options: 'A\nB' }, 'C', 'select', 'cannot be "C". It should be one of "A", "B"'],
    [{ options: 'Email' }, 'a@b.c, nobody', 'email', 'a@b.c, nobody is not a valid Email Address'],
    [{ options: 'Phone' }, 'call me', 'phone', 'call me is not a valid Phone Number'],
    [{ fieldtype: 'Phone' }, '1'.repeat(21), 'phone', `${'1'.repeat(21)} is not a valid Phone Number`],
    [{ options: 'Name' }, 'a<b', 'name', 'a<b is not a valid Name'],
    [{ options: 'URL' }, 'example.org', 'url', 'example.org is not a valid URL'],
    [{ options: 'IBAN' }, 'DE00 1234', 'schema', 'DE00 1234 is not a valid IBAN'],
    [{ fieldtype: 'Int', non_negative: 1 }, -1, 'negative', 'cannot be negative'],
    [{ fieldtype: 'Currency', non_negative: 1 }, -0.1, 'negative', 'cannot be negative'],
    [{ fieldtype: 'Int' }, 2 ** 40, 'range', 'must be <= 2147483647'],
    [{ fieldtype: 'Int' }, 'x', 'type', 'must be integer'],
    [{ fieldtype: 'Date' }, 'soon', 'type', 'must match pattern "^\\d{4}-\\d\\d-\\d\\d$"'],
  ])('says of a field %j with the value %j: %s', async (field, value, kind, message) => {
    expect(await faultOf(field, value)).toEqual([[kind, 'f', message]]);
  });

  it.each([
    [{}, ''],
    [{ options: 'Email' }, 'a@b.co, Somebody <c@d.org>\nmüller@käse.de'],
    [{ options: 'Email' }, ''],
    [{ options: 'Phone' }, '+49 (30) 123-456'],
    [{ options: 'Name' }, "Anne-Marie O'Neil"],
    [{ options: 'URL' }, 'https://example.org/a?b=c'],
    [{ options: 'IBAN' }, 'DE89 3704 0044 0532 0130 00'],
    [{ fieldtype: 'Select', options: 'A\nB' }, ''],
    [{ fieldtype: 'Select', options: '' }, 'anything'],
    [{ fieldtype: 'Select', options: '\n \n' }, 'anything'],
    [{ fieldtype: 'Small Text' }, 'x'.repeat(100_000)],
    [{ fieldtype: 'Int', length: 20 }, 2 ** 40],
    [{}, '💚'.repeat(140)],
  ])('lets a field %j hold %j', async (field, value) => {
    expect(await faultOf(field, value)).toEqual([]);
  });

  it('takes any series, although a Select offers some', async () => {
    const series = { fieldname: 'naming_series', fieldtype: 'Select', options: 'A-.#\nB-.#' };
    const meta = await load(doctype('Thing', [series]));
    expect(meta.validate({ naming_series: 'C-.#' })).toEqual([]);
  });

  it('does not limit the text of a Single', async () => {
    expect(await faultOf({}, LONG, { issingle: 1 })).toEqual([]);
  });

  it('names every faulty field', async () => {
    const fields = ['a', 'b'].map((fieldname) => ({ fieldname, fieldtype: 'Data', length: 1 }));
    const meta = await load(doctype('Thing', fields));
    expect(meta.validate({ a: 'xx', b: 'yy' }).map(({ field }) => field?.fieldname)).toEqual(['a', 'b']);
  });

  it('answers hostile text in time linear in its length', async () => {
    const meta = await load(
      doctype(
        'Thing',
        ['Email', 'Name', 'URL', 'Phone', 'IBAN'].map((options) => ({
          fieldname: `some_${options.toLowerCase()}`,
          fieldtype: 'Data',
          options,
          length: 1_000_000,
        })),
      ),
    );
    meta.validate({});
    const started = performance.now();
    for (const text of [
      `${'a.'.repeat(50_000)}@`,
      'a'.repeat(100_000),
      `${'a '.repeat(50_000)}<`,
      '-'.repeat(100_000),
    ]) {
      meta.validate({ some_email: text, some_name: text, some_url: text, some_phone: text, some_iban: text });
    }
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe('many DocTypes', () => {
  it('load without compiling their validators, which happens on the first write', async () => {
    const compile = vi.spyOn(Ajv2020.prototype, 'compile');
    try {
      const files = Object.fromEntries(
        Array.from({ length: 20 }, (_, index) => [`d${index}.json`, doctype(`D ${index}`)]),
      );
      const { registry } = await loadFiles(files);
      // One schema is for the definitions themselves.
      expect(compile).toHaveBeenCalledTimes(1);
      registry.get('D 1').validate({ title: 'x' });
      registry.get('D 1').validate({ title: 'y' });
      expect(compile).toHaveBeenCalledTimes(2);
    } finally {
      compile.mockRestore();
    }
  });
});
