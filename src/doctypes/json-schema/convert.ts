// A JSON Schema file → definitions in Frappe's dialect: its own, and one per child that it describes inline.
// The schema itself is kept beside them for AJV; whether it is a sound schema is check.ts.
import { isJsonObject, type Json, type JsonObject } from '../../util/json.ts';
import type { Definition } from '../definition.ts';
import type { SchemaFile } from '../dialect.ts';
import type { Findings } from '../findings.ts';
import { count, flag, list, text } from '../properties.ts';
import { inferFieldtype, type Inferred, typeOf } from './infer.ts';
import { effective, isLocalRef } from './resolve.ts';

/** Name of the DocType that a reference to another file means. */
export type ResolveRef = (ref: string, fromFile: string) => string | undefined;

export interface Conversion {
  readonly findings: Findings;
  readonly resolve: ResolveRef;
}

interface Subject extends SchemaFile {
  /** Where local references lead. */
  readonly root: JsonObject;
  readonly isChild: boolean;
  readonly doctype: JsonObject;
}

export function convertSchema(file: SchemaFile, conversion: Conversion): Definition[] {
  const doctype = file.schema['x-doctype'];
  if (doctype !== undefined && !isJsonObject(doctype)) {
    conversion.findings.fault(file.file, `${file.at}/x-doctype`, 'must be an object');
    return [];
  }
  const properties = isJsonObject(doctype) ? doctype : {};
  const subject = { ...file, root: file.schema, doctype: properties, isChild: flag(properties['istable']) };
  return convert(subject, conversion);
}

/** Properties of the root, and of the schemas it is made of by `allOf`. */
export function propertiesOf(schema: JsonObject, root: JsonObject): ReadonlyMap<string, Json> {
  const parts = [...list(schema['allOf']).map((part) => effective(part, root).schema), schema];
  return new Map(
    parts.flatMap((part) => (isJsonObject(part['properties']) ? Object.entries(part['properties']) : [])),
  );
}

function convert(subject: Subject, conversion: Conversion): Definition[] {
  const { schema, root, file, at } = subject;
  const children: Definition[] = [];
  const properties = propertiesOf(schema, root);
  const names = [...properties.keys()].filter((name) => name !== 'name');
  const fields = names.map((key) => toField(key, properties.get(key), { subject, conversion, children }));
  const named = properties.has('name') && subject.doctype['autoname'] === undefined && !subject.isChild;
  if (named) {
    conversion.findings.warn(file, `"name" of ${subject.title} is the document's own name, which is unique`);
  }
  const raw: JsonObject = {
    doctype: 'DocType',
    ...(typeof schema['description'] === 'string' && { description: schema['description'] }),
    ...(named && { autoname: 'prompt' }),
    allow_rename: 1,
    ...subject.doctype,
    name: subject.title,
    fields,
  };
  const fieldAt = (index: number): string => `${at}/properties/${names[index] ?? ''}`;
  return [{ name: subject.title, raw, file, at, fieldAt, schema: own(subject) }, ...children];
}

/** The schema to enforce: an inline child brings the definitions its references lead to. */
function own({ schema, root }: Subject): JsonObject {
  if (schema === root) return schema;
  const definitions = { $defs: root['$defs'] ?? {}, definitions: root['definitions'] ?? {} };
  return { ...definitions, ...schema };
}

interface FieldContext {
  readonly subject: Subject;
  readonly conversion: Conversion;
  /** Collects the children described inline. */
  readonly children: Definition[];
}

function toField(key: string, property: Json | undefined, context: FieldContext): JsonObject {
  const { subject, conversion } = context;
  const { schema, nullable } = effective(property, subject.root);
  const xField = schema['x-field'] ?? {};
  if (!isJsonObject(xField)) {
    conversion.findings.fault(subject.file, `${subject.at}/properties/${key}/x-field`, 'must be an object');
    return { fieldname: key, fieldtype: 'Data' };
  }
  const required = list(subject.schema['required']).includes(key) && !nullable;
  const inferred = infer(key, schema, xField, context);
  const { 'x-field': _x, ...plain } = schema;
  return {
    fieldname: key,
    label: text(schema['title']) || humanize(key),
    ...inferred,
    ...(typeof schema['description'] === 'string' && { description: schema['description'] }),
    ...defaultOf(schema['default']),
    ...(schema['readOnly'] === true && { read_only: 1 }),
    // An empty list satisfies `required`, but not Frappe's mandatory table.
    ...(required && (!isTable(inferred.fieldtype) || count(schema['minItems']) > 0) && { reqd: 1 }),
    ...(keepsNull(schema, required || nullable) && { nullable: 1 }),
    ...xField,
    json_schema: plain,
  };
}

