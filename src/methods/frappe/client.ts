// frappe.client: the operations of REST for clients that call them as methods. Documents carry their nulls here.
import { ValidationError, whitelist, type Json, type JsonObject } from '../../plugin.ts';

interface DocReference {
  readonly doctype: string;
  readonly name: string | number;
}

const DOC = { type: 'object', properties: { doctype: { type: 'string' } }, required: ['doctype'] };
const NAME = { type: ['string', 'integer'] };

export const get = whitelist<DocReference>(
  {
    params: {
      type: 'object',
      properties: { doctype: { type: 'string' }, name: NAME },
      required: ['doctype', 'name'],
    },
  },
  ({ doctype, name }, ctx) => ctx.getDoc(doctype, name),
);

interface ListArguments {
  readonly doctype: string;
  readonly limit?: Json;
  readonly limit_page_length?: Json;
  readonly group_by?: Json;
  readonly [parameter: string]: Json | undefined;
}

export const get_list = whitelist<ListArguments>(
  { params: { type: 'object', properties: { doctype: { type: 'string' } }, required: ['doctype'] } },
  async ({ doctype, limit, limit_page_length: pageLength = limit, ...options }, ctx) => {
    if (options.group_by) throw new ValidationError('group_by is not supported');
    const { fields, filters, or_filters, order_by, limit_start } = options;
    return ctx.getList(doctype, {
      fields,
      filters,
      or_filters,
      order_by,
      limit_start,
      limit_page_length: pageLength,
    });
  },
);

export const insert = whitelist<{ readonly doc: JsonObject }>(
  {
    methods: ['POST', 'PUT'],
    retry: true,
    params: { type: 'object', properties: { doc: DOC }, required: ['doc'] },
  },
  ({ doc }, ctx) => ctx.insert(doc),
);

export const save = whitelist<{ readonly doc: JsonObject }>(
  {
    methods: ['POST', 'PUT'],
    retry: true,
    params: { type: 'object', properties: { doc: DOC }, required: ['doc'] },
  },
  ({ doc }, ctx) => ctx.save(doc),
);

// `delete` is a reserved word: the function is exported under that name below.
const deleteDoc = whitelist<DocReference>(
  {
    methods: ['DELETE', 'POST'],
    retry: true,
    params: {
      type: 'object',
      properties: { doctype: { type: 'string' }, name: NAME },
      required: ['doctype', 'name'],
    },
  },
  ({ doctype, name }, ctx) => ctx.delete(doctype, name),
);
export { deleteDoc as delete };

interface RenameArguments {
  readonly doctype: string;
  readonly old_name: string | number;
  readonly new_name: string;
  readonly merge: boolean;
}

export const rename_doc = whitelist<RenameArguments>(
  {
    methods: ['POST', 'PUT'],
    retry: true,
    params: {
      type: 'object',
      properties: {
        doctype: { type: 'string' },
        old_name: NAME,
        new_name: { type: 'string', minLength: 1 },
        merge: { type: 'boolean', default: false },
      },
      required: ['doctype', 'old_name', 'new_name'],
    },
  },
  (args, ctx) => ctx.rename(args.doctype, args.old_name, args.new_name, args.merge),
);
