import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { Webhook } from 'standardwebhooks';
import { DEFAULT_TRACKING_YAML } from '../../src/spec/default-text.ts';
import { launch } from '../chromium.ts';
import { tellServer } from '../door.ts';
import { HOOK_SECRET, SHOP, startTestServer, type TestServer } from '../server.ts';
import { openOperator } from './operator.ts';

let server: TestServer;
let browser: Browser;
let page: Page;
const errors: string[] = [];

/** Totals of three orders, in currencies of two, no and three places. */
const ORDERS = [
  { order_id: '10045', value: '1259.90', currency: 'EUR' },
  { order_id: '<b>7</b> & =1+1', value: '598000', currency: 'JPY' },
  { order_id: `kw-${'9'.repeat(100)}`, value: '18.250', currency: 'KWD' },
] as const;

before(async () => {
  // TikTok can't be reached, so nothing of this is sent.
  server = await startTestServer('http://127.0.0.1:9');
  browser = await launch();
  page = await openOperator(browser, server, errors);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

test('an order is created, paid by a webhook and refunded in part: the page shows state, entries and net each time', async () => {
  for (const order of ORDERS) await create(server, order);
  await page.getByRole('link', { name: 'Orders', exact: true }).click();
  await page.getByText('3 orders on this page, which is all').waitFor();
  assert.deepEqual(await stateOf('10045'), ['created', '1,259.90 EUR', '']);

  await pay('pay-1', ORDERS[0]);
  await pay('pay-2', ORDERS[1]);
  await pay('pay-3', { ...ORDERS[2], value: '10.125' });
  // A repeated webhook changes nothing.
  await pay('pay-1', ORDERS[0]);
  await lookAgain('10045', 'paid');
  await lookAgain(ORDERS[1].order_id, 'paid');
  await lookAgain(ORDERS[2].order_id, 'partly paid');
  assert.deepEqual(await stateOf('10045'), ['paid', '1,259.90 EUR', '1,259.90 EUR']);
  assert.deepEqual(await stateOf(ORDERS[1].order_id), ['paid', '598,000 JPY', '598,000 JPY']);
  assert.deepEqual(await stateOf(ORDERS[2].order_id), ['partly paid', '18.250 KWD', '10.125 KWD']);

  await tell('/v1/orders/10045/entries', {
    entries: [
      { fact: 'fee', reference: 'fee-1', amount: '25.75', currency: 'EUR' },
      { fact: 'refund', reference: 're-1', amount: '200.00', currency: 'EUR' },
    ],
  });
  await lookAgain('10045', 'partly refunded');
  assert.deepEqual(await stateOf('10045'), ['partly refunded', '1,259.90 EUR', '1,034.15 EUR']);
  await page.getByRole('button', { name: '1,034.15 EUR net: show' }).waitFor();
  await page.getByText('Times in Europe/Berlin').waitFor();

  await page.getByRole('button', { name: '10045', exact: true }).click();
  const panel = page.getByRole('dialog');
  assert.deepEqual(
    (await panel.locator('ol > li').allInnerTexts()).map((line) => line.split('\n').slice(0, 2).join(' ')).sort(),
    ['Fee −25.75 EUR', 'Payment 1,259.90 EUR', 'Refund −200.00 EUR'],
  );
  // What the facts come to, and what the ledger says of it, agree.
  assert.equal(await panel.getByRole('alert').count(), 0);
});

test('an entry of the order leads to Trace, which tells the same of it, and what its copies wait for', async () => {
  const refund = page.getByRole('dialog').locator('ol > li').filter({ hasText: 're-1' });
  await refund.getByRole('link', { name: /^record \d+$/ }).click();
  await page.getByRole('heading', { name: 'Order 10045' }).waitFor();
  const rows = page.getByRole('table', { name: 'Entries of order 10045' }).locator('tbody tr');
  assert.deepEqual((await rows.locator('td:last-child').allInnerTexts()).sort(), [
    '1,259.90 EUR',
    '−200.00 EUR',
    '−25.75 EUR',
  ]);
  await page.getByText('Refund of 200.00 EUR, reference re-1').waitFor();
  await page.goBack();
  await page.getByText('3 orders on this page').waitFor();
});

test('filters by currency, provider and id leave the same rows on the page and in the files', async () => {
  await page.getByLabel('Currency', { exact: true }).selectOption({ label: 'KWD, 1 order' });
  await page.getByText('1 order on this page').waitFor();
  assert.deepEqual(await ids(), [ORDERS[2].order_id]);
  await page.getByLabel('Currency', { exact: true }).selectOption('');
  await page.getByLabel('Provider', { exact: true }).selectOption({ label: 'server, 1 order' });
  await page.getByRole('button', { name: '10045', exact: true }).waitFor();
  await page.locator('#orders[aria-busy=false]').getByText('1 order on this page').waitFor();
  assert.deepEqual(await ids(), ['10045']);
  assert.deepEqual(
    (await file('Orders as CSV')).map((row) => row[0]),
    ['10045'],
  );
  await page.goto(`${server.adminUrl}/orders?currency=JPY&provider=standard&shop=demo`);
  await page.getByText('1 order on this page').waitFor();
  assert.deepEqual(await ids(), [ORDERS[1].order_id]);
  // What a spreadsheet would reckon with stands as text there.
  assert.deepEqual((await file('Orders as CSV')).length, 1);
});

test('the files have the same sums as the page', async () => {
  await page.goto(`${server.adminUrl}/orders`);
  await page.getByText('3 orders on this page').waitFor();
  const onPage = (await page.getByRole('button', { name: / net: show$/ }).allInnerTexts()).sort();
  assert.deepEqual(onPage, ['1,034.15 EUR', '10.125 KWD', '598,000 JPY']);
  const entries = await file('Entries as CSV');
  assert.equal(entries.length, 5);
  const moved = entries.map((row): [string, string] => [
    row[5] ?? '',
    `${row[3] === 'payment' ? '' : '-'}${row[4] ?? ''}`,
  ]);
  assert.deepEqual(sums(moved), onPage);
  const nets = (await file('Orders as CSV')).map((row): [string, string] => [row[9] ?? '', row[8] ?? '']);
  assert.deepEqual(sums(nets), onPage);
});

test('Trace says how long a confirmed order waits, and until when its page may fire', async () => {
  const spec = join(server.folder, 'slow.yaml');
  writeFileSync(spec, DEFAULT_TRACKING_YAML.replace('delay: 5s', 'delay: 20m'));
  const slow = await startTestServer('http://127.0.0.1:9', { specFile: spec });
  const context = await browser.newContext();
  try {
    await create(slow, ORDERS[0]);
    await pay('pay-1', ORDERS[0], slow);
    const trace = await context.newPage();
    await trace.goto(slow.signInUrl());
    await trace.waitForURL(/\/(?:live)?$/);
    await trace.goto(`${slow.adminUrl}/trace/10045`);
    const leg = trace.locator('.leg').filter({ has: trace.getByRole('heading', { name: /^api/ }) });
    await leg
      .getByText(
        /^Confirmed at \S+; waits 20 min for a repeated webhook, then goes to TikTok; the page may fire the pixel until .*\d\d:\d\d:\d\d\.$/,
      )
      .waitFor();
  } finally {
    await context.close();
    await slow.stop();
  }
});

test('no page of it broke a script or the content policy', () => assert.deepEqual(errors, []));

function create(at: TestServer, order: (typeof ORDERS)[number]): Promise<void> {
  const body = {
    ...{ ...order, visitor: 'v-1', session: 's-1', consent: 'granted', page: { url: `${SHOP}/cart` } },
    ...{ user: { ip: '198.51.100.7', user_agent: 'Mozilla/5.0 (X11; Linux x86_64)' } },
    contents: [{ content_id: 'SKU-1', quantity: 1, price: Number(order.value) }],
  };
  return tell('/v1/orders', body, at);
}

function tell(path: string, body: object, at = server): Promise<void> {
  return tellServer(at.publicUrl, path, body);
}

/** As a payment provider tells it, signed. */
async function pay(
  payment_id: string,
  order: { order_id: string; value: string; currency: string },
  to = server,
): Promise<void> {
  const { value: amount, ...rest } = order;
  const at = new Date();
  const body = JSON.stringify({
    type: 'payment.succeeded',
    timestamp: at.toISOString(),
    data: { payment_id, amount, ...rest },
  });
  const headers = {
    'webhook-id': payment_id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(HOOK_SECRET).sign(payment_id, at, body),
  };
  const answer = await fetch(`${to.publicUrl}/v1/hooks/standard`, { method: 'POST', headers, body });
  assert.equal(answer.status, 202, await answer.text());
}

/** What the list says of an order: status, total, net. */
async function stateOf(orderId: string): Promise<string[]> {
  const row = page
    .locator('#orders tbody tr')
    .filter({ has: page.getByRole('button', { name: orderId, exact: true }) });
  const cells = await row.locator('td').allInnerTexts();
  return [cells[2], cells.at(-2), cells.at(-1)].map((cell = '') => cell.split('\n')[0]?.trim() ?? '');
}

/** Asks again until what was told is decided. */
async function lookAgain(orderId: string, status: string): Promise<void> {
  for (let tries = 0; tries < 50; tries++) {
    await page.getByRole('button', { name: 'Look again' }).click();
    await page.locator('#orders[aria-busy=false]').waitFor();
    if ((await stateOf(orderId))[0] === status) return;
  }
  assert.fail(`order ${orderId} does not become ${status}`);
}

async function ids(): Promise<string[]> {
  return page.locator('#orders .row-open').allInnerTexts();
}

/** The rows of a file, without its head; no cell of these tests holds a line break. */
async function file(name: string): Promise<string[][]> {
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name }).click()]);
  const rows = (await text(await download.createReadStream())).trim().split('\r\n').slice(1);
  return rows.map((row) => row.split(','));
}

/** Money added up by currency, in the smallest of all their places, as the page writes it. */
function sums(moved: readonly (readonly [currency: string, amount: string])[]): string[] {
  const all = new Map<string, { minor: bigint; places: number }>();
  for (const [currency, amount] of moved) {
    const places = amount.split('.')[1]?.length ?? 0;
    const before = all.get(currency)?.minor ?? 0n;
    all.set(currency, { minor: before + BigInt(amount.replace('.', '')), places });
  }
  const texts = [...all].map(([currency, { minor, places }]) => `${grouped(minor, places)} ${currency}`);
  return texts.sort((a, b) => (a < b ? -1 : 1));
}

function grouped(minor: bigint, places: number): string {
  const digits = String(minor).padStart(places + 1, '0');
  const [whole, rest] = [digits.slice(0, digits.length - places), digits.slice(digits.length - places)];
  return whole.replace(/\B(?=(\d{3})+$)/g, ',') + (rest === '' ? '' : `.${rest}`);
}
