import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BrowserBatch, HandoutAnswer } from '../../src/api/wire.ts';
import {
  call,
  context,
  named,
  open,
  openStage,
  PIXEL_CODE,
  pixelTracks,
  port,
  quiet,
  reported,
  STUB,
  seen,
  stored,
  TAG,
  until,
  world,
} from './sdk/stage.ts';
import { bodyOf, eventsOf } from './told.ts';

openStage();

const scripts = (): string[] => seen.requests.filter((line) => line.includes('pixel/events.js'));

test('an unguarded event reaches collector and pixel with one id, and page and campaign come along', async () => {
  const page = await open('/p?ttclid=E.C.P.abc&utm_campaign=spring&utm_id=__CAMPAIGN_ID__&mail=jo%40x.de');
  await call(page, 'track', 'AddToCart', { content_id: 'a', value: 5, currency: 'EUR' });
  await until('both copies', () => named('AddToCart').length === 1 && pixelTracks().length === 1);
  const [event] = named('AddToCart');
  assert.deepEqual(pixelTracks(), [
    [
      'track',
      'AddToCart',
      { content_id: 'a', value: 5, currency: 'EUR' },
      { event_id: event?.event_id, pixel_code: PIXEL_CODE },
    ],
  ]);
  assert.match(String(event?.pixel), /^(unknown|loaded)$/);
  assert.deepEqual(
    named('Pageview').map(({ pixel }) => !!pixel),
    [true],
  );
  assert.equal(seen.hits.filter(([method]) => method === 'page').length, 1);
  const [batch] = seen.batches;
  assert.deepEqual([batch?.key, batch?.spec, batch?.consent], ['wk_test', 7, 'unknown']);
  assert.deepEqual(batch?.ad, ['?ttclid=E.C.P.abc', '&utm_campaign=spring', '&utm_id=__CAMPAIGN_ID__', null]);
  assert.equal(batch?.page?.url?.includes('jo'), false);
  await until('the pixel report', () => seen.reports.length === 1);
  assert.deepEqual(seen.reports, [['pixel', 'loaded']]);
});

test('the click of the landing page goes with later pages, and a new click takes its place', async () => {
  const page = await open('/?ttclid=first');
  await page.goto(`http://shop.localhost:${port}/second`);
  await until('second page', () => seen.batches.some((batch) => batch.page?.url?.endsWith('/second')));
  for (const { ad } of seen.batches) assert.equal(String(ad).split(',')[0], '?ttclid=first');
  await page.goto(`http://shop.localhost:${port}/third?ttclid=next`);
  await until('third page', () => seen.batches.some(({ ad }) => String(ad) === '?ttclid=next,?ttclid=first'));
  assert.equal(new Set(seen.batches.map((batch) => batch.visitor)).size, 1);
  assert.equal(new Set(seen.batches.map((batch) => batch.session)).size, 1);
});

test('where consent is required nothing is sent, stored or loaded before it, and calls wait for it', async () => {
  world.client = { consent: 'required' };
  const page = await open();
  await call(page, 'track', 'AddToCart', { content_id: 'a' });
  await quiet();
  assert.deepEqual(
    seen.requests.filter((line) => !line.includes('/a.js')),
    [],
  );
  assert.deepEqual(await stored(page), []);
  assert.deepEqual(await context.cookies(), []);
  await call(page, 'consent', 'granted');
  await until('the waiting calls', () => seen.events.length === 2 && pixelTracks().length === 1);
  assert.equal(seen.batches[0]?.consent, 'granted');
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
    seen.requests.filter((line) => !line.includes('/a.js')),
    [],
  );
  assert.deepEqual(await stored(page), ['assay.consent']);
});

test('taking consent back stops everything and clears the visitor', async () => {
  const page = await open();
  await until('first view', () => seen.events.length === 1);
  await call(page, 'consent', 'denied');
  await call(page, 'track', 'AddToCart', {});
  await quiet();
  assert.equal(seen.events.length, 1);
  assert.deepEqual(await stored(page), ['assay.consent']);
  assert.deepEqual(await context.cookies(), []);
});

test('a blocked pixel is reported, and later events say that their copy failed', async () => {
  world.pixel = 'down';
  const page = await open();
  await until('the report', () => seen.reports.length === 1);
  assert.deepEqual(seen.reports, [['pixel', 'loadFailed']]);
  await call(page, 'track', 'AddToCart', {});
  await until('the event', () => named('AddToCart')[0]?.pixel === 'loadFailed');
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
  await until('the report', () => seen.reports.length === 1);
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
  await until('the lead', () => named('SubmitApplication').length === 1);
  assert.equal(named('SubmitApplication')[0]?.event_id, `${leadId}-new`);
});

test('the queue survives a reload and is sent under the same id', async () => {
  world.status = 503;
  const page = await open();
  await call(page, 'track', 'AddToCart', {});
  await until('a refused try', () => seen.requests.some((line) => /events.*AddToCart/.test(line)));
  const refused = seen.requests.find((line) => /events.*AddToCart/.test(line)) ?? '';
  const batch = bodyOf<BrowserBatch>(refused.slice(refused.indexOf('{')));
  const id = eventsOf(batch).find((event) => event.event === 'AddToCart')?.event_id;
  world.status = 202;
  await page.reload();
  await until('the event', () => named('AddToCart').length === 1);
  assert.ok(id);
  assert.equal(named('AddToCart')[0]?.event_id, id);
});

