import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { TWIN } from '../../src/sim/twin/client.ts';
import { until } from './road/visit.ts';
import { becomes } from './tag/becomes.ts';
import type { Collector } from './tag/collector.ts';
import { tag } from './tag/shop.ts';
import { openStage } from './tag/stage.ts';
import { CART, call, listed, loaded, pass, type Visit } from './tag/visit.ts';

let collector: Collector;
const stage = openStage(async () => {
  collector = await stage.collector({
    consent: 'required',
    events: { Purchase: { require: ['order_id', 'value', 'currency'], confirm: 'webhook', delay: '20ms' } },
  });
});

const MINUTES = 10 * 60_000;

/** A visitor whose pages keep their own time. */
async function visitor(name: string): Promise<Visit> {
  const visit = await stage.visit(name, collector);
  await visit.context.clock.install();
  visit.put('', tag(collector.url));
  return visit;
}

/** All calls that a page may make. */
async function callEverything(page: Page): Promise<void> {
  await call(page, 'identify', { email: 'ann@shop.example' });
  await call(page, 'track', 'AddToCart', CART);
  await call(page, 'track', 'ViewContent', { content_id: 'cup' });
  await call(page, 'order', { order_id: '1', value: '9.50', currency: 'EUR' });
  await call(page, 'lead', {});
}

/** Nothing but the page and the script was asked for, and nothing stands in the browser but these. */
async function assertNothing(visit: Visit, page: Page, name: string, stored: string[] = []): Promise<void> {
  await visit.context.clock.runFor(MINUTES);
  assert.deepEqual(await visit.lines(), ['GET collect.localhost/a.js', `GET shop.localhost/${name}/`]);
  await assertEmpty(visit, page, stored);
  assert.equal(await page.locator('script[src*="sdkid"]').count(), 0);
  assert.deepEqual([visit.errors, visit.complaints], [[], []]);
}

async function assertEmpty(visit: Visit, page: Page, stored: string[]): Promise<void> {
  assert.deepEqual(await visit.context.cookies(), []);
  const keys = (await page.evaluate('[...Object.keys(localStorage), ...Object.keys(sessionStorage)]')) as string[];
  // TikTok's script keeps an id of the tab until that is closed, whatever it is told.
  assert.deepEqual(
    keys.filter((key) => key !== 'tt_sessionId'),
    stored,
  );
  assert.deepEqual(await page.evaluate('indexedDB.databases()'), []);
}

test('before the choice nothing is stored, sent or loaded, whatever is called and however long it takes', async () => {
  const visit = await visitor('unknown');
  const page = await visit.open();
  await loaded(page);
  await callEverything(page);
  await page.reload();
  await loaded(page);
  await callEverything(page);
  await assertNothing(visit, page, 'unknown');
});

test('after a no nothing is stored, sent or loaded, on this page and on the next ones', async () => {
  const visit = await visitor('denied');
  const page = await visit.open();
  await loaded(page);
  await callEverything(page);
  await call(page, 'consent', 'denied');
  await callEverything(page);
  await page.reload();
  await loaded(page);
  await callEverything(page);
  await assertNothing(visit, page, 'denied', ['assay.consent']);
});

test('a yes tells what was called before it, once, with the choice', async () => {
  const visit = await visitor('granted');
  const page = await visit.open();
  await loaded(page);
  await call(page, 'track', 'AddToCart', CART);
  await visit.context.clock.runFor(MINUTES);
  assert.deepEqual(await visit.lines(), ['GET collect.localhost/a.js', 'GET shop.localhost/granted/']);
  await call(page, 'consent', 'granted');
  await until('both copies', async () => (await visit.copies()).length >= 2);
  await visit.context.clock.runFor(MINUTES);
  await becomes(
    () => visit.told().map(({ event, batchConsent }) => `${event} ${batchConsent}`),
    ['Pageview granted', 'AddToCart granted'],
  );
  const id = visit.told('AddToCart')[0]?.event_id;
  assert.deepEqual(listed(await visit.copies()), [
    `api ${TWIN.pixel} AddToCart ${id}`,
    `pixel ${TWIN.pixel} AddToCart ${id}`,
  ]);
  assert.equal((await visit.copies('Pageview')).length, 1);
  assert.deepEqual(await visit.scripts(), [TWIN.pixel]);
  await becomes(
    () => visit.lines(),
    [
      'GET collect.localhost/a.js',
      'GET shop.localhost/granted/',
      'GET tiktok.localhost/i18n/pixel/events.js',
      'POST 127.0.0.1/open_api/v1.3/event/track/',
      'POST collect.localhost/v1/events',
      'POST tiktok.localhost/api/v2/pixel',
    ],
  );
});

