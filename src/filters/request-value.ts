// List parameters arrive as JSON text (query string) or as values (JSON body): this turns both into values and
// words their faults. It knows no DocTypes.
import { DataError, ValidationError } from '../errors/errors.ts';
import type { Json } from '../util/json.ts';
import type { ShapeFault } from '../validation/list-shapes.ts';

export type ListParameter =
  'filters' | 'or_filters' | 'fields' | 'order_by' | 'limit_start' | 'limit_page_length';

const LONGEST_QUOTE = 60;

/** A piece of what the client sent, short enough for a message. */
export const quoted = (text: string): string =>
  JSON.stringify(text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text);

/**
 * The value of a parameter that may be JSON text.
 * @throws DataError when the text is not JSON
 */
export function parseJsonParameter(input: Json | undefined, parameter: ListParameter): Json {
  if (input === undefined) return null;
  if (typeof input !== 'string') return input;
  if (input.trim() === '') return null;
  try {
    const value: Json = JSON.parse(input);
    return value;
  } catch (cause) {
    const reason = cause instanceof SyntaxError ? cause.message : 'it is nested too deeply';
    throw new DataError(`Invalid ${parameter}: not valid JSON (${reason})`, {
      cause,
      details: { parameter },
    });
  }
}

/** A fault of one place in a parameter: `filters[2][1] must be an operator, as text`. */
export function faultAt(parameter: ListParameter, fault: ShapeFault): ValidationError {
  const steps = fault.path.map((key) => (/^\d+$/.test(key) ? `[${key}]` : `[${quoted(key)}]`));
  const position = `${parameter}${steps.join('')}`;
  return new ValidationError(`Invalid ${parameter}: ${position} ${fault.message}`, {
    details: { parameter, position },
  });
}
