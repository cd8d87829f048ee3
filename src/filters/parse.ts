// filters and or_filters, in any of the shapes Frappe's clients send, → Filter[]. It looks at no metadata.
import { ValidationError } from '../errors/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../util/json.ts';
import { filtersFault } from '../validation/list-shapes.ts';
import { parseFieldPath } from './field-path.ts';
import { OPERATORS, type Filter, type Operator } from './filter.ts';
import { faultAt, parseJsonParameter, quoted } from './request-value.ts';

export interface FilterLimits {
  /** Most filters in one parameter. */
  readonly filters: number;
}

export type FilterParameter = 'filters' | 'or_filters';

const DEFAULT_LIMITS: FilterLimits = { filters: 200 };

const KNOWN: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ...OPERATORS.map((operator): [string, Operator] => [operator, operator]),
  ['=<', '<='],
  ['=>', '>='],
  ['ilike', 'like'],
]);

/** The operator a client wrote, whatever its case and spaces. */
export const findOperator = (text: string): Operator | undefined =>
  KNOWN.get(text.trim().toLowerCase().replaceAll(/\s+/g, ' '));

/** One filter as it stands in the request. */
interface Written {
  readonly doctype?: Json | undefined;
  readonly field: Json | undefined;
  readonly operator: Json | undefined;
  readonly value: Json | undefined;
  /** Where it stands, for messages. */
  readonly path: readonly string[];
  /** Where its operator stands. */
  readonly operatorPath: readonly string[];
}

/**
 * @throws DataError when the text is not JSON
 * @throws ValidationError naming the parameter, the position and what is wrong there
 */
export function parseFilters(
  input: Json | undefined,
  parameter: FilterParameter,
  limits: FilterLimits = DEFAULT_LIMITS,
): readonly Filter[] {
  const value = unwrapSingle(parseJsonParameter(input, parameter));
  if (value === null || value === '') return [];
  refuseNested(value, parameter);
  const fault = filtersFault(value);
  if (fault) throw faultAt(parameter, fault);
  const written = list(value);
  if (written.length > limits.filters) {
    throw new ValidationError(
      `Invalid ${parameter}: ${written.length} filters given, at most ${limits.filters} are allowed`,
      { details: { parameter, limit: limits.filters } },
    );
  }
  return written.map((each) => toFilter(each, parameter));
}

/** `["f", "=", 1]` and `["DT", "f", "=", 1]` stand for a list of themselves: no other shape looks like them. */
function unwrapSingle(value: Json): Json {
  if (!isList(value) || typeof value[0] !== 'string' || typeof value[1] !== 'string') return value;
  const hasOperatorAt = (index: number): boolean => {
    const word = value[index];
    return typeof word === 'string' && findOperator(word) !== undefined;
  };
  if (value.length === 3 && hasOperatorAt(1)) return [value];
  return value.length > 3 && value.length < 6 && hasOperatorAt(2) ? [value] : value;
}

function refuseNested(value: Json, parameter: FilterParameter): void {
  if (!isList(value)) return;
  const isWord = (item: Json): boolean => typeof item === 'string' && /^\s*(and|or)\s*$/i.test(item);
  const at = value.findIndex(
    (item) => isWord(item) || (isList(item) && typeof item[0] === 'object' && item.some(isWord)),
  );
  if (at === -1) return;
  throw faultAt(parameter, {
    path: [String(at)],
    message: 'joins conditions by "and" or "or", which is not supported: use filters and or_filters',
  });
}

function list(value: Json): Written[] {
  if (isJsonObject(value)) return ofDict(value, []);
  if (!isList(value)) return [];
  return value.flatMap((item, index) => {
    const path = [String(index)];
    if (isJsonObject(item)) return ofDict(item, path);
    return isList(item) ? [ofTuple(item, path)] : [];
  });
}

const ofDict = (dict: JsonObject, path: readonly string[]): Written[] =>
  Object.entries(dict).map(([field, value]) => ofPair(field, value, { at: path, key: field }));

function ofTuple(tuple: readonly Json[], path: readonly string[]): Written {
  if (tuple.length === 2) return ofPair(tuple[0], tuple[1], { at: path, key: '1' });
  if (tuple.length === 3) {
    const [field, operator, value] = tuple;
    return { field, operator, value, path, operatorPath: [...path, '1'] };
  }
  const [doctype, field, operator, value] = tuple;
  return { doctype, field, operator, value, path, operatorPath: [...path, '2'] };
}

function ofPair(
  field: Json | undefined,
  value: Json | undefined,
  { at, key }: { readonly at: readonly string[]; readonly key: string },
): Written {
  const path = [...at, key];
  if (!isList(value)) return { field, operator: '=', value, path, operatorPath: path };
  return { field, operator: value[0], value: value[1], path, operatorPath: [...path, '0'] };
}

function toFilter(written: Written, parameter: FilterParameter): Filter {
  const operatorText = textOf(written.operator);
  const operator = findOperator(operatorText);
  if (!operator) {
    const message = `is ${quoted(operatorText)}: Operator must be one of ${OPERATORS.join(', ')}`;
    throw faultAt(parameter, { path: written.operatorPath, message });
  }
  const spelling = textOf(written.field);
  const path = parseFieldPath(spelling);
  if (!path) {
    throw faultAt(parameter, { path: written.path, message: `names no field: ${quoted(spelling)}` });
  }
  const doctype = typeof written.doctype === 'string' ? written.doctype : path.doctype;
  return { doctype, field: path.field, operator, value: written.value ?? null };
}

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}
