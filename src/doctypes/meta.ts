// A compiled DocType: what the rest of the service knows of a kind of document. Immutable; types only.
import type { Json } from '../util/json.ts';

export interface Field {
  readonly fieldname: string;
  readonly fieldtype: string;
  readonly label: string;
  /** Link target, child DocType, Select lines or format name, by fieldtype. */
  readonly options: string;
  readonly default: string | number | null;
  readonly reqd: boolean;
  readonly unique: boolean;
  readonly searchIndex: boolean;
  readonly permlevel: number;
  /** Longest text allowed; 0 means the fieldtype's own limit. */
  readonly length: number;
  readonly nonNegative: boolean;
  readonly setOnlyOnce: boolean;
  readonly allowOnSubmit: boolean;
  readonly noCopy: boolean;
  /** `link_field.source_field`, or ''. */
  readonly fetchFrom: string;
  readonly fetchIfEmpty: boolean;
  /** Computed, never stored. */
  readonly isVirtual: boolean;
  readonly ignoreUserPermissions: boolean;
  readonly ignoreXssFilter: boolean;
  /** `x-field.enforce_read_only`: a client may not write it. */
  readonly enforceReadOnly: boolean;
  /** JSON Schema objects and arrays: kept and served as structure, not as text. */
  readonly structured: boolean;
  /** The service's zone, into which datetimes that carry an offset are moved; absent means UTC. */
  readonly timeZone?: string;
  /** The definition as the file has it, unknown properties included. */
  readonly raw: Readonly<Record<string, Json>>;
}

export const RIGHTS = [
  'select',
  'read',
  'write',
  'create',
  'delete',
  'submit',
  'cancel',
  'amend',
  'report',
  'export',
  'import',
  'share',
  'print',
  'email',
] as const;
export type Right = (typeof RIGHTS)[number];

export interface DocPerm {
  readonly role: string;
  readonly permlevel: number;
  readonly ifOwner: boolean;
  readonly rights: ReadonlySet<Right>;
}

/** One step of validation that failed; `documents/` makes the right AppError of it. */
export interface Fault {
  readonly kind:
    'type' | 'length' | 'select' | 'negative' | 'email' | 'phone' | 'name' | 'url' | 'schema' | 'range';
  readonly field: Field | undefined;
  /** Says what is wrong, without the field's label. */
  readonly message: string;
}

export interface Meta {
  readonly name: string;
  readonly module: string;
  /** Child DocType: its documents are rows of a parent. */
  readonly isTable: boolean;
  readonly isSingle: boolean;
  readonly isTree: boolean;
  readonly isVirtual: boolean;
  readonly isSubmittable: boolean;
  readonly custom: boolean;
  /** Undeclared fields are stored, returned and filterable (JSON Schema `additionalProperties: true`). */
  readonly schemaless: boolean;
  readonly trackChanges: boolean;
  readonly autoname: string;
  readonly allowRename: boolean;
  readonly titleField: string;
  readonly searchFields: readonly string[];
  /** Default order of lists; ends without a tie-breaker, which the engine adds. */
  readonly sort: readonly (readonly [field: string, direction: 'asc' | 'desc'])[];
  /** The link to the parent node, for trees. */
  readonly parentField: string;
  /** Fields that carry data, in order; layout and virtual fields are left out. */
  readonly fields: readonly Field[];
  readonly fieldsByName: ReadonlyMap<string, Field>;
  /** Table and Table MultiSelect fields. */
  readonly tables: readonly Field[];
  readonly permissions: readonly DocPerm[];
  /** Where documents are stored: the DocType's name, `_singles` for Singles; child DocTypes have none of their own. */
  readonly collection: string;
  /** Composite indexes from `x-doctype.indexes`: each a list of fieldnames, `-` in front for descending. */
  readonly indexes: readonly (readonly string[])[];
  /** File it came from, for messages. */
  readonly source: string;
  /** The definition as the file has it. */
  readonly raw: Readonly<Record<string, Json>>;
  /** The user's JSON Schema, when the file is of that dialect. */
  readonly schema: Readonly<Record<string, Json>> | undefined;
  /**
   * Checks one document or row (values already cast) with the DocType's AJV validator, compiled on first use.
   * Mandatory fields, links and uniqueness are not its business.
   */
  validate(values: Readonly<Record<string, Json>>): readonly Fault[];
}

export const STANDARD_FIELDS = [
  'name',
  'owner',
  'creation',
  'modified',
  'modified_by',
  'docstatus',
  'idx',
] as const;
/** Carried by child rows besides the standard fields. */
export const ROW_FIELDS = ['parent', 'parentfield', 'parenttype'] as const;
/** Kept beside a document for the desk; not part of its JSON. */
export const SIDE_FIELDS = ['_user_tags', '_comments', '_assign', '_liked_by', '_seen'] as const;
