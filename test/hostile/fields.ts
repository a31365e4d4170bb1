import { Webhook } from 'standardwebhooks';
import { batch } from '../door.ts';
import { HOOK_SECRET, SHOP, WRITE_KEY } from '../server.ts';
import { told } from './bodies.ts';

/** A field of a door: what is told when this text stands in it. */
export interface Field {
  name: string;
  /** who asks, how and where; `%s` is the text, escaped as its place needs it */
  to: string;
  body?(text: string): object;
  headers?(text: string): Record<string, string>;
}

const PAGES = 'page POST /v1/events';
const SERVER = 'server POST /v1/server/events';

/** Fields that stand at the same place in events of pages and of servers. */
const OF_EVENT: Readonly<Record<string, (text: string) => object>> = {
  event: (event) => ({ event }),
  event_id: (event_id) => ({ event_id }),
  time: (time) => ({ time }),
  visitor: (visitor) => ({ visitor }),
  session: (session) => ({ session }),
  'page path': (text) => ({ page: { url: `${SHOP}/thanks/${text}/end` } }),
  'page path, escaped': (text) => ({ page: { url: `${SHOP}/thanks/${encodeURIComponent(text)}` } }),
  'page query': (text) => ({ page: { url: `${SHOP}/?email=${encodeURIComponent(text)}` } }),
  'page query that is kept': (text) => ({ page: { url: `${SHOP}/?q=${encodeURIComponent(text)}&utm_source=${text}` } }),
  'page query, escaped twice': (text) => ({
    page: { url: `${SHOP}/?q=${encodeURIComponent(encodeURIComponent(text))}` },
  }),
  'page click id': (text) => ({ page: { url: `${SHOP}/?ttclid=${encodeURIComponent(text)}` } }),
  'page fragment': (text) => ({ page: { url: `${SHOP}/#${text}` } }),
  'page user': (text) => ({ page: { url: `https://${encodeURIComponent(text)}:x@shop.example/` } }),
  'page that is no address': (url) => ({ page: { url } }),
  'page mailto': (text) => ({ page: { url: `mailto:${text}` } }),
  referrer: (text) => ({
    page: { url: `${SHOP}/`, referrer: `https://mail.example/${text}?to=${text}&q=${text}#${text}` },
  }),
  property: (note) => ({ properties: { note } }),
  'property in a sentence': (text) => ({ properties: { note: `Please call ${text}, thank you.` } }),
  'property’s name': (name) => ({ properties: { [name]: 1 } }),
  'property at depth': (text) => ({ properties: { a: [{ b: { c: [text, { [text]: text }] } }] } }),
  'property below the last depth': (text) => ({
    properties: JSON.parse(`${'{"a":'.repeat(12)}${JSON.stringify(text)}${'}'.repeat(12)}`),
  }),
  'property beyond the last name': (text) => ({
    properties: { ...Object.fromEntries(Array.from({ length: 250 }, (_, n) => [`n${n}`, n])), last: text },
  }),
  value: (value) => ({ properties: { value, currency: 'EUR' } }),
  currency: (currency) => ({ properties: { value: 1, currency } }),
  order_id: (order_id) => ({ properties: { order_id } }),
  content_id: (content_id) => ({
    properties: { contents: [{ content_id, content_name: content_id, brand: content_id }] },
  }),
  content_ids: (id) => ({ properties: { content_ids: [id] } }),
  status: (status) => ({ properties: { status } }),
  description: (description) => ({ properties: { description, query: description, search_string: description } }),
  app: (text) => ({ app: { app_id: text, [text]: text } }),
  ad: (text) => ({ ad: { campaign_id: text, callback: text, [text]: text } }),
  lead: (text) => ({ lead: { lead_id: text, notes: text, [text]: text } }),
  ...Object.fromEntries(
    [
      ...['email', 'phone', 'external_id', 'ttclid', 'ttp', 'ip', 'user_agent', 'locale', 'idfa', 'idfv', 'gaid'],
      ...['att_status', 'first_name', 'last_name', 'zip_code', 'city', 'state', 'country', 'unknown_key'],
    ].map((key) => [`user.${key}`, (text: string) => ({ user: { [key]: text } })]),
  ),
  'list of e-mail addresses': (text) => ({ user: { email: ['nobody', `${text} `, { address: text }] } }),
  'field nobody knows': (text) => ({ [text]: text, notes: text, customer: { email: text } }),
};

