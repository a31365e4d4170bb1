import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { JsonObject } from '../../event/event.ts';
import { start, TWIN, type TwinProcess } from './client.ts';
import { TRACK_PATH } from './events-api.ts';
import { PIXEL_PATH } from './pixel.ts';

const HASH = 'ab'.repeat(32);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let twin: TwinProcess;
before(async () => {
  twin = await start();
});
after(() => twin.stop());
beforeEach(() => twin.reset());

test('the address needs its trailing slash and takes POST only', async () => {
  assert.equal((await fetch(twin.url + TRACK_PATH.slice(0, -1), { method: 'POST', body: '{}' })).status, 404);
  for (const method of ['GET', 'PUT', 'DELETE', 'PATCH'])
    assert.equal((await fetch(twin.url + TRACK_PATH, { method })).status, 405, method);
});

test('every application outcome is HTTP 200 with code, message, request id and a log id', async () => {
  for (const [token, code] of [
    [TWIN.token, 0],
    ['', 40104],
    [`Bearer ${TWIN.token}`, 40105],
  ] as const) {
    const response = await post([purchase('o-1')], {}, token);
    assert.equal(response.status, 200);
    const answer = (await response.json()) as JsonObject;
    assert.deepEqual(Object.keys(answer), ['code', 'message', 'request_id', 'data']);
    assert.deepEqual([answer['code'], answer['data']], [code, {}]);
    assert.match(String(answer['request_id']), /^20\d{12}[0-9A-F]{20}$/);
    assert.equal(response.headers.get('x-tt-logid'), answer['request_id']);
  }
});

test('a pixel copy within 5 minutes fills the gaps of the server copy, and the value is counted once', async () => {
  await accepted([purchase('o-1')]);
  await twin.clock({ advanceMs: 5 * MINUTE - 10_000 });
  await beacon('Purchase', 'o-1', { value: 1, currency: 'EUR', status: 'paid' }, 'ttp-of-the-browser');
  const [event] = await twin.events({ event_id: 'o-1' });
  assert.ok(event);
  assert.deepEqual([event.counted, event.merged, event.dropped], [1, 1, 0]);
  assert.deepEqual(outcomes(event.arrivals), ['api counted', 'pixel merged']);
  assert.deepEqual(event.body['properties'], { value: 59.9, currency: 'EUR', order_id: '77', status: 'paid' });
  const user = { email: HASH, ttp: 'ttp-of-the-browser', ttclid: 'E.C.P.click', user_agent: 'UA' };
  assert.deepEqual(event.body['user'], user);
  const totals = { counted: 1, merged: 1, dropped: 0, browser: 1, server: 1, value: { EUR: '59.90' } };
  assert.deepEqual(await twin.totals(), { Purchase: totals });
});

test('later copies are dropped until 48 hours have passed, and then counted a second time', async () => {
  await accepted([purchase('o-1')]);
  await twin.clock({ advanceMs: 6 * MINUTE });
  await beacon('Purchase', 'o-1', { value: 1, currency: 'EUR' });
  await twin.clock({ advanceMs: 40 * HOUR });
  await accepted([purchase('o-1')]);
  await twin.clock({ advanceMs: 8 * HOUR });
  await accepted([purchase('o-1')]);
  const [event] = await twin.events({ order_id: '77' });
  assert.ok(event);
  assert.deepEqual(outcomes(event.arrivals), ['api counted', 'pixel dropped', 'api dropped', 'api counted_again']);
  assert.equal(event.counted, 2);
  assert.deepEqual(event.body['user'], { email: HASH }, 'a dropped copy fills nothing');
  assert.equal((await twin.totals())['Purchase']?.value['EUR'], '119.80');
});

test('another source, name or id is another event', async () => {
  await accepted([purchase('o-1'), purchase('o-2'), { ...purchase('o-1'), event: 'CompletePayment' }]);
  await accepted([{ ...purchase('o-1') }], { event_source: 'offline', event_source_id: TWIN.offlineEventSet });
  const events = await twin.events();
  assert.deepEqual(
    events.map(({ counted, dropped }) => [counted, dropped]),
    Array.from({ length: 4 }, () => [1, 0]),
  );
});

test('with aliasing the old and the new name are one event', async () => {
  await twin.switch({ nameAliasing: true });
  await accepted([purchase('o-1')]);
  await beacon('CompletePayment', 'o-1', {});
  assert.deepEqual(outcomes((await twin.events())[0]?.arrivals ?? []), ['api counted', 'pixel merged']);
});

test('without event ids both channels count, unless the _ttp is compared', async () => {
  const bare = { event: 'Contact', event_time: 1_790_000_000, user: { ttp: 't1' }, page: { url: 'u' } };
  await beacon('Contact', undefined, {}, 't1');
  await accepted([bare]);
  assert.equal((await twin.totals())['Contact']?.counted, 2);
  await twin.reset();
  await twin.switch({ ttpFallback: true });
  await beacon('Contact', undefined, {}, 't1');
  await accepted([bare]);
  await accepted([bare]);
  const totals = (await twin.totals())['Contact'];
  assert.deepEqual([totals?.counted, totals?.merged], [2, 1]);
});

