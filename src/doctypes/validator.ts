// The check of a document's values with AJV: by fieldtype, and by the author's JSON Schema where there is one.
// Compiled on first use, since most of a service's DocTypes are not written to in any one run.
import { type Ajv2020, compileSchema, type SchemaCheck, type SchemaFault } from '../validation/ajv.ts';
import type { JsonObject } from '../util/json.ts';
import { fieldType } from './fieldtypes/index.ts';
import { enforcedSchema, schemaView, type Viewed } from './json-schema/view.ts';
import type { Fault, Field, Meta } from './meta.ts';

export interface Judged {
  readonly fields: readonly Field[];
  readonly fieldsByName: ReadonlyMap<string, Field>;
  readonly tables: readonly Field[];
  /** Frappe checks no lengths on Singles, which it keeps in rows of their own. */
  readonly isSingle: boolean;
  readonly schemaless: boolean;
  readonly schema: JsonObject | undefined;
}

/** @param find other DocTypes, once all are compiled */
export function createValidator(
  judged: Judged,
  ajv: Ajv2020,
  find: (doctype: string) => Meta | undefined,
): Meta['validate'] {
  let checks: { readonly fields: SchemaCheck; readonly own: SchemaCheck | undefined } | undefined;
  const { schema } = judged;
  const viewed = schema && {
    ...judged,
    schema,
    childOf: (table: Field) => viewedChild(find(table.options), find),
  };

  return (values) => {
    checks ??= {
      fields: compileSchema(ajv, fieldsSchema(judged)),
      own: schema && compileSchema(ajv, enforcedSchema(schema, judged.tables)),
    };
    const ownFaults = checks.own && viewed ? checks.own(schemaView(values, viewed)) : [];
    const faults = ownFaults.flatMap((fault) => schemaFault(fault, judged));
    const judgedFields = new Set(faults.map((fault) => fault.field));
    const stored = Object.entries(values).filter(([, value]) => value !== null);
    for (const found of checks.fields(Object.fromEntries(stored))) {
      const field = judged.fieldsByName.get(found.path[0] ?? '');
      if (!judgedFields.has(field)) faults.push(fieldFault(found, field));
    }
    return faults;
  };
}

function viewedChild(
  child: Meta | undefined,
  find: (doctype: string) => Meta | undefined,
): Viewed | undefined {
  if (!child?.schema) return undefined;
  return { ...child, schema: child.schema, childOf: (table) => viewedChild(find(table.options), find) };
}

/** Rows are judged by their own DocType. */
function fieldsSchema({ fields, tables, isSingle }: Judged): Readonly<Record<string, unknown>> {
  const own = fields.filter((field) => !tables.includes(field));
  const properties = own.map((field) => {
    const { maxLength, ...rest } = fieldType(field).schema(field);
    return [field.fieldname, isSingle || maxLength === undefined ? rest : { ...rest, maxLength }] as const;
  });
  return { type: 'object', properties: Object.fromEntries(properties) };
}

const KINDS: Readonly<Record<string, Fault['kind']>> = {
  'email-list': 'email',
  phone: 'phone',
  'person-name': 'name',
  'web-address': 'url',
};

const FORMAT_WORDS: Readonly<Record<string, string>> = {
  'email-list': 'is not a valid Email Address',
  phone: 'is not a valid Phone Number',
  'person-name': 'is not a valid Name',
  'web-address': 'is not a valid URL',
  iban: 'is not a valid IBAN',
};

/** A fault found by the fieldtype's own schema, in Frappe's words. */
function fieldFault({ keyword, params, value, message }: SchemaFault, field: Field | undefined): Fault {
  const shown = typeof value === 'string' ? value : JSON.stringify(value);
  const format = String(params['format']);
  switch (keyword) {
    case 'maxLength':
      return {
        kind: 'length',
        field,
        message: `is too long: at most ${String(params['limit'])} characters are allowed`,
      };
    case 'enum':
      return {
        kind: 'select',
        field,
        message: `cannot be "${shown}". It should be one of ${choices(params)}`,
      };
    case 'format':
      return {
        kind: KINDS[format] ?? 'schema',
        field,
        message: `${shown} ${FORMAT_WORDS[format] ?? `is not a ${format}`}`,
      };
    case 'minimum':
      return field?.nonNegative === true && params['limit'] === 0
        ? { kind: 'negative', field, message: 'cannot be negative' }
        : { kind: 'range', field, message };
    case 'maximum':
      return { kind: 'range', field, message };
    default:
      return { kind: 'type', field, message };
  }
}

function choices(params: SchemaFault['params']): string {
  const allowed = params['allowedValues'];
  const shown = Array.isArray(allowed) ? allowed.filter((choice) => choice !== '') : [];
  return shown.map((choice) => `"${String(choice)}"`).join(', ');
}

/** A fault found by the author's schema. */
function schemaFault(fault: SchemaFault, judged: Judged): Fault[] {
  const missing = missingOf(fault);
  const field = judged.fieldsByName.get(missing ?? fault.path[0] ?? '');
  // Mandatory fields are reported by documents/, but Frappe's rules know no mandatory Check.
  const reported = fault.keyword === 'required' && field?.reqd === true && field.fieldtype !== 'Check';
  if (missing !== undefined && reported) return [];
  // Without a field the path begins with an undeclared key, which the message has to name.
  const inner = fault.path.slice(field ? 1 : 0).join('/');
  const said = missing !== undefined && field ? requiredWords(fault) : fault.message;
  return [{ kind: 'schema', field, message: inner === '' ? said : `${inner} ${said}` }];
}

/** The property that the document itself lacks. */
function missingOf({ path, params }: SchemaFault): string | undefined {
  const missing = path.length === 0 ? params['missingProperty'] : undefined;
  return typeof missing === 'string' ? missing : undefined;
}

const requiredWords = ({ keyword, params }: SchemaFault): string =>
  keyword === 'dependentRequired' ? `is required when ${String(params['property'])} is given` : 'is required';
