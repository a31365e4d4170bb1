import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Locator, Page } from 'playwright-core';
import { PAGES } from '../../src/dashboard/route.ts';
import { launch } from '../chromium.ts';
import { tellServer } from '../door.ts';
import { SHOP, startTestServer, type TestServer } from '../server.ts';
import { openOperator } from './operator.ts';

let server: TestServer;
let browser: Browser;
let page: Page;
const errors: string[] = [];

const CLICK = 'E.C.P.click-of-the-autumn-sale';
const AUTUMN = { utm_source: 'tiktok', utm_medium: 'paid', utm_campaign: 'Autumn sale' };
const USER = { ip: '198.51.100.7', user_agent: 'Mozilla/5.0 (X11; Linux x86_64)' };
const CONTENTS = [{ content_id: 'SKU-1', quantity: 1, price: 59.9 }];

const tell = (path: string, body: object): Promise<void> => tellServer(server.publicUrl, path, body);

/** A page that a visitor saw, with what the link to it said of itself. */
const view = (visitor: string, ad: Record<string, string> = {}, user: object = {}) => ({
  ...{ event: 'ViewContent', event_id: `view-${visitor}`, visitor, session: `s-${visitor}`, consent: 'granted' },
  ...{ page: { url: `${SHOP}/product/1?${new URLSearchParams(ad)}` }, user: { ...USER, ...user }, ad },
  properties: { contents: CONTENTS, content_id: 'SKU-1', content_type: 'product', page_category: 'shoes' },
});

before(async () => {
  // TikTok can't be reached, so nothing of this is sent.
  server = await startTestServer('http://127.0.0.1:9');
  await tell('/v1/server/events', {
    events: [
      view('v-1', { ...AUTUMN, ttclid: CLICK }, { ttclid: CLICK }),
      view('v-2', { utm_source: 'newsletter', utm_medium: 'email', utm_campaign: 'black friday' }),
      view('v-3'),
    ],
  });
  for (const [order_id, visitor] of [
    ['10045', 'v-1'],
    ['10046', 'v-2'],
    ['10047', 'v-3'],
  ]) {
    const page = { url: `${SHOP}/cart` };
    const told = { order_id, visitor, session: `s-${visitor}`, consent: 'granted', page, user: USER };
    await tell('/v1/orders', { ...told, value: '59.90', currency: 'EUR', contents: CONTENTS });
    await tell(`/v1/orders/${order_id}/entries`, {
      ...{ fact: 'payment', reference: `pay-${order_id}`, amount: '59.90', currency: 'EUR' },
    });
  }
  await tell('/v1/orders/10045/entries', {
    ...{ fact: 'refund', reference: 're-1', amount: '9.90', currency: 'EUR' },
  });
  browser = await launch();
  page = await openOperator(browser, server, errors, 15_000);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

test('what the doors were told stands credited, by campaign, with what is left of it', async () => {
  await page.getByRole('link', { name: 'Attribution', exact: true }).click();
  await lookUntil(page.getByRole('button', { name: '2 conversions credited: show' }));
  const credit = page.getByRole('region', { name: 'Credit' });
  const sale = credit.getByRole('row', { name: /Autumn sale/ });
  await sale.getByRole('button', { name: '59.90 EUR of Autumn sale: show' }).waitFor();
  await sale.getByText('50.00 EUR').waitFor();
  await credit
    .getByRole('row', { name: /black friday/ })
    .getByText('newsletter / email')
    .waitFor();
  await page.getByRole('button', { name: '1 conversion nobody earned: show' }).waitFor();
});

test('a figure opens to its order, the order to its click, and both to their traces', async () => {
  await page.getByRole('button', { name: '1 conversion of Autumn sale: show' }).click();
  const panel = page.getByRole('dialog');
  await panel.getByText('10045').waitFor();
  await panel.getByRole('button', { name: 'Purchase' }).click();
  await panel.getByText('tiktok / paid').waitFor();
  await panel.getByText('100 %, 59.90 EUR: ').waitFor();
  await panel.getByRole('link', { name: 'Trace', exact: true }).click();
  await page.getByRole('heading', { name: 'Order 10045' }).waitFor();
  await page.goBack();
  await page.getByRole('button', { name: '1 conversion nobody earned: show' }).click();
  await page.getByRole('dialog').getByText('No touch came before it.').waitFor();
  await page.getByRole('dialog').getByText('10047').waitFor();
});

test('another model, another window, another day’s rule and every view are answered', async () => {
  for (const [label, value] of [
    ['Model', 'linear'],
    ['Click window', '1d'],
    ['Day of the', 'touch'],
    ['Count', 'once'],
    ['By', 'channel'],
    ['By', 'day'],
    ['By', 'ad'],
  ] as const) {
    await page.getByLabel(label, { exact: true }).selectOption(value);
    await page.getByText('Being computed anew').waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: '2 conversions credited: show' }).waitFor();
    assert.equal(await page.getByRole('alert').count(), 0, label);
  }
  await page.getByText('asked for here').waitFor();
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Table as CSV' }).click(),
  ]);
  assert.match(file.suggestedFilename(), /^attribution-.*\.csv$/);
});

test('a campaign leads to what lies behind it, and back', async () => {
  await page.goto(`${server.adminUrl}/attribution`);
  await page.getByRole('region', { name: 'Credit' }).getByRole('link', { name: 'Autumn sale' }).click();
  await page.getByRole('navigation', { name: 'Narrowed to' }).getByText('Autumn sale').waitFor();
  await page.getByRole('button', { name: '1 conversion credited: show' }).waitFor();
  await page.getByRole('link', { name: 'All', exact: true }).click();
  await page.getByRole('button', { name: '2 conversions credited: show' }).waitFor();
});

test('the window lab says that two conversions tell nothing', async () => {
  await page.getByRole('link', { name: 'Window lab' }).click();
  await page.getByText('nothing follows about which window is better').waitFor();
  await page
    .getByRole('row', { name: /click 28d/ })
    .first()
    .waitFor();
});

test('the ladder counts visitors by where they came from, and leads to their credits', async () => {
  await page.getByRole('link', { name: 'Funnel', exact: true }).click();
  const all = page.getByRole('region', { name: 'All visitors' });
  await all.getByText('3 visitors', { exact: true }).first().waitFor();
  await page.getByRole('button', { name: 'Autumn sale' }).click();
  await page.getByRole('dialog').getByRole('link', { name: 'Attribution' }).click();
  await page.getByRole('navigation', { name: 'Narrowed to' }).getByText('Autumn sale').waitFor();
  await page.getByRole('button', { name: '1 conversion credited: show' }).waitFor();
});

test('every page has an address that can be opened by itself', async () => {
  for (const { path, title } of [...PAGES, { path: '/attribution/windows', title: 'Window lab' }]) {
    await page.goto(server.adminUrl + path);
    await page.getByRole('heading', { name: title, exact: true, level: 1 }).waitFor();
  }
});

test('neither page broke a script or the content policy', () => {
  // Right after a start the warehouse is still being opened, and the page says so.
  assert.deepEqual(
    errors.filter((line) => !/^Failed to load resource: .* 503 /.test(line)),
    [],
  );
});

/** Asks the page to look again until it shows this. */
async function lookUntil(shown: Locator): Promise<void> {
  const again = page.getByRole('button', { name: 'Look again' });
  for (let tries = 0; tries < 50; tries++) {
    const seen = await shown.waitFor({ timeout: 600 }).then(
      () => true,
      () => false,
    );
    if (seen) return;
    await again.click();
  }
  await shown.waitFor();
}
