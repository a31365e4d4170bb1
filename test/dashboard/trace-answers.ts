import type { Hop, TraceAnswer, TraceEvent } from '../../src/api/answers.ts';

/** 22 November 2026, 13:03:22.120 UTC. */
const AT = Date.UTC(2026, 10, 22, 13, 3, 22, 120);

const hops: Hop[] = [
  hop(-400_000, {
    kind: 'touch',
    reasons: [],
    seq: 702,
    says: 'The visitor clicked an ad and went to https://shop.example/shoe.',
    detail: { touch: 't-01JD7W3K', campaign_id: '1799000000000001', ttclid: 'E.C.P.Cs0' },
  }),
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
      forecast: 'willBeDropped',
      forecastSays: 'TikTok has a copy by this leg: it drops them until 24 Nov 13:04:28.',
    },
    {
      destination: 'main',
      leg: 'pixel',
      state: 'unknown',
      why: 'fired_by_page',
      attempts: 1,
      expiresAt: AT + 306_220,
      says: 'The page fired the pixel; TikTok does not tell whether it arrived.',
      forecast: 'willMerge',
      forecastSays: 'TikTok merges copies by this leg until 14:08:28, drops them until 24 Nov 13:04:28.',
    },
  ],
  legsDiffer: [],
  hops,
  normalised: {
    event: 'Purchase',
    event_id: 'demo-10045',
    properties: { order_id: '10045', contents: [{ content_id: 'sku-1', quantity: 2, price: 629.95 }] },
  },
  requests: [
    request('main', 'Purchase', 'CD9079RC77U0N3GBV16Y'),
    request('second', 'CompletePayment', 'CD9079RC77U0N3GBV17Z'),
  ],
};

function request(destination: string, event: string, pixel: string): TraceEvent['requests'][number] {
  const properties = { value: 1259.9, currency: 'EUR' };
  return {
    destination,
    event,
    request: {
      event_source: 'web',
      event_source_id: pixel,
      data: [{ event, event_id: 'demo-10045', event_time: 1795352602, properties }],
    },
  };
}

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
  draft: true,
  legsDiffer: ['The pixel carried value 1.00 EUR, the api leg carries 2.00 EUR.'],
  hops: hops.slice(1, 2).map((first) => ({ ...first, at: AT - 240_000, says: 'The page began a checkout.' })),
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
      { reference: 're_1NqX', kind: 'refund', amount: '200.00 EUR', occurredAt: AT + 80_000 },
    ],
  },
  touches: [
    {
      touch: 't-01JD7W3K',
      type: 'click',
      at: AT - 400_000,
      visitor: 'v-7f3a9c01e2b4812',
      ttclid: 'E.C.P.Cs0',
      ad: { campaign_id: '1799000000000001', utm_source: 'tiktok' },
      target: 'https://shop.example/shoe',
    },
    { touch: 't-01JD7W3L', type: 'view', at: AT - 300_000, ad: {} },
  ],
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
        forecast: 'willCount',
        forecastSays: 'TikTok has no copy yet: the first one to arrive counts.',
      })),
      hops: hops.slice(0, 2),
    },
  ],
  cut: false,
};

/** A lead by any of its ids. */
export const leadTrace: TraceAnswer = {
  id: 'L-77',
  asOf: AT,
  timezone: 'Europe/Berlin',
  lead: {
    leadId: 'L-77',
    steps: [
      { seq: 4, status: 'new', event: 'SubmitApplication', eventId: 'L-77-new', occurredAt: AT - 9e8, door: 'browser' },
      {
        seq: 9,
        status: 'qualified',
        event: 'Lead',
        eventId: 'L-77-qualified',
        occurredAt: AT,
        value: '40.00 EUR',
        door: 'crm',
      },
    ],
  },
  touches: [],
  events: [{ ...purchase, event: 'Lead', eventId: 'L-77-qualified', leadId: 'L-77', requests: [] }],
  cut: false,
};

function hop(afterMs: number, rest: Omit<Hop, 'at'>): Hop {
  return { at: AT + afterMs, ...rest };
}
