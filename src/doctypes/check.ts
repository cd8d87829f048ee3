// Whether definitions of the right shape also make sense. Faults are what cannot be served; exported files of real
// apps have many lesser faults, which are warned of at most.
import type { JsonObject } from '../util/json.ts';
import { type Definition, fieldsOf } from './definition.ts';
import { toField } from './field.ts';
import { FIELD_TYPES, isLayout } from './fieldtypes/index.ts';
import type { Findings } from './findings.ts';
import { doctypeNameFault, fieldnameFault } from './names.ts';
import { flag, list, text } from './properties.ts';
import { ROW_FIELDS, STANDARD_FIELDS } from './meta.ts';
import { isChild } from './dialect.ts';

export function checkDefinition(
  definition: Definition,
  all: ReadonlyMap<string, Definition>,
  findings: Findings,
): void {
  const fault = (path: string, message: string): void =>
    findings.fault(definition.file, definition.at + path, message);
  const nameFault = doctypeNameFault(definition.name);
  const nameAt = definition.schema ? '/title' : '/name';
  if (nameFault !== undefined) fault(nameAt, `${JSON.stringify(definition.name)} ${nameFault}`);
  if (flag(definition.raw['istable']) && flag(definition.raw['issingle'])) {
    fault('/issingle', 'a child DocType cannot be a Single');
  }
  checkFields(definition, all, findings);
  checkAutoname(definition, fault, (message) => findings.warn(definition.file, message));
  checkIndexes(definition, fault);
}

function checkFields(definition: Definition, all: ReadonlyMap<string, Definition>, findings: Findings): void {
  const known = new Map<string, string>();
  for (const [index, raw] of fieldsOf(definition).entries()) {
    const at = definition.fieldAt(index);
    const fieldtype = text(raw['fieldtype']);
    if (!FIELD_TYPES.has(fieldtype))
      findings.fault(definition.file, `${at}/fieldtype`, unknownFieldtype(fieldtype));
    else if (!isLayout(fieldtype)) checkField({ definition, raw, at, known, all, findings });
  }
}

interface FieldSubject {
  readonly definition: Definition;
  readonly raw: JsonObject;
  readonly at: string;
  /** Fieldnames met so far, with the place of each. */
  readonly known: Map<string, string>;
  readonly all: ReadonlyMap<string, Definition>;
  readonly findings: Findings;
}

function checkField({ definition, raw, at, known, all, findings }: FieldSubject): void {
  const { file } = definition;
  const fieldname = text(raw['fieldname']);
  const nameFault = fieldnameFault(fieldname, isChild(definition));
  if (nameFault !== undefined) return findings.fault(file, at, nameFault);
  const first = known.get(fieldname);
  if (first !== undefined)
    findings.fault(file, at, `fieldname ${JSON.stringify(fieldname)} is already at ${first}`);
  known.set(fieldname, at);
  const field = toField(raw);
  const fault = FIELD_TYPES.get(field.fieldtype)?.checkField?.(field);
  if (fault !== undefined) return findings.fault(file, at, `${fieldname}: ${fault}`);
  if (FIELD_TYPES.get(field.fieldtype)?.storedAs === 'rows')
    checkTable(definition, field.options, at, { all, findings });
  if (
    field.fieldtype === 'Dynamic Link' &&
    !fieldsOf(definition).some((other) => other['fieldname'] === field.options)
  ) {
    findings.warn(file, `${fieldname}: no field ${JSON.stringify(field.options)} says what it links to`);
  }
}

function checkTable(
  definition: Definition,
  childName: string,
  at: string,
  { all, findings }: Pick<FieldSubject, 'all' | 'findings'>,
): void {
  const child = all.get(childName);
  if (child && !isChild(child)) {
    const cure = child.schema ? '"x-doctype": {"istable": 1}' : '"istable": 1';
    const message = `${childName} (${child.file}) is not a child DocType; it needs ${cure}`;
    findings.fault(definition.file, at, message);
  }
  if (isChild(definition)) {
    findings.warn(definition.file, `${at}: left out; a child DocType cannot have tables of its own`);
  } else if (!child) {
    findings.warn(
      definition.file,
      `child DocType ${JSON.stringify(childName)} is not loaded; rows of it are refused`,
    );
  }
}

function unknownFieldtype(fieldtype: string): string {
  const meant = [...FIELD_TYPES.keys()].find(
    (name) => name.replaceAll(' ', '').toLowerCase() === fieldtype.replace(/[\s_-]/g, '').toLowerCase(),
  );
  const hint = meant === undefined ? '' : `; did you mean ${JSON.stringify(meant)}?`;
  return `there is no fieldtype ${JSON.stringify(fieldtype)}${hint}`;
}

type Report = (path: string, message: string) => void;

const PLAIN_RULES = new Set(['', 'hash', 'random', 'autoincrement', 'uuid', 'prompt']);

function checkAutoname(definition: Definition, fault: Report, warn: (message: string) => void): void {
  const autoname = text(definition.raw['autoname']).trim();
  const at = definition.schema ? '/x-doctype/autoname' : '/autoname';
  const lower = autoname.toLowerCase();
  if (PLAIN_RULES.has(lower)) return;
  if (lower.startsWith('field:')) {
    const field = autoname.slice('field:'.length).trim();
    if (!dataFieldnames(definition).has(field)) fault(at, `there is no field ${JSON.stringify(field)}`);
  } else if (lower.startsWith('format:')) {
    const format = autoname.slice('format:'.length);
    if (format.trim() === '') fault(at, 'the format is empty');
    else if (!/^(?:[^{}]|\{[^{}]+\})*$/.test(format))
      fault(at, `braces do not match in ${JSON.stringify(format)}`);
  } else if (lower.startsWith('naming_series:')) {
    if (!dataFieldnames(definition).has('naming_series')) {
      warn('autoname is "naming_series:" but there is no field naming_series');
    }
  } else if (!autoname.includes('#')) {
    warn(`autoname ${JSON.stringify(autoname)} is no naming rule; names are random`);
  }
}

function checkIndexes(definition: Definition, fault: Report): void {
  const known = dataFieldnames(definition);
  const at = definition.schema ? '/x-doctype/indexes' : '/indexes';
  for (const [index, entry] of list(definition.raw['indexes']).entries()) {
    for (const name of [entry].flat().map((part) => text(part).replace(/^-/, ''))) {
      if (!known.has(name)) fault(`${at}/${index}`, `there is no field ${JSON.stringify(name)}`);
    }
  }
}

/** Names that a query can use: data fields and the standard ones. */
export function dataFieldnames(definition: Definition): ReadonlySet<string> {
  const own = fieldsOf(definition).filter((field) => {
    const type = FIELD_TYPES.get(text(field['fieldtype']));
    return (
      type !== undefined && type.storedAs !== 'none' && type.storedAs !== 'rows' && !flag(field['is_virtual'])
    );
  });
  return new Set([
    ...STANDARD_FIELDS,
    ...(isChild(definition) ? ROW_FIELDS : []),
    ...own.map((field) => text(field['fieldname'])),
  ]);
}
