import type { Json, JsonObject, Source } from '../../event/event.ts';
import { messageOf, noPermission } from './codes.ts';
import { isObject, objectAt, parseJson } from './json.ts';
import { CURRENCIES } from './names.ts';
import { isPermitted, type Pixel } from './pixels.ts';
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
  data: JsonObject;
  accepted: { source: Source; sourceId: string; test: string | undefined; events: JsonObject[] } | undefined;
}

/** What the Events API makes of a request. With `partial`, one bad event refuses itself alone, and so do `orders`. */
export function judgeTrack(
  request: TrackRequest,
  pixels: readonly Pixel[],
  switches: Switches,
  now: number,
  partial?: { orders: readonly number[] },
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
  const failed = data.flatMap((event, order) => {
    const found = refusals(event, source, switches, now);
    if (partial?.orders.includes(order)) found.push({ path: 'event', what: 'Refused by a fault of the twin' });
    return found[0] ? [{ order, refusal: found[0] }] : [];
  });
  const first = failed[0];
  const isRefused = switches.batchFailures === 'allOrNothing' || failed.length === data.length;
  if (first && !partial && isRefused) return refuse(40002, refusalText(first.order, first.refusal, switches));

  const bad = new Set(failed.map(({ order }) => order));
  const events = data.filter((event, order): event is JsonObject => isObject(event) && !bad.has(order));
  const test =
    typeof body['test_event_code'] === 'string' && body['test_event_code'] !== '' ? body['test_event_code'] : undefined;
  const accepted = { source, sourceId, test, events: events.map((event) => priced(event, switches)) };
  if (!partial && failed.length === 0) return { code: 0, message: messageOf(0), data: {}, accepted };
  const failedEvents = failed.map(({ order, refusal }) => ({
    order_in_batch: order + switches.orderInBatchFrom,
    error_message: refusalText(order, refusal, switches),
  }));
  return {
    code: 20001,
    message: messageOf(20001),
    data: switches.partialShape === 'failedEvents' ? { failed_events: failedEvents } : {},
    accepted,
  };
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

function refusalText(order: number, { path, what }: Refusal, switches: Switches): string {
  if (switches.messagePath === 'none') return what;
  return `${switches.messagePath}.${order}${path && `.${path}`}: ${what}`;
}

/** Without value and currency, where the currency is not supported and the switch says so. */
function priced(event: JsonObject, switches: Switches): JsonObject {
  const { value, currency, ...rest } = objectAt(event, 'properties');
  const dropped =
    switches.unsupportedCurrency === 'dropValue' && typeof currency === 'string' && !CURRENCIES.has(currency);
  return dropped && value !== undefined ? { ...event, properties: rest } : event;
}
