import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import type { JsonObject } from '../event/event.ts';
import { DEFAULT_TRACKING_YAML } from '../spec/default-text.ts';
import { parseSpec } from '../spec/parse.ts';
import type { Spec } from '../spec/spec.ts';
import type { TrackItem } from '../tiktok/body.ts';
import { type Explained, explain } from './explain.ts';

const NOW = Date.UTC(2026, 7, 1, 12);
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

test('contacts become the published check values, plain or hashed already', async () => {
  const email = '848a771458438fc2ec420560d769fb9b9b86851ee338ec56517baabd79d3bb4f';
  const phone = '9f7ec22d72092cd3c0b58726ed9c2d91b92e51a3f29837508fb2948bb22dd2fd';
  const id = '80fba0ae1c48e3978e43e4efc365e14e12ea0c830ba8ba5b9a2dafc7e3f2ab8b';
  for (const user of [
    { email: ' ALICE_abc@gmail.com ', phone: '(+1)2133734253', external_id: 'user_123' },
    { email: ['alice_abc@gmail.com', 'ALICE_ABC@GMAIL.COM'], phone: '+1 (213) 373-4253', external_id: ' user_123 ' },
    { email: email.toUpperCase(), phone, external_id: id },
  ])
    assert.deepEqual((await body(event({ user }))).user, { email, phone, external_id: id });
});

test('a national phone number is read by the country beside it, then by the business’s, and never guessed', async () => {
  for (const [phone, country, wanted] of [
    ['030 901820', undefined, '+4930901820'],
    ['030 901820', 'DE', '+4930901820'],
    ['01 42 68 53 00', 'FR', '+33142685300'],
    ['(213) 373-4253', 'us', '+12133734253'],
    ['12', 'US', undefined],
  ] as const) {
    const { user } = await body(event({ user: { phone, ...(country ? { country } : {}), ttp: 'kept' } }));
    assert.equal(user?.['phone'], wanted && sha256(wanted), phone);
    assert.equal(user?.['ttp'], 'kept');
  }
});

test('words that say nothing are left out of the body', async () => {
  const nothing = { email: '', phone: 'undefined', external_id: 'null', ttclid: ' ', ttp: sha256(''), locale: null };
  const properties = {
    description: 'undefined',
    status: '',
    query: null,
    content_ids: [],
    contents: [],
    search_string: 'NaN',
  };
  const item = await body(event({ user: nothing, properties }));
  assert.equal(item.user, undefined);
  assert.deepEqual(item.properties, { source: 'web', origin: 'visitor' });
});

test('money is a number in major units with the digits of its currency', async () => {
  for (const [value, currency, sent] of [
    ['59.90', 'EUR', 59.9],
    [59.9, ' eur ', 59.9],
    ['5990', 'JPY', 5990],
    [5990.4, 'JPY', 5990],
    ['1.234', 'KWD', 1.234],
    ['1.2345', 'KWD', 1.234],
    ['0.125', 'USD', 0.12],
    ['1e2', 'USD', 100],
    [0, 'EUR', 0],
    ['90071992547409.91', 'EUR', 90071992547409.91],
    ['9007199254740991', 'JPY', 9007199254740991],
    ['999999999999.99', 'EUR', 999999999999.99],
    ['5', 'KWD', 5],
  ] as const) {
    const { properties } = await body(event({ properties: { value, currency } }));
    assert.deepEqual([properties?.['value'], properties?.['currency']], [sent, currency.trim().toUpperCase()]);
  }
});

test('a rounded value and a currency without a value are noted', async () => {
  for (const [properties, note, value] of [
    [{ value: '9.999', currency: 'EUR' }, 'value_rounded', 10],
    [{ value: '9.990', currency: 'EUR' }, undefined, 9.99],
    [{ currency: 'EUR' }, 'currency_without_value', undefined],
  ] as const) {
    const explained = await one(event({ properties }));
    assert.deepEqual(explained.reasons, ['first_observation', ...(note ? [note] : [])]);
    assert.equal(itemOf(explained).properties?.['value'], value);
  }
});

