import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../../event/event.ts';
import { DEFAULT_PIXELS } from './pixels.ts';
import type { RefusedIds } from './refused-ids.ts';
import { initialSwitches, type Switches } from './switches.ts';
import { judgeTrack } from './track.ts';

const NOW = 1_790_000_000_000;
const HASH = 'ab'.repeat(32);
const PIXEL = 'CD9079RC77U0N3GBV16Y';

/** An event of each source that the contract allows. */
const VALID: readonly { source: string; id: string; event: JsonObject }[] = [
  {
    source: 'web',
    id: PIXEL,
    event: {
      event: 'Purchase',
      event_time: NOW / 1000,
      event_id: 'order-1',
      user: { email: HASH, phone: [HASH], external_id: HASH, ttclid: 'E.C.P.x', ip: '203.0.113.7', user_agent: 'UA' },
      page: { url: 'https://shop.example/thanks', referrer: '' },
      properties: {
        value: 59.9,
        currency: 'EUR',
        content_type: 'product',
        order_id: '1',
        num_items: 2,
        contents: [{ content_id: 'S', price: 29.95, quantity: 2, content_name: 'Shirt' }],
      },
    },
  },
  {
    source: 'app',
    id: '7300000000000000003',
    event: { event: 'LaunchAPP', event_time: NOW / 1000, app: { app_id: '1' }, user: { att_status: 'DENIED' } },
  },
  {
    source: 'offline',
    id: '7300000000000000002',
    event: { event: 'Purchase', event_time: NOW / 1000, user: { phone: HASH } },
  },
  {
    source: 'crm',
    id: '7300000000000000001',
    event: { event: 'Qualifiziert ✓', event_time: NOW / 1000, lead: { lead_id: '9' } },
  },
];

// One change to a valid event, and the message of the refusal, or `ok`.
const table = `
  web      event                              undefined                data.0.event: Missing data for required field
  web      event                              " "                      data.0.event: Missing data for required field
  web      event                              7                        data.0.event: Not a valid string
  web      event                              "AddedToCart"            ok
  web      event                              "CompletePayment"        ok
  web      event                              "1st"                    data.0.event: Not a valid event name
  web      event                              "a b"                    data.0.event: Not a valid event name
  web      event                              "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" data.0.event: Not a valid event name
  web      event_time                         undefined                data.0.event_time: Missing data for required field
  web      event_time                         "1790000000"             data.0.event_time: Not a valid integer
  web      event_time                         1790000000.5             data.0.event_time: Not a valid integer
  web      event_time                         1790000000000            data.0.event_time: Not a valid Unix time in seconds
  web      event_time                         900000000                data.0.event_time: Not a valid Unix time in seconds
  web      event_time                         1690000000               ok
  web      event_id                           undefined                ok
  web      event_id                           7                        data.0.event_id: Not a valid string
  web      user                               undefined                ok
  web      user                               null                     data.0.user: Not a valid object
  web      user.email                         "alice@shop.example"     data.0.user.email: Not a valid lower-case SHA-256 hash
  web      user.email                         ["a@b.example"]          data.0.user.email: Not a valid lower-case SHA-256 hash
  web      user.email                         "ABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABAB" data.0.user.email: Not a valid lower-case SHA-256 hash
  web      user.email                         7                        data.0.user.email: Not a valid string or list of strings
  web      user.email                         ""                       ok
  web      user.phone                         "+12133734253"           data.0.user.phone: Not a valid lower-case SHA-256 hash
  web      user.external_id                   "user_123"               data.0.user.external_id: Not a valid lower-case SHA-256 hash
  web      user.first_name                    "ann"                    ok
  web      user.ttclid                        7                        data.0.user.ttclid: Not a valid string
  web      user.phone_number                  "unknown field"          ok
  web      page                               undefined                data.0.page.url: Missing data for required field
  web      page.url                           ""                       data.0.page.url: Missing data for required field
  web      page.url                           7                        data.0.page.url: Not a valid string
  web      page.referrer                      7                        data.0.page.referrer: Not a valid string
  web      limited_data_use                   "true"                   data.0.limited_data_use: Not a valid boolean
  web      properties                         []                       data.0.properties: Not a valid object
  web      properties.value                   "59.90"                  data.0.properties.value: Not a valid number
  web      properties.value                   null                     data.0.properties.value: Not a valid number
  web      properties.value                   0                        ok
  web      properties.value                   -1                       ok
  web      properties.currency                "eur"                    data.0.properties.currency: Not a supported currency
  web      properties.currency                "UYU"                    data.0.properties.currency: Not a supported currency
  web      properties.num_items               1.5                      data.0.properties.num_items: Not a valid integer
  web      properties.order_id                1                        data.0.properties.order_id: Not a valid string
  web      properties.content_type            "shirt"                  data.0.properties.content_type: Must be one of
  web      properties.content_ids             "S"                      data.0.properties.content_ids: Not a valid list of strings
  web      properties.contents                {}                       data.0.properties.contents: Not a valid list of objects
  web      properties.contents                ["S"]                    data.0.properties.contents: Not a valid list of objects
  web      properties.contents.0.content_id   5                        data.0.properties.contents.0.content_id: Not a valid string
  web      properties.contents.0.price        "5"                      data.0.properties.contents.0.price: Not a valid number
  web      properties.contents.0.quantity     "5"                      data.0.properties.contents.0.quantity: Not a valid number
  web      properties.anything                {"else":1}               ok
  app      app                                undefined                data.0.app.app_id: Missing data for required field
  app      user.att_status                    "MAYBE"                  data.0.user.att_status: Must be one of
  app      page                               undefined                ok
  offline  user                               undefined                data.0.user: At least one of email, phone is required
  offline  user.phone                         ""                       data.0.user: At least one of email, phone is required
  offline  event                              "AddedToCart"            data.0.event: offline takes standard events only
  offline  event                              "PlaceAnOrder"           ok
  crm      lead                               undefined                data.0.lead.lead_id: Missing data for required field
  crm      lead.lead_id                       9                        data.0.lead.lead_id: Not a valid string
  crm      event                              ""                       data.0.event: Missing data for required field
`;

