// The failures an engine may report. `documents/` turns them into AppErrors, where doctype and field are known.

export class DuplicateKey extends Error {
  readonly collection: string;
  /** The unique field, or `name`. */
  readonly field: string;
  /** Name of the document that could not be written. */
  readonly docname: string | number;
  constructor(collection: string, field: string, docname: string | number, options?: ErrorOptions) {
    super(`duplicate ${field} in ${collection}`, options);
    this.collection = collection;
    this.field = field;
    this.docname = docname;
  }
}

/** The document changed, or vanished, since it was read. */
export class WriteConflict extends Error {
  readonly collection: string;
  readonly docname: string | number;
  constructor(collection: string, docname: string | number, options?: ErrorOptions) {
    super(`${collection} ${docname} changed since it was read`, options);
    this.collection = collection;
    this.docname = docname;
  }
}

/** The database cannot be reached, is full or read-only, or did not answer in time. */
export class StoreUnavailable extends Error {}
