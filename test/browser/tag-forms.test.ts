import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { TWIN } from '../../src/sim/twin/client.ts';
import { becomes } from './tag/becomes.ts';
import type { Collector } from './tag/collector.ts';
import { tag } from './tag/shop.ts';
import { openStage } from './tag/stage.ts';
import { CART, call, loaded, pass, type Visit } from './tag/visit.ts';

let collector: Collector;
const stage = openStage(async () => {
  collector = await stage.collector();
});

async function visitor(name: string, body = ''): Promise<[Visit, Page]> {
  const visit = await stage.visit(name, collector);
  await visit.context.clock.install();
  visit.put('', { head: tag(collector.url), body });
  const page = await visit.open();
  await loaded(page);
  await becomes(() => visit.told('Pageview').length, 1);
  return [visit, page];
}

test('a form marked as a lead tells of it and takes its id along, once however often it is sent', async () => {
  const form = `<form data-assay-lead data-assay-content_name="Kitchen" action="sent" onsubmit="return false">
    <input name="email"><button>Send</button></form>`;
  const [visit, page] = await visitor('lead', form);
  await page.fill('[name=email]', 'ann@shop.example');
  await page.click('button');
  await becomes(() => visit.told('SubmitApplication').length, 1);
  const [lead] = visit.told('SubmitApplication');
  const field = page.locator('form [name=lead_id]');
  const leadId = await field.inputValue();
  assert.equal(await field.getAttribute('type'), 'hidden');
  assert.match(leadId, /^[\da-f]{32}$/);
  assert.equal(lead?.event_id, `${leadId}-new`);
  assert.deepEqual(lead?.properties, { content_name: 'Kitchen', lead_id: leadId });
  await page.click('button');
  await pass(visit, 5000);
  assert.equal(visit.told('SubmitApplication').length, 1);
  assert.equal(await field.count(), 1);
  await becomes(
    async () =>
      (await visit.copies())
        .filter(({ channel }) => channel === 'api')
        .map(({ event, event_id }) => `${event} ${event_id}`),
    [`SubmitApplication ${leadId}-new`],
  );
  const counted = await stage.twin.events({ event_id: `${leadId}-new` });
  assert.deepEqual(
    counted.map(({ counted }) => counted),
    [1],
  );
  // What the visitor typed went nowhere.
  const elsewhere = (await visit.asks()).filter(({ line }) => !line.includes('shop.localhost'));
  assert.ok(elsewhere.length > 0);
  for (const { body, query } of elsewhere) assert.ok(!/ann(@|%40)shop/.test(body + query));
  assert.deepEqual([visit.errors, visit.complaints], [[], []]);
});

test('a call of the pixel by another tag is reported, ours are not, and the pixel gets every one', async () => {
  const [visit, page] = await visitor('stranger');
  await becomes(() => visit.reports('pixel').map(([, state]) => state), ['loaded']);
  await page.evaluate(`ttq.track('Search', { query: 'cups' }, { event_id: 'theirs-1' })`);
  await call(page, 'track', 'AddToCart', CART);
  await pass(visit, 5000);
  await becomes(
    () => visit.reports('foreign').map(([, event, event_id]) => `${event} ${event_id}`),
    ['Search theirs-1'],
  );
  await becomes(
    async () => (await visit.copies('Search')).map(({ channel, event_id }) => `${channel} ${event_id}`),
    ['pixel theirs-1'],
  );
  // What another tag fires is no event of ours.
  assert.deepEqual(visit.told('Search'), []);
  await becomes(async () => (await visit.copies('AddToCart')).length, 2);
  assert.deepEqual([visit.errors, visit.complaints], [[], []]);
});

test('limited data use goes with what follows, on both legs, and not with what came before', async () => {
  const [visit, page] = await visitor('limited');
  await call(page, 'track', 'AddToCart', CART, { event_id: 'free' });
  await call(page, 'limitedDataUse', true);
  await call(page, 'track', 'AddToCart', CART, { event_id: 'limited' });
  await call(page, 'limitedDataUse', false);
  await call(page, 'track', 'AddToCart', CART, { event_id: 'free-again' });
  await becomes(async () => (await visit.copies()).length, 6);
  const marked = (await visit.copies()).map(
    ({ channel, event_id, body }) => `${channel} ${event_id} ${body['limited_data_use'] === true}`,
  );
  for (const channel of ['api', 'pixel'])
    for (const id of ['free', 'limited', 'free-again'])
      assert.ok(marked.includes(`${channel} ${id} ${id === 'limited'}`), `${channel} ${id} in ${marked}`);
  assert.deepEqual(
    visit.told('AddToCart').map(({ limited_data_use }) => limited_data_use === true),
    [false, true, false],
  );
  assert.equal((await stage.twin.events({ event_id: 'limited' }))[0]?.source_id, TWIN.pixel);
});

test('a page that is left tells once how it was used, and nothing of what was typed', async () => {
  const long = `<form><input name="note"></form><div style="height: 8000px"></div>`;
  const [visit, page] = await visitor('use', long);
  visit.put('away', '');
  await page.click('[name=note]');
  await page.keyboard.type('secret');
  await visit.context.clock.runFor(3000);
  await page.goto(visit.url('away'));
  await becomes(() => visit.reports('engagement').length, 1);
  const [, left = 0, shown = 0, , , interactions, scroll] = visit.reports('engagement')[0] ?? [];
  assert.ok(left - shown >= 3, `${left} ${shown}`);
  assert.equal(interactions, 7);
  assert.ok((scroll ?? 1) > 0 && (scroll ?? 1) < 0.5, String(scroll));
  for (const { body, line } of await visit.asks()) assert.ok(!body.includes('secret'), line);
  await page.goBack({ waitUntil: 'commit' });
  await becomes(() => visit.told('Pageview').length, 2);
  assert.equal(visit.reports('engagement').length, 1);
  assert.deepEqual(visit.errors, []);
});

test('a page that is empty, or shorter than the window, was seen to its end, and nothing beside that report is lost', async () => {
  for (const [name, body] of [
    ['empty', ''],
    ['short', '<p>A line.</p>'],
  ] as const) {
    const [visit, page] = await visitor(name, body);
    visit.put('away', '');
    await call(page, 'track', 'Contact', {}, { event_id: `${name}-last` });
    await page.goto(visit.url('away'));
    await becomes(() => visit.told('Contact').map(({ event_id }) => event_id), [`${name}-last`]);
    await becomes(() => visit.reports('engagement').map((use) => use[6]), [1]);
    for (const { line, status } of await visit.asks()) assert.ok(status < 400, `${line} ${status}`);
  }
});
