import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { frozenLeads, leads, noLeads, noOrders, orderRows, orders } from './books-answers.ts';
import { hostilePages } from './hostile.ts';
import { assertFlawless, faults, type Kit, openKit, overflow } from './kit.ts';
import { leadPages } from './lead-pages.ts';
import { counts, liveRows, noCounts, noNotices, notices, otherRows } from './live-answers.ts';
import { livePages } from './live-pages.ts';
import { orderPages } from './order-pages.ts';
import type { Scene } from './serve.ts';
import { bareSettings } from './settings-answers.ts';
import { settingsPages } from './settings-pages.ts';
import { leadTrace } from './trace-answers.ts';
import { tracePages } from './trace-pages.ts';

let opened: Kit | undefined;
before(async () => {
  opened = await openKit();
});
after(() => opened?.close());

function kit(): Kit {
  assert.ok(opened);
  return opened;
}

// Enough for every kind of row; axe looks at each of them several times.
const few = { live: { rows: [...liveRows(1, 7), ...otherRows(8)], counts, notices } };

const states: [name: string, path: string, shows: string, scene: Partial<Scene>][] = [
  ['Live with records', '/live', 'no verdict yet', few],
  [
    'Live before any record',
    '/',
    'Nothing has arrived yet',
    { live: { rows: [], counts: noCounts, notices: noNotices } },
  ],
  ['Live while the server is unwell', '/live', 'The ledger is being rebuilt.', { live: 503, reasons: 503 }],
  ['Live when signed out', '/live', 'You are signed out', { live: 401, reasons: 401 }],
  ['Orders', '/orders', '12 orders on this page', {}],
  ['Orders before the first', '/orders', 'No order yet', { orders: noOrders }],
  [
    'Orders that no filter lets through',
    '/orders?order_id=x',
    'No order matches',
    { orders: { ...orders, orders: [] } },
  ],
  ['Orders while the server is unwell', '/orders', 'The ledger is being rebuilt.', { orders: 503 }],
  ['Orders when signed out', '/orders', 'You are signed out', { orders: 401 }],
  ['Orders while they are read', '/orders', 'Reading the order book', { orders: 'silent' }],
  ['Leads', '/leads', '31 leads on this page', {}],
  ['Leads under a freeze', '/leads', 'window test', { leads: frozenLeads }],
  ['Leads before the first', '/leads', 'No lead yet', { leads: noLeads }],
  ['Leads that no filter lets through', '/leads?status=new', 'No lead matches', { leads: { ...leads, leads: [] } }],
  ['Leads while the server is unwell', '/leads', 'The ledger is being rebuilt.', { leads: 503 }],
  ['Leads when signed out', '/leads', 'You are signed out', { leads: 401 }],
  ['Trace before a search', '/trace', 'Enter an id', {}],
  ['Trace of an order', '/trace/10045', 'TikTok accepted the event after one attempt.', {}],
  ['Trace of a lead', '/trace/L-77', 'Lead L-77', { trace: leadTrace }],
  ['Trace of nothing known', '/trace/99999', 'Nothing is known about 99999', { trace: 404 }],
  ['Trace while the server is unwell', '/trace/10045', 'Try again', { trace: 503 }],
  ['Trace when signed out', '/trace/10045', 'You are signed out', { trace: 401 }],
  ['Settings', '/settings', 'Trusted proxies', {}],
  ['Settings of a bare server', '/settings', 'Retention', { settings: bareSettings }],
  ['Settings while the server is unwell', '/settings', 'The ledger is being rebuilt.', { settings: 503 }],
  ['Settings when signed out', '/settings', 'You are signed out', { settings: 401 }],
  ['a page that is not there', '/nowhere', 'There is no such page', {}],
];

// Each page has a process of its own in the browser.
describe('the pages', { concurrency: 2 }, () => {
  for (const [name, path, shows, scene] of states)
    test(`${name} fits every width and has no accessibility fault in either theme`, () =>
      kit().onPage(
        path,
        scene,
        async (page) => {
          await page.getByText(shows).first().waitFor();
          await assertFlawless(page);
        },
        { axe: true },
      ));

  const panels: [path: string, row: number, scene: Partial<Scene>][] = [
    ['/live', 2, few],
    [
      '/orders',
      0,
      { orders: { ...orders, orders: [orders.orders[0], ...orderRows(0, 1)].filter((row) => row !== undefined) } },
    ],
    ['/leads', 0, { leads: { ...leads, leads: leads.leads.slice(0, 5) } }],
  ];
  for (const [path, row, scene] of panels)
    test(`the detail panel of ${path} fits every width and has no accessibility fault in either theme`, () =>
      kit().onPage(
        path,
        scene,
        async (page) => {
          await page.locator('.row-open').nth(row).click();
          await page.getByRole('dialog').waitFor();
          await assertFlawless(page);
        },
        { axe: true },
      ));

  test('what is folded away and what asks fits every width and has no accessibility fault', async () => {
    const unfold = { axe: true } as const;
    await kit().onPage(
      '/live',
      few,
      async (page) => {
        for (const title of ['Turned away', 'Findings', 'Differences'])
          await page.locator('summary').getByText(title).click();
        await assertFlawless(page);
      },
      unfold,
    );
    for (const path of ['/orders', '/leads'])
      await kit().onPage(
        path,
        {},
        async (page) => {
          await page.setViewportSize({ width: 360, height: 800 });
          await page.locator('.side summary').click();
          assert.deepEqual([await overflow(page), await faults(page)], [0, []]);
        },
        unfold,
      );
    await kit().onPage(
      '/settings',
      {},
      async (page, at) => {
        at.scene.change = [{ where: 'name', what: 'name is taken', fix: 'choose another', code: 'body_shape' }];
        await page.getByRole('button', { name: 'End try-out' }).click();
        await page.getByText('Open a test session').click();
        await page.getByText('New key').click();
        await page.getByLabel('Name').fill('x');
        await page.getByRole('button', { name: 'Make the key' }).click();
        await page.getByText('Name is taken.').waitFor();
        await assertFlawless(page);
      },
      unfold,
    );
  });

  livePages(kit);
  orderPages(kit);
  leadPages(kit);
  tracePages(kit);
  settingsPages(kit);
  hostilePages(kit);

  test('on a phone the menu opens the pages and closes behind a choice', () =>
    kit().onPage(
      '/live',
      {},
      async (page) => {
        const link = page.getByRole('link', { name: 'Trace', exact: true });
        assert.equal(await link.isVisible(), false);
        await page.getByRole('button', { name: 'Menu' }).click();
        await link.click();
        await page.getByText('Enter an id').waitFor();
        assert.equal(await link.isVisible(), false);
      },
      { width: 360 },
    ));

  test('the chosen theme wins over the system and outlives a reload', () =>
    kit().onPage(
      '/live',
      {},
      async (page) => {
        const theme = page.getByRole('button', { name: /^Theme/ });
        await theme.click();
        await theme.click();
        await page.reload();
        await page.getByRole('button', { name: 'Theme: dark' }).waitFor();
        assert.equal(await page.locator('html').getAttribute('data-theme'), 'dark');
      },
      { alone: true },
    ));
});

test('no page broke a script or the content policy', () => {
  assert.deepEqual(kit().errors, []);
});