const OF_ORDER: Readonly<Record<string, (text: string) => object>> = {
  order_id: (order_id) => ({ order_id }),
  value: (value) => ({ value }),
  currency: (currency) => ({ currency }),
  contents: (content_id) => ({ contents: [{ content_id, content_name: content_id, note: content_id }] }),
  properties: (text) => ({ properties: { coupon: text, [text]: text } }),
  ...pick('time visitor session referrer ad', [
    'page path',
    'page query that is kept',
    'user.locale',
    'user.user_agent',
  ]),
};

const OF_ENTRY: Readonly<Record<string, (text: string) => object>> = {
  fact: (fact) => ({ fact }),
  reference: (reference) => ({ reference }),
  amount: (amount) => ({ amount }),
  currency: (currency) => ({ currency }),
  origin: (origin) => ({ origin }),
  ...pick('time', ['user.email', 'user.external_id', 'user.locale', 'field nobody knows']),
};

const OF_LEAD: Readonly<Record<string, (text: string) => object>> = {
  lead_id: (lead_id) => ({ lead_id }),
  status: (status) => ({ status }),
  ...pick('time visitor session referrer ad lead property', ['page path', 'user.city', 'user.idfv']),
};

const OF_REPORT: Readonly<Record<string, (text: string) => object>> = {
  'fired event_id': (event_id) => ['fired', 'x', event_id, 1],
  'fired handout': (handout) => ['fired', handout, 'x', 1],
  'fired pixel': (pixel) => ['fired', 'x', 'x', 1, pixel],
  'foreign event': (event) => ['foreign', event],
  'foreign event_id': (event_id) => ['foreign', 'x', event_id],
  'report nobody knows': (kind) => [kind, 1],
};

const OF_PAYMENT: Readonly<Record<string, (text: string) => object>> = {
  type: (type) => ({ type }),
  timestamp: (timestamp) => ({ timestamp }),
  payment_id: (payment_id) => ({ data: { payment_id } }),
  order_id: (order_id) => ({ data: { order_id } }),
  currency: (currency) => ({ data: { currency } }),
  amount: (amount) => ({ data: { amount } }),
  customer: (text) => ({ data: { customer: { email: text, phone: text }, [text]: text }, [text]: text }),
};

const PAID = { payment_id: 'p', order_id: 'H-of-nobody', amount: '1.00', currency: 'EUR' };

function payment(of: (text: string) => object, text: string): object {
  const more = of(text) as { data?: object };
  return { type: 'payment.succeeded', ...more, data: { ...PAID, ...more.data } };
}

function pick(names: string, more: readonly string[]): Record<string, (text: string) => object> {
  return Object.fromEntries(
    [...names.split(' '), ...more].flatMap((name) => (OF_EVENT[name] ? [[name, OF_EVENT[name]]] : [])),
  );
}

const order = (more: object): object => ({
  order_id: 'H-field',
  value: 1,
  currency: 'EUR',
  consent: 'granted',
  ...more,
});
const entry = (more: object): object => ({ reference: 'r-field', amount: '1.00', currency: 'EUR', ...more });
const fields = (
  of: Readonly<Record<string, (text: string) => object>>,
  door: string,
  to: string,
  body: (more: object) => object,
): Field[] =>
  Object.entries(of).map(([name, more]) => ({ name: `${door}: ${name}`, to, body: (text) => body(more(text)) }));
const asTold = (more: object): object =>
  told({ ...more, ...('user' in more ? { user: { ip: '198.51.100.7', ...(more.user as object) } } : {}) });

