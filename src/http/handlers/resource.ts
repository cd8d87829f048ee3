// /api/resource: turns requests into calls of the operations, and what they give into v1 answers.
import { getDoc } from '../../documents/get.ts';
import { insertDoc } from '../../documents/insert.ts';
import { listDocs } from '../../documents/list.ts';
import { removeDoc } from '../../documents/remove.ts';
import type { DocRef } from '../../documents/requests.ts';
import type { Transact } from '../../documents/transact.ts';
import { updateDoc } from '../../documents/update.ts';
import type { Registry } from '../../doctypes/registry.ts';
import { ValidationError } from '../../errors/errors.ts';
import { toDocRef } from '../../rpc/doc-ref.ts';
import type { JsonObject } from '../../util/json.ts';
import { documentValues, listParameters, parametersOf } from '../params.ts';
import { sendJson, v1Document, withMessages } from '../respond.ts';
import type { Handler, HttpContext } from '../state.ts';

export interface ResourceServices {
  readonly transact: Transact;
  readonly registry: Registry;
}

export interface ResourceHandlers {
  readonly list: Handler;
  readonly insert: Handler;
  readonly get: Handler;
  readonly update: Handler;
  readonly remove: Handler;
}

const doctypeOf = (ctx: HttpContext): string => ctx.params['doctype'] ?? '';

export function createResourceHandlers({ transact, registry }: ResourceServices): ResourceHandlers {
  const refOf = (ctx: HttpContext): DocRef => toDocRef(registry, doctypeOf(ctx), ctx.params['name'] ?? '');
  const valuesOf = (ctx: HttpContext): JsonObject =>
    documentValues(ctx.state.input, registry.find(doctypeOf(ctx)));
  const documentOf = (ctx: HttpContext, doc: JsonObject): JsonObject => ({
    data: v1Document(doc, registry.find(doctypeOf(ctx))),
  });

  return {
    async list(ctx) {
      const { request, asDict } = listParameters(doctypeOf(ctx), ctx.state.input);
      const { principal } = ctx.state;
      const { result, messages } = await transact({ principal, commit: false, retry: false }, (call) =>
        listDocs(call, request),
      );
      const { rows, columns, debug } = result;
      const data = asDict ? rows : rows.map((row) => columns.map((column) => row[column] ?? null));
      const said = request.debug ? JSON.stringify(debug) : undefined;
      const debugBody = said === undefined ? {} : { exc: said, _debug_messages: said };
      sendJson(ctx, 200, withMessages({ data, ...debugBody }, messages));
    },

    async insert(ctx) {
      const request = { doctype: doctypeOf(ctx), values: valuesOf(ctx) };
      const { principal } = ctx.state;
      const { result, messages } = await transact({ principal, commit: true, retry: true }, (call) =>
        insertDoc(call, request),
      );
      sendJson(ctx, 200, withMessages(documentOf(ctx, result), messages));
    },

    async get(ctx) {
      if (parametersOf(ctx.state.input)['run_method']) {
        throw new ValidationError('run_method is not supported');
      }
      const ref = refOf(ctx);
      const { principal } = ctx.state;
      const { result, messages } = await transact({ principal, commit: false, retry: false }, (call) =>
        getDoc(call, ref),
      );
      sendJson(ctx, 200, withMessages(documentOf(ctx, result), messages));
    },

    async update(ctx) {
      const ref = refOf(ctx);
      const request = { ...ref, values: valuesOf(ctx) };
      const { principal } = ctx.state;
      const { result, messages } = await transact(
        { principal, commit: true, retry: true, lock: ref },
        (call) => updateDoc(call, request),
      );
      sendJson(ctx, 200, withMessages(documentOf(ctx, result), messages));
    },

    async remove(ctx) {
      const ref = refOf(ctx);
      const { principal } = ctx.state;
      const { messages } = await transact({ principal, commit: true, retry: true, lock: ref }, (call) =>
        removeDoc(call, ref),
      );
      sendJson(ctx, 202, withMessages({ message: 'ok' }, messages));
    },
  };
}