test('an amount written for people is refused with what to send', async () => {
  for (const [value, fix] of [
    ['59,90', 'send 59.90'],
    ['€59.90', 'send 59.90 as value and EUR as currency'],
    ['59.90 EUR', 'send 59.90 as value and EUR as currency'],
    ['1.299,00', 'send 1299.00'],
    ['1,299', 'send digits with an optional decimal point and no symbol, such as 59.90'],
  ] as const) {
    const { reasons, problems } = await one(event({ properties: { value, currency: 'EUR' } }));
    assert.deepEqual([reasons, problems[0]?.fix], [['value_unreadable'], fix], value);
  }
});

test('an exponent and the smallest numbers are read as the amounts they are', async () => {
  for (const [value, sent, notes] of [
    ['1.5e1', 15, ['value_exponent']],
    [1e-300, 0, ['value_rounded']],
    [0.1 + 0.2, 0.3, ['value_rounded']],
    ['-0', 0, []],
    ['.5', 0.5, []],
    ['007', 7, []],
  ] as const) {
    const explained = await one(event({ properties: { value, currency: 'EUR' } }));
    assert.deepEqual(
      [itemOf(explained).properties?.['value'], explained.reasons.slice(1)],
      [sent, [...notes]],
      String(value),
    );
  }
});

test('a currency that TikTok does not take is converted, dropped or sent, as the spec says', async () => {
  const rates = 'rates: { UYU: "0.0212 2026-08-01" }';
  for (const [policy, value, currency, reason] of [
    ['convert', 21.2, 'EUR', 'currency_converted'],
    ['drop', undefined, undefined, 'currency_unsupported_dropped'],
    ['send', 1000, 'UYU', 'currency_unsupported_sent'],
  ] as const) {
    const text = DEFAULT_TRACKING_YAML.replace(
      'unsupportedCurrency: convert, rates: {}',
      `unsupportedCurrency: ${policy}, ${rates}`,
    );
    const explained = await one(event({ properties: { value: 1000, currency: 'UYU' } }), specOf(text));
    assert.equal(explained.event['value'], '1000.00 UYU');
    const { properties } = itemOf(explained);
    assert.deepEqual([properties?.['value'], properties?.['currency']], [value, currency], policy);
    assert.ok(explained.reasons.includes(reason), String(explained.reasons));
  }
  const without = await one(event({ properties: { value: 1000, currency: 'UYU' } }));
  assert.deepEqual([without.verdict, without.reasons, without.request], ['quarantined', ['rate_missing'], null]);
});

test('a converted amount is never in a currency that TikTok does not take either', async () => {
  const text = DEFAULT_TRACKING_YAML.replace('currency: EUR', 'currency: UYU')
    .replace('rates: {}', 'rates: { GEL: "14 2026-08-01" }')
    .replaceAll('"40.00 EUR"', 'null')
    .replaceAll('"120.00 EUR"', 'null');
  const explained = await one(event({ properties: { value: 10, currency: 'GEL' } }), specOf(text));
  assert.deepEqual(explained.reasons, ['rate_missing']);
});

test('a zero value is allowed or quarantined by the event’s rule', async () => {
  const cart = { content_id: 'a', quantity: 1, value: '0.001', currency: 'EUR' };
  const quarantined = await one(event({ event: 'AddToCart', properties: cart }));
  assert.deepEqual([quarantined.verdict, quarantined.reasons], ['quarantined', ['value_zero']]);
  const allowing = specOf(DEFAULT_TRACKING_YAML.replace('zeroValue: quarantine', 'zeroValue: allow'));
  const allowed = await one(event({ event: 'AddToCart', properties: cart }), allowing);
  assert.equal(allowed.verdict, 'admitted');
  assert.equal(itemOf(allowed).properties?.['value'], 0);
});

test('old and new names are one event; a destination gets the names of its generation', async () => {
  const legacy = specOf(DEFAULT_TRACKING_YAML.replace('eventNames: current', 'eventNames: legacy'));
  for (const [told, current, old] of [
    ['CompletePayment', 'Purchase', 'CompletePayment'],
    ['Purchase', 'Purchase', 'CompletePayment'],
    ['SubmitForm', 'Lead', 'SubmitForm'],
    ['Lead', 'Lead', 'SubmitForm'],
    ['ViewContent', 'ViewContent', 'ViewContent'],
    ['constructor', 'constructor', 'constructor'],
  ] as const) {
    const input = event({ event: told, properties: PURCHASE });
    assert.equal((await body(input)).event, current);
    assert.equal(itemOf(await one(input, legacy)).event, old);
  }
});

