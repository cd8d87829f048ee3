// What every fieldtype must say about itself. The table of all of them is index.ts.
import type { Json } from '../../util/json.ts';
import type { Clock } from '../../util/datetime.ts';
import type { Fault, Field } from '../meta.ts';

export type CastResult = { readonly value: Json } | { readonly fault: Omit<Fault, 'field'> };

export interface FieldType {
  readonly name: string;
  /** How values are stored and compared. `none`: layout, carries no data. `rows`: child table. */
  readonly storedAs: 'text' | 'integer' | 'number' | 'structure' | 'rows' | 'none';
  /** What an unset field reads as: 0 for numbers that Frappe keeps NOT NULL, else null. */
  readonly unset: 0 | null;
  /** What null counts as in comparisons (reference §2.7 "compat"): '' | 0 | '0001-01-01' | '00:00:00' … */
  readonly nullAs: string | number;
  /** Turns a client's value into the stored one. Null and '' (where blank means null) give null. Never throws. */
  cast(value: Json, field: Field): CastResult;
  /** Turns a value in a filter into the one to compare with; more lenient than cast (dates may be partial). */
  operand(value: Json, field: Field): CastResult;
  /** JSON Schema of a stored, non-null value: type, maxLength, enum, minimum … */
  schema(field: Field): Readonly<Record<string, unknown>>;
  /** Extra checks of a definition (a Link needs options …); returns what is wrong with it. */
  checkField?(field: Field): string | undefined;
  /** Default words such as `Today` or `now`; absent means the literal is cast. */
  defaultFor?(word: string, clock: Clock): Json | undefined;
}
