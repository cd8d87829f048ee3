// What the operations take and give. Types only; the operations are get, list, insert, update, remove and rename.
import type { Json, JsonObject } from '../util/json.ts';

export interface DocRef {
  readonly doctype: string;
  readonly name: string | number;
}

/** List parameters as the client sent them: text from a query string, or typed from a JSON body. */
export interface ListRequest {
  readonly doctype: string;
  readonly fields?: Json | undefined;
  readonly filters?: Json | undefined;
  readonly or_filters?: Json | undefined;
  readonly order_by?: Json | undefined;
  readonly limit_start?: Json | undefined;
  readonly limit_page_length?: Json | undefined;
  readonly debug?: boolean;
}

export interface ListResult {
  /** Names of the columns, in the order asked for. */
  readonly columns: readonly string[];
  readonly rows: readonly JsonObject[];
  /** Lowered query and execution time, when asked for. */
  readonly debug: readonly string[];
}

export interface WriteRequest {
  readonly doctype: string;
  readonly values: JsonObject;
}

export interface RenameRequest {
  readonly doctype: string;
  readonly oldName: string | number;
  readonly newName: string;
  readonly merge?: boolean;
}

/**
 * A document as the operations give it: every field the caller may read, nulls included, `doctype` among them,
 * Table fields as arrays. `http/` leaves out the nulls where v1 does.
 */
export type WireDoc = JsonObject;
