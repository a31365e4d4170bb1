import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import type { JsonObject, Source } from '../event/event.ts';
import { start, TWIN, type TwinProcess } from '../sim/twin/client.ts';
import type { TrackRequest } from '../tiktok/body.ts';
import { APP_EVENTS, STANDARD_EVENTS } from '../tiktok/names.ts';
import { explain } from './explain.ts';

let twin: TwinProcess;
before(async () => {
  twin = await start();
});
after(() => twin.stop());

const NOW = Date.UTC(2026, 7, 1, 12);
const SOURCES: readonly Source[] = ['web', 'app', 'offline', 'crm'];

test('whatever admission takes, TikTok’s twin takes', async () => {
  const explained = await explain(fc.sample(input(), { numRuns: 1200, seed: 7 }), undefined, NOW);
  const requests = explained.flatMap(({ request }) => request ?? []);
  assert.ok(requests.length > 250, `only ${requests.length} inputs were taken`);
  for (const batch of Map.groupBy(requests, ({ event_source }) => event_source).values()) {
    const [first] = batch;
    assert.ok(first);
    const data = batch.flatMap((request) => request.data);
    const answer = await post({ ...first, data });
    const named = data[Number(/data\.(\d+)/.exec(answer)?.[1])];
    assert.equal(answer, '0 OK', JSON.stringify(named));
  }
});

async function post(body: TrackRequest): Promise<string> {
  const answer = await fetch(`${twin.url}/open_api/v1.3/event/track/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'access-token': TWIN.token },
    body: JSON.stringify(body),
  });
  const { code, message } = (await answer.json()) as { code: number; message: string };
  return `${code} ${message}`;
}

function input(): fc.Arbitrary<JsonObject> {
  const event = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.constantFrom<string>(
        ...STANDARD_EVENTS,
        ...APP_EVENTS,
        'CompletePayment',
        'SubmitForm',
        'PlaceAnOrder',
      ),
    },
    fc.stringMatching(/^[A-Za-z_-]{1,60}$/),
    fc.string({ maxLength: 60, minLength: 1 }),
  );
  return fc.record({
    event,
    event_id: fc.oneof(fc.uuid(), fc.nat(), fc.string({ minLength: 1, maxLength: 270 })),
    time: fc.oneof(
      { weight: 8, arbitrary: fc.integer({ min: NOW / 1000 - 86_400, max: NOW / 1000 + 86_400 }) },
      {
        weight: 8,
        arbitrary: fc
          .date({ min: new Date(NOW - 86_400_000), max: new Date(NOW), noInvalidDate: true })
          .map((at) => at.toISOString()),
      },
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.string({ maxLength: 20 }),
    ),
    source: fc.constantFrom(...SOURCES),
    consent: fc.constant('granted'),
    user: user(),
    page: fc.oneof(
      { weight: 8, arbitrary: fc.webUrl({ withQueryParameters: true }).map((url) => ({ url })) },
      fc.string().map((url) => ({ url })),
    ),
    properties: properties(),
    app: fc.record({ app_id: fc.oneof(fc.nat(), fc.string()), app_name: value() }),
    ad: fc.dictionary(fc.constantFrom('callback', 'campaign_id', 'ad_id', 'attributed'), value()),
    lead: fc.record({ lead_id: fc.oneof(fc.nat(), fc.string()), lead_event_source: value(), status: value() }),
    limited_data_use: fc.boolean(),
  }) as unknown as fc.Arbitrary<JsonObject>;
}

function user(): fc.Arbitrary<unknown> {
  const many = (one: fc.Arbitrary<unknown>) => fc.oneof(one, fc.array(one, { maxLength: 3 }), value());
  return fc.record(
    {
      email: many(fc.emailAddress()),
      phone: many(fc.constantFrom('+4930901820', '030 901820', '(+1)2133734253', '007')),
      external_id: many(fc.string()),
      ttclid: value(),
      ttp: value(),
      ip: fc.oneof(fc.ipV4(), fc.ipV6(), value()),
      user_agent: value(),
      locale: value(),
      idfa: value(),
      gaid: value(),
      att_status: fc.oneof(fc.constantFrom('AUTHORIZED', 'DENIED'), value()),
      first_name: value(),
      zip_code: value(),
      city: value(),
      country: fc.oneof(fc.constantFrom('DE', 'us'), value()),
    },
    { requiredKeys: ['email'] },
  );
}

/** Anything a sender may put in a field: text, numbers, and now and then nonsense. */
function value(): fc.Arbitrary<unknown> {
  return mostly(fc.constantFrom<unknown>('SKU-1', ' 12 ', 'red shirt', 3, ''));
}

function mostly(meant: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 30, arbitrary: meant },
    { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<unknown> },
  );
}

function properties(): fc.Arbitrary<unknown> {
  const number = mostly(fc.constantFrom<unknown>('9.99', ' 2 ', 3, 29.95, 0, '1e3'));
  const count = mostly(fc.constantFrom<unknown>('1', ' 2 ', 3));
  const whole = mostly(fc.constantFrom<unknown>('2', 3, 0));
  const id = mostly(fc.oneof(fc.nat(), fc.string({ minLength: 1 })));
  const contents = fc.array(fc.record({ content_id: id, quantity: count, price: number, brand: value() }), {
    maxLength: 3,
  });
  return fc.record(
    {
      value: number,
      currency: mostly(fc.constantFrom('EUR', 'jpy', 'KWD', ' usd ')),
      contents: mostly(contents),
      content_ids: mostly(fc.array(id, { maxLength: 3 })),
      content_id: id,
      content_type: mostly(fc.constantFrom('product', 'product_group')),
      page_category: value(),
      step: value(),
      num_items: whole,
      order_id: id,
      shop_id: id,
      search_string: value(),
      query: value(),
      description: value(),
      status: value(),
      delivery_category: mostly(fc.constantFrom('in_store', 'curbside', 'home_delivery')),
      predicted_ltv: number,
      event_channel: value(),
      mileage: mostly(fc.record({ unit: value(), value: number })),
      preferred_price_range: mostly(fc.array(number, { maxLength: 2 })),
      quantity: count,
      price: number,
      own_key: fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<unknown>,
    },
    { requiredKeys: ['value', 'currency'] },
  );
}
