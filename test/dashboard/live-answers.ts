import type { LiveCounts, LiveNotices, LiveRow } from '../../src/api/answers.ts';

/** 22 November 2026, 13:03:22.120 UTC. */
const AT = Date.UTC(2026, 10, 22, 13, 3, 22, 120);

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
