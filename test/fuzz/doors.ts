import { Webhook } from 'standardwebhooks';
import { browserRecords, type Facts } from '../../src/collection/browser.ts';
import { entryRecords, factRecords } from '../../src/collection/facts.ts';
import { hookRecords } from '../../src/collection/hook.ts';
import { leadRecord, leadStepRecord } from '../../src/collection/leads.ts';
import { orderRecord } from '../../src/collection/orders.ts';
import { carry, parser } from '../../src/collection/schemas.ts';
import { serverRecords } from '../../src/collection/server.ts';
import { readTarget } from '../../src/collection/target.ts';
import { sitesOf } from '../../src/collection/tell.ts';
import { clickRecord, viewRecord, withAdParameters } from '../../src/collection/touches.ts';
import { unreadRecord } from '../../src/collection/unread.ts';
import { PROVIDERS } from '../../src/collection/webhooks/providers.ts';
import { standard } from '../../src/collection/webhooks/standard.ts';
import type { Json } from '../../src/event/event.ts';
import type { Parsed } from '../../src/event/problem.ts';
import { defaultSpec } from '../../src/spec/default.ts';
import { goldenInputs } from '../golden-inputs.ts';
import { HOOK_SECRET, SHOP, WRITE_KEY } from '../server.ts';
import { bytesParser, type Fuzzed, jsonParser, type Result, textParser } from './parser.ts';
import { SOMEBODY } from './words.ts';

const NOW = Date.UTC(2026, 7, 1, 12);
const spec = defaultSpec();
const sites = sitesOf(spec);
const facts: Facts = { receivedAt: NOW, keyId: 'k', ip: '198.51.100.7', userAgent: 'Mozilla/5.0 Firefox/140.0' };

/** A person as senders tell one, in every field that is hashed. */
const USER = {
  ...SOMEBODY,
  external_id: SOMEBODY.email,
  first_name: 'Max',
  last_name: 'Muster',
  city: 'Berlin',
  country: 'DE',
  locale: 'de-DE',
};
const PAGE = {
  url: `${SHOP}/p/${SOMEBODY.email}?utm_source=tiktok&email=${SOMEBODY.email}&ttclid=E.C.P.abc#x`,
  referrer: 'https://www.tiktok.com/',
};
const ORDER = {
  ...{
    key: WRITE_KEY,
    order_id: '10045',
    value: '59.90',
    currency: 'EUR',
    time: 1_785_585_540,
    visitor: 'v-1',
    session: 's-1',
  },
  ...{ consent: 'granted', user: USER, page: PAGE, ad: { campaign_id: '1799000000000001' }, spec: 1 },
  contents: [{ content_id: 'SKU-1', content_name: 'Jug', quantity: 2, price: 29.95 }],
  properties: { coupon: 'SUMMER', note: SOMEBODY.email },
};
const EVENT = {
  ...{
    event: 'AddToCart',
    event_id: 'e-1',
    time: '2026-08-01T11:59:00Z',
    user: USER,
    page: PAGE,
    visitor: 'v-1',
    session: 's-1',
  },
  properties: {
    content_id: 'SKU-1',
    value: 29.95,
    currency: 'EUR',
    quantity: 1,
    deep: { list: [1, { text: SOMEBODY.phone }] },
  },
};
const BATCH = {
  ...{
    key: WRITE_KEY,
    spec: 1,
    sent_at: 1_785_585_600,
    visitor: 'v-1',
    session: 's-1',
    consent: 'granted',
    user: USER,
    page: PAGE,
  },
  events: [
    { ...EVENT, pixel: 'loaded' },
    { event: 'Pageview', pixel: false },
    ['pixel', 'loaded'],
    ['fired', 'h', 'demo-10045', 1],
    ['consent', 'granted'],
    ['engagement', 1000, 990, 991, 992, 3, 0.5, 80, 900],
    ['foreign', 'Purchase', 'x'],
  ],
};
const OF_SCRIPT = {
  key: WRITE_KEY,
  time: 1_785_585_600,
  head: ['granted', 1, { visitor: 'v-1', session: 's-1' }, PAGE, ['?utm_id=17'], { sha256_email: 'a' }, 'ttp'],
  events: [[{ value: 29.95 }, 'ViewContent', 'e-1', 'loaded', 1_785_585_600, true], ...BATCH.events.slice(2)],
};
const LEAD = {
  key: WRITE_KEY,
  lead_id: 'L-1',
  user: USER,
  page: PAGE,
  properties: { form: 'callback' },
  lead: { lead_event_source: 'HubSpot' },
  visitor: 'v-1',
  consent: 'granted',
};
const ENTRY = {
  ...{ fact: 'refund', reference: 're-1', amount: '12.50', currency: 'EUR', time: '2026-08-01T12:00:00Z' },
  ...{ user: USER, origin: 'system', draft: true },
};
const CANCELLED = { fact: 'cancellation', reference: 7, time: 1_785_585_600 };
const HOOK = { method: 'POST', url: 'https://collect.shop.example/v1/hooks/standard', receivedAt: NOW };
const HOOKS = [
  {
    type: 'payment.succeeded',
    timestamp: '2026-08-01T12:00:00Z',
    data: { payment_id: 'p-1', order_id: '10045', amount: '59.90', currency: 'EUR', customer: USER },
  },
  {
    type: 'order.created',
    data: { order_id: '10045', value: '59.90', currency: 'EUR', visitor: 'v-1', contents: [{ content_id: 'SKU-1' }] },
  },
  { type: 'payment.refunded', data: { refund_id: 're-1', order_id: '10045', amount: '1', currency: 'JPY' } },
  { type: 'lead.updated', data: { lead_id: 'L-1', status: 'qualified', email: SOMEBODY.email } },
].map((body) => JSON.stringify(body));
const NOWHERE = { fetch: (url: string) => Promise.reject(new Error(`${url} was asked for`)), roots: () => [] };

