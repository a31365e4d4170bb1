import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, test } from 'node:test';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { bundleScript, composeScript } from '../../scripts/sdk.ts';
import type { BrowserBatch, BrowserReport, HandoutAnswer, WireEvent, WireOrder } from '../../src/api/wire.ts';
import type { ClientConfig } from '../../src/event/client-spec.ts';

// One server under three names: Chromium resolves every *.localhost to this machine and treats it as secure.
const PIXEL_CODE = 'CD9079RC77U0N3GBV16Y';
const STUB = '<script nonce="n1">window.assay=window.assay||function(){(assay.q=assay.q||[]).push(arguments)}</script>';
const TAG = `${STUB}<script async nonce="n1" src="http://collector.localhost:PORT/a.js"></script>`;

let browser: Browser;
let context: BrowserContext;
let port = 0;
let script = '';
let events: WireEvent[] = [];
let batches: BrowserBatch[] = [];
let reports: BrowserReport[] = [];
let orders: WireOrder[] = [];
let hits: unknown[][] = [];
let requests: string[] = [];
let polls: string[] = [];
let world = start();

function start() {
  return {
    client: {} as Partial<ClientConfig>,
    html: TAG,
    csp: '',
    status: 202,
    pixel: 'up' as 'up' | 'down',
    handout: (): HandoutAnswer => ({ fire: false, why: 'notConfirmed', again: true }),
  };
}

const client = (): ClientConfig => ({
  version: 7,
  shop: 'demo',
  pixels: [PIXEL_CODE],
  consent: 'none',
  domains: ['shop.localhost'],
  events: {
    ViewContent: { oncePer: ['session', 'content_id'], within: 1_800_000 },
    Purchase: { guarded: true },
    Lead: { guarded: true },
  },
  key: 'wk_test',
  collector: `http://collector.localhost:${port}`,
  pixelScript: `http://pixel.localhost:${port}/events.js`,
  ...world.client,
});

/** TikTok's script in small: drains the array, then tells its host of every call. */
const PIXEL_SCRIPT = `(() => {
  const send = (call) => navigator.sendBeacon('http://pixel.localhost:PORT/hit', JSON.stringify(call));
  const run = (name, ...args) => (name === 'ready' ? args[0]() : send([name, ...args]));
  for (const call of ttq.splice(0)) run(...call);
  for (const name of ['page', 'track', 'identify', 'ready', 'grantConsent', 'revokeConsent'])
    ttq[name] = (...args) => run(name, ...args);
})();`;

const server = createServer((request, response) => {
  void answer(request, response);
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  const host = request.headers.host?.split('.')[0] ?? '';
  const { pathname } = new URL(request.url ?? '/', 'http://any');
  if (host !== 'shop') requests.push(`${request.method} ${host}${request.url} ${body}`);
  const reply = (status: number, text = '', type = 'application/json'): void => {
    response.writeHead(status, {
      'access-control-allow-origin': '*',
      'content-type': type,
      ...(world.csp && { 'content-security-policy': world.csp }),
    });
    response.end(text);
  };
  const ported = (text: string): string => text.replaceAll('PORT', String(port));
  if (host === 'shop') return reply(200, ported(`<!doctype html><title>Shop</title>${world.html}`), 'text/html');
  if (host === 'pixel') {
    if (world.pixel === 'down') return void request.socket.destroy();
    if (pathname === '/hit') hits.push(JSON.parse(body) as unknown[]);
    return reply(200, ported(PIXEL_SCRIPT), 'text/javascript');
  }
  if (pathname === '/a.js') return reply(200, composeScript(script, client()), 'text/javascript');
  if (pathname === '/v1/events') {
    if (world.status === 202) keep(JSON.parse(body) as BrowserBatch);
    return reply(world.status, '{}');
  }
  if (pathname === '/v1/orders') {
    orders.push(JSON.parse(body) as WireOrder);
    return reply(201, JSON.stringify({ handout: 'cap-1' }));
  }
  polls.push(pathname);
  await new Promise((done) => setTimeout(done, 150));
  const handout = world.handout();
  // As the collector does: the first to ask has it.
  if (handout.fire) world.handout = () => ({ fire: false, why: 'handed_out', again: false });
  return reply(200, JSON.stringify(handout));
}

function keep(batch: BrowserBatch): void {
  batches.push(batch);
  events.push(...(batch.events ?? []));
  reports.push(...(batch.reports ?? []));
}

before(async () => {
  script = (await bundleScript()).text;
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  port = (server.address() as AddressInfo).port;
  browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
  });
});

