import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAsked, type Kit } from './kit.ts';
import { checkout, heldTrace, leadTrace, purchase, trace } from './trace-answers.ts';

/** Trace: from any id to the whole way. */
export function tracePages(kit: () => Kit): void {
  test('a search leads to the order, its two legs, its hops and its bodies', () =>
    kit().onPage('/trace', {}, async (page) => {
      await page.getByLabel(/ttclid or request id/).fill(' 10045 ');
      await page.keyboard.press('Enter');
      await page.waitForURL('**/trace/10045');
      await page.getByRole('heading', { name: 'Order 10045' }).waitFor();
      const card = page.locator('details.card').first();
      assert.deepEqual(await card.locator('.leg .badge').allInnerTexts(), ['delivered', 'unknown']);
      assert.equal(await card.locator('.timeline > li').count(), purchase.hops.length);
      assert.match(await card.locator('.timeline').innerText(), /14:04:28\.340/);
      const opened = card.locator('.timeline').getByText('"order_id": "10045"');
      assert.equal(await opened.isVisible(), false);
      await card.getByText('Detail of record 812').click();
      assert.equal(await opened.isVisible(), true);
      await card.getByRole('button', { name: 'Copy Request to TikTok, main, as Purchase' }).click();
      await card.getByText('Copied').waitFor();
      assert.equal(await page.getByText(checkout.eventId).first().isVisible(), false);
    }));

  test('each leg says until when TikTok merges and drops, and each destination has its own body', () =>
    kit().onPage('/trace/10045', {}, async (page) => {
      const card = page.locator('details.card').first();
      await card.getByText('TikTok merges copies by this leg until 14:08:28').waitFor();
      await card.getByText('Request to TikTok, second, as CompletePayment').waitFor();
      assert.equal(await card.locator('figure.code').getByText('"CompletePayment"').count(), 1);
    }));

  test('contact with ads stands in the timeline and in a list of its own, with its ids', () =>
    kit().onPage('/trace/10045', {}, async (page) => {
      const first = page.locator('.timeline > li').first();
      await first.getByText('The visitor clicked an ad').waitFor();
      const table = page.getByRole('table', { name: 'Ad contacts' });
      await table.getByText('campaign_id 1799000000000001, utm_source tiktok').last().waitFor();
      await table.getByRole('link', { name: 't-01JD7W3K', exact: true }).click();
      await page.waitForURL('**/trace/t-01JD7W3K');
    }));

  test('legs that carry different values are told, and a draft is marked', () =>
    kit().onPage('/trace/10045', {}, async (page) => {
      const card = page.locator('details.card').nth(1);
      await card.locator('summary').first().click();
      await card.getByText('The pixel carried value 1.00 EUR').waitFor();
      assert.equal(await card.locator('summary .badge[data-is=draft]').count(), 1);
    }));

  test('a lead is told by its steps', () =>
    kit().onPage('/trace/L-77', { trace: leadTrace }, async (page) => {
      const table = page.getByRole('table', { name: 'Steps of lead L-77' });
      await table.getByText('qualified').first().waitFor();
      assert.equal(await table.locator('tbody tr').count(), 2);
    }));

  test('a trace is asked for again while something is under way, and no more when it is settled', () =>
    kit().onPage(
      '/trace/10045',
      { trace: heldTrace },
      async (page, at) => {
        await page.getByText('Looks again every 2 s.').waitFor();
        at.scene.trace = trace;
        await page.clock.runFor(2000);
        await page.getByText('All is settled.').waitFor();
        // Asked for beside the trace, and perhaps later than it.
        await assertAsked(at, 'GET /v1/reasons');
        const asked = at.asked.length;
        await page.clock.runFor(60_000);
        assert.equal(at.asked.length, asked);
      },
      { clock: true },
    ));

  test('a failed refresh leaves the last answer standing', () =>
    kit().onPage(
      '/trace/10045',
      { trace: heldTrace },
      async (page, at) => {
        await page.getByText('Looks again every 2 s.').waitFor();
        at.scene.trace = 503;
        await page.clock.runFor(2000);
        await page.getByRole('alert').getByText('The ledger is being rebuilt.').waitFor();
        assert.ok(await page.getByRole('heading', { name: 'Order 10045' }).isVisible());
      },
      { clock: true },
    ));
}
