// Turns a failed check of a value into the error Frappe's clients know, worded with DocType, row and label.
import type { Fault, Meta } from '../doctypes/meta.ts';
import type { ValidationError } from '../errors/errors.ts';
import * as errors from '../errors/errors.ts';

const KINDS = {
  type: errors.ValidationError,
  length: errors.CharacterLengthExceededError,
  select: errors.ValidationError,
  negative: errors.NonNegativeError,
  email: errors.InvalidEmailAddressError,
  phone: errors.InvalidPhoneNumberError,
  name: errors.InvalidNameError,
  url: errors.ValidationError,
  schema: errors.ValidationError,
  range: errors.ValidationError,
} as const satisfies Record<Fault['kind'], unknown>;

/** Where a value stands: its DocType, and its row when it is in a child table. */
export interface Place {
  readonly meta: Meta;
  readonly position?: number;
}

export const rowPrefix = (place: Place): string =>
  place.position === undefined ? `${place.meta.name}: ` : `${place.meta.name} Row #${place.position}: `;

/** One error for all faults of one document, of the first fault's class, with one message each. */
export function faultError(faults: readonly (Fault & { readonly place: Place })[]): ValidationError {
  const [first] = faults;
  if (!first) throw new RangeError('an error needs at least one fault');
  const messages = faults.map(
    ({ place, field, message }) =>
      `${rowPrefix(place)}${field ? `${field.label || field.fieldname}: ` : ''}${message}`,
  );
  return new KINDS[first.kind](messages.join('; '), {
    messages,
    details: { fields: faults.flatMap(({ field }) => (field ? [field.fieldname] : [])) },
  });
}