for (const line of table.split('\n')) {
  const [, source, path, value, expected] = /^\s*(\S+)\s+(\S+)\s+("[^"]*"|\S+)\s+(ok|data\..*)$/.exec(line) ?? [];
  if (!source || !path || !value || !expected) {
    assert.equal(line.trim(), '');
    continue;
  }
  const shown = value.length > 40 ? `${value.slice(0, 12)}…` : value;
  test(`${source} with ${path} ${shown} is answered ${expected}`, () => {
    const event = validEvent(source);
    set(event, path.split('.'), value === 'undefined' ? undefined : JSON.parse(value));
    const answer = judge({ event_source: source, data: [event] });
    if (expected === 'ok') assert.deepEqual([answer.code, answer.message], [0, 'OK']);
    else assert.deepEqual([answer.code, answer.message.slice(0, expected.length)], [40002, expected]);
    assert.equal(answer.accepted?.events.length ?? 0, expected === 'ok' ? 1 : 0);
  });
}

test('an event of every source is taken as the contract describes it', () => {
  for (const { source, event } of VALID) assert.equal(judge({ event_source: source, data: [event] }).code, 0, source);
});

test('the envelope is checked with the path of what is wrong', () => {
  const refused = (change: object) => judge({ event_source: 'web', data: [validEvent('web')], ...change }).message;
  assert.equal(refused({ event_source: 'website' }), 'event_source: Must be one of: web, app, offline, crm');
  assert.equal(refused({ event_source: undefined }), 'event_source: Missing data for required field');
  assert.equal(refused({ event_source_id: 7 }), 'event_source_id: Not a valid string');
  assert.equal(refused({ data: {} }), 'data: Not a valid list');
  assert.equal(refused({ data: [] }), 'data: Length must be between 1 and 1000');
  assert.equal(refused({ data: ['x'] }), 'data.0: Not a valid object');
  assert.equal(refused({ test_event_code: 1 }), 'test_event_code: Not a valid string');
});

test('a thousand events are taken and a thousand and one are all refused', () => {
  const events = (count: number) => Array.from({ length: count }, () => validEvent('web'));
  const allowed = judge({ event_source: 'web', data: events(1000) });
  assert.equal(allowed.accepted?.events.length, 1000);
  const refused = judge({ event_source: 'web', data: events(1001) });
  assert.deepEqual([refused.code, refused.accepted], [40002, undefined]);
});

test('a token is missing, unknown, a bearer, or of another pixel', () => {
  const body = { event_source: 'web', data: [validEvent('web')] };
  assert.equal(judge(body, {}, null).code, 40104);
  assert.equal(judge(body, {}, '').code, 40104);
  assert.equal(judge(body, {}, 'Bearer twin-token').code, 40105);
  assert.equal(judge(body, {}, 'other').code, 40105);
  const other = judge({ ...body, event_source_id: 'AAAAAAAAAAAAAAAAAAAA' });
  assert.equal(other.code, 40001);
  assert.match(other.message, /^No permission to operate pixel code: A{20}\./);
  assert.equal(judge({ ...body, event_source: 'crm', event_source_id: PIXEL }).code, 40001);
});