function parsed<T>(read: Parsed<T>): Result {
  return read.ok ? { accepted: true, kept: read.value } : { accepted: false, kept: read.problems };
}

/** What the public doors read. */
export const DOORS: readonly Fuzzed[] = [
  jsonParser('browserRecords', 90, [BATCH, OF_SCRIPT], (body) => {
    const read = browserRecords(body, facts, sites);
    // The ids beside the records go into a cookie, or nowhere.
    return parsed(read.ok ? { ok: true, value: read.value.records } : read);
  }),
  jsonParser(
    'serverRecords',
    90,
    [
      EVENT,
      { events: [EVENT, EVENT] },
      ...goldenInputs('web').slice(0, 8),
      ...goldenInputs('crm').slice(0, 2),
      ...goldenInputs('app').slice(0, 2),
    ],
    (body) => parsed(serverRecords(body, facts, sites)),
  ),
  jsonParser('serverRecords of an import', 30, [EVENT, [EVENT]], (body) =>
    parsed(serverRecords(body, facts, sites, 'import')),
  ),
  jsonParser('orderRecord of a page', 50, [ORDER], (body) => parsed(orderRecord(body, 'browser', facts, sites))),
  jsonParser('orderRecord of a server', 30, [ORDER], (body) => parsed(orderRecord(body, 'server', facts, sites))),
  jsonParser('leadRecord', 50, [LEAD, { ...LEAD, status: 'new' }], (body) =>
    parsed(leadRecord(body, 'server', facts, sites)),
  ),
  jsonParser('leadStepRecord', 30, [{ ...LEAD, status: 'approved' }], (body) =>
    parsed(leadStepRecord('L-1', body, facts, sites)),
  ),
  jsonParser(
    'carry',
    15,
    [{ key: WRITE_KEY, visitor: 'v-1', session: 's-1' }],
    (() => {
      const read = parser(carry);
      return (body: Json) => ({ accepted: read(body).ok });
    })(),
  ),
  textParser(
    'touches',
    50,
    [
      `to=${encodeURIComponent(`${SHOP}/cart?x=1#y`)}&ttclid=E.C.P.abc&campaign_id=1799&utm_source=tiktok`,
      `to=https%3A%2F%2Fpay.example%2F&utm_campaign=${SOMEBODY.email}&placement=__PLACEMENT__&ad_name=Summer`,
    ],
    (text) => {
      const query = new URLSearchParams(text);
      const target = readTarget(query, spec.sites);
      if (!target.ok) return { accepted: false, kept: viewRecord(query, NOW) };
      const location = new URL(withAdParameters(target.value, query));
      if (location.host !== target.value.host || /[\r\n]/.test(location.href))
        throw new Error(`leads to ${location.href}`);
      return {
        accepted: true,
        kept: [clickRecord(query, target.value, { visitor: 'v-1' }, NOW), viewRecord(query, NOW)],
      };
    },
  ),
  jsonParser('entryRecords', 40, [ENTRY, { entries: [ENTRY, CANCELLED] }], (body) =>
    parsed(entryRecords('10045', body, facts, sites)),
  ),
  jsonParser('factRecords', 30, [{ facts: [{ order_id: 10045, ...ENTRY }] }], (body) =>
    parsed(factRecords(body, facts, sites)),
  ),
  bytesParser('webhook standard', 50, HOOKS, async (raw) => {
    const headers = {
      'webhook-id': 'm',
      'webhook-timestamp': String(NOW / 1000),
      'webhook-signature': new Webhook(HOOK_SECRET).sign('m', new Date(NOW), raw),
    };
    const read = await standard.read({ ...HOOK, headers, raw }, [HOOK_SECRET], NOWHERE);
    if (read.kind !== 'told') return { accepted: false, kept: read };
    return parsed(hookRecords(read, 'webhook:standard', NOW, sites));
  }),
  jsonParser(
    'webhook headers',
    15,
    [{ 'webhook-id': 'm', 'webhook-timestamp': String(NOW / 1000), 'webhook-signature': 'v1,AAAA v1a,x' }],
    async (value) => {
      const headers = Object.fromEntries(
        Object.entries(value ?? {}).map(([name, text]) => [name, String(JSON.stringify(text)).slice(0, 500)]),
      );
      for (const { name, read } of PROVIDERS.values()) {
        const { kind } = await read({ ...HOOK, headers, raw: Buffer.from('{}') }, [HOOK_SECRET], NOWHERE);
        if (kind !== 'refused' && kind !== 'ping') throw new Error(`${name} opened without a signature`);
      }
      return { accepted: false };
    },
  ),
  bytesParser(
    'unreadRecord',
    40,
    [JSON.stringify(BATCH), JSON.stringify({ [SOMEBODY.email]: { [SOMEBODY.phone]: 1, '4915123456789': 2 } })],
    (raw) => ({
      accepted: true,
      kept: unreadRecord(raw, 'body_shape', 'quarantined', 'browser', NOW),
    }),
  ),
];
