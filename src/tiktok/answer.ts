import { type CodeClass, classOf, meaningOf } from './codes.ts';
import { placeIn, readPartial } from './partial.ts';

/** What came back for one request: an HTTP answer, or the reason why there is none. */
export type Reply =
  | { kind: 'http'; status: number; body: string }
  /** never left: no connection */
  | { kind: 'unsent'; why: string }
  /** sent, no answer: time-out or a cut connection */
  | { kind: 'unanswered'; why: string };

type Outcome = 'accepted' | 'retry' | 'throttled' | 'refused' | 'paused' | 'unknown';

/** The reading of a reply for one event of its batch. */
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

/**
 * Reads a reply for each event of its batch, in the batch's order. Success is what the body says: HTTP 200 alone means
 * nothing.
 */
export function read(reply: Reply, eventIds: readonly string[]): Reading[] {
  const whole = (reading: Reading): Reading[] =>
    eventIds.length > 1 && reading.outcome === 'refused'
      ? oneAtFault(reading, eventIds.length)
      : eventIds.map(() => reading);
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
  const told = kind === 'partial' ? readPartial(body.data, eventIds) : undefined;
  if (!told) return whole({ ...seen, ...byClass(kind) });
  return told.map((one) => {
    if (one === 'accepted') return { ...seen, ...byClass('accept') };
    const { code = body.code, message } = one;
    const text = message || (one.code === undefined ? 'refused without a message' : meaningOf(code));
    const reading = byClass(one.code === undefined ? 'fixRequest' : classOf(code));
    return { ...seen, ...reading, code, message: text.slice(0, MESSAGE_MAX) };
  });
}

/** One bad event refuses its whole batch. The message may name it; none of the others is at fault until it stands alone. */
function oneAtFault(reading: Reading, events: number): Reading[] {
  const named = placeIn(reading.message ?? '');
  const other: Reading = { ...reading, outcome: 'retry', why: 'batch_refused' };
  return Array.from({ length: events }, (_, place) => (place === named ? reading : other));
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
