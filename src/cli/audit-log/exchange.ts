/** One request to the Events API and its answer, as somebody's log tells them. */
export interface Exchange {
  /** what was sent, parsed; undefined where the log has no body or one that is not JSON */
  body: unknown;
  headers: ReadonlyMap<string, string>;
  url: string;
  /** UTC ms, where the log says when */
  at: number | undefined;
  /** undefined: the log tells of no answer */
  answer: { status: number; body: string } | undefined;
}

/** What one piece of a log is. */
export type Told =
  | { kind: 'exchange'; exchange: Exchange }
  /** a request whose answer stands in another line with the same key, and that answer */
  | { kind: 'request'; key: string; exchange: Exchange }
  | { kind: 'answer'; key: string; answer: { status: number; body: string } }
  /** a request to somebody else, or nothing of HTTP */
  | { kind: 'other' }
  | { kind: 'fault'; fault: string };

type Fields = ReadonlyMap<string, unknown>;

/** Wrappers of log services, one inside the other at most this often. */
const WRAPPERS_MAX = 3;
const WRAPPERS = ['jsonpayload', 'textpayload', 'message', 'log', 'event', 'data'];
/** Events API 2.0 and the endpoints of 1.0, at whatever host stands between. */
const TRACK = /\/open_api\/v[\d.]+\/(?:event\/track|(?:pixel|app|offline)\/(?:track|batch))(?:[/?#]|$)/;

const URL_NAMES = ['url', 'requesturl', 'uri', 'endpoint'];
const BODY_NAMES = ['body', 'requestbody', 'payload', 'requestpayload', 'postdata', 'data', 'json'];
const ANSWER_NAMES = ['body', 'responsebody', 'responsepayload', 'content', 'data', 'text', 'json'];
const STATUS_NAMES = ['status', 'statuscode', 'responsestatus', 'responsestatuscode', 'httpstatus', 'code'];
const TIME_NAMES = ['starteddatetime', 'timestamp', 'time', 'at', 'date', 'datetime', 'ts', 'receivetimestamp'];

/** Reads an entry of a HAR, a line with `request` and `response`, a flat line, or one of a server container's two lines. */
export function told(text: string): Told {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: 'fault', fault: 'is not JSON' };
  }
  let fields = fieldsOf(value);
  if (!fields) return { kind: 'fault', fault: 'is no object' };
  let at = timeOf(fields);
  for (let n = 0; n < WRAPPERS_MAX; n++) {
    const read = readFields(fields, at);
    if (read) return read;
    const inner = WRAPPERS.map((name) => fieldsOf(parsed(fields?.get(name)))).find((one) => one !== undefined);
    if (!inner) break;
    fields = inner;
    at = timeOf(inner) ?? at;
  }
  return { kind: 'other' };
}

function readFields(fields: Fields, at: number | undefined): Told | undefined {
  const request = fieldsOf(fields.get('request'));
  const response = fieldsOf(fields.get('response'));
  if (request) {
    const exchange = exchangeOf(request, URL_NAMES, BODY_NAMES, at);
    if (!exchange) return { kind: 'other' };
    return { kind: 'exchange', exchange: { ...exchange, answer: response && answerOf(response, ANSWER_NAMES) } };
  }
  const key = pairKey(fields);
  const type = fields.get('type');
  if (key !== undefined && type === 'Response') {
    const answer = answerOf(fields, ['responsebody']);
    return answer ? { kind: 'answer', key, answer } : { kind: 'other' };
  }
  const exchange = exchangeOf(fields, URL_NAMES, ['requestbody', 'requestpayload', 'request', 'payload', 'body'], at);
  if (!exchange) return undefined;
  if (key !== undefined && type === 'Request') return { kind: 'request', key, exchange };
  const answer = answerOf(fields, ['responsebody', 'responsepayload', 'response', 'answer']);
  return { kind: 'exchange', exchange: { ...exchange, answer } };
}

/** A tag of a server container logs its request and the response apart, with one trace id. */
function pairKey(fields: Fields): string | undefined {
  const trace = fields.get('traceid');
  if (typeof trace !== 'string') return undefined;
  return JSON.stringify([fields.get('name'), trace, fields.get('eventname')]);
}

/** Undefined where it is no request to the Events API. Without an address, the body must be one of its own. */
function exchangeOf(
  fields: Fields,
  urls: readonly string[],
  bodies: readonly string[],
  at: number | undefined,
): Exchange | undefined {
  const url = first(fields, urls);
  const body = requestBody(first(fields, bodies));
  const isTrack = typeof url === 'string' ? TRACK.test(url) : isTrackBody(body);
  if (!isTrack) return undefined;
  const headers = headersOf(first(fields, ['headers', 'requestheaders']));
  return { body, headers, url: typeof url === 'string' ? url : '', at, answer: undefined };
}

function isTrackBody(body: unknown): boolean {
  const fields = fieldsOf(body);
  return fields?.has('eventsource') === true && fields.has('eventsourceid') && fields.has('data');
}

/** HAR puts the text under `postData`, in base64 where it says so. */
function requestBody(value: unknown): unknown {
  const fields = fieldsOf(value);
  const text = fields?.get('text');
  return typeof text === 'string' ? parsed(plain(text, fields?.get('encoding'))) : parsed(value);
}

function answerOf(fields: Fields, names: readonly string[]): { status: number; body: string } | undefined {
  const status = Number(first(fields, STATUS_NAMES.slice(0, -1)));
  // Status 0: no answer came.
  if (!Number.isInteger(status) || status < 100 || status > 599) return undefined;
  const content = first(fields, names);
  if (typeof content === 'string') return { status, body: content };
  const inner = fieldsOf(content);
  if (!inner) return { status, body: '' };
  const text = inner.get('text');
  if (typeof text === 'string' && !inner.has('code')) return { status, body: plain(text, inner.get('encoding')) };
  return { status, body: JSON.stringify(content) };
}

function plain(text: string, encoding: unknown): string {
  return encoding === 'base64' ? Buffer.from(text, 'base64').toString('utf8') : text;
}

/** Lists of name and value as HAR has them, or an object. Names in lower case. */
function headersOf(value: unknown): Map<string, string> {
  const headers = new Map<string, string>();
  const pairs = Array.isArray(value)
    ? (value as unknown[]).map((one) => [fieldsOf(one)?.get('name'), fieldsOf(one)?.get('value')])
    : Object.entries(Object(value) as object);
  for (const [name, text] of pairs)
    if (typeof name === 'string' && typeof text === 'string') headers.set(name.toLowerCase(), text);
  return headers;
}

const TIME_MS_MIN = 1e11;
const DATE_MS_MAX = 8.64e15;

function timeOf(fields: Fields): number | undefined {
  const value = first(fields, TIME_NAMES);
  const at = typeof value === 'number' ? (value < TIME_MS_MIN ? value * 1000 : value) : Date.parse(String(value ?? ''));
  return Number.isFinite(at) && Math.abs(at) <= DATE_MS_MAX ? Math.round(at) : undefined;
}

function first(fields: Fields, names: readonly string[]): unknown {
  for (const name of names) {
    const value = fields.get(name);
    if (value !== undefined && value !== null) return value;
  }
  return undefined;
}

/** Members by name, whatever its case and dashes: senders write `statusCode`, `status_code` and `Status-Code`. */
function fieldsOf(value: unknown): Fields | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return new Map(Object.entries(value).map(([name, one]) => [name.toLowerCase().replace(/[^a-z0-9]/g, ''), one]));
}

/** JSON inside a text; anything else stays what it is. */
function parsed(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}
