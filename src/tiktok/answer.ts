import { type CodeClass, classOf, meaningOf } from './codes.ts';

/** What came back for one request: an HTTP answer, or the reason why there is none. */
export type Reply =
  | { kind: 'http'; status: number; body: string }
  /** never left: no connection */
  | { kind: 'unsent'; why: string }
  /** sent, no answer: time-out or a cut connection */
  | { kind: 'unanswered'; why: string };

type Outcome = 'accepted' | 'retry' | 'throttled' | 'refused' | 'paused' | 'unknown';

/** The reading of a reply for one item of its batch. */
export interface Reading {
  outcome: Outcome;
  /** reason code, listed in docs/reference/reasons.md */
  why: string;
  http?: number;
  code?: number;
  message?: string;
  requestId?: string;
  /** may TikTok hold a copy now? */
  copy: boolean;
}

const MESSAGE_MAX = 500;

/** Reads a reply for a batch of `items`. Success is what the body says: HTTP 200 alone means nothing. */
export function read(reply: Reply, items: number): Reading[] {
  const whole = (reading: Reading): Reading[] =>
    items > 1 && reading.outcome === 'refused'
      ? oneAtFault(reading, items)
      : Array.from({ length: items }, () => reading);
  if (reply.kind === 'unsent')
    return whole({ outcome: 'retry', why: 'not_connected', message: reply.why, copy: false });
  if (reply.kind === 'unanswered') return whole({ outcome: 'retry', why: 'no_answer', message: reply.why, copy: true });
  const body = parse(reply.body);
  if (!body) return whole(byStatus(reply.status));
  const seen = {
    http: reply.status,
    code: body.code,
    message: (body.message || meaningOf(body.code)).slice(0, MESSAGE_MAX),
    ...(body.requestId ? { requestId: body.requestId } : {}),
  };
  const kind = classOf(body.code);
  // A success that HTTP denies is none.
  if ((kind === 'accept' || kind === 'partial') && (reply.status < 200 || reply.status > 299))
    return whole({ ...seen, ...byStatus(reply.status) });
  if (kind !== 'partial') return whole({ ...seen, ...byClass(kind) });
  return partial(body.data, items).map((error) => {
    if (error === undefined) return { ...seen, ...byClass('accept') };
    if (error === null) return { ...seen, ...byClass('unknown') };
    return { ...seen, ...byClass('fixRequest'), message: error.slice(0, MESSAGE_MAX) };
  });
}

/** One bad event refuses its whole batch. The message may name it; none of the others is at fault until it stands alone. */
function oneAtFault(reading: Reading, items: number): Reading[] {
  const named = Number(/^(?:data|Batch)\.(\d{1,4})\b/.exec(reading.message ?? '')?.[1] ?? Number.NaN);
  const other: Reading = { ...reading, outcome: 'retry', why: 'batch_refused' };
  return Array.from({ length: items }, (_, index) => (index === named ? reading : other));
}

function byClass(kind: CodeClass): { outcome: Outcome; why: string; copy: boolean } {
  switch (kind) {
    case 'accept':
      return { outcome: 'accepted', why: 'accepted', copy: true };
    case 'retry':
      return { outcome: 'retry', why: 'tiktok_failed', copy: true };
    case 'throttle':
      return { outcome: 'throttled', why: 'throttled', copy: false };
    case 'fixRequest':
      return { outcome: 'refused', why: 'refused_by_tiktok', copy: false };
    case 'fixToken':
      return { outcome: 'paused', why: 'destination_paused', copy: false };
    case 'partial':
    case 'unknown':
      return { outcome: 'unknown', why: 'may_have_arrived', copy: true };
  }
}

/** An answer without TikTok's envelope, judged by HTTP alone; it is never a success. */
function byStatus(status: number): Reading {
  const http = { http: status };
  if (status === 429) return { ...http, outcome: 'throttled', why: 'throttled', copy: false };
  // TikTok documents HTTP 5xx as not processed; a gateway can't know, so the clocks assume a copy.
  if (status >= 500 || status === 408) return { ...http, outcome: 'retry', why: 'tiktok_failed', copy: true };
  if (status === 400 || status === 413) return { ...http, outcome: 'refused', why: 'refused_by_tiktok', copy: false };
  // Redirects too: the address is wrong, and no event is at fault.
  if (status >= 300) return { ...http, outcome: 'paused', why: 'destination_paused', copy: false };
  return { ...http, outcome: 'unknown', why: 'unreadable_answer', copy: true };
}

interface Envelope {
  code: number;
  message: string;
  requestId: string;
  data: unknown;
}

function parse(text: string): Envelope | undefined {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body !== 'object' || body === null || !('code' in body) || typeof body.code !== 'number')
      return undefined;
    return {
      code: body.code,
      message: 'message' in body && typeof body.message === 'string' ? body.message : '',
      requestId: 'request_id' in body && typeof body.request_id === 'string' ? body.request_id : '',
      data: 'data' in body ? body.data : undefined,
    };
  } catch {
    return undefined;
  }
}

/**
 * Per item: undefined = accepted, text = refused, null = not to be known.
 * The list of failed items is the one shape recalled from Events API 1.0; any other shape leaves all unknown.
 */
function partial(data: unknown, items: number): (string | undefined | null)[] {
  const failed = typeof data === 'object' && data !== null && 'failed_events' in data ? data.failed_events : undefined;
  const unknown = Array.from({ length: items }, () => null);
  if (!Array.isArray(failed) || failed.length === 0) return unknown;
  const errors: (string | undefined)[] = Array.from({ length: items }, () => undefined);
  for (const entry of failed as unknown[]) {
    if (typeof entry !== 'object' || entry === null || !('order_in_batch' in entry)) return unknown;
    const index = entry.order_in_batch;
    if (typeof index !== 'number' || !Number.isInteger(index) || index < 0 || index >= items) return unknown;
    const message = 'error_message' in entry ? entry.error_message : undefined;
    errors[index] = typeof message === 'string' ? message : 'refused without a message';
  }
  return errors;
}
