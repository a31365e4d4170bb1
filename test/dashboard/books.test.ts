import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launch } from '../chromium.ts';
import { tellServer } from '../door.ts';
import { SHOP, startTestServer, type TestServer } from '../server.ts';
import { openOperator } from './operator.ts';

let server: TestServer;
const errors: string[] = [];
let browser: Browser;
let page: Page;

/** What the visitor of an order, or of a lead, was known by. */
const context = {
  ...{ visitor: 'v-1', session: 's-1', consent: 'granted', page: { url: `${SHOP}/cart` } },
  user: { ip: '198.51.100.7', user_agent: 'Mozilla/5.0 (X11; Linux x86_64)' },
};
const eur = (fact: string, reference: string, amount: string) => ({ fact, reference, amount, currency: 'EUR' });

const tell = (path: string, body: object): Promise<void> => tellServer(server.publicUrl, path, body);

before(async () => {
  // TikTok can't be reached, so nothing of this is sent.
  server = await startTestServer('http://127.0.0.1:9');
  const contents = [{ content_id: 'SKU-1', quantity: 1, price: 59.9 }];
  for (const order_id of ['10045', '10046', '10047'])
    await tell('/v1/orders', { ...context, order_id, value: '59.90', currency: 'EUR', contents });
  await tell('/v1/orders/10045/entries', {
    entries: [eur('payment', 'pay-1', '59.90'), eur('fee', 'fee-1', '1.20'), eur('refund', 're-1', '9.90')],
  });
  await tell('/v1/orders/10046/entries', { fact: 'cancellation', reference: 'stop-1' });
  await tell('/v1/orders/phone-7/entries', eur('payment', 'pay-9', '19.00'));
  await tell('/v1/leads', { ...context, lead_id: 'L-1' });
  await tell('/v1/leads/L-1/status', { status: 'qualified' });
  await tell('/v1/leads', { ...context, lead_id: 'L-2' });
  browser = await launch();
  page = await openOperator(browser, server, errors, 10_000);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

test('orders that were told at the doors stand in the book, with what is left of their money', async () => {
  await page.getByRole('link', { name: 'Orders', exact: true }).click();
  await page.getByText('4 orders on this page, which is all').waitFor();
  await page.getByRole('button', { name: '4 orders: show' }).waitFor();
  await page.getByText('net 67.80 EUR').waitFor();
  await page.getByRole('button', { name: '1 Partly refunded: show' }).click();
  await page.getByText('1 order on this page, which is all').waitFor();
  await page.getByRole('button', { name: '10045' }).click();
  const panel = page.getByRole('dialog');
  await panel.getByText('net 48.80 EUR').waitFor();
  assert.equal(await panel.getByRole('alert').count(), 0);
  for (const link of [
    panel.getByRole('link', { name: /^record \d+$/ }).last(),
    panel.getByRole('link', { name: 'Trace', exact: true }),
  ]) {
    await link.click();
    await page.getByRole('heading', { name: 'Order 10045' }).waitFor();
    await page.goBack();
    await page.getByRole('button', { name: '10045' }).click();
  }
});

test('filters and files say the same as the list', async () => {
  await page.goto(`${server.adminUrl}/orders?order_id=1004&status=cancelled&to=2100-01-01`);
  await page.getByText('1 order on this page').waitFor();
  for (const [name, first] of [
    ['Orders as CSV', '10046,cancelled'],
    ['Entries as CSV', '10046,cancelled,stop-1,cancellation'],
  ] as const) {
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name }).click()]);
    const rows = (await text(await file.createReadStream())).trim().split('\r\n');
    assert.equal(rows.length, 2, name);
    assert.ok(rows[1]?.startsWith(first), rows[1]);
  }
  await page.getByLabel('From').fill('2099-01-01');
  await page.getByText('No order matches').waitFor();
});

test('a filter that the server refuses says why', async () => {
  errors.length = 0;
  await page.goto(`${server.adminUrl}/orders?status=stolen`);
  await page.getByRole('alert').getByText('no order has the status "stolen"').waitFor();
  assert.ok(errors.every((line) => line.startsWith('Failed to load resource')));
  errors.length = 0;
  await page.getByLabel('Status', { exact: true }).selectOption('paid');
  await page.getByText('No order matches').waitFor();
});

test('leads that were told at the doors stand on the ladder, with their history', async () => {
  await page.getByRole('link', { name: 'Leads', exact: true }).click();
  await page.getByText('2 leads on this page, which is all').waitFor();
  const [first, second] = await page.locator('.funnel > li').allInnerTexts();
  assert.match(first ?? '', /2\s*here or further/);
  assert.match(second ?? '', /1\s*here or further\s*50 % of the step before[\s\S]*40\.00 EUR/);
  await page.getByRole('button', { name: '1 stand at qualified: show' }).click();
  await page.getByText('1 lead on this page, which is all').waitFor();
  await page.getByRole('button', { name: 'L-1' }).click();
  const steps = page.getByRole('dialog').locator('.tally > li');
  assert.deepEqual(await steps.locator('b').allInnerTexts(), ['new', 'qualified']);
  await steps.last().getByRole('link').first().click();
  await page.getByRole('heading', { name: 'Lead L-1' }).waitFor();
});

test('a step that takes back what was signalled stands in the history as a late reversal', async () => {
  await tell('/v1/leads/L-1/status', { status: 'rejected' });
  await page.goto(`${server.adminUrl}/leads?lead_id=L-1&age=0-1`);
  await page.getByText('1 lead on this page').waitFor();
  await page.getByRole('button', { name: 'L-1' }).click();
  const last = page.getByRole('dialog').locator('ol > li').last();
  assert.match(await last.innerText(), /^rejected[\s\S]*A late reversal: it takes back a step that TikTok was told of/);
  const card = page.getByRole('region', { name: 'Time in the step' });
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  await card.getByRole('button', { name: '1 at rejected for under a day: show' }).click();
  await page.waitForURL('**/leads?status=rejected&age=0-1');
  await page.getByText('1 lead on this page').waitFor();
});

test('no page of the books broke a script or the content policy', () => assert.deepEqual(errors, []));

async function text(stream: NodeJS.ReadableStream): Promise<string> {
  let all = '';
  for await (const part of stream) all += String(part);
  return all;
}