test('page views are kept and never compared', async () => {
  await twin.switch({ ttpFallback: true });
  await beacon('Pageview', undefined, {}, 't1');
  await beacon('Pageview', undefined, {}, 't1');
  await accepted([{ event: 'Pageview', event_time: 1_790_000_000, user: { ttp: 't1' }, page: { url: 'u' } }]);
  assert.equal((await twin.totals())['Pageview']?.counted, 3);
  assert.deepEqual((await twin.diagnostics()).issues, []);
});

test('values are summed exactly, each currency for itself', async () => {
  const priced = (eventId: string, value: number, currency: string) => ({
    ...purchase(eventId),
    properties: { value, currency },
  });
  await accepted([priced('1', 0.1, 'EUR'), priced('2', 0.2, 'EUR'), priced('3', 5990, 'JPY')]);
  assert.deepEqual((await twin.totals())['Purchase']?.value, { EUR: '0.30', JPY: '5990' });
});

test('a request with a test code goes to the test events and to no total', async () => {
  await accepted([purchase('o-1')], { test_event_code: 'TEST1' });
  await accepted([purchase('o-1')]);
  const [tested] = await twin.events({ test: true });
  assert.deepEqual([tested?.test, tested?.counted, tested?.arrivals[0]?.outcome], ['TEST1', 0, 'test']);
  assert.equal((await twin.totals())['Purchase']?.counted, 1);
});

test('more requests in a second than the limit are throttled', async () => {
  await twin.switch({ qpsLimit: 1 });
  const codes = new Map<unknown, number>();
  for (let n = 0; n < 6; n += 1) {
    const { code } = await answerTo([purchase(`o-${n}`)]);
    codes.set(code, (codes.get(code) ?? 0) + 1);
  }
  // The second may turn over on the way, which lets one more through.
  assert.ok((codes.get(0) ?? 0) >= 1 && (codes.get(40100) ?? 0) >= 3, String([...codes]));
  assert.equal((await twin.totals())['Purchase']?.counted, codes.get(0));
});

test('faults answer, cut and lose as they say', async () => {
  await twin.fault({ channel: 'api', kind: 'code', code: 40132 });
  assert.equal((await answerTo([purchase('o-1')]))['code'], 40132);
  await twin.fault({ channel: 'api', kind: 'code', code: 60001, message: 'Closed today' });
  assert.equal((await answerTo([purchase('o-1')]))['message'], 'Closed today');
  await twin.fault({ channel: 'api', kind: 'http502' });
  const gateway = await post([purchase('o-1')]);
  assert.deepEqual([gateway.status, gateway.headers.get('content-type')], [502, 'text/html']);
  await twin.fault({ channel: 'api', kind: 'cutBefore' });
  await assert.rejects(post([purchase('o-1')]));
  await twin.fault({ channel: 'api', kind: 'hang' });
  await assert.rejects(post([purchase('o-1')], {}, TWIN.token, AbortSignal.timeout(100)), { name: 'TimeoutError' });
  assert.deepEqual(await twin.events(), []);

  await twin.fault({ channel: 'api', kind: 'cutAfterAccept' });
  await assert.rejects(post([purchase('o-1')]));
  assert.equal((await twin.events({ event_id: 'o-1' }))[0]?.counted, 1);
  assert.equal((await answerTo([purchase('o-2')]))['code'], 0);
  const log = (await twin.requests()).map(({ status, code }) => `${status} ${code}`);
  assert.deepEqual(log, ['200 40132', '200 60001', '502 null', 'null null', 'null null', 'null 0', '200 0']);
});

test('a partial success keeps the good events and names the others by their place', async () => {
  const data = [purchase('o-1'), { ...purchase('o-2'), event_time: 'x' }, purchase('o-3'), purchase('o-4')];
  await twin.fault({ channel: 'api', kind: 'partial', orders: [3] });
  const answer = await answerTo(data);
  assert.equal(answer['code'], 20001);
  const failed = (answer['data'] as JsonObject)['failed_events'] as JsonObject[];
  assert.deepEqual(
    failed.map((one) => one['order_in_batch']),
    [1, 3],
  );
  assert.deepEqual(
    (await twin.events()).map((event) => event.event_id),
    ['o-1', 'o-3'],
  );
});

