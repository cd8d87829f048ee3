// Gives a new document its name by the DocType's rule (reference §5). Counters are taken from the store at once.
import { randomBytes, randomUUID } from 'node:crypto';
import type { Meta } from '../doctypes/meta.ts';
import { InvalidUUIDValue, NameError, ValidationError } from '../errors/errors.ts';
import type { Call } from './call.ts';
import type { DraftDoc } from './controller.ts';
import { isBlank, textOf } from './draft.ts';
import { loadStored } from './load.ts';
import { formattedName, seriesName } from './series.ts';

const ALPHABET = '0123456789abcdefghijklmnopqrstuv';
const LONGEST = 140;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export const hashName = (): string =>
  Array.from(randomBytes(10), (byte) => ALPHABET.charAt(byte & 31)).join('');

/**
 * Sets `doc.name`. `given` is the client's own name, honoured where the rule allows one.
 * @throws NameError, ValidationError
 */
export async function assignName(
  call: Call,
  meta: Meta,
  doc: DraftDoc,
  given: string | undefined,
): Promise<void> {
  const name = await newName(call, meta, { doc, given });
  doc.name = typeof name === 'number' ? name : checkName(meta, name);
  if (meta.autoname.startsWith('field:') && !meta.isTable) doc[meta.autoname.slice(6)] = doc.name;
}

interface Naming {
  readonly doc: DraftDoc;
  readonly given: string | undefined;
}

async function newName(call: Call, meta: Meta, { doc, given }: Naming): Promise<string | number> {
  if (meta.isSingle) return meta.name;
  const rule = meta.autoname.trim();
  const kind = rule.toLowerCase();
  if (kind === 'autoincrement') return call.work.increment(`autoincrement:${meta.name}`);
  if (kind === 'uuid') return uuidName(given);
  const amended = await amendedName(call, meta, doc);
  if (amended !== undefined) return amended;
  if (!isBlank(doc.name)) return textOf(doc.name);
  if (kind === 'prompt') {
    if (!given)
      throw new ValidationError(`${meta.name}: please set the document name`, { details: { field: 'name' } });
    return given;
  }
  if (rule.startsWith('field:')) return fieldName(meta, doc, rule.slice(6));
  if (rule.startsWith('naming_series:')) return seriesName(call, doc, seriesOf(meta, doc));
  if (rule.startsWith('format:')) return formattedName(call, meta, doc);
  return rule.includes('#') ? seriesName(call, doc, rule) : hashName();
}

function uuidName(given: string | undefined): string {
  if (!given) return randomUUID();
  if (!UUID.test(given))
    throw new InvalidUUIDValue(`${given} is not a valid UUID`, { details: { field: 'name' } });
  return given.toLowerCase();
}

function fieldName(meta: Meta, doc: DraftDoc, fieldname: string): string {
  const name = textOf(doc[fieldname]).trim();
  if (name !== '') return name;
  const label = meta.fieldsByName.get(fieldname)?.label ?? fieldname;
  throw new ValidationError(`${meta.name}: ${label} is required`, { details: { field: fieldname } });
}

/** The document's own series, else the first the DocType offers. */
export function seriesOf(meta: Meta, doc: DraftDoc): string {
  const options = meta.fieldsByName.get('naming_series')?.options.split('\n') ?? [];
  const series = textOf(doc['naming_series']) || (options.map((line) => line.trim()).find(Boolean) ?? '');
  if (series === '') {
    throw new ValidationError(`${meta.name}: Naming Series mandatory`, {
      details: { field: 'naming_series' },
    });
  }
  doc['naming_series'] = series;
  return series;
}

/** `X` → `X-1` → `X-2`: the number replaces that of a source which was itself an amendment. */
async function amendedName(call: Call, meta: Meta, doc: DraftDoc): Promise<string | undefined> {
  const source = textOf(doc['amended_from']);
  if (source === '' || !meta.isSubmittable) return undefined;
  const stored = await loadStored(call, meta, source);
  if (!stored || isBlank(stored['amended_from'])) return `${source}-1`;
  const [, base = source, number = '0'] = /^(.*)-(\d+)$/.exec(source) ?? [];
  return `${base}-${Number(number) + 1}`;
}

/** @throws NameError naming the rule that the name breaks */
export function checkName(meta: Meta, name: string): string {
  const trimmed = name.trim();
  const fault = nameFault(meta, trimmed);
  if (fault) throw new NameError(`${meta.name}: ${fault}`, { details: { field: 'name' } });
  return trimmed;
}

function nameFault(meta: Meta, name: string): string | undefined {
  if (name === '') return 'no name specified';
  if (Array.from(name).length > LONGEST) return `the name is longer than ${LONGEST} characters`;
  if (/[<>]/.test(name)) return `the name ${JSON.stringify(name)} must not contain < or >`;
  if (/[\u0000-\u001f\u007f]/.test(name) || !name.isWellFormed()) return 'the name holds control characters';
  if (meta.isTable || meta.isSingle) return undefined;
  if (name.startsWith(`New ${meta.name}`)) return `a name must not begin with "New ${meta.name}"`;
  return name === meta.name ? `the name cannot be ${name}` : undefined;
}
