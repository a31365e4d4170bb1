import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cutTables, type Kit } from './kit.ts';
import { counts, liveRows, noNotices, notices, otherRows } from './live-answers.ts';

/** Live: the list, its filters, its figures, and what wants a look. */
export function livePages(kit: () => Kit): void {
  const rowsOnly = { rows: liveRows(1, 40), counts, notices: noNotices };

  test('a pause stops the list and not the counts, and tells how many are new', () =>
    kit().onPage('/live', {}, async (page, at) => {
      await page.getByRole('button', { name: 'Pause' }).click();
      const list = page.locator('#records tbody tr');
      const first = await list.first().innerText();
      at.send('rows', liveRows(41, 55));
      at.send('counts', { ...counts, records: counts.records + 15, lag: counts.lag + 15 });
      await page.getByText('15 new while paused').waitFor();
      await page.getByText('11,611').waitFor();
      assert.equal(await list.first().innerText(), first);
      await page.getByRole('button', { name: 'Resume' }).click();
      await page.getByRole('button', { name: 'Pause' }).waitFor();
      assert.equal(await list.count(), 55);
    }));

  test('the list of Live is never cut, whatever the width', () =>
    kit().onPage('/live', {}, async (page) => {
      await page.getByText('40 records on this page').waitFor();
      for (let width = 320; width <= 1600; width += 64) {
        await page.setViewportSize({ width, height: 800 });
        assert.deepEqual(await cutTables(page), [], `${width} px`);
      }
    }));

  test('a sum that does not add up is told', () =>
    kit().onPage('/live', { live: { ...rowsOnly, counts: { ...counts, records: 12_850 } } }, async (page) => {
      await page.getByText('The right side adds up to 12,846, not 12,850.').waitFor();
    }));

  test('lag is told in time, and drafts stand apart', () =>
    kit().onPage('/live', { live: { ...rowsOnly, counts: { ...counts, overdueMs: 200_000 } } }, async (page) => {
      await page.getByText('The oldest without a verdict has waited 1 s.').waitFor();
      await page.getByText('What was due to leave first is 3 min 20 s late.').waitFor();
      await page.getByText('18 drafts in no figure here.').waitFor();
    }));

  test('filters narrow the list, stand in the address, and can be cleared', async () => {
    await kit().onPage('/live', {}, async (page) => {
      await page.getByLabel('Verdict').selectOption('refused');
      await page.getByText('of 40 records').waitFor();
      const badges = page.locator('#records tbody .badge');
      assert.deepEqual(new Set(await badges.allInnerTexts()), new Set(['refused']));
      await page.waitForURL('**/live?verdict=refused');
      await page.getByLabel('Id contains').fill('no such id');
      await page.getByText('No record matches').waitFor();
      await page.getByRole('button', { name: 'Clear filters' }).click();
      await page.getByText('40 records on this page').waitFor();
      await page.waitForURL('**/live');
    });
    await kit().onPage('/live?door=server', {}, async (page) => {
      await page.getByText('of 40 records').waitFor();
      assert.equal(await page.getByLabel('Door').inputValue(), 'server');
    });
  });

  test("records of Assay's own come on request, and every kind has words", () =>
    kit().onPage('/live', { live: { ...rowsOnly, rows: otherRows(1) } }, async (page) => {
      await page.getByText('8 records on this page').waitFor();
      for (const words of ['Ad click', 'Consent withdrawn', 'Page visit', 'Foreign pixel call', 'Lead step'])
        await page.getByRole('button', { name: words }).waitFor();
      assert.equal(await page.locator('#records tbody .badge[data-is=draft]').count(), 1);
      assert.equal(await page.getByRole('button', { name: 'Sent to TikTok' }).count(), 0);
      await page.getByLabel("Assay's own too").check();
      await page.getByRole('button', { name: 'Sent to TikTok' }).waitFor();
      await page.waitForURL('**/live?ours=too');
      await page.getByRole('button', { name: '12,846 received: show' }).waitFor();
    }));

  test('a figure opens down to its rows', () =>
    kit().onPage('/live', {}, async (page) => {
      await page.getByRole('button', { name: '61 refused: show' }).click();
      await page.waitForURL('**/live?verdict=refused');
      await page.getByRole('button', { name: /quarantined by browser: show/ }).click();
      await page.waitForURL('**/live?door=browser&verdict=quarantined');
      await page.getByText('Turned away').click();
      await page.getByRole('button', { name: 'origin_foreign' }).click();
      await page.waitForURL('**/live?verdict=refused&reason=origin_foreign');
      await page.getByText(/^\d of 40 records/).waitFor();
    }));

  test('findings and differences are told with times and what to do, and lead to their traces', () =>
    kit().onPage('/live', {}, async (page) => {
      await page.getByText('Findings').click();
      await page.getByText('See that the shop gives each order one id.').waitFor();
      const link = page.getByRole('link', { name: 'order 10045' });
      assert.equal(await link.getAttribute('href'), '/trace/10045');
      await page.locator('summary').getByText('Differences').click();
      await page.getByText('59.90 EUR was kept').waitFor();
      assert.equal(await page.getByRole('link', { name: 'Purchase value' }).getAttribute('href'), '/trace/10045');
    }));

  for (const width of [360, 1440])
    test(`at ${width} px rows are walked by arrows, opened by Enter and closed by Escape`, () =>
      kit().onPage(
        '/live',
        {},
        async (page) => {
          const rows = page.locator('.row-open');
          await rows.first().focus();
          await page.keyboard.press('ArrowDown');
          await page.keyboard.press('ArrowDown');
          await page.keyboard.press('ArrowUp');
          await page.keyboard.press('Enter');
          const panel = page.getByRole('dialog');
          await panel.getByText('Sequence').waitFor();
          assert.match(await panel.innerText(), /\b39\b/);
          assert.ok(await panel.evaluate((dialog) => dialog.matches(':focus-within')));
          await page.keyboard.press('Escape');
          await panel.waitFor({ state: 'detached' });
          assert.ok(await rows.nth(1).evaluate((row) => row.matches(':focus')));
          await page.keyboard.press('End');
          assert.ok(await rows.last().evaluate((row) => row.matches(':focus')));
        },
        { width },
      ));

  test('focus that has moved on from a closed panel stays where it is', () =>
    kit().onPage('/live', {}, async (page) => {
      const rows = page.locator('.row-open');
      await rows.first().click();
      await page.getByRole('dialog').waitFor();
      // In one task, as a fast reader's keys may be: no paint comes between the closing and the next focus.
      await page.locator('html').evaluate(async (html) => {
        html.querySelector('.panel-head button').click();
        await Promise.resolve();
        [...html.querySelectorAll('.row-open')].at(-1).focus();
      });
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await page.waitForTimeout(100);
      assert.ok(await rows.last().evaluate((row) => row.matches(':focus')));
    }));

  test('a row opens to its reasons with their meaning, and leads to its trace', () =>
    kit().onPage('/live?verdict=quarantined', {}, async (page) => {
      await page.locator('.row-open').first().click();
      const panel = page.getByRole('dialog');
      await panel.getByText('A parameter that the tracking spec requires is missing.').waitFor();
      await panel.getByText('Add it at the source, then replay the record.').waitFor();
      await panel.getByRole('link', { name: 'Trace', exact: true }).click();
      await page.waitForURL('**/trace/e-01JD7W3K2Q8Y5N4M6P0R9S1T*');
      await page.getByRole('heading', { name: 'Trace', level: 1 }).waitFor();
      await page.goBack();
      await page.getByRole('heading', { name: 'Live', level: 1 }).waitFor();
    }));

  test('a broken stream is told and comes back by itself', () =>
    kit().onPage('/live', { live: { ...rowsOnly, notices } }, async (page, at) => {
      await page.getByText('40 records on this page').waitFor();
      at.drop();
      await page.getByText(/^Reconnecting, last data \d/).waitFor();
      await page.getByText('Live', { exact: true }).and(page.locator('.state')).waitFor();
      assert.equal(await page.locator('#records tbody tr').count(), 40);
    }));
}
