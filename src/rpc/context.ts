// What a method is given: the operations of REST on the caller's behalf, and a few reads without permission checks.
import { system, type Principal } from '../access/principal.ts';
import type { Auth } from '../auth/login.ts';
import type { Call, Message } from '../documents/call.ts';
import { getDoc } from '../documents/get.ts';
import { insertDoc } from '../documents/insert.ts';
import { listDocs } from '../documents/list.ts';
import { removeDoc } from '../documents/remove.ts';
import { renameDoc } from '../documents/rename.ts';
import type { ListRequest, WireDoc } from '../documents/requests.ts';
import { updateDoc } from '../documents/update.ts';
import { ValidationError } from '../errors/errors.ts';
import type { Json, JsonObject } from '../util/json.ts';
import { toDocRef } from './doc-ref.ts';
import type { MethodResponse } from './response.ts';
import { errorOf, type ThrowableType } from './throwable.ts';

type DocName = string | number;

export type ListOptions = Omit<ListRequest, 'doctype' | 'debug'>;

/** Pages that clients are sent to. */
export interface Site {
  readonly homePage: string;
  readonly dashboardRoute: string;
}

export interface MethodRequest {
  readonly verb: string;
  readonly ip: string;
}

/** Reads that ask for no permission: for checks of the method's own. */
export interface MethodDb {
  exists(doctype: string, name: DocName): Promise<boolean>;
  /** One field of the first document that matches; undefined when none does. */
  getValue(doctype: string, filters: DocName | JsonObject, field: string): Promise<Json | undefined>;
  getAll(doctype: string, options?: ListOptions): Promise<readonly JsonObject[]>;
}

export interface MethodContext {
  readonly user: string;
  readonly principal: Principal;
  readonly request: MethodRequest;
  readonly response: MethodResponse;
  readonly db: MethodDb;
  readonly auth: Auth;
  readonly site: Site;
  /** For what the operations below do not cover; writes made through it commit with the call. */
  readonly call: Call;
  getDoc(doctype: string, name: DocName): Promise<WireDoc>;
  getList(doctype: string, options?: ListOptions): Promise<readonly JsonObject[]>;
  /** A document that is not stored yet; defaults are filled in when it is. @throws DoesNotExistError */
  newDoc(doctype: string, values?: JsonObject): JsonObject;
  insert(doc: JsonObject): Promise<WireDoc>;
  /** Updates the document, or inserts it when it has no name. */
  save(doc: JsonObject): Promise<WireDoc>;
  delete(doctype: string, name: DocName): Promise<void>;
  /** Returns the new name. */
  rename(doctype: string, oldName: DocName, newName: string, merge?: boolean): Promise<string>;
  /** Shows the user a message along with the answer. */
  msgprint(message: string, options?: Omit<Message, 'message'>): void;
  /** Ends the call with an error of Frappe's; nothing it wrote is kept. */
  throw(message: string, type?: ThrowableType): never;
}

export interface ContextParts {
  readonly call: Call;
  readonly auth: Auth;
  readonly site: Site;
  readonly request: MethodRequest;
  readonly response: MethodResponse;
}

export function createMethodContext({ call, auth, site, request, response }: ContextParts): MethodContext {
  return {
    user: call.principal.user,
    principal: call.principal,
    call,
    auth,
    site,
    request,
    response,
    db: createDb({ ...call, principal: system() }),
    getDoc: (doctype, name) => getDoc(call, toDocRef(call.registry, doctype, name)),
    getList: async (doctype, options) => (await listDocs(call, { ...options, doctype })).rows,
    newDoc: (doctype, values = {}) => ({ ...values, doctype: call.registry.get(doctype).name }),
    insert: (doc) => insertDoc(call, { doctype: doctypeOf(doc), values: doc }),
    save: (doc) => save(call, doc),
    delete: (doctype, name) => removeDoc(call, toDocRef(call.registry, doctype, name)),
    rename: (doctype, oldName, newName, merge = false) =>
      renameDoc(call, {
        doctype,
        newName,
        merge,
        oldName: toDocRef(call.registry, doctype, oldName).name,
      }),
    msgprint(message, options = {}) {
      call.messages.push({ ...options, message });
    },
    throw(message, type = 'ValidationError') {
      throw errorOf(type, message);
    },
  };
}

function createDb(call: Call): MethodDb {
  const getAll = async (doctype: string, options: ListOptions = {}): Promise<readonly JsonObject[]> =>
    (await listDocs(call, { limit_page_length: 0, ...options, doctype })).rows;
  const first = async (doctype: string, filters: Json, field: string): Promise<JsonObject | undefined> =>
    (await getAll(doctype, { filters, fields: [field], limit_page_length: 1 }))[0];
  const byName = (doctype: string, name: DocName): JsonObject => ({
    name: toDocRef(call.registry, doctype, name).name,
  });
  return {
    getAll,
    exists: async (doctype, name) => (await first(doctype, byName(doctype, name), 'name')) !== undefined,
    async getValue(doctype, filters, field) {
      const row = await first(
        doctype,
        typeof filters === 'object' ? filters : byName(doctype, filters),
        field,
      );
      return row && (row[field] ?? null);
    },
  };
}

/** @throws ValidationError when the document does not say what it is */
function doctypeOf(doc: JsonObject): string {
  const { doctype } = doc;
  if (typeof doctype !== 'string' || doctype === '') throw new ValidationError('doc must name its doctype');
  return doctype;
}

function save(call: Call, doc: JsonObject): Promise<WireDoc> {
  const doctype = doctypeOf(doc);
  const { name } = doc;
  const isNamed = (typeof name === 'string' && name !== '') || typeof name === 'number';
  return isNamed && !doc['__islocal']
    ? updateDoc(call, { ...toDocRef(call.registry, doctype, name), values: doc })
    : insertDoc(call, { doctype, values: doc });
}