test('one bad event refuses the batch, or itself alone where partial success is switched on', () => {
  const good = validEvent('web');
  const data = [good, { ...good, event_time: 'now' }, good];
  const all = judge({ event_source: 'web', data });
  assert.deepEqual([all.code, all.message, all.data], [40002, 'data.1.event_time: Not a valid integer', {}]);
  const partial = judge({ event_source: 'web', data }, { batchFailures: 'partial20001' });
  assert.deepEqual([partial.code, partial.accepted?.events.length], [20001, 2]);
  const failed = [{ order_in_batch: 1, error_message: 'data.1.event_time: Not a valid integer' }];
  assert.deepEqual(partial.data, { failed_events: failed });
  const bare = judge({ event_source: 'web', data }, { batchFailures: 'partial20001', partialShape: 'empty' });
  assert.deepEqual([bare.code, bare.data], [20001, {}]);
  const alone = judge({ event_source: 'web', data: data.slice(1, 2) }, { batchFailures: 'partial20001' });
  assert.equal(alone.code, 40002);
});

// What a partial success says of the second and third of three events, by shape and by the names of its entries.
const SHAPES: readonly [change: Partial<Switches>, data: unknown][] = [
  [{}, { failed_events: [one({ order_in_batch: 1 }), two({ order_in_batch: 2 })] }],
  [{ partialShape: 'failedList', partialNames: 'index' }, { failed_list: [one({ index: 1 }), two({ index: 2 })] }],
  [{ partialShape: 'errors', partialNames: 'event_id' }, { errors: [one({ event_id: 'b' }), two({ event_id: 'c' })] }],
  [{ partialShape: 'list', partialNames: 'none' }, [one({}), two({})]],
  [{ partialShape: 'unheardOf', partialNames: 'none' }, { rejected: [one({}), two({})] }],
  [{ partialNames: 'beyond' }, { failed_events: [one({ order_in_batch: 4 }), two({ order_in_batch: 5 })] }],
  [{ orderInBatchFrom: 1 }, { failed_events: [one({ order_in_batch: 2 }), two({ order_in_batch: 3 })] }],
  [
    { partialShape: 'results', partialNames: 'none' },
    {
      results: [
        { code: 0, message: 'OK' },
        { code: 40002, message: 'data.1.event_id: Refused at the twin’s controls' },
        { code: 50000, message: 'data.2.event_id: System error' },
      ],
    },
  ],
  [{ partialShape: 'text' }, '2 of 3 failed'],
];

for (const [change, expected] of SHAPES)
  test(`a partial success with ${JSON.stringify(change)} holds ${JSON.stringify(expected).slice(0, 60)}`, () => {
    const data = ['a', 'b', 'c'].map((event_id) => ({ ...validEvent('web'), event_id }));
    const switches = { batchFailures: 'partial20001', ...change } as const;
    const answer = judge({ event_source: 'web', data }, switches, 'twin-token', { b: 40002, c: 50000 });
    assert.deepEqual([answer.code, answer.data, answer.accepted?.events.length], [20001, expected, 1]);
  });

test('refused ids refuse their whole batch, or themselves alone, with their own code', () => {
  const data = ['a', 'b'].map((event_id) => ({ ...validEvent('web'), event_id }));
  const batch = judge({ event_source: 'web', data }, {}, 'twin-token', { b: 40002 });
  assert.deepEqual(
    [batch.code, batch.message, batch.accepted],
    [40002, 'data.1.event_id: Refused at the twin’s controls', undefined],
  );
  assert.equal(judge({ event_source: 'web', data }, {}, 'twin-token', { b: 50002 }).code, 50002);
  assert.equal(judge({ event_source: 'web', data }, {}, 'twin-token', { c: 40002 }).code, 0);
});

