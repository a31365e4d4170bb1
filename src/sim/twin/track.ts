import type { Json, JsonObject, Source } from '../../event/event.ts';
import { messageOf, noPermission } from './codes.ts';
import { isObject, objectAt, parseJson } from './json.ts';
import { CURRENCIES } from './names.ts';
import { type Failed, partialData } from './partial.ts';
import { isPermitted, type Pixel } from './pixels.ts';
import type { RefusedIds } from './refused-ids.ts';
import type { Switches } from './switches.ts';
import { type Refusal, refusals } from './validate.ts';

const EVENTS_MAX = 1000;

/** A request to the Events API, as far as its answer depends on it. */
export interface TrackRequest {
  token: string | undefined;
  contentType: string | undefined;
  body: string;
}

/** TikTok's answer, and the events that it takes. */
export interface Judgement {
  code: number;
  message: string;
  data: Json;
  accepted: { source: Source; sourceId: string; test: string | undefined; events: JsonObject[] } | undefined;
}

/**
 * What the Events API makes of a request. With `partial`, one bad event refuses itself alone, and so do `orders`; events
 * with an id of `refusedIds` are bad whatever they hold.
 */
export function judgeTrack(
  request: TrackRequest,
  pixels: readonly Pixel[],
  switches: Switches,
  now: number,
  partial?: { orders: readonly number[] },
  refusedIds: RefusedIds = {},
): Judgement {
  const { token } = request;
  if (!token) return refuse(40104);
  if (!pixels.some((pixel) => pixel.tokens.includes(token))) return refuse(40105);
  if (switches.jsonContentType === 'refuse' && !/^application\/json\s*(;|$)/i.test(request.contentType ?? ''))
    return refuse(40002, 'Content-Type: Must be application/json');
  if (switches.bodyBytesMax !== null && Buffer.byteLength(request.body) > switches.bodyBytesMax)
    return refuse(40002, `body: Longer than ${switches.bodyBytesMax} bytes`);
  const body = parseJson(request.body);
  if (!isObject(body)) return refuse(40002, 'body: Not a valid JSON object');

  const wrong = envelopeRefusal(body);
  if (wrong) return refuse(40002, `${wrong.path}: ${wrong.what}`);
  const source = body['event_source'] as Source;
  const sourceId = body['event_source_id'] as string;
  if (!isPermitted(pixels, token, source, sourceId)) return refuse(40001, noPermission(sourceId));

  const data = body['data'] as Json[];
  const failed = data.flatMap((event, order): Failed[] => {
    const told = refusedCode(event, refusedIds);
    const [refusal] = refusals(event, source, switches, now);
    if (refusal) return [{ order, code: 40002, message: refusalText(order, refusal, switches) }];
    const path = partial?.orders.includes(order) ? 'event' : 'event_id';
    if (path === 'event_id' && told === undefined) return [];
    const what = told === undefined || told === 40002 ? 'Refused at the twin’s controls' : messageOf(told);
    return [{ order, code: told ?? 40002, message: refusalText(order, { path, what }, switches) }];
  });
  const first = failed[0];
  const isRefused = switches.batchFailures === 'allOrNothing' || failed.length === data.length;
  if (first && !partial && isRefused) return refuse(first.code, first.message);

  const bad = new Set(failed.map(({ order }) => order));
  const events = data.filter((event, order): event is JsonObject => isObject(event) && !bad.has(order));
  const test =
    typeof body['test_event_code'] === 'string' && body['test_event_code'] !== '' ? body['test_event_code'] : undefined;
  const accepted = { source, sourceId, test, events: events.map((event) => priced(event, switches)) };
  if (!partial && failed.length === 0) return { code: 0, message: messageOf(0), data: {}, accepted };
  return { code: 20001, message: messageOf(20001), data: partialData(data, failed, switches), accepted };
}

function refusedCode(event: Json, refusedIds: RefusedIds): number | undefined {
  const id = isObject(event) ? event['event_id'] : undefined;
  return typeof id === 'string' && Object.hasOwn(refusedIds, id) ? refusedIds[id] : undefined;
}

export function refuse(code: number, message = messageOf(code)): Judgement {
  return { code, message, data: {}, accepted: undefined };
}

function envelopeRefusal(body: JsonObject): Refusal | undefined {
  const missing = 'Missing data for required field';
  for (const key of ['event_source', 'event_source_id', 'data'])
    if (body[key] === undefined || body[key] === '') return { path: key, what: missing };
  for (const key of ['event_source', 'event_source_id', 'partner_name', 'test_event_code'])
    if (body[key] !== undefined && typeof body[key] !== 'string') return { path: key, what: 'Not a valid string' };
  if (!['web', 'app', 'offline', 'crm'].includes(String(body['event_source'])))
    return { path: 'event_source', what: 'Must be one of: web, app, offline, crm' };
  const data = body['data'];
  if (!Array.isArray(data)) return { path: 'data', what: 'Not a valid list' };
  if (data.length < 1 || data.length > EVENTS_MAX)
    return { path: 'data', what: `Length must be between 1 and ${EVENTS_MAX}` };
  return undefined;
}

function refusalText(order: number, { path, what }: Refusal, { messagePath }: Switches): string {
  if (messagePath === 'none') return what;
  const place = messagePath.endsWith('[]') ? `${messagePath.slice(0, -1)}${order}]` : `${messagePath}.${order}`;
  return `${place}${path && `.${path}`}: ${what}`;
}

/** Without value and currency, where the currency is not supported and the switch says so. */
function priced(event: JsonObject, switches: Switches): JsonObject {
  const { value, currency, ...rest } = objectAt(event, 'properties');
  const dropped =
    switches.unsupportedCurrency === 'dropValue' && typeof currency === 'string' && !CURRENCIES.has(currency);
  return dropped && value !== undefined ? { ...event, properties: rest } : event;
}
