// Behaviour of one DocType beyond its definition: hooks by Frappe's names. Which exist is the registry of app.ts.
import type { Json } from '../util/json.ts';
import type { Call } from './call.ts';

/** A document on its way through its life: fields may be changed by hooks. */
export interface DraftDoc {
  name?: string | number;
  [field: string]: Json | undefined;
}

export interface HookContext {
  readonly call: Call;
  readonly doctype: string;
  /** The document as stored, when it was. */
  readonly before: Readonly<Record<string, Json>> | undefined;
}

export type Hook = (doc: DraftDoc, context: HookContext) => void | Promise<void>;

export const HOOKS = [
  'before_insert',
  'before_naming',
  'autoname',
  'before_validate',
  'validate',
  'before_save',
  'after_insert',
  'on_update',
  'before_submit',
  'on_submit',
  'before_cancel',
  'on_cancel',
  'before_update_after_submit',
  'on_update_after_submit',
  'on_change',
  'on_trash',
  'after_delete',
  'before_rename',
  'after_rename',
] as const;
export type HookName = (typeof HOOKS)[number];

export type Controller = Partial<Record<HookName, Hook>>;
export type Controllers = ReadonlyMap<string, Controller>;
