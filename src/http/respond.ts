// Writes answers: JSON bodies with what goes along with them, and the cookies of a session.
import type { ParameterizedContext } from 'koa';
import type { Message } from '../documents/call.ts';
import type { Meta } from '../doctypes/meta.ts';
import type { WireDoc } from '../documents/requests.ts';
import type { StartedSession } from '../auth/login.ts';
import { isJsonObject, type Json, type JsonObject } from '../util/json.ts';
import { packMessages } from './error-body.ts';
import type { State } from './state.ts';

type Context = ParameterizedContext<State>;

export function sendJson(ctx: Context, status: number, body: JsonObject): void {
  const { sessionExpired } = ctx.state;
  ctx.status = status;
  ctx.set('Content-Type', 'application/json');
  ctx.body = JSON.stringify(sessionExpired ? { ...body, session_expired: 1 } : body);
}

/** Adds the messages that were shown to the user. */
export const withMessages = (body: JsonObject, messages: readonly Message[]): JsonObject =>
  messages.length === 0 ? body : { ...body, _server_messages: packMessages(messages) };

const dropNulls = (values: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));

/** A document as v1 sends it: without nulls, in its rows neither. */
export function v1Document(doc: WireDoc, meta: Meta | undefined): JsonObject {
  const tables = new Set(meta?.tables.map((table) => table.fieldname));
  const rows = (value: Json): Json =>
    Array.isArray(value) ? value.map((row: Json) => (isJsonObject(row) ? dropNulls(row) : row)) : value;
  return Object.fromEntries(
    Object.entries(dropNulls(doc)).map(([name, value]) => [name, tables.has(name) ? rows(value) : value]),
  );
}

const SESSION_COOKIES = ['sid', 'system_user', 'full_name', 'user_id', 'user_image'];

/** Written by hand, for Koa's cookies know no Max-Age and take an empty value for a deletion. */
function setCookie(ctx: Context, name: string, value: string, maxAgeSeconds?: number): void {
  const attributes = [
    `${name}=${encodeURIComponent(value)}`,
    ...(maxAgeSeconds === undefined ? [] : [`Max-Age=${maxAgeSeconds}`]),
    'Path=/',
    ...(name === 'sid' ? ['HttpOnly'] : []),
    ...(ctx.secure ? ['Secure'] : []),
    'SameSite=Lax',
  ];
  ctx.append('Set-Cookie', attributes.join('; '));
}

/** Prolongs the cookie of a session that was prolonged. */
export function setSidCookie(ctx: Context, sid: string, expirySeconds: number): void {
  setCookie(ctx, 'sid', sid, expirySeconds);
}

/** Replaces what the answer said of an earlier session. */
export function setSessionCookies(ctx: Context, { sid, user, expirySeconds }: StartedSession): void {
  ctx.remove('Set-Cookie');
  ctx.state.sessionExpired = false;
  setSidCookie(ctx, sid, expirySeconds);
  setCookie(ctx, 'system_user', user.systemUser ? 'yes' : 'no');
  setCookie(ctx, 'full_name', user.fullName);
  setCookie(ctx, 'user_id', user.name);
  setCookie(ctx, 'user_image', user.image);
}

export function clearSessionCookies(ctx: Context): void {
  ctx.remove('Set-Cookie');
  for (const name of SESSION_COOKIES) setCookie(ctx, name, '', 0);
}
