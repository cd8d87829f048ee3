// Whether a JSON Schema can be enforced: sound by draft 2020-12, its references lead somewhere, its patterns compile.
import { type Ajv2020, schemaFaults } from '../../validation/ajv.ts';
import { isJsonObject, type Json, type JsonObject } from '../../util/json.ts';
import type { SchemaFile } from '../dialect.ts';
import type { Findings } from '../findings.ts';
import { DATA_KEYWORDS, isLocalRef, lookUp, NAMED_SCHEMAS } from './resolve.ts';

export function checkSchema({ schema, file, at }: SchemaFile, ajv: Ajv2020, findings: Findings): void {
  const type = schema['type'];
  if (type !== undefined && type !== 'object') findings.fault(file, `${at}/type`, 'must be "object"');
  const { $schema: _draft, ...rest } = schema;
  const seen = new Set<string>();
  for (const fault of schemaFaults(ajv, rest)) {
    const place = fault.path.map((part) => `/${part}`).join('');
    // One sentence a place: the branches of the meta-schema repeat themselves.
    if (seen.has(place) || fault.keyword === 'anyOf') continue;
    seen.add(place);
    findings.fault(file, at + place, fault.message);
  }
  if (seen.size > 0) return;
  walk(schema, '', (node, place) =>
    checkNode(node, schema, (path, message) => findings.fault(file, at + place + path, message)),
  );
}

function checkNode(node: JsonObject, root: JsonObject, fault: (path: string, message: string) => void): void {
  const ref = node['$ref'];
  if (typeof ref === 'string') {
    if (isLocalRef(ref) ? !isAnchor(ref) && lookUp(root, ref) === undefined : ref.includes('#/')) {
      fault('/$ref', `${JSON.stringify(ref)} leads nowhere`);
    }
  }
  const { pattern, patternProperties } = node;
  if (typeof pattern === 'string' && !compiles(pattern)) {
    fault('/pattern', `${JSON.stringify(pattern)} is not a regular expression`);
  }
  for (const key of isJsonObject(patternProperties) ? Object.keys(patternProperties) : []) {
    if (!compiles(key)) fault('/patternProperties', `${JSON.stringify(key)} is not a regular expression`);
  }
}

/** `#name` refers to an `$anchor`; AJV finds those. */
const isAnchor = (ref: string): boolean => /^#[^/]/.test(ref);

function compiles(pattern: string): boolean {
  try {
    return new RegExp(pattern, 'u') instanceof RegExp;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

/** Calls `visit` on every object of a schema that may be a schema. */
function walk(node: Json, place: string, visit: (node: JsonObject, place: string) => void): void {
  if (Array.isArray(node)) {
    for (const [index, item] of node.entries()) walk(item, `${place}/${index}`, visit);
  } else if (isJsonObject(node)) {
    visit(node, place);
    for (const [keyword, value] of Object.entries(node)) {
      if (DATA_KEYWORDS.has(keyword)) continue;
      const named = NAMED_SCHEMAS.has(keyword) && isJsonObject(value);
      for (const [name, schema] of named ? Object.entries(value) : [])
        walk(schema, `${place}/${keyword}/${name}`, visit);
      if (!named) walk(value, `${place}/${keyword}`, visit);
    }
  }
}