test('a CRM stage may have any name', async () => {
  for (const name of ['Besichtigung vereinbart', '成交', 'purchase']) {
    const input = event({ event: name, source: 'crm', lead: { lead_id: '77' } });
    assert.equal((await body(input)).event, name);
  }
});

test('fields of another source do not reach TikTok', async () => {
  const extra = { lead: { lead_id: '7' }, app: { app_id: '1' }, ad: { callback: 'x' }, limited_data_use: true };
  const web = ['event', 'event_time', 'event_id', 'page', 'properties', 'limited_data_use'];
  assert.deepEqual(Object.keys(await body(event(extra))), web);
  const crm = await body(event({ ...extra, source: 'crm' }));
  assert.deepEqual(Object.keys(crm), ['event', 'event_time', 'event_id', 'properties', 'lead']);
});

test('broken input is quarantined with every reason and where to mend it', async () => {
  const text = `
    event_name             | event                             | {"event": "purchase"}
    event_name             | event                             | {"event": "1st order"}
    event_name             | event                             | {"event": "  "}
    event_name             | event                             | {"event": "MyOwn", "source": "offline", "user": {"email": "a@b.example"}}
    source_field_missing   | page.url                          | {"page": {}}
    source_field_missing   | user.email                        | {"source": "offline"}
    source_field_missing   | app.app_id                        | {"source": "app", "event": "Login"}
    source_field_missing   | lead.lead_id                      | {"source": "crm"}
    time_in_milliseconds   | time                              | {"time": 1785585540000}
    time_unreadable        | time                              | {"time": "yesterday"}
    time_unreadable        | time                              | {"time": "2026-13-01T00:00:00Z"}
    value_unreadable       | properties.value                  | {"properties": {"value": "59,90", "currency": "EUR"}}
    value_unreadable       | properties.value                  | {"properties": {"value": true, "currency": "EUR"}}
    value_unreadable       | properties.value                  | {"properties": {"value": "1.2.3", "currency": "EUR"}}
    value_not_finite       | properties.value                  | {"properties": {"value": "NaN", "currency": "EUR"}}
    value_not_finite       | properties.value                  | {"properties": {"value": "-Infinity", "currency": "EUR"}}
    value_digits           | properties.value                  | {"properties": {"value": "${'1'.repeat(41)}", "currency": "EUR"}}
    value_digits           | properties.value                  | {"properties": {"value": "1e99", "currency": "EUR"}}
    value_negative         | properties.value                  | {"properties": {"value": -1, "currency": "EUR"}}
    value_negative         | properties.value                  | {"properties": {"value": "-0.001", "currency": "EUR"}}
    value_too_large        | properties.value                  | {"properties": {"value": 1e300, "currency": "EUR"}}
    parameter_missing      | properties.value                  | {"event": "AddToCart", "properties": {"content_id": "a", "quantity": 1, "value": "", "currency": "EUR"}}
    parameter_malformed    | properties.contents[0].quantity   | {"properties": {"contents": [{"content_id": "a", "quantity": 0}]}}
    event_id_reserved      | event_id                          | {"event_id": "draft-1"}
    value_too_large        | properties.value                  | {"properties": {"value": "1e20", "currency": "EUR"}}
    currency_missing       | properties.currency               | {"properties": {"value": 1}}
    currency_unknown       | properties.currency               | {"properties": {"value": 1, "currency": "EURO"}}
    parameter_malformed    | properties.num_items              | {"properties": {"num_items": 1.5}}
    parameter_malformed    | properties.contents               | {"properties": {"contents": {"content_id": "a"}}}
    parameter_malformed    | properties.contents[0].quantity   | {"properties": {"contents": [{"content_id": "a", "quantity": "two"}]}}
    parameter_not_in_list  | properties.content_type           | {"properties": {"content_type": "products"}}
    id_digits_lost         | properties.order_id               | {"properties": {"order_id": 7300000000000000001}}
    content_id_missing     | properties.contents[1].content_id | {"properties": {"contents": [{"content_id": "a"}, {"price": 1}]}}
    parameter_missing      | properties.content_id             | {"event": "ViewContent", "properties": {"content_type": "product", "page_category": "x"}}
    parameter_missing      | properties.order_id               | {"event": "Purchase", "properties": {"value": 1, "currency": "EUR", "content_ids": ["a"]}}
    event_id_too_long      | event_id                          | {"event_id": "${'x'.repeat(257)}"}
    body_shape             | event                             | {"event": 7}
    body_shape             | source                            | {"source": "tv"}
    body_shape             | door                              | {"door": "window"}`;
  for (const [code, where, json] of table(text)) {
    const explained = await one(event(JSON.parse(json ?? '') as JsonObject));
    assert.equal(explained.verdict, 'quarantined', json);
    assert.ok(explained.reasons.includes(code ?? ''), `${json}: ${explained.reasons}`);
    const problem = explained.problems.find((known) => known.code === code && known.where === where);
    assert.ok(problem && problem.what !== '' && problem.fix !== '', `${json}: ${JSON.stringify(explained.problems)}`);
    assert.equal(explained.request, null);
  }
});