after(async () => {
  await browser.close();
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});

beforeEach(async () => {
  await context?.close();
  world = start();
  [events, batches, reports, orders, hits, requests, polls] = [[], [], [], [], [], [], []];
  context = await browser.newContext();
});

async function open(path = '/'): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`http://shop.localhost:${port}${path}`);
  return page;
}

async function call(page: Page, ...args: unknown[]): Promise<void> {
  await page.evaluate((args) => {
    (globalThis as unknown as { assay(...args: unknown[]): unknown }).assay(...args);
  }, args);
}

const stored = (page: Page): Promise<string[]> =>
  page.evaluate(() => Object.keys((globalThis as unknown as { localStorage: object }).localStorage));

async function until(what: string, holds: () => boolean, ms = 8000): Promise<void> {
  for (const end = Date.now() + ms; !holds(); await quiet(20)) assert.ok(Date.now() < end, `in time: ${what}`);
}
const quiet = (ms = 500): Promise<unknown> => new Promise((done) => setTimeout(done, ms));

const named = (name: string): WireEvent[] => events.filter((event) => event.event === name);
const pixelTracks = (): unknown[][] => hits.filter(([method]) => method === 'track');
const scripts = (): string[] => requests.filter((line) => line.includes('pixel/events.js'));

test('an unguarded event reaches collector and pixel with one id, and page and campaign come along', async () => {
  const page = await open('/p?ttclid=E.C.P.abc&utm_campaign=spring&utm_id=__CAMPAIGN_ID__&mail=jo%40x.de');
  await call(page, 'track', 'AddToCart', { content_id: 'a', value: 5, currency: 'EUR' });
  await until('both copies', () => named('AddToCart').length === 1 && pixelTracks().length === 1);
  const [event] = named('AddToCart');
  assert.deepEqual(pixelTracks(), [
    ['track', 'AddToCart', { content_id: 'a', value: 5, currency: 'EUR' }, { event_id: event?.event_id }],
  ]);
  assert.equal(event?.pixel, 'fired');
  assert.deepEqual(
    named('Pageview').map((view) => view.pixel),
    ['fired'],
  );
  assert.equal(hits.filter(([method]) => method === 'page').length, 1);
  const [batch] = batches;
  assert.deepEqual([batch?.key, batch?.spec, batch?.consent], ['wk_test', 7, 'unknown']);
  assert.equal(batch?.user?.ttclid, 'E.C.P.abc');
  assert.deepEqual(batch?.ad, { utm_campaign: 'spring' });
  assert.equal(batch?.page?.url?.includes('jo'), false);
  await until('the pixel report', () => reports.length === 1);
  assert.equal(reports[0]?.type === 'pixel' && reports[0].state, 'loaded');
});

test('the click of the landing page goes with later pages, and a new click takes its place', async () => {
  const page = await open('/?ttclid=first');
  await page.goto(`http://shop.localhost:${port}/second`);
  await until('second page', () => batches.some((batch) => batch.page?.url?.endsWith('/second')));
  assert.ok(batches.every((batch) => batch.user?.ttclid === 'first'));
  await page.goto(`http://shop.localhost:${port}/third?ttclid=next`);
  await until('third page', () => batches.some((batch) => batch.user?.ttclid === 'next'));
  assert.equal(new Set(batches.map((batch) => batch.visitor)).size, 1);
  assert.equal(new Set(batches.map((batch) => batch.session)).size, 1);
});

