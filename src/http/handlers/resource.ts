// /api/resource: turns requests into calls of the operations, and what they give into v1 answers.
import type { Call } from '../../documents/call.ts';
import { getDoc } from '../../documents/get.ts';
import { insertDoc } from '../../documents/insert.ts';
import { listDocs } from '../../documents/list.ts';
import { removeDoc } from '../../documents/remove.ts';
import type { DocRef, WireDoc } from '../../documents/requests.ts';
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

export const createResourceHandlers = (services: ResourceServices): ResourceHandlers => ({
  ...createReads(services),
  ...createWrites(services),
});

const refOf = (registry: Registry, ctx: HttpContext): DocRef =>
  toDocRef(registry, doctypeOf(ctx), ctx.params['name'] ?? '');

const documentOf = (registry: Registry, ctx: HttpContext, doc: WireDoc): JsonObject => ({
  data: v1Document(doc, registry.find(doctypeOf(ctx))),
});

function createReads({ transact, registry }: ResourceServices): Pick<ResourceHandlers, 'list' | 'get'> {
  const read = <T>(ctx: HttpContext, work: (call: Call) => Promise<T>): ReturnType<typeof transact<T>> =>
    transact({ principal: ctx.state.principal, commit: false, retry: false }, work);

  return {
    async list(ctx) {
      const { request, asDict } = listParameters(doctypeOf(ctx), ctx.state.input);
      const { result, messages } = await read(ctx, (call) => listDocs(call, request));
      const { rows, columns, debug } = result;
      const data = asDict ? rows : rows.map((row) => columns.map((column) => row[column] ?? null));
      const text = JSON.stringify(debug);
      const debugBody = request.debug ? { exc: text, _debug_messages: text } : {};
      sendJson(ctx, 200, withMessages({ data, ...debugBody }, messages));
    },

    async get(ctx) {
      if (parametersOf(ctx.state.input)['run_method']) {
        throw new ValidationError('run_method is not supported');
      }
      const ref = refOf(registry, ctx);
      const { result, messages } = await read(ctx, (call) => getDoc(call, ref));
      sendJson(ctx, 200, withMessages(documentOf(registry, ctx, result), messages));
    },
  };
}

function createWrites({
  transact,
  registry,
}: ResourceServices): Pick<ResourceHandlers, 'insert' | 'update' | 'remove'> {
  const valuesOf = (ctx: HttpContext): JsonObject =>
    documentValues(ctx.state.input, registry.find(doctypeOf(ctx)));

  return {
    async insert(ctx) {
      const request = { doctype: doctypeOf(ctx), values: valuesOf(ctx) };
      const { principal } = ctx.state;
      const { result, messages } = await transact({ principal, commit: true, retry: true }, (call) =>
        insertDoc(call, request),
      );
      sendJson(ctx, 200, withMessages(documentOf(registry, ctx, result), messages));
    },

    async update(ctx) {
      const ref = refOf(registry, ctx);
      const request = { ...ref, values: valuesOf(ctx) };
      const { principal } = ctx.state;
      const options = { principal, commit: true, retry: true, lock: ref };
      const { result, messages } = await transact(options, (call) => updateDoc(call, request));
      sendJson(ctx, 200, withMessages(documentOf(registry, ctx, result), messages));
    },

    async remove(ctx) {
      const ref = refOf(registry, ctx);
      const { principal } = ctx.state;
      const options = { principal, commit: true, retry: true, lock: ref };
      const { messages } = await transact(options, (call) => removeDoc(call, ref));
      sendJson(ctx, 202, withMessages({ message: 'ok' }, messages));
    },
  };
}
