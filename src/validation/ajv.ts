// The one place that makes AJV instances (draft 2020-12) and turns its errors into faults. It knows no DocTypes.
import type { AnySchemaObject, ErrorObject } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { FORMATS } from './formats.ts';

export type { Ajv2020 };

/** One keyword that a value does not satisfy. */
export interface SchemaFault {
  /** Keys and indexes from the root to the faulty value. */
  readonly path: readonly string[];
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** Place of the keyword in the schema, as a JSON pointer. */
  readonly schemaPath: string;
  /** The faulty value. */
  readonly value: unknown;
  /** AJV's own words, made precise. */
  readonly message: string;
}

export type SchemaCheck = (value: unknown) => readonly SchemaFault[];

/** An instance of its own: schemas of one app never meet those of another. Unknown keywords are annotations. */
export function createAjv(): Ajv2020 {
  return new Ajv2020({
    allErrors: true,
    strict: false,
    verbose: true,
    validateSchema: false,
    logger: false,
    formats: { ...FORMATS },
  });
}

/** @throws Error when the schema cannot be compiled; see `schemaFaults` */
export function compileSchema(ajv: Ajv2020, schema: AnySchemaObject): SchemaCheck {
  const validate = ajv.compile(schema);
  return (value) => (validate(value) ? [] : faultsOf(validate.errors ?? []));
}

/** What is wrong with a schema itself, by the meta-schema of draft 2020-12. */
export function schemaFaults(ajv: Ajv2020, schema: AnySchemaObject): readonly SchemaFault[] {
  return ajv.validateSchema(schema) === true ? [] : faultsOf(ajv.errors ?? []);
}

export function faultsOf(errors: readonly ErrorObject[]): readonly SchemaFault[] {
  return withoutEchoes(errors).map(toFault);
}

/** Leaves out errors that only say that others are there. */
function withoutEchoes(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  // `anyOf` of something and null: that the value is not null is nobody's fault. And `if` has then or else.
  const told = errors.filter((error) => error.keyword !== 'if' && !isNullBranch(error));
  return told.filter((error) => {
    if (error.keyword !== 'anyOf' && error.keyword !== 'oneOf') return true;
    const branches = told.flatMap((other) => branchOf(other.schemaPath, `${error.schemaPath}/`));
    return new Set(branches).size !== 1;
  });
}

const isNullBranch = ({ keyword, params, schemaPath }: ErrorObject): boolean =>
  keyword === 'type' && params['type'] === 'null' && /\/(?:anyOf|oneOf)\/\d+\/type$/.test(schemaPath);

const branchOf = (schemaPath: string, above: string): string[] =>
  schemaPath.startsWith(above) ? [schemaPath.slice(above.length).split('/')[0] ?? ''] : [];

const unescape = (key: string): string => key.replaceAll('~1', '/').replaceAll('~0', '~');

const toFault = (error: ErrorObject): SchemaFault => ({
  path: error.instancePath === '' ? [] : error.instancePath.slice(1).split('/').map(unescape),
  keyword: error.keyword,
  params: error.params,
  schemaPath: error.schemaPath,
  value: error.data,
  message: messageOf(error),
});

const quote = (value: unknown): string => JSON.stringify(value) ?? String(value);

function messageOf(error: ErrorObject): string {
  const params: Readonly<Record<string, unknown>> = error.params;
  switch (error.keyword) {
    case 'enum': {
      const allowed = params['allowedValues'];
      const list = Array.isArray(allowed) ? allowed.map(quote).join(', ') : '';
      return `must be one of ${list}, not ${clip(quote(error.data))}`;
    }
    case 'const':
      return `must be ${quote(params['allowedValue'])}`;
    case 'required':
      return `needs ${quote(params['missingProperty'])}`;
    case 'dependentRequired':
      return `needs ${quote(params['missingProperty'])} when ${quote(params['property'])} is given`;
    case 'additionalProperties':
      return `must not have ${quote(params['additionalProperty'])}`;
    case 'unevaluatedProperties':
      return `must not have ${quote(params['unevaluatedProperty'])}`;
    case 'type':
      return `must be ${[params['type']].flat().join(' or ')}`;
    case 'format':
      return `must be a valid ${String(params['format'])}, not ${clip(quote(error.data))}`;
    default:
      return error.message ?? `fails ${error.keyword}`;
  }
}

const LONGEST_QUOTE = 80;
const clip = (text: string): string =>
  text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text;