test('where consent is required nothing is sent, stored or loaded before it, and calls wait for it', async () => {
  world.client = { consent: 'required' };
  const page = await open();
  await call(page, 'track', 'AddToCart', { content_id: 'a' });
  await quiet();
  assert.deepEqual(
    requests.filter((line) => !line.includes('/a.js')),
    [],
  );
  assert.deepEqual(await stored(page), []);
  assert.deepEqual(await context.cookies(), []);
  await call(page, 'consent', 'granted');
  await until('the waiting calls', () => events.length === 2 && pixelTracks().length === 1);
  assert.equal(batches[0]?.consent, 'granted');
});

test('a no drops what waited, clears the storage and holds on the next page', async () => {
  world.client = { consent: 'required' };
  const page = await open();
  await call(page, 'track', 'AddToCart', {});
  await call(page, 'consent', 'denied');
  await page.reload();
  await call(page, 'track', 'AddToCart', {});
  await quiet();
  assert.deepEqual(
    requests.filter((line) => !line.includes('/a.js')),
    [],
  );
  assert.deepEqual(await stored(page), ['assay.consent']);
});

test('taking consent back stops everything and clears the visitor', async () => {
  const page = await open();
  await until('first view', () => events.length === 1);
  await call(page, 'consent', 'denied');
  await call(page, 'track', 'AddToCart', {});
  await quiet();
  assert.equal(events.length, 1);
  assert.deepEqual(await stored(page), ['assay.consent']);
  assert.deepEqual(await context.cookies(), []);
});

test('a blocked pixel is reported, and later events say that their copy failed', async () => {
  world.pixel = 'down';
  const page = await open();
  await until('the report', () => reports.length === 1);
  assert.equal(reports[0]?.type === 'pixel' && reports[0].state, 'loadFailed');
  await call(page, 'track', 'AddToCart', {});
  await until('the event', () => named('AddToCart')[0]?.pixel === 'failed');
});

test('a pixel that the page already has is used and not loaded again', async () => {
  world.html = `<script>
    window.TiktokAnalyticsObject='ttq';var ttq=window.ttq=[];ttq._i={${PIXEL_CODE}:[]};
    ['page','track','ready'].forEach(function(m){ttq[m]=function(){ttq.push([m].concat([].slice.call(arguments)))}});
    var s=document.createElement('script');s.src='http://pixel.localhost:PORT/events.js?sdkid=${PIXEL_CODE}&lib=ttq';
    document.head.append(s);</script>${TAG}`;
  const page = await open();
  await call(page, 'track', 'AddToCart', {});
  await until('both copies', () => named('AddToCart').length === 1 && pixelTracks().length === 1);
  assert.equal(scripts().length, 1);
  await until('the report', () => reports.length === 1);
});

test('a tag that stands twice works once', async () => {
  world.html = TAG + TAG;
  const page = await open();
  await call(page, 'track', 'AddToCart', {});
  await until('the event', () => named('AddToCart').length === 1);
  await quiet();
  assert.deepEqual([named('Pageview').length, named('AddToCart').length, scripts().length], [1, 1, 1]);
});

test('calls before the script came are made up for, and both ways to call work after it', async () => {
  world.html = `${STUB}<script>assay('track','Early',{})</script>${TAG}`;
  const page = await open();
  await until('the early event', () => named('Early').length === 1);
  const leadId = await page.evaluate(() =>
    (globalThis as unknown as { assay: { lead(lead: object): string } }).assay.lead({}),
  );
  await until('the lead', () => named('Lead').length === 1);
  assert.equal(named('Lead')[0]?.event_id, `${leadId}-new`);
  assert.equal(named('Lead')[0]?.pixel, 'waits');
});

