import { readFileSync } from 'node:fs';
import type { Json, JsonObject } from '../../event/event.ts';
import { messageOf } from './codes.ts';
import { logCall } from './events-api.ts';
import { answer, badGateway, type Call, header, json, nothing, type Reply } from './exchange.ts';
import type { FaultChannel } from './faults.ts';
import { defined, isObject, objectAt, parseJson, textAt } from './json.ts';
import { BROWSER_RENAMES } from './names.ts';
import { receive } from './receive.ts';
import type { Twin } from './twin.ts';

export const SCRIPT_PATH = '/i18n/pixel/events.js';
export const PIXEL_PATH = '/api/v2/pixel';

const ONE_PIXEL = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');
const SCRIPT = readFileSync(new URL('./page/pixel.js', import.meta.url), 'utf8');

/** Serves the browser script for the pixel code that the address names. */
export function answerScript(twin: Twin, call: Call): Reply {
  const reply = withFault(twin, 'script', () => {
    const code = call.query.get('sdkid') ?? '';
    const settings = {
      code,
      known: twin.pixels.some((pixel) => pixel.code === code),
      renames: twin.switches.pixelRenames ? BROWSER_RENAMES : {},
      holdKeepsCalls: twin.switches.holdKeepsCalls,
    };
    const body = SCRIPT.replace('/* settings */ {}', () => JSON.stringify(settings));
    return {
      reply: answer(200, 'text/javascript; charset=utf-8', body, {
        'cache-control': 'no-store',
        'access-control-allow-origin': '*',
      }),
      code: null,
    };
  });
  logCall(twin, call, 'script', reply.reply, reply.code);
  return reply.reply;
}

/** Receives one event of a page: a beacon's body, or the query of the image that stands in for it. */
export function answerPixel(twin: Twin, call: Call): Reply {
  const cors = {
    'access-control-allow-origin': header(call, 'origin') ?? '*',
    'access-control-allow-credentials': 'true',
  };
  const allow = { 'access-control-allow-methods': 'GET, POST', 'access-control-allow-headers': 'content-type' };
  if (call.method === 'OPTIONS') return nothing(204, { ...cors, ...allow });
  if (call.method !== 'POST' && call.method !== 'GET') return nothing(405, { allow: 'GET, POST, OPTIONS' });
  const text = call.method === 'POST' ? call.body : (call.query.get('analytics_message') ?? '');
  const { reply, code } = twin.store.together(() =>
    withFault(twin, 'pixel', () => {
      const wrong = keep(twin, parseJson(text));
      const verdict = { code: wrong ? 40002 : 0, message: wrong ?? messageOf(0) };
      const shown = call.method === 'POST' ? json(verdict) : answer(200, 'image/gif', ONE_PIXEL);
      return { reply: shown, code: verdict.code };
    }),
  );
  const open = reply.kind === 'answer' ? { ...reply, headers: { ...reply.headers, ...cors } } : reply;
  logCall(twin, { ...call, body: text }, 'pixel', open, code);
  return open;
}

function withFault(twin: Twin, channel: FaultChannel, usual: () => { reply: Reply; code: number | null }) {
  const fault = twin.takeFault(channel);
  switch (fault?.kind) {
    case 'http502':
      return { reply: badGateway(), code: null };
    case 'hang':
      return { reply: { kind: 'silence' } as const, code: null };
    case 'cutBefore':
      return { reply: { kind: 'cut' } as const, code: null };
    case 'cutAfterAccept':
      return { reply: { kind: 'cut' } as const, code: usual().code };
    case 'code':
      return { reply: json({ code: fault.code, message: fault.message ?? messageOf(fault.code) }), code: fault.code };
    case 'partial':
    case undefined:
      return usual();
  }
}

/** Keeps a message of the browser script; tells why it could not. */
function keep(twin: Twin, message: Json | undefined): string | undefined {
  if (!isObject(message)) return 'body: Not a valid JSON object';
  if (textAt(message, 'event') === undefined) return 'event: Missing data for required field';
  const code = textAt(objectAt(objectAt(message, 'context'), 'pixel'), 'code');
  const at = twin.now();
  if (code === undefined || !twin.pixels.some((pixel) => pixel.code === code)) {
    const rule = code === undefined ? 'MISSING_PIXEL_CODE' : 'INVALID_PIXEL_CODE';
    const event = textAt(message, 'event') ?? '';
    twin.store.insertIssue({ at, rule, field: 'context.pixel.code', event, channel: 'pixel', eventId: null });
    return `context.pixel.code: ${code === undefined ? 'Missing data for required field' : 'Unknown pixel'}`;
  }
  receive(twin.store, twin.switches, {
    source: 'web',
    sourceId: code,
    channel: 'pixel',
    at,
    requestId: twin.requestId(),
    test: textAt(message, 'tt_test_id'),
    body: apiBody(message),
    raw: message,
  });
  return undefined;
}

/** The message in the words of the Events API, so that copies of both channels can be compared and merged. */
function apiBody(message: JsonObject): JsonObject {
  const context = objectAt(message, 'context');
  const user = objectAt(context, 'user');
  const { email, phone_number, external_id, first_name, last_name, city, state, country, zip_code } = user;
  const occurredAt = Date.parse(textAt(message, 'timestamp') ?? '');
  return defined({
    event: textAt(message, 'event'),
    event_id: textAt(message, 'event_id'),
    event_time: Number.isNaN(occurredAt) ? undefined : Math.floor(occurredAt / 1000),
    user: defined({
      ...defined({ email, phone: phone_number, external_id, first_name, last_name, city, state, country, zip_code }),
      ttp: textAt(user, 'anonymous_id'),
      ttclid: textAt(objectAt(context, 'ad'), 'callback'),
      user_agent: textAt(context, 'userAgent'),
    }),
    page: objectAt(context, 'page'),
    properties: objectAt(message, 'properties'),
    limited_data_use: message['limited_data_use'] === true ? true : undefined,
  });
}
