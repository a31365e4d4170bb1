import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import {
  call,
  context,
  loaded,
  named,
  open,
  openStage,
  pixelTracks,
  port,
  quiet,
  reported,
  run,
  seen,
  TAG,
  until,
  url,
  world,
} from './sdk/stage.ts';
import { eventsOf, isReport, reportsOf } from './told.ts';

openStage();

const views = (): boolean[] => named('Pageview').map(({ pixel }) => !!pixel);
/** Path and query of the pages that batches named. */
const urls = (): string[] => [...new Set(seen.batches.map(({ page }) => String(page?.url).replace(/.*:\d+/, '')))];

test('a click on an element tells its event and attributes, and a form tells its own when it is submitted', async () => {
  world.html = `${TAG}<div data-assay="AddToCart" data-assay-content_id="007" data-assay-value="9.90" data-assay-quantity="2"
    data-assay-currency="EUR" data-assay-note="to jo@shop.example"><b>Buy</b></div>
    <form data-assay="Subscribe" data-assay-plan="12" onsubmit="return false"><input name="q"><button>Go</button></form>`;
  const page = await open();
  await loaded(page);
  await page.click('b');
  await page.click('input');
  await page.click('button');
  await until('both', () => named('AddToCart').length === 1 && named('Subscribe').length === 1);
  assert.deepEqual(named('AddToCart')[0]?.properties, { content_id: '007', value: 9.9, quantity: 2, currency: 'EUR' });
  assert.deepEqual(named('Subscribe')[0]?.properties, { plan: '12' });
  await until('the copies', () => pixelTracks().length === 2);
  await quiet();
  assert.equal(named('Subscribe').length, 1, 'a click inside a form is no submission');
});

test('the page map tells the event of the first pattern that matches, with the attributes of the page’s element', async () => {
  world.client = {
    pages: [
      { match: '^/product/.*$', event: 'ViewContent' },
      { match: '^/product/cup$', event: 'Search' },
    ],
  };
  world.html = `${TAG}<main data-assay-page data-assay-content_id="cup">Cup</main>`;
  await open('/product/cup?size=L');
  await until('the event', () => named('ViewContent').length === 1);
  assert.deepEqual(named('ViewContent')[0]?.properties, { content_id: 'cup' });
  await open('/about');
  await until('two views', () => named('Pageview').length === 2);
  await quiet();
  assert.deepEqual([named('ViewContent').length, named('Search').length], [1, 0]);
});

test('an element of the page names the event that the page stands for', async () => {
  world.html = `${TAG}<main data-assay-page data-assay="ViewContent" data-assay-content_id="cup">Cup</main>`;
  const page = await open();
  await until('the event', () => named('ViewContent').length === 1);
  await page.click('main');
  await quiet();
  assert.equal(named('ViewContent').length, 1, 'it is not told by a click');
});

test('a new address in the same page is a page view of its own, and only the collector hears of it', async () => {
  world.client = { pages: [{ match: '^/b$', event: 'Search' }] };
  world.html += '<style>html,body{height:0}</style>';
  const page = await open('/a?ttclid=first');
  await until('the first view', () => views().length === 1);
  await run(page, `history.pushState({}, '', '/b?ttclid=second')`);
  await call(page, 'track', 'AddToCart', {});
  await until(
    'the second',
    () => views().length === 2 && named('AddToCart').length === 1 && named('Search').length === 1,
  );
  await run(page, `history.replaceState({}, '', '/b?ttclid=second#part')`);
  await run(page, `history.pushState({}, '', '/b?ttclid=second')`);
  await quiet();
  assert.deepEqual(views(), [true, false]);
  await page.goBack();
  await page.goBack();
  await page.goBack();
  await until('the third', () => views().length === 3);
  assert.deepEqual(urls(), ['/a?ttclid=first', '/b?ttclid=second']);
  const second = seen.batches.find((batch) => eventsOf(batch).some(({ event }) => event === 'AddToCart'));
  assert.equal(second?.page?.referrer, url('/a?ttclid=first'));
  assert.deepEqual(second?.ad, ['?ttclid=second', '?ttclid=first']);
  for (const use of reported('engagement')) assert.equal(use[6], 1);
  assert.equal(seen.hits.filter(([method]) => method === 'page').length, 1);
  assert.equal(new Set(named('Pageview').map(({ event_id }) => event_id)).size, 3);
});