/** Every field of every door that takes text. */
export const FIELDS: readonly Field[] = [
  ...fields(OF_EVENT, 'event of a server', SERVER, asTold),
  ...fields(OF_EVENT, 'event of a page', PAGES, (more) => batch({ events: [{ event: 'Probe', ...more }] })),
  ...fields(
    pick('visitor session referrer ad', ['page path', 'user.locale', 'field nobody knows']),
    'batch of a page',
    PAGES,
    (more) => batch({ events: [{ event: 'Probe' }], ...more }),
  ),
  ...fields(OF_EVENT, 'import', 'server POST /v1/server/import', asTold),
  ...fields(OF_ORDER, 'order of a server', 'server POST /v1/orders', order),
  ...fields(OF_ORDER, 'order of a page', 'page POST /v1/orders', (more) => order({ key: WRITE_KEY, ...more })),
  ...fields(OF_ENTRY, 'entry of an order', 'server POST /v1/orders/H-field/entries', entry),
  ...fields(
    { ...OF_ENTRY, order_id: (order_id) => ({ order_id }) },
    'fact of an import',
    'server POST /v1/server/import',
    (more) => ({
      facts: [{ order_id: 'H-field', ...entry(more) }],
    }),
  ),
  ...fields(OF_LEAD, 'lead of a server', 'server POST /v1/leads', (more) => ({ consent: 'granted', ...more })),
  ...fields(OF_LEAD, 'lead of a page', 'page POST /v1/leads', (more) => ({ key: WRITE_KEY, ...more })),
  ...fields(OF_LEAD, 'step of a lead', 'server POST /v1/leads/L-field/status', (more) => ({
    status: 'qualified',
    ...more,
  })),
  ...fields(OF_REPORT, 'report of a page', PAGES, (report) => batch({ events: [report] })),
  ...Object.entries(OF_PAYMENT).map(
    ([name, of]): Field => ({
      name: `webhook: ${name}`,
      to: 'nobody POST /v1/hooks/standard',
      body: (text) => payment(of, text),
      headers: (text) => signed(JSON.stringify(payment(of, text))),
    }),
  ),
  {
    name: 'entry of an order: its address',
    to: 'server POST /v1/orders/%s/entries',
    body: () => ({ reference: 'r', amount: '1.00', currency: 'EUR' }),
  },
  { name: 'step of a lead: its address', to: 'server POST /v1/leads/%s/status', body: () => ({ status: 'qualified' }) },
  { name: 'webhook: its address', to: 'nobody POST /v1/hooks/%s', body: () => ({}) },
  { name: 'click: target', to: 'page GET /v1/click?to=https%3A%2F%2Fshop.example%2F%s%3Fq%3D%s%23%s' },
  {
    name: 'click: parameters',
    to: 'page GET /v1/click?to=https%3A%2F%2Fshop.example%2F&utm_source=%s&ttclid=%s&campaign_name=%s&email=%s&%s=1',
  },
  { name: 'view: parameters', to: 'page GET /v1/view?utm_source=%s&creative_name=%s&placement=%s&ttclid=%s&%s=1' },
  {
    name: 'click: cookie',
    to: 'page GET /v1/click?to=https%3A%2F%2Fshop.example%2F',
    headers: (text) => ({ cookie: `_assay=${encodeURIComponent(text)}.s-1; _assay=v.${encodeURIComponent(text)}` }),
  },
  {
    name: 'user agent',
    to: PAGES,
    body: () => batch({ events: [{ event: 'Probe', event_id: 'ua' }] }),
    headers: (text) => ({ 'user-agent': text }),
  },
  {
    name: 'forwarded address',
    to: PAGES,
    body: () => batch({ events: [{ event: 'Probe', event_id: 'xff' }] }),
    headers: (text) => ({ 'x-forwarded-for': encodeURI(text), forwarded: encodeURI(text) }),
  },
  {
    name: 'origin',
    to: PAGES,
    body: () => batch(),
    headers: (text) => ({ origin: `https://${encodeURIComponent(text)}.example` }),
  },
  {
    name: 'key',
    to: 'nobody POST /v1/server/events',
    body: () => told(),
    headers: (text) => ({ authorization: `Bearer ${encodeURI(text)}` }),
  },
  { name: 'key of a page', to: PAGES, body: (key) => batch({ key }) },
  { name: 'name of a key', to: 'operator POST /v1/keys', body: (name) => ({ role: 'import', name: `of ${name}` }) },
  { name: 'code of a test session', to: 'operator POST /v1/tests', body: (code) => ({ destination: 'main', code }) },
  { name: 'trace', to: 'operator GET /v1/trace/%s' },
  { name: 'address of nothing', to: 'nobody GET /v1/nothing/%s?q=%s' },
];

function signed(body: string): Record<string, string> {
  const at = new Date();
  return {
    'webhook-id': 'msg_field',
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(HOOK_SECRET).sign('msg_field', at, body),
  };
}