test('what was told offline is sent when the network is back, and a refusal is final', async () => {
  const page = await open();
  await until('first view', () => seen.events.length === 1);
  await context.setOffline(true);
  await call(page, 'track', 'AddToCart', {});
  await quiet();
  await context.setOffline(false);
  await until('the event', () => named('AddToCart').length === 1);
  world.status = 400;
  await call(page, 'track', 'Search', {});
  await until('a refused try', () => seen.requests.some((line) => line.includes('Search')));
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
  assert.ok(named('ViewContent').some((event) => event.pixel === false));
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
      ['demo-17', false],
      ['demo-17', false],
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
  again: false,
});
const order = { order_id: '17', value: '5.00', currency: 'EUR', contents: [] };

test('an order is placed from the page, and its handout is fired once over two tabs', async () => {
  const page = await open('/checkout');
  await page.evaluate(
    (order) => (globalThis as unknown as { assay: { order(order: object): Promise<void> } }).assay.order(order),
    order,
  );
  assert.equal(seen.orders[0]?.order_id, '17');
  assert.equal(seen.orders[0]?.key, 'wk_test');
  await Promise.all([page.goto(`http://shop.localhost:${port}/thanks`), open('/other')]);
  await until('both tabs ask', () => seen.polls.length >= 3);
  assert.deepEqual(pixelTracks(), []);
  world.handout = fire(60_000);
  await until('the report', () => reported('fired').length > 0);
  await quiet(2500);
  assert.deepEqual(pixelTracks(), [
    ['track', 'Purchase', { value: 5, currency: 'EUR' }, { event_id: 'demo-17', pixel_code: PIXEL_CODE }],
  ]);
  assert.equal(reported('fired').length, 1);
  const asked = seen.polls.length;
  await open('/later');
  await quiet();
  assert.equal(seen.polls.length, asked);
});

test('a handout that runs out before the call, or whose pixel never came, is not fired', async () => {
  world.handout = fire(0);
  const page = await open('/thanks');
  await call(page, 'order', { order_id: '17', handout: 'cap-2' });
  await until('the poll', () => seen.polls.includes('/v1/handouts/cap-2'));
  await quiet();
  assert.deepEqual(pixelTracks(), []);
  world.pixel = 'down';
  world.handout = fire(60_000);
  const blocked = await open('/blocked');
  await call(blocked, 'order', { order_id: '18', handout: 'cap-3' });
  await quiet(1500);
  // Another tab may have more luck with the pixel.
  assert.ok(!seen.polls.includes('/v1/handouts/cap-3'));
  assert.equal(reported('fired').length, 0);
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
  assert.deepEqual(seen.orders, []);
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

test('a page whose policy takes none of ours has no pixel, and hears of no error', async () => {
  world.csp = "require-trusted-types-for 'script'; trusted-types another";
  const page = await open();
  const errors: Error[] = [];
  page.on('pageerror', (error) => errors.push(error));
  await call(page, 'track', 'AddToCart', {});
  await until('the report', () => seen.reports.length === 1);
  assert.deepEqual(seen.reports, [['pixel', 'loadFailed']]);
  await until('the event', () => named('AddToCart')[0]?.pixel === 'loadFailed');
  assert.deepEqual([errors, scripts(), pixelTracks()], [[], [], []]);
});

test('no plain contact leaves the page, and the pixel knows the hashes before the event', async () => {
  const page = await open('/?email=jo%40shop.example&tel=%2B49%20170%201234567&q=shoes#jo@shop.example');
  await call(page, 'identify', { email: ' Jo@Shop.example ', phone: '+49 (170) 1234567', external_id: 'Customer_7' });
  await call(page, 'track', 'AddToCart', { email: 'jo@shop.example', note: 'for jo@shop.example', size: 'M' });
  await call(page, 'order', { ...order, properties: { email: 'jo@shop.example' } });
  await until(
    'everything',
    () => named('AddToCart').length === 1 && pixelTracks().length === 1 && seen.orders.length === 1,
  );
  const all = decodeURIComponent(seen.requests.join('\n').replaceAll('%', '%25')).toLowerCase();
  for (const plain of ['jo@', 'jo%40', '1234567', 'customer_7']) assert.equal(all.includes(plain), false, plain);
  const user = seen.batches.at(-1)?.user;
  assert.match(String(user?.['sha256_email']), /^[\da-f]{64}$/);
  assert.match(String(user?.['sha256_phone_number']), /^[\da-f]{64}$/);
  assert.deepEqual(
    seen.hits.filter(([method]) => method === 'identify'),
    [
      [
        'identify',
        {
          sha256_email: user?.['sha256_email'],
          sha256_phone_number: user?.['sha256_phone_number'],
          external_id: user?.external_id,
        },
      ],
    ],
  );
  const methods = seen.hits.map(([method]) => method);
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