// What each switch makes of an event that its other position treats differently.
const switched: readonly [change: Partial<Switches>, path: string, value: unknown, expected: string][] = [
  [{ plainContacts: 'diagnose' }, 'user.email', 'alice@shop.example', 'OK'],
  [{ plainExternalId: 'diagnose' }, 'user.external_id', 'user_123', 'OK'],
  [{ plainNames: 'refuse' }, 'user.first_name', 'ann', 'data.0.user.first_name: Not a valid lower-case SHA-256 hash'],
  [{ customNames: 'diagnose' }, 'event', '1st', 'OK'],
  [{ enumValues: 'diagnose' }, 'properties.content_type', 'shirt', 'OK'],
  [{ negativeValue: 'refuse' }, 'properties.value', -1, 'data.0.properties.value: Must not be negative'],
  [{ unsupportedCurrency: 'accept' }, 'properties.currency', 'UYU', 'OK'],
  [{ ageLimitDays: 28 }, 'event_time', NOW / 1000 - 28 * 86_400, 'OK'],
  [{ ageLimitDays: 28 }, 'event_time', NOW / 1000 - 28 * 86_400 - 1, 'data.0.event_time: Older than 28 days'],
  [{ futureLimitMs: 1000 }, 'event_time', NOW / 1000 + 2, 'data.0.event_time: In the future'],
  [{ eventIdCharsMax: 3 }, 'event_id', 'abcd', 'data.0.event_id: Longer than 3 characters'],
  [{ messagePath: 'Batch' }, 'page.url', 7, 'Batch.0.page.url: Not a valid string'],
  [{ messagePath: 'events' }, 'page.url', 7, 'events.0.page.url: Not a valid string'],
  [{ messagePath: 'events[]' }, 'page.url', 7, 'events[0].page.url: Not a valid string'],
  [{ messagePath: '$.data[]' }, 'page.url', 7, '$.data[0].page.url: Not a valid string'],
  [{ messagePath: 'none' }, 'page.url', 7, 'Not a valid string'],
  [{ bodyBytesMax: 100 }, 'event_id', 'x', 'body: Longer than 100 bytes'],
];

for (const [change, path, value, expected] of switched)
  test(`${JSON.stringify(change)} answers ${path} ${value} with ${expected}`, () => {
    const event = validEvent('web');
    set(event, path.split('.'), value);
    assert.equal(judge({ event_source: 'web', data: [event] }, change).message, expected);
  });

test('an unsupported currency can take the value with it', () => {
  const event = validEvent('web');
  set(event, ['properties', 'currency'], 'UYU');
  const { accepted } = judge({ event_source: 'web', data: [event] }, { unsupportedCurrency: 'dropValue' });
  const { properties } = accepted?.events.at(0) ?? {};
  const { value, currency, ...rest } = properties as JsonObject;
  assert.deepEqual([value, currency, rest['order_id']], [undefined, undefined, '1']);
});

test('an offline event may be identified by an external id where that is switched on', () => {
  const event = { ...validEvent('offline'), user: { external_id: HASH } };
  assert.equal(judge({ event_source: 'offline', data: [event] }).code, 40002);
  assert.equal(judge({ event_source: 'offline', data: [event] }, { offlineIdentity: 'alsoExternalId' }).code, 0);
});

test('the body must be said to be JSON, and be it', () => {
  const request = { token: 'twin-token', contentType: 'text/plain', body: '{}' };
  const switches = initialSwitches();
  const answer = judgeTrack(request, DEFAULT_PIXELS, switches, NOW);
  assert.equal(answer.message, 'Content-Type: Must be application/json');
  const lenient = judgeTrack(
    { ...request, body: '{' },
    DEFAULT_PIXELS,
    { ...switches, jsonContentType: 'accept' },
    NOW,
  );
  assert.equal(lenient.message, 'body: Not a valid JSON object');
});

function one(name: object): object {
  return { ...name, error_message: 'data.1.event_id: Refused at the twin’s controls' };
}

function two(name: object): object {
  return { ...name, code: 50000, error_message: 'data.2.event_id: System error' };
}

function judge(
  envelope: Record<string, unknown>,
  change: Partial<Switches> = {},
  token: string | null = 'twin-token',
  refusedIds: RefusedIds = {},
) {
  const body = JSON.stringify({
    event_source_id: VALID.find(({ source }) => source === envelope['event_source'])?.id ?? PIXEL,
    ...envelope,
  });
  const request = { token: token ?? undefined, contentType: 'application/json', body };
  return judgeTrack(request, DEFAULT_PIXELS, { ...initialSwitches(), ...change }, NOW, undefined, refusedIds);
}

function validEvent(source: string): JsonObject {
  const found = VALID.find((one) => one.source === source);
  assert.ok(found, source);
  return structuredClone(found.event);
}

function set(target: unknown, path: readonly string[], value: unknown): void {
  const [key = '', ...rest] = path;
  const place = target as Record<string, unknown>;
  if (rest.length > 0) set(place[key], rest, value);
  else if (value === undefined) delete place[key];
  else place[key] = value;
}
