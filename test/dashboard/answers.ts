import type { Hop, LiveCounts, LiveRow, ReasonAnswer, TraceAnswer, TraceEvent } from '../../src/api/answers.ts';

/** 22 November 2026, 13:03:22.120 UTC. */
const AT = Date.UTC(2026, 10, 22, 13, 3, 22, 120);

export const reasons: ReasonAnswer[] = [
  reason('first_seen', 'admitted', 'The first record of this event.', 'Nothing to do.'),
  reason('other_door', 'paired', 'The same event came through another door.', 'Nothing to do.'),
  reason('resent', 'duplicate', 'The sender sent the same record again, as retries do.', 'Nothing to do.'),
  reason(
    'required_missing',
    'quarantined',
    'A parameter that the tracking spec requires is missing.',
    'Add it at the source, then replay the record.',
  ),
  reason(
    'origin_foreign',
    'refused',
    'The page is not on a site of this business.',
    'Add its origin to sites.origins in tracking.yaml if it is yours.',
  ),
  reason(
    'awaits_confirmation',
    'held',
    'The order has not been confirmed by a payment yet.',
    'Nothing to do; the hold ends by itself.',
  ),
  reason('accepted', 'delivered', 'TikTok accepted the event in the body of its answer.', 'Nothing to do.'),
];

const kinds: Pick<LiveRow, 'event' | 'door' | 'verdict' | 'reasons'>[] = [
  { event: 'ViewContent', door: 'browser', verdict: 'admitted', reasons: ['first_seen'] },
  { event: 'AddToCart', door: 'browser', verdict: 'admitted', reasons: ['first_seen'] },
  { event: 'Purchase', door: 'server', verdict: 'admitted', reasons: ['first_seen'] },
  { event: 'Purchase', door: 'webhook:shopify', verdict: 'paired', reasons: ['other_door'] },
  { event: 'Purchase', door: 'browser', verdict: 'duplicate', reasons: ['resent'] },
  { event: 'InitiateCheckout', door: 'browser', verdict: 'quarantined', reasons: ['required_missing'] },
  { event: 'CompleteRegistration', door: 'browser', verdict: 'refused', reasons: ['origin_foreign'] },
];

/** Rows with sequences `from` to `to`, oldest first, as the stream sends them. */
export function liveRows(from: number, to: number): LiveRow[] {
  return Array.from({ length: to - from + 1 }, (_, index) => {
    const seq = from + index;
    const kind = kinds[seq % kinds.length];
    const order = `100${45 + (seq % 40)}`;
    return {
      seq,
      receivedAt: AT + (seq - 100) * 1730,
      door: 'browser',
      kind: 'event',
      verdict: 'admitted',
      reasons: [],
      visitor: `v-7f3a9c01e2b4${seq}`,
      source: 'web',
      ...kind,
      ...(kind?.event === 'Purchase'
        ? { orderId: order, eventId: `demo-${order}`, value: '1259.90 EUR' }
        : { eventId: `e-01JD7W3K2Q8Y5N4M6P0R9S1T${seq}` }),
    };
  });
}

export const counts: LiveCounts = {
  asOf: AT + 4000,
  timezone: 'Europe/Berlin',
  specVersion: 7,
  records: 12_846,
  lag: 12,
  byVerdict: { admitted: 9_412, paired: 2_268, duplicate: 702, quarantined: 391, refused: 61 },
  byDoor: [
    { door: 'browser', total: 9_860, byVerdict: { admitted: 8_712, duplicate: 702, quarantined: 385, refused: 61 } },
    { door: 'server', total: 1_522, byVerdict: { admitted: 700, paired: 816, quarantined: 6 } },
    { door: 'webhook:shopify', total: 1_452, byVerdict: { paired: 1_452 } },
  ],
  dispatches: [
    { destination: 'main', leg: 'api', state: 'delivered', count: 9_320 },
    { destination: 'main', leg: 'api', state: 'held', count: 31 },
    { destination: 'main', leg: 'api', state: 'queued', count: 14 },
    { destination: 'main', leg: 'api', state: 'inFlight', count: 22 },
    { destination: 'main', leg: 'api', state: 'dead', count: 3 },
    { destination: 'main', leg: 'pixel', state: 'unknown', count: 8_940 },
    { destination: 'main', leg: 'pixel', state: 'withheld', count: 472 },
  ],
};

export const noCounts: LiveCounts = {
  ...counts,
  records: 0,
  lag: 0,
  byVerdict: { admitted: 0, paired: 0, duplicate: 0, quarantined: 0, refused: 0 },
  byDoor: [],
  dispatches: [],
};