test('the history calls of the page do what they did, whatever becomes of ours', async () => {
  const page = await open('/a');
  await loaded(page);
  const seenByPage = await run(
    page,
    `(() => { history.pushState({ step: 2 }, '', '/b'); const { state } = history;
      try { history.pushState({}, '', 'https://other.example/') } catch (error) { return [state.step, location.pathname, error.name] } })()`,
  );
  assert.deepEqual(seenByPage, [2, '/b', 'SecurityError']);
});

test('how a page was used is told once, when it is left, and never what was typed', async () => {
  world.html = `${TAG}<div style="height:4000px"></div><form onsubmit="return false"><input id="mail"></form>`;
  const page = await open('/a');
  await until('the view', () => named('Pageview').length === 1);
  await page.locator('#mail').focus();
  await page.keyboard.type('secret');
  await page.keyboard.press('Enter');
  await quiet(300);
  await run(page, `history.pushState({}, '', '/b')`);
  await until('the report', () => reported('engagement').length === 1);
  await page.goto(url('/c'));
  await until('the next', () => reported('engagement').length === 2);
  const [first, second] = reported('engagement').map(([, ...use]) => use);
  const [left = 0, shown = 0, typed = 0, submitted = 0, interactions, scroll, ttfb] = first ?? [];
  assert.equal(interactions, 7);
  assert.ok((scroll ?? 0) > 0.9, 'the field stands at the end of the page');
  assert.ok(shown > 0 && shown < typed && typed < submitted && submitted < left && (ttfb ?? 0) > 0, String(first));
  assert.deepEqual(second?.slice(2, 5), [0, 0, 0]);
  assert.equal(second?.length, 6, 'only the first page of a load has a speed');
  assert.ok(!seen.requests.join().includes('secret'));
  const told = seen.batches.find((batch) => reportsOf(batch).some(isReport('engagement')));
  assert.ok(told?.page?.url?.endsWith('/a'), 'under the address that it is about');
});

test('the largest paint of a page comes along', async () => {
  world.html = `${TAG}<h1>Cups</h1>`;
  const page = await open('/a');
  await until('the view', () => named('Pageview').length === 1);
  await page.waitForFunction(
    () =>
      new Promise((done) => {
        new PerformanceObserver(done).observe({ type: 'largest-contentful-paint' as never, buffered: true });
      }),
  );
  await page.goto(url('/b'));
  await until('the report', () => reported('engagement').length === 1);
  assert.ok((reported('engagement')[0]?.[8] ?? 0) > 0);
});

test('nothing of the use is told before consent', async () => {
  world.client = { consent: 'required' };
  const page = await open('/a');
  await loaded(page);
  await page.keyboard.press('a');
  await page.goto(url('/b'));
  await quiet();
  assert.deepEqual(reported('engagement'), []);
});

test('a prepared page tells nothing until the visitor comes to it', async () => {
  await context.addInitScript(`Object.defineProperty(document, 'prerendering', { value: true, configurable: true })`);
  const page = await open();
  await quiet();
  assert.deepEqual(seen.batches, []);
  await run(page, `document.dispatchEvent(new Event('prerenderingchange'))`);
  await until('the view', () => views().length === 1);
});

test('a page that comes back is a new page view and tells nothing else again', async () => {
  world.client = { pages: [{ match: '^/$', event: 'Search' }] };
  const page = await open();
  await until('the page', () => views().length === 1 && named('Search').length === 1);
  await back(page);
  await until('the second view', () => views().length === 2);
  await call(page, 'track', 'AddToCart', {});
  await until('the event', () => named('AddToCart').length === 1);
  await quiet();
  assert.deepEqual([views(), named('Search').length], [[true, false], 1]);
});

test('an act that counts once is not told again by the page that told it', async () => {
  const page = await open();
  for (const _ of [1, 2]) await call(page, 'track', 'ViewContent', { content_id: 'a' });
  await until('the event', () => named('ViewContent').length === 1);
  await quiet();
  assert.equal(named('ViewContent').length, 1);
});

async function back(page: Page): Promise<void> {
  await run(page, `dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))`);
  await run(page, `dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))`);
}

test('tabs share one queue: nothing is lost or sent twice', async () => {
  const pages = await Promise.all(['/1', '/2', '/3'].map(open));
  for (let turn = 0; turn < 10; turn++)
    await Promise.all(pages.map((page, tab) => call(page, 'track', 'AddToCart', { content_id: `${tab}-${turn}` })));
  await until('all events', () => named('AddToCart').length >= 30);
  await quiet();
  assert.equal(named('AddToCart').length, 30);
  assert.equal(new Set(named('AddToCart').map(({ properties }) => properties?.['content_id'])).size, 30);
  assert.ok(port > 0);
});