test('one input may have several problems, and all are told', async () => {
  const { problems } = await one(
    event({ event: 'view content', time: 'noon', properties: { value: 'x', content_type: 'y' } }),
  );
  const places = ['event', 'time', 'properties.value', 'properties.content_type'];
  assert.deepEqual(new Set(problems.map(({ where }) => where)), new Set(places));
});

test('earlier events make a later one paired or a duplicate', async () => {
  const cart = event({ event_id: 'e-1', consent: 'granted', time: '2026-08-01T11:59:00Z' });
  const inputs = [
    { ...cart, door: 'browser' },
    cart,
    { ...cart, door: 'browser' },
    { ...cart, door: 'browser', time: '2026-08-01T11:59:30Z' },
    cart,
  ];
  const explained = await explain(inputs, undefined, NOW);
  assert.deepEqual(
    explained.map(({ verdict, reasons, request }) => [verdict, reasons, request !== null]),
    [
      ['admitted', ['first_observation'], true],
      ['paired', ['other_door'], true],
      ['duplicate', ['resent'], false],
      ['duplicate', ['refired'], false],
      ['duplicate', ['resent'], false],
    ],
  );
});

test('a Purchase has the id of its order, by whichever door', async () => {
  const inputs = [
    event({ event: 'Purchase', properties: PURCHASE }),
    event({ event: 'CompletePayment', event_id: 'random', door: 'browser', properties: PURCHASE }),
  ];
  const [first, second] = await explain(inputs, undefined, NOW);
  assert.equal(first?.event['event_id'], 'demo-0010045');
  assert.deepEqual(
    [second?.verdict, second?.reasons],
    ['paired', ['other_door', 'legacy_name', 'event_id_from_order']],
  );
  assert.deepEqual(
    first?.legs.map(({ leg, state, why }) => [leg, state, why]),
    [
      ['api', 'held', 'awaiting_confirmation'],
      ['pixel', 'held', 'awaiting_api'],
    ],
  );
});

const PURCHASE = {
  order_id: '0010045',
  value: 59.9,
  currency: 'EUR',
  contents: [{ content_id: '0012345678905' }],
  content_type: 'product',
  page_category: 'p',
};

function event(more: JsonObject): JsonObject {
  return { event: 'Contact', event_id: 'e-1', consent: 'granted', page: { url: 'https://shop.example/' }, ...more };
}

async function one(input: unknown, spec?: Spec): Promise<Explained> {
  const [explained] = await explain([input], spec, NOW);
  assert.ok(explained);
  return explained;
}

async function body(input: unknown): Promise<TrackItem> {
  return itemOf(await one(input));
}

function itemOf({ request, problems }: Explained): TrackItem {
  const item = request?.data[0];
  assert.ok(item, JSON.stringify(problems));
  return item;
}

function specOf(text: string): Spec {
  const parsed = parseSpec(text);
  assert.ok(parsed.ok, parsed.ok ? '' : JSON.stringify(parsed.problems));
  return parsed.value;
}

function table(text: string): string[][] {
  return text
    .split('\n')
    .filter((line) => line.includes('|'))
    .map((line) => line.split(' | ').map((cell) => cell.trim()));
}