test('a withdrawal is told, ends every open tab and clears the browser', async () => {
  const visit = await visitor('withdrawn');
  const page = await visit.open();
  const other = await visit.open();
  for (const tab of [page, other]) await loaded(tab);
  await call(page, 'consent', 'granted');
  // The yes holds in the other tab as well, which tells of its own page view.
  await becomes(() => visit.told('Pageview').length, 2);
  await call(page, 'consent', 'denied');
  await becomes(() => visit.reports('consent').map(([, choice]) => choice), ['granted', 'denied']);
  const asked = (await visit.asks()).length;
  for (const tab of [page, other]) {
    await callEverything(tab);
    await visit.context.clock.runFor(MINUTES);
    await assertEmpty(visit, tab, ['assay.consent']);
  }
  assert.deepEqual(
    visit.told().map(({ event }) => event),
    ['Pageview', 'Pageview'],
  );
  assert.equal((await visit.asks()).length, asked);
  await other.reload();
  await loaded(other);
  await callEverything(other);
  await visit.context.clock.runFor(MINUTES);
  await becomes(() => visit.told().map(({ event }) => event), ['Pageview', 'Pageview']);
  assert.deepEqual(visit.orders(), []);
  await assertEmpty(visit, other, ['assay.consent']);
  assert.deepEqual([visit.errors, visit.complaints], [[], []]);
});

test('a withdrawal drops what still waits in the browser: the collector hears the no, and nothing else', async () => {
  const visit = await visitor('waiting');
  const page = await visit.open();
  await loaded(page);
  await call(page, 'consent', 'granted');
  await becomes(() => visit.told('Pageview').length, 1);
  await collector.gate.become('busy');
  await call(page, 'track', 'Contact', {});
  await until('a refused try', () =>
    collector.gate.asks.some(({ status, body }) => status === 503 && /Contact/.test(body)),
  );
  await call(page, 'consent', 'denied');
  await pass(visit, 5000);
  await collector.gate.become('open');
  await pass(visit, 120_000);
  await becomes(() => visit.reports('consent').at(-1)?.[1], 'denied');
  assert.deepEqual(visit.told('Contact'), []);
  await assertEmpty(visit, page, ['assay.consent']);
  // No copy of it can come from the server; the pixel was told before the no.
  assert.deepEqual(
    (await visit.copies()).map(({ channel }) => channel),
    ['pixel'],
  );
  assert.deepEqual(visit.errors, []);
});

test('a withdrawal withholds what has not left at the server, and the order stays in the books', async () => {
  const visit = await visitor('books');
  const page = await visit.open();
  await loaded(page);
  await call(page, 'consent', 'granted');
  await call(page, 'order', { order_id: '7001', value: '9.50', currency: 'EUR' });
  await becomes(() => visit.orders().map(({ order_id, consent }) => `${order_id} ${consent}`), ['7001 granted']);
  await becomes(() => visit.legs('7001'), ['api main held awaiting_confirmation', 'pixel main held awaiting_api']);
  await call(page, 'consent', 'denied');
  await becomes(() => visit.legs('7001'), ['api main withheld consent_denied', 'pixel main withheld consent_denied']);
  await collector.pay('7001', '9.50');
  await becomes(async () => (await collector.trace('7001'))?.order?.entries.length, 1);
  const order = (await collector.trace('7001'))?.order;
  assert.deepEqual([order?.orderId, order?.total], ['7001', '9.50 EUR']);
  assert.deepEqual(await visit.legs('7001'), [
    'api main withheld consent_denied',
    'pixel main withheld consent_denied',
  ]);
  assert.deepEqual(await visit.copies(), []);
});