test('the queue survives a reload and is sent under the same id', async () => {
  world.status = 503;
  const page = await open();
  await call(page, 'track', 'AddToCart', {});
  await until('a refused try', () => requests.some((line) => /events.*AddToCart/.test(line)));
  const refused = requests.find((line) => /events.*AddToCart/.test(line)) ?? '';
  const batch = JSON.parse(refused.slice(refused.indexOf('{'))) as BrowserBatch;
  const id = batch.events?.find((event) => event.event === 'AddToCart')?.event_id;
  world.status = 202;
  await page.reload();
  await until('the event', () => named('AddToCart').length === 1);
  assert.ok(id);
  assert.equal(named('AddToCart')[0]?.event_id, id);
});

test('what was told offline is sent when the network is back, and a refusal is final', async () => {
  const page = await open();
  await until('first view', () => events.length === 1);
  await context.setOffline(true);
  await call(page, 'track', 'AddToCart', {});
  await quiet();
  await context.setOffline(false);
  await until('the event', () => named('AddToCart').length === 1);
  world.status = 400;
  await call(page, 'track', 'Search', {});
  await until('a refused try', () => requests.some((line) => line.includes('Search')));
  await quiet(300);
  world.status = 202;
  await page.reload();
  await quiet();
  assert.equal(named('Search').length, 0);
});

test('the same keys have one id over reloads and fire once', async () => {
  const page = await open();
  await call(page, 'track', 'ViewContent', { content_id: 'a' });
  await page.reload();
  await call(page, 'track', 'ViewContent', { content_id: 'a' });
  await call(page, 'track', 'ViewContent', { content_id: 'b' });
  await until('three records', () => named('ViewContent').length >= 3 && pixelTracks().length === 2);
  const ids = named('ViewContent').map((event) => event.event_id);
  assert.equal(new Set(ids).size, 2);
  assert.ok(named('ViewContent').some((event) => event.pixel === 'none'));
});

test('a guarded event is told once a page load and never fired without a handout', async () => {
  const page = await open('/thanks');
  for (const _ of [1, 2]) await call(page, 'track', 'Purchase', { order_id: '17', value: 5, currency: 'EUR' });
  await page.reload();
  await call(page, 'track', 'Purchase', { order_id: '17', value: 5, currency: 'EUR' });
  await until('two observations', () => named('Purchase').length === 2);
  await quiet();
  assert.deepEqual(
    named('Purchase').map((event) => [event.event_id, event.pixel]),
    [
      ['demo-17', 'waits'],
      ['demo-17', 'waits'],
    ],
  );
  assert.deepEqual(pixelTracks(), []);
});

const fire = (fireInMs: number) => (): HandoutAnswer => ({
  fire: true,
  event: 'Purchase',
  event_id: 'demo-17',
  pixel: PIXEL_CODE,
  properties: { value: 5, currency: 'EUR' },
  fire_before: Date.now() + fireInMs,
  fire_in: fireInMs,
});
const order = { order_id: '17', value: '5.00', currency: 'EUR', contents: [] };

test('an order is placed from the page, and its handout is fired once over two tabs', async () => {
  const page = await open('/checkout');
  await page.evaluate(
    (order) => (globalThis as unknown as { assay: { order(order: object): Promise<void> } }).assay.order(order),
    order,
  );
  assert.equal(orders[0]?.order_id, '17');
  assert.equal(orders[0]?.key, 'wk_test');
  await Promise.all([page.goto(`http://shop.localhost:${port}/thanks`), open('/other')]);
  await until('both tabs ask', () => polls.length >= 3);
  assert.deepEqual(pixelTracks(), []);
  world.handout = fire(60_000);
  await until('the report', () => reports.some((report) => report.type === 'fired'));
  await quiet(2500);
  assert.deepEqual(pixelTracks(), [
    ['track', 'Purchase', { value: 5, currency: 'EUR' }, { event_id: 'demo-17', pixel_code: PIXEL_CODE }],
  ]);
  assert.equal(reports.filter((report) => report.type === 'fired').length, 1);
  const asked = polls.length;
  await open('/later');
  await quiet();
  assert.equal(polls.length, asked);
});