const hops: Hop[] = [
  hop(0, {
    kind: 'observation',
    door: 'server',
    verdict: 'admitted',
    reasons: ['first_seen'],
    seq: 812,
    says: 'The shop created order 10045.',
    detail: { order_id: '10045', value: '1259.90', currency: 'EUR' },
  }),
  hop(18, {
    kind: 'dispatch',
    leg: 'api',
    destination: 'main',
    state: 'held',
    reasons: ['awaits_confirmation'],
    says: 'The api leg waits until the payment is confirmed.',
  }),
  hop(61_204, {
    kind: 'observation',
    door: 'webhook:shopify',
    verdict: 'paired',
    reasons: ['other_door'],
    seq: 845,
    says: 'Shopify told that the order is paid.',
  }),
  hop(61_204, { kind: 'payment', reasons: [], says: '1259.90 EUR were paid, which is all of the total.' }),
  hop(66_220, {
    kind: 'attempt',
    leg: 'api',
    destination: 'main',
    reasons: [],
    says: 'A request with 3 events was answered in 142 ms.',
    code: 0,
    message: 'OK',
    requestId: '202611221304286B5A0C1E2F3D4A5B6C7D',
    detail: { http: 200, failed: 0 },
  }),
  hop(66_362, {
    kind: 'dispatch',
    leg: 'api',
    destination: 'main',
    state: 'delivered',
    reasons: ['accepted'],
    says: 'TikTok accepted the event.',
  }),
  hop(66_400, {
    kind: 'handout',
    leg: 'pixel',
    destination: 'main',
    reasons: [],
    says: 'The page may fire the pixel until 14:08:28.',
  }),
  hop(67_930, {
    kind: 'pixel',
    leg: 'pixel',
    destination: 'main',
    state: 'unknown',
    reasons: [],
    says: 'The page fired the pixel; whether it arrived cannot be seen.',
  }),
];

export const purchase: TraceEvent = {
  seq: 812,
  event: 'Purchase',
  eventId: 'demo-10045',
  sourceId: 'demo/web',
  source: 'web',
  occurredAt: AT,
  value: '1259.90 EUR',
  orderId: '10045',
  visitor: 'v-7f3a9c01e2b4812',
  session: 's-01JD7W3K2Q8Y5N4M6P0R9S1T2U',
  consent: 'granted',
  specVersion: 7,
  matchKeys: ['ttclid', 'ttp', 'email', 'phone', 'external_id', 'ip', 'user_agent'],
  observations: [
    { seq: 812, door: 'server', occurredAt: AT, receivedAt: AT, verdict: 'admitted' },
    { seq: 845, door: 'webhook:shopify', occurredAt: AT, receivedAt: AT + 61_204, verdict: 'paired' },
  ],
  dispatches: [
    {
      destination: 'main',
      leg: 'api',
      state: 'delivered',
      why: 'accepted',
      attempts: 1,
      code: 0,
      message: 'OK',
      requestId: '202611221304286B5A0C1E2F3D4A5B6C7D',
      says: 'TikTok accepted the event after one attempt.',
    },
    {
      destination: 'main',
      leg: 'pixel',
      state: 'unknown',
      why: 'fired_by_page',
      attempts: 1,
      expiresAt: AT + 306_220,
      says: 'The page fired the pixel; TikTok does not tell whether it arrived.',
    },
  ],
  hops,
  normalised: {
    event: 'Purchase',
    event_id: 'demo-10045',
    properties: { order_id: '10045', contents: [{ content_id: 'sku-1', quantity: 2, price: 629.95 }] },
  },
  request: {
    event_source: 'web',
    event_source_id: 'CD9079RC77U0N3GBV16Y',
    data: [
      {
        event: 'Purchase',
        event_id: 'demo-10045',
        event_time: 1795352602,
        properties: { value: 1259.9, currency: 'EUR' },
      },
    ],
  },
};

export const checkout: TraceEvent = {
  ...purchase,
  seq: 790,
  event: 'InitiateCheckout',
  eventId: 'e-01JD7W3K2Q8Y5N4M6P0R9S1T790',
  occurredAt: AT - 240_000,
  dispatches: purchase.dispatches.map((dispatch) => ({
    ...dispatch,
    state: 'withheld',
    why: 'no_consent',
    attempts: 0,
    says: 'Withheld: the visitor gave no consent to ads.',
  })),
  hops: hops.slice(0, 1).map((first) => ({ ...first, at: AT - 240_000, says: 'The page began a checkout.' })),
};

export const trace: TraceAnswer = {
  id: '10045',
  asOf: AT + 90_000,
  timezone: 'Europe/Berlin',
  order: {
    orderId: '10045',
    status: 'paid',
    total: '1259.90 EUR',
    createdAt: AT,
    createdBy: 'server',
    confirmedAt: AT + 61_204,
    entries: [
      { reference: 'pay_3NqX0wLkdIwHu7ix', kind: 'payment', amount: '1259.90 EUR', occurredAt: AT + 61_204 },
      { reference: 're_1NqX', kind: 'refund', amount: '-200.00 EUR', occurredAt: AT + 80_000 },
    ],
  },
  events: [purchase, checkout],
  cut: true,
};

/** The same order while its api leg is still held. */
export const heldTrace: TraceAnswer = {
  ...trace,
  events: [
    {
      ...purchase,
      dispatches: purchase.dispatches.map((dispatch) => ({
        destination: 'main',
        leg: dispatch.leg,
        state: 'queued',
        why: 'linger',
        attempts: 0,
        dueAt: AT + 95_000,
        says: 'Leaves with the next batch.',
      })),
      hops: hops.slice(0, 2),
    },
  ],
  cut: false,
};

/** Text from outside that would be markup if it were not escaped. */
export const MARKUP = '<img src=x onerror="document.title=1">';

function hop(afterMs: number, rest: Omit<Hop, 'at'>): Hop {
  return { at: AT + afterMs, ...rest };
}

function reason(code: string, verdict: string, means: string, fix: string): ReasonAnswer {
  return { code, verdict, means, fix };
}
