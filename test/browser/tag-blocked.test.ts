import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from './road/visit.ts';
import { becomes } from './tag/becomes.ts';
import type { Collector } from './tag/collector.ts';
import { tag } from './tag/shop.ts';
import { openStage } from './tag/stage.ts';
import { CART, call, listed, loaded, type Visit } from './tag/visit.ts';

let collector: Collector;
const stage = openStage(async () => {
  collector = await stage.collector();
});

async function assertApiAlone(visit: Visit): Promise<void> {
  const page = await visit.open();
  await loaded(page);
  await until('the report', () => visit.reports('pixel').length > 0);
  await call(page, 'track', 'AddToCart', CART);
  await until('the api leg', async () => (await visit.copies()).length > 0);
  assert.deepEqual(
    visit.reports('pixel').map(([, state]) => state),
    ['loadFailed'],
  );
  const [added] = visit.told('AddToCart');
  assert.equal(added?.pixel, 'loadFailed');
  const id = String(added?.event_id);
  assert.deepEqual(
    (await visit.copies()).map(({ channel, event, event_id }) => `${channel} ${event} ${event_id}`),
    [`api AddToCart ${id}`],
  );
  await becomes(() => visit.legs(id), ['api main delivered accepted', 'pixel main withheld pixel_blocked']);
  const [view] = visit.told('Pageview');
  await becomes(() => visit.legs(String(view?.event_id)), ['pixel main withheld pixel_blocked']);
  assert.deepEqual(listed(await visit.copies('Pageview')), []);
  // Nothing of the browser's own reached TikTok.
  const arrived = (await visit.asks()).map(({ line }) => line);
  assert.deepEqual(
    arrived.filter((line) => line.includes('tiktok.localhost')),
    [],
  );
  assert.deepEqual(visit.errors, []);
  // The browser says so of the script that it stopped, and of nothing else.
  for (const text of visit.complaints) assert.match(text, /tiktok\.localhost.*events\.js/);
}

test('an ad blocker stops the pixel: the collector gets everything, and the pixel legs are withheld', async () => {
  const visit = await stage.visit('adblock', collector);
  await visit.context.route(/tiktok\.localhost/, (route) => route.abort('blockedbyclient'));
  visit.put('', tag(collector.url));
  await assertApiAlone(visit);
  await becomes(
    () => visit.lines(),
    [
      'GET collect.localhost/a.js',
      'GET shop.localhost/adblock/',
      'GET tiktok.localhost/i18n/pixel/events.js',
      'POST 127.0.0.1/open_api/v1.3/event/track/',
      'POST collect.localhost/v1/events',
    ],
  );
});

test('the page’s policy forbids the pixel: the collector gets everything, and the pixel legs are withheld', async () => {
  const visit = await stage.visit('policy', collector);
  const policy = `default-src 'none'; script-src 'unsafe-inline' ${collector.url}; connect-src ${collector.url}; img-src data:`;
  visit.put('', { head: tag(collector.url), headers: { 'content-security-policy': policy } });
  await assertApiAlone(visit);
  const lines = await visit.lines();
  assert.deepEqual(
    lines.filter((line) => !line.includes('tiktok.localhost')),
    [
      'GET collect.localhost/a.js',
      'GET shop.localhost/policy/',
      'POST 127.0.0.1/open_api/v1.3/event/track/',
      'POST collect.localhost/v1/events',
    ],
  );
});
