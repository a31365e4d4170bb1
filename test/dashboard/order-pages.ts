import assert from 'node:assert/strict';
import { test } from 'node:test';
import { busyOrder, noOrders, orderRows, orders } from './books-answers.ts';
import { assertAsks, cutTables, type Kit, questions } from './kit.ts';

/** Orders: figures that open down to orders, orders that open down to entries. */
export function orderPages(kit: () => Kit): void {
  test('a figure opens down to its orders, and can be gone back from', () =>
    kit().onPage('/orders?order_id=1', {}, async (page, at) => {
      await page.getByText('12 orders on this page').waitFor();
      await page.getByRole('button', { name: '10,114 Paid: show' }).click();
      await page.waitForURL('**/orders?status=paid');
      await page.getByRole('button', { name: '10,736 orders: show' }).click();
      await page.waitForURL('**/orders');
      await page.getByRole('button', { name: '−75.00 EUR net, Dispute lost: show' }).click();
      await page.waitForURL('**/orders?status=lost&currency=EUR');
      await page.getByRole('button', { name: '42,580,400 JPY net: show' }).click();
      await page.waitForURL('**/orders?currency=JPY');
      assert.equal(await page.getByLabel('Currency', { exact: true }).inputValue(), 'JPY');
      await assertAsks(at, 'GET /v1/reports/orders?currency=JPY&limit=50');
      for (let steps = 0; steps < 3; steps++) await page.goBack();
      await page.waitForURL('**/orders?status=paid');
      assert.equal(await page.getByLabel('Status', { exact: true }).inputValue(), 'paid');
      await assertAsks(at, 'GET /v1/reports/orders?status=paid&limit=50');
      assert.equal(questions(at)[0], 'GET /v1/reports/orders?order_id=1&limit=50');
    }));

  test('figures say what they stand on, and no two currencies are added', () =>
    kit().onPage('/orders', {}, async (page) => {
      await page.getByText('spec version 7, as of 22 Nov 2026, 14:03:26 CET').waitFor();
      await page.getByText('Times in Europe/Berlin (CET).').waitFor();
      await page.getByText('net 1,171,317.80 EUR').waitFor();
      await page.getByText('net 42,580,400 JPY').waitFor();
      await page.getByText('net 0.000 KWD').waitFor();
    }));

  test('filters stand in the address, are asked of the server, and reach the files', () =>
    kit().onPage('/orders?after=x', {}, async (page, at) => {
      await page.getByLabel('Status', { exact: true }).selectOption('partlyRefunded');
      await page.getByLabel('Order id begins with').fill(' 100&4 ');
      await page.getByLabel('Currency', { exact: true }).selectOption('KWD');
      await page.getByLabel('Provider', { exact: true }).selectOption({ label: 'stripe, 10,301 orders' });
      await page.getByLabel('Session', { exact: true }).selectOption('lost');
      assert.equal(await page.getByLabel('Shop', { exact: true }).count(), 0);
      await page.getByLabel('From').fill('2026-11-01');
      await page.getByLabel('To', { exact: true }).fill('2026-11-22');
      const query =
        'status=partlyRefunded&order_id=100%264&currency=KWD&provider=stripe&session=lost&from=2026-11-01&to=2026-11-22';
      await page.waitForURL(`**/orders?${query}`);
      await assertAsks(at, `GET /v1/reports/orders?${query}&limit=50`);
      for (const [name, file] of [
        ['Orders as CSV', 'orders.csv'],
        ['Entries as CSV', 'orders-entries.csv'],
      ] as const)
        assert.equal(await page.getByRole('link', { name }).getAttribute('href'), `/v1/reports/${file}?${query}`);
      await page.reload();
      await page.getByText('12 orders on this page').waitFor();
      assert.equal(await page.getByLabel('From').inputValue(), '2026-11-01');
      assert.equal(await page.getByLabel('Order id begins with').inputValue(), '100&4');
    }));

  test('an id that is being typed is asked for once', () =>
    kit().onPage('/orders', {}, async (page, at) => {
      await page.getByText('12 orders on this page').waitFor();
      // By the page's own clock: keys that are pressed from here come as late as the machine is busy.
      await page.getByLabel('Order id begins with').evaluate(async (field) => {
        const input = field as unknown as { value: string; dispatchEvent(event: Event): boolean };
        for (const typed of ['1', '10', '100', '1004', '10045']) {
          input.value = typed;
          input.dispatchEvent(new Event('input', { bubbles: true }));
          await new Promise((done) => setTimeout(done, 20));
        }
      });
      await assertAsks(at, 'GET /v1/reports/orders?order_id=10045&limit=50');
      assert.equal(questions(at).length, 2);
    }));

  test('an order opens to its entries with the running net, and leads to its traces', () =>
    kit().onPage('/orders', {}, async (page) => {
      await page.getByRole('button', { name: busyOrder.order_id }).click();
      const panel = page.getByRole('dialog');
      const lines = await panel.locator('.tally > li').allInnerTexts();
      assert.deepEqual(
        lines.map((line) => line.split('\n').slice(0, 3).join(' ')),
        [
          'Payment 1,259.90 EUR net 1,259.90 EUR',
          'Fee −25.75 EUR net 1,234.15 EUR',
          'Payment 10.00 USD net 10.00 USD',
          'Refund −200.00 EUR net 1,034.15 EUR',
          'Dispute opened 22 Nov 2026, 14:43:22 CET by stripe dp_1NqX',
          'Chargeback −1,059.90 EUR net −25.75 EUR',
          'Chargeback reversed 1,059.90 EUR net 1,034.15 EUR',
          'Dispute won 22 Nov 2026, 15:03:22 CET by stripe dp_1NqX-won',
        ],
      );
      assert.equal(await panel.getByRole('alert').count(), 0);
      await panel.getByText('TikTok accepted the event in the body of its answer.').waitFor();
      assert.equal(await panel.getByRole('link', { name: 'record 846' }).getAttribute('href'), '/trace/846');
      await panel.getByRole('link', { name: 'Trace', exact: true }).click();
      await page.waitForURL('**/trace/10045');
      await page.goBack();
      await page.getByText('12 orders on this page').waitFor();
    }));

  test('an order whose session was lost says between what, and leads to the record that shows it', () =>
    kit().onPage('/orders', {}, async (page) => {
      const row = page.locator('tbody tr').first();
      await row.getByText('session lost').waitFor();
      await page.getByRole('button', { name: busyOrder.order_id }).click();
      const note = page.getByRole('dialog').getByRole('region', { name: 'Lost session' });
      await note.getByText('The session was lost between shop.example and stripe’s webhook').waitFor();
      assert.equal(await note.getByRole('link').getAttribute('href'), '/trace/812');
    }));

  test('orders of several shops can be narrowed to one', () => {
    const marks = [...orders.marks, { kind: 'shop', name: 'second', orders: 1 } as const];
    const rows = ['demo', 'second'].map((shop) => ({ ...busyOrder, shop }));
    return kit().onPage('/orders', { orders: { ...orders, marks, orders: rows } }, async (page, at) => {
      await page.locator('.row-open').nth(1).click();
      await page.getByRole('dialog').getByText('second').waitFor();
      assert.equal(await page.locator('tbody tr[aria-current]').count(), 1);
      await page.getByLabel('Shop', { exact: true }).selectOption('second');
      await page.waitForURL('**/orders?shop=second');
      await assertAsks(at, 'GET /v1/reports/orders?shop=second&limit=50');
    });
  });

  test('entries that do not add up to the net are told', () => {
    const wrong = { ...busyOrder, net: { amount: '1034.16', currency: 'EUR' } };
    return kit().onPage('/orders', { orders: { ...orders, orders: [wrong] } }, async (page) => {
      await page.locator('.row-open').first().click();
      await page.getByText('The entries add up to 1,034.15 EUR, and the ledger says 1,034.16 EUR.').waitFor();
    });
  });

  test('the next page stands in the address, and its way back', () =>
    kit().onPage('/orders?status=paid', {}, async (page, at) => {
      await page.getByText('12 orders on this page').waitFor();
      const { next: _, ...last } = { ...orders, orders: orderRows(11, 14) };
      at.scene.orders = last;
      await page.getByRole('button', { name: 'Next page' }).click();
      await page.waitForURL(`**/orders?status=paid&after=${encodeURIComponent(orders.next ?? '')}`);
      await page.getByText('4 orders on this page, the last').waitFor();
      assert.equal(await page.getByRole('button', { name: 'Next page' }).count(), 0);
      at.scene.orders = orders;
      await page.getByRole('button', { name: 'First page' }).click();
      await page.waitForURL('**/orders?status=paid');
      await page.getByText('12 orders on this page').waitFor();
    }));

  test('a list that filters have emptied can be cleared, and one without orders says what brings them', async () => {
    await kit().onPage('/orders?status=lost', { orders: { ...orders, orders: [] } }, async (page, at) => {
      await page.getByText('No order matches').waitFor();
      at.scene.orders = orders;
      await page.getByRole('button', { name: 'Clear filters' }).click();
      await page.getByText('12 orders on this page').waitFor();
      await page.waitForURL('**/orders');
    });
    await kit().onPage('/orders', { orders: noOrders }, async (page) => {
      await page.getByText('No order yet').waitFor();
      assert.equal(await page.getByRole('button', { name: 'Next page' }).count(), 0);
    });
  });

  test('a refused filter says what is wrong, and can be mended in place', () => {
    const refused = [{ where: 'from', what: 'from is no day', fix: 'Write it as 2026-11-22.', code: 'bad_day' }];
    return kit().onPage('/orders?from=yesterday', { orders: refused }, async (page, at) => {
      await page.getByRole('alert').getByText('Write it as 2026-11-22.').waitFor();
      at.scene.orders = orders;
      await page.getByLabel('From').fill('2026-11-21');
      await page.getByText('12 orders on this page').waitFor();
    });
  });

  test('the list of orders is never cut, whatever the width', () =>
    kit().onPage('/orders', {}, async (page) => {
      await page.getByText('12 orders on this page').waitFor();
      for (let width = 320; width <= 1600; width += 64) {
        await page.setViewportSize({ width, height: 800 });
        assert.deepEqual(await cutTables(page), [], `${width} px`);
      }
    }));
}