test('a handout that runs out before the call, or whose pixel never came, is not fired', async () => {
  world.handout = fire(0);
  const page = await open('/thanks');
  await call(page, 'order', { order_id: '17', handout: 'cap-2' });
  await until('the poll', () => polls.includes('/v1/handouts/cap-2'));
  await quiet();
  assert.deepEqual(pixelTracks(), []);
  world.pixel = 'down';
  world.handout = fire(60_000);
  const blocked = await open('/blocked');
  await call(blocked, 'order', { order_id: '18', handout: 'cap-3' });
  await until('the poll', () => polls.includes('/v1/handouts/cap-3'));
  await quiet();
  assert.equal(reports.filter((report) => report.type === 'fired').length, 0);
});

test('an order without consent does not keep the visitor from paying', async () => {
  world.client = { consent: 'required' };
  const page = await open('/checkout');
  const startedAt = Date.now();
  await page.evaluate(
    (order) => (globalThis as unknown as { assay: { order(order: object): Promise<void> } }).assay.order(order),
    order,
  );
  assert.ok(Date.now() - startedAt < 1000);
  assert.deepEqual(orders, []);
});

test('it works under a strict policy with nonce, strict-dynamic and Trusted Types', async () => {
  world.csp = "script-src 'nonce-n1' 'strict-dynamic'; require-trusted-types-for 'script'";
  const page = await open();
  const errors: string[] = [];
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  await call(page, 'track', 'AddToCart', {});
  await until('both copies', () => named('AddToCart').length === 1 && pixelTracks().length === 1);
  assert.equal(
    await page
      .locator(`script[src*="sdkid=${PIXEL_CODE}"]`)
      .evaluate((tag) => (tag as unknown as { nonce: string }).nonce),
    'n1',
  );
  assert.deepEqual(errors, []);
});

test('no plain contact leaves the page, and the pixel knows the hashes before the event', async () => {
  const page = await open('/?email=jo%40shop.example&tel=%2B49%20170%201234567&q=shoes#jo@shop.example');
  await call(page, 'identify', { email: ' Jo@Shop.example ', phone: '+49 (170) 1234567', external_id: 'Customer_7' });
  await call(page, 'track', 'AddToCart', { email: 'jo@shop.example', note: 'for jo@shop.example', size: 'M' });
  await call(page, 'order', { ...order, properties: { email: 'jo@shop.example' } });
  await until('everything', () => named('AddToCart').length === 1 && pixelTracks().length === 1 && orders.length === 1);
  const all = decodeURIComponent(requests.join('\n').replaceAll('%', '%25')).toLowerCase();
  for (const plain of ['jo@', 'jo%40', '1234567', 'customer_7']) assert.equal(all.includes(plain), false, plain);
  const user = batches.at(-1)?.user;
  assert.match(String(user?.email), /^[\da-f]{64}$/);
  assert.match(String(user?.phone), /^[\da-f]{64}$/);
  assert.deepEqual(
    hits.filter(([method]) => method === 'identify'),
    [['identify', { sha256_email: user?.email, sha256_phone_number: user?.phone, external_id: user?.external_id }]],
  );
  const methods = hits.map(([method]) => method);
  assert.ok(methods.indexOf('identify') < methods.indexOf('track'));
});

test('nothing is thrown into the page when storage is blocked', async () => {
  world.html = `<script>Object.defineProperty(window,'localStorage',{get(){throw new Error('blocked')}})</script>${TAG}`;
  const page = await open();
  const errors: Error[] = [];
  page.on('pageerror', (error) => errors.push(error));
  await call(page, 'track', 'AddToCart', {});
  await until('the event', () => named('AddToCart').length === 1);
  assert.deepEqual(errors, []);
});