test('faults for the pixel leave the Events API alone, and the other way round', async () => {
  await twin.fault({ channel: 'pixel', kind: 'http502', times: null });
  assert.equal((await answerTo([purchase('o-1')]))['code'], 0);
  assert.equal((await beacon('Contact', 'c', {})).status, 502);
  await twin.clearFaults();
  assert.equal((await beacon('Contact', 'c', {})).status, 200);
  await twin.fault({ channel: 'script', kind: 'cutBefore' });
  await assert.rejects(fetch(`${twin.url}/i18n/pixel/events.js?sdkid=${TWIN.pixel}&lib=ttq`));
});

test('requests are logged in order, without the token', async () => {
  await accepted([purchase('o-1')]);
  await beacon('Contact', 'c-1', {});
  await fetch(`${twin.url}/open_api/v1.3/pixel/track/`, { method: 'POST', body: 'x' });
  const log = await twin.requests();
  assert.deepEqual(
    log.map(({ n, method, path, channel, status }) => [n, method, path, channel, status]),
    [
      [1, 'POST', TRACK_PATH, 'api', 200],
      [2, 'POST', PIXEL_PATH, 'pixel', 200],
      [3, 'POST', '/open_api/v1.3/pixel/track/', null, 404],
    ],
  );
  assert.ok(!JSON.stringify(log).includes(TWIN.token));
  assert.equal(log[0]?.headers['host'], new URL(twin.url).host);
  assert.equal((await twin.requests(2)).length, 1);
});

test('diagnostics cover 24 hours, with match keys as shares and copies by channel', async () => {
  await accepted([{ ...purchase('o-1'), event_id: '' }]);
  await twin.clock({ advanceMs: 23 * HOUR });
  await accepted([{ ...purchase('o-2'), user: { ttclid: 'c' } }]);
  const { issues, events } = await twin.diagnostics();
  const rules = issues.map(({ rule, channel, count }) => [rule, channel, count]);
  assert.deepEqual(rules, [
    ['MISSING_CONTENT_ID', 'api', 2],
    ['MISSING_EMAIL_AND_PHONE', 'api', 1],
    ['MISSING_EVENT_ID', 'api', 1],
  ]);
  const [row] = events;
  assert.deepEqual([row?.counted, row?.browser, row?.server], [2, 0, 2]);
  assert.deepEqual([row?.coverage['email'], row?.coverage['ttclid'], row?.coverage['ip']], [0.5, 0.5, 0]);
  await twin.clock({ advanceMs: 2 * HOUR });
  assert.equal(
    (await twin.diagnostics()).issues.some(({ rule }) => rule === 'MISSING_EVENT_ID'),
    false,
  );
});

test('a beacon from another origin is allowed to be read', async () => {
  const asked = await fetch(twin.url + PIXEL_PATH, { method: 'OPTIONS', headers: { origin: 'https://shop.example' } });
  assert.deepEqual([asked.status, asked.headers.get('access-control-allow-origin')], [204, 'https://shop.example']);
});

test('controls refuse what they do not know', async () => {
  const wrong = twin.switch({ nope: true } as Parameters<typeof twin.switch>[0]);
  await assert.rejects(wrong, /nope: unknown; known are mergeScope/);
  await assert.rejects(twin.clock({} as Parameters<typeof twin.clock>[0]), /advanceMs or now/);
  assert.equal((await fetch(`${twin.url}/twin/nothing`)).status, 404);
});

function purchase(eventId: string) {
  return {
    event: 'Purchase',
    event_time: 1_790_000_000,
    event_id: eventId,
    user: { email: HASH },
    page: { url: 'https://shop.example/thanks' },
    properties: { value: 59.9, currency: 'EUR', order_id: '77' },
  };
}

function post(data: unknown, envelope: object = {}, token: string = TWIN.token, signal: AbortSignal | null = null) {
  return fetch(twin.url + TRACK_PATH, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'access-token': token },
    body: JSON.stringify({ event_source: 'web', event_source_id: TWIN.pixel, ...envelope, data }),
    signal,
  });
}

async function answerTo(data: unknown, envelope: object = {}): Promise<JsonObject> {
  return (await (await post(data, envelope)).json()) as JsonObject;
}

async function accepted(data: unknown, envelope: object = {}): Promise<void> {
  const answer = await answerTo(data, envelope);
  assert.equal(answer['code'], 0, String(answer['message']));
}

function beacon(event: string, eventId: string | undefined, properties: object, ttp?: string): Promise<Response> {
  const context = {
    ...{ ad: { callback: 'E.C.P.click' }, user: { anonymous_id: ttp }, pixel: { code: TWIN.pixel } },
    ...{ page: { url: 'u' }, userAgent: 'UA' },
  };
  const message = { event, event_id: eventId, timestamp: new Date().toISOString(), context, properties };
  return fetch(twin.url + PIXEL_PATH, { method: 'POST', body: JSON.stringify(message) });
}

function outcomes(arrivals: readonly { channel: string; outcome: string }[]): string[] {
  return arrivals.map(({ channel, outcome }) => `${channel} ${outcome}`);
}