const isTable = (fieldtype: string): boolean => fieldtype === 'Table' || fieldtype === 'Table MultiSelect';

/**
 * Numbers that are not given stay absent, or `minimum` would judge a 0 that nobody sent. A boolean is 0 as in Frappe
 * unless absence means something.
 */
const keepsNull = (schema: JsonObject, mattersIfAbsent: boolean): boolean =>
  typeOf(schema) !== 'boolean' || mattersIfAbsent || 'const' in schema || 'enum' in schema;

function defaultOf(value: Json | undefined): JsonObject {
  if (value === undefined || value === null) return {};
  if (typeof value === 'boolean') return { default: Number(value) };
  return { default: typeof value === 'object' ? JSON.stringify(value) : value };
}

function infer(key: string, schema: JsonObject, xField: JsonObject, context: FieldContext): Inferred {
  const chosen = text(xField['fieldtype']);
  const found =
    isTable(chosen) || chosen === '' ? inferAny(key, schema, context, chosen) : inferFieldtype(schema);
  if (chosen === '' || chosen === found.fieldtype || (isTable(chosen) && isTable(found.fieldtype)))
    return found;
  // What was inferred for another fieldtype means nothing for the chosen one.
  return { fieldtype: chosen };
}

function inferAny(key: string, schema: JsonObject, context: FieldContext, chosen: string): Inferred {
  const ref = schema['$ref'];
  if (typeof ref === 'string' && chosen === '') {
    const { subject, conversion } = context;
    conversion.findings.fault(
      subject.file,
      `${subject.at}/properties/${key}/$ref`,
      `${JSON.stringify(ref)} is another file; use it as "items" of an array for a child table, or say what the ` +
        'field is by "x-field": {"fieldtype": "Link", "options": …}',
    );
  }
  const child =
    typeOf(schema) === 'array' && !context.subject.isChild ? childOf(key, schema, context) : undefined;
  return child === undefined ? inferFieldtype(schema) : { fieldtype: 'Table', options: child };
}

/** The child DocType whose rows an array holds; undefined for arrays of anything else. */
function childOf(key: string, schema: JsonObject, context: FieldContext): string | undefined {
  const items = schema['items'];
  const ref = isJsonObject(items) ? items['$ref'] : undefined;
  if (typeof ref !== 'string') return undefined;
  const { subject, conversion, children } = context;
  if (!isLocalRef(ref)) {
    const target = conversion.resolve(ref, subject.file);
    if (target !== undefined) return target;
    const at = `${subject.at}/properties/${key}/items/$ref`;
    conversion.findings.fault(
      subject.file,
      at,
      `no DocType is titled, and no file is named, ${JSON.stringify(ref)}`,
    );
    return undefined;
  }
  const target = effective(items, subject.root).schema;
  if (!isJsonObject(target['properties'])) return undefined;
  const declared = isJsonObject(target['x-doctype']) ? target['x-doctype'] : {};
  const title = text(target['title']) || `${subject.title} ${humanize(ref.split('/').at(-1) ?? key)}`;
  const doctype = { ...declared, istable: 1 };
  const inline = { title, schema: target, file: subject.file, at: subject.at + ref.slice(1) };
  children.push(...convert({ ...inline, root: subject.root, isChild: true, doctype }, conversion));
  return title;
}

/** `firstName`, `first_name` → `First Name`. */
export const humanize = (key: string): string =>
  key
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1 $2')
    .split(/[\s_-]+/)
    .filter((word) => word !== '')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ');
