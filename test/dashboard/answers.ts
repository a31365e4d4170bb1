import type {
  Hop,
  LiveCounts,
  LiveNotices,
  LiveRow,
  NewKeyAnswer,
  ReasonAnswer,
  SettingsAnswer,
  TraceAnswer,
  TraceEvent,
} from '../../src/api/answers.ts';

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
  reason(
    'refused_by_tiktok',
    'dead',
    'TikTok refuses these bytes for good.',
    'Read TikTok’s message; mend the sender or the spec.',
  ),
  reason('clock_passed', 'withheld', 'TikTok could count a copy that leaves now a second time.', 'Nothing to do.'),
  reason('ad_click', 'admitted', 'A click on an ad went through the redirect.', ''),
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

/** A record of each kind that is no event, the newest last. */
export function otherRows(from: number): LiveRow[] {
  const others: Pick<LiveRow, 'door' | 'kind' | 'reasons'>[] = [
    { door: 'browser', kind: 'touch', reasons: ['ad_click'] },
    { door: 'browser', kind: 'consent', reasons: ['consent_withdrawn'] },
    { door: 'browser', kind: 'engagement', reasons: ['engagement_noted'] },
    { door: 'browser', kind: 'foreign', reasons: ['foreign_call'] },
    { door: 'crm', kind: 'lead', reasons: ['lead_noted'] },
    { door: 'operator', kind: 'key', reasons: ['key_changed'] },
    { door: 'operator', kind: 'test', reasons: ['test_session'] },
    { door: 'answer', kind: 'sent', reasons: ['noted'] },
    { door: 'answer', kind: 'answer', reasons: ['noted'] },
  ];
  const rows: LiveRow[] = others.map((other, index) => ({
    seq: from + index,
    receivedAt: AT + index * 1000,
    verdict: 'admitted',
    ...other,
  }));
  const [draft] = liveRows(from + others.length, from + others.length);
  return draft ? [...rows, { ...draft, draft: true }] : rows;
}

export const notices: LiveNotices = {
  findings: [
    {
      id: 'order_clash:order 10045',
      check: 'order_clash',
      subject: 'order 10045',
      what: 'another visitor tried to create it again',
      fix: 'See that the shop gives each order one id.',
      times: 3,
      firstSeenAt: AT - 90_000_000,
      lastSeenAt: AT,
      trace: '10045',
    },
    {
      id: 'dispatch_impossible:dispatch 4/main/api',
      check: 'dispatch_impossible',
      subject: 'dispatch 4/main/api',
      what: 'is dead: it can’t accept',
      fix: 'Run assay verify.',
      times: 1,
      firstSeenAt: AT,
      lastSeenAt: AT,
    },
  ],
  differences: [
    {
      seq: 31,
      at: AT,
      event: 'Purchase',
      field: 'value',
      kept: '59.90 EUR',
      told: '58.00 EUR',
      says: 'browser says value 58.00 EUR; 59.90 EUR was kept, because server comes before browser.',
      trace: '10045',
    },
  ],
};
export const noNotices: LiveNotices = { findings: [], differences: [] };

export const counts: LiveCounts = {
  asOf: AT + 4000,
  timezone: 'Europe/Berlin',
  specVersion: 7,
  records: 12_846,
  lag: 12,
  lagMs: 1340,
  overdueMs: 0,
  drafts: { records: 18, byVerdict: { admitted: 17, quarantined: 1 } },
  byVerdict: { admitted: 9_412, paired: 2_268, duplicate: 702, quarantined: 391, refused: 61 },
  byDoor: [
    { door: 'answer', total: 1_250, byVerdict: { admitted: 1_250 } },
    { door: 'browser', total: 8_610, byVerdict: { admitted: 7_462, duplicate: 702, quarantined: 385, refused: 61 } },
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
  lagMs: 0,
  drafts: { records: 0, byVerdict: {} },
  byVerdict: { admitted: 0, paired: 0, duplicate: 0, quarantined: 0, refused: 0 },
  byDoor: [],
  dispatches: [],
};

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

export const settings: SettingsAnswer = {
  asOf: AT,
  timezone: 'Europe/Berlin',
  specVersion: 7,
  specFile: 'tracking.yaml',
  keys: [
    { id: 'env-browser', role: 'browser', name: 'ASSAY_WRITE_KEY', draft: false, from: 'environment', usedAt: AT },
    {
      id: 'key-1',
      role: 'server',
      name: 'shop server',
      draft: false,
      from: 'operator',
      createdAt: AT - 9e9,
      usedAt: AT,
    },
    { id: 'key-2', role: 'server', name: 'try-out', draft: true, from: 'operator', createdAt: AT - 9e8 },
    { id: 'key-3', role: 'import', name: 'CRM', draft: false, from: 'operator', createdAt: AT - 9e9, endsAt: AT + 9e6 },
    {
      id: 'key-4',
      role: 'import',
      name: 'old CRM',
      draft: false,
      from: 'operator',
      createdAt: AT - 9e9,
      endsAt: AT - 9e6,
    },
  ],
  destinations: [
    {
      id: 'main',
      pixel: 'CD9079RC77U0N3GBV16Y',
      eventNames: 'current',
      crmEventSet: '7300000000000000001',
      offlineEventSet: null,
      appId: null,
      token: 'TIKTOK_TOKEN',
      tokenSet: true,
      state: 'healthy',
      why: '',
      test: { code: 'TEST12345', until: AT + 3_600_000 },
    },
    {
      id: 'second',
      pixel: 'CD9079RC77U0N3GBV17Z',
      eventNames: 'legacy',
      crmEventSet: null,
      offlineEventSet: null,
      appId: null,
      token: 'TIKTOK_TOKEN_2',
      tokenSet: false,
      state: 'paused',
      why: '40105 Access token is incorrect',
    },
  ],
  listeners: [
    {
      name: 'public',
      url: 'http://127.0.0.1:4500',
      trustedProxies: ['10.0.0.0/8'],
      serves: ['GET /a.js', 'POST /v1/events', 'POST /v1/server/events'],
    },
    { name: 'admin', url: 'http://127.0.0.1:4501', trustedProxies: [], serves: ['GET /v1/live'] },
  ],
  retention: {
    ...{ personal: 30 * 86_400_000, journal: 400 * 86_400_000 },
    last: { at: AT - 60_000, rows: 1200, faded: 3400, removed: 560, snapshot: 9000, failed: 'disk I/O error' },
  },
  limits: [
    { name: 'ASSAY_RATE_ADDRESS', value: '20 a second, 100 at once', means: 'Requests of one visitor’s address.' },
    { name: 'body of a page', value: '256 KiB', means: 'Body of POST /v1/events.' },
  ],
  files: [
    { name: 'journal.db', bytes: 73_400_320 },
    { name: 'ledger.db', bytes: 12_288 },
  ],
};

export const bareSettings: SettingsAnswer = {
  ...settings,
  keys: [],
  destinations: [],
  listeners: [],
  retention: { personal: 30 * 86_400_000, journal: 400 * 86_400_000 },
  limits: [],
  files: [],
};

export const newKey: NewKeyAnswer = {
  ...{ id: 'key-9', role: 'server', name: 'shop server', draft: false, from: 'operator', createdAt: AT },
  key: 'sk_9sQ2mB7xK4pV1nR8tW3yZ6cF5hJ0dL2gA4eU7iO9qS1',
};

function hop(afterMs: number, rest: Omit<Hop, 'at'>): Hop {
  return { at: AT + afterMs, ...rest };
}

function reason(code: string, verdict: string, means: string, fix: string): ReasonAnswer {
  return { code, verdict, means, fix };
}
