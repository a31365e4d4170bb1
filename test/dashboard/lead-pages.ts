import assert from 'node:assert/strict';
import { test } from 'node:test';
import { frozenLeads, leads, noLeads } from './books-answers.ts';
import { assertAsks, cutTables, type Kit } from './kit.ts';

/** Leads: the ladder as a funnel, how long they stand, and each one's history. */
export function leadPages(kit: () => Kit): void {
  test('the funnel says how many came how far, what share went on, and what they are worth', () =>
    kit().onPage('/leads', {}, async (page) => {
      await page.getByText('spec version 7, as of 22 Nov 2026, 14:03:26 CET').waitFor();
      const lines = await page.locator('.funnel > li').allInnerTexts();
      assert.deepEqual(
        lines.map((line) => line.replace(/\s+/g, ' ')),
        [
          'new SubmitApplication 8,014 here or further 5,104 stand here',
          'contacted no event 1,993 here or further 25 % of the step before 1,207 stand here',
          'qualified Lead, worth 40.00 EUR 786 here or further 39 % of the step before 644 stand here 25,760.00 EUR',
          'approved ApplicationApproval, worth 120.00 EUR 142 here or further 18 % of the step before ' +
            '142 stand here 15,720.00 EUR 209,000 JPY',
          'rejected a way out 914 stand here',
          'archived not on the ladder 3 stand here',
        ],
      );
    }));

  test('a figure of the funnel opens down to its leads', () =>
    kit().onPage('/leads', {}, async (page, at) => {
      await page.getByRole('button', { name: '644 stand at qualified: show' }).click();
      await page.waitForURL('**/leads?status=qualified');
      await assertAsks(at, 'GET /v1/reports/leads?status=qualified&limit=50');
      await page.getByRole('button', { name: '15,720.00 EUR at approved: show' }).click();
      await page.waitForURL('**/leads?status=approved');
      assert.equal(await page.getByLabel('Status', { exact: true }).inputValue(), 'approved');
      for (const [name, file] of [
        ['Leads as CSV', 'leads.csv'],
        ['Steps as CSV', 'leads-steps.csv'],
      ] as const)
        assert.equal(
          await page.getByRole('link', { name }).getAttribute('href'),
          `/v1/reports/${file}?status=approved`,
        );
    }));

  test('a time in the step opens down to its leads, and is one of the filters', () =>
    kit().onPage('/leads', {}, async (page, at) => {
      const card = page.getByRole('region', { name: 'Time in the step' });
      await card.getByText('of all leads, as of 22 Nov 2026, 14:03:26 CET').waitFor();
      const lines = await card.locator('.tally > li').allInnerTexts();
      assert.deepEqual(
        lines.map((line) => line.split(/\s+/)[0]),
        ['new', 'contacted', 'qualified', 'approved', 'rejected', 'archived'],
      );
      await card.getByRole('button', { name: '1,800 at new for 7 to 30 days: show' }).click();
      await page.waitForURL('**/leads?status=new&age=7-30');
      await assertAsks(at, 'GET /v1/reports/leads?status=new&age=7-30&limit=50');
      await page.getByLabel('In the step for', { exact: true }).selectOption('over 30 days');
      await page.waitForURL('**/leads?status=new&age=30-');
      const file = await page.getByRole('link', { name: 'Steps as CSV' }).getAttribute('href');
      assert.equal(file, '/v1/reports/leads-steps.csv?status=new&age=30-');
    }));

  test('a late reversal stands in the history as what it is', () =>
    kit().onPage('/leads', {}, async (page) => {
      await page.getByRole('button', { name: 'L-74' }).click();
      const steps = page.getByRole('dialog').locator('.tally > li');
      await steps.nth(2).getByText('A late reversal: it takes back').waitFor();
      assert.equal(await page.getByRole('dialog').getByText('A late reversal').count(), 1);
    }));

  test('a lead opens to its history, and each step leads to its trace', () =>
    kit().onPage('/leads', {}, async (page) => {
      await page.getByRole('button', { name: 'L-73' }).click();
      const panel = page.getByRole('dialog');
      await panel.getByText('told 20 min later').waitFor();
      await panel.getByText('Not told to TikTok: the spec maps no event to this status.').waitFor();
      await panel.getByText('content_ids').waitFor();
      assert.equal(await panel.getByRole('link', { name: 'record 940' }).getAttribute('href'), '/trace/940');
      await panel.getByText('record 941').waitFor();
      assert.equal(await panel.getByRole('link', { name: 'record 941' }).count(), 0);
      assert.equal(await panel.getByRole('link', { name: 'event 940' }).getAttribute('href'), '/trace/940');
      await panel.getByRole('link', { name: 'Trace', exact: true }).click();
      await page.waitForURL('**/trace/L-73');
    }));

  for (const width of [360, 1440])
    test(`at ${width} px leads are walked by arrows, opened by Enter and closed by Escape`, () =>
      kit().onPage(
        '/leads',
        {},
        async (page) => {
          const rows = page.locator('.row-open');
          await rows.first().focus();
          await page.keyboard.press('ArrowDown');
          await page.keyboard.press('Enter');
          const panel = page.getByRole('dialog', { name: 'Lead L-76' });
          await panel.getByText('History').waitFor();
          await page.keyboard.press('Escape');
          await panel.waitFor({ state: 'detached' });
          assert.ok(await rows.nth(1).evaluate((row) => row.matches(':focus')));
        },
        { width },
      ));

  test('a frozen scale says until when, who tried to change it, and where it was broken', () =>
    kit().onPage('/leads', { leads: frozenLeads }, async (page) => {
      const note = (name: string) => page.getByRole('region', { name }).innerText();
      assert.match(await note('Freeze'), /until 2026-12-15[\s\S]*window test[\s\S]*leads\.ladder/);
      assert.match(
        await note('Refused change'),
        /was 40.00 EUR, becomes 45.00 EUR[\s\S]*2 times, last 22 Nov 2026, 11:03/,
      );
      assert.match(
        await note('Breaks of the scale'),
        /Version 6, 13 Nov 2026[\s\S]*instalments[\s\S]*by deploy[\s\S]*was 110.00 EUR/,
      );
      await page.getByRole('region', { name: 'Funnel' }).getByText('scale changed by version 6').waitFor();
    }));

  test('a ladder without leads says what brings them', () =>
    kit().onPage('/leads', { leads: noLeads }, async (page) => {
      await page.getByText('No lead yet').waitFor();
      assert.equal(await page.locator('.funnel').count(), 0);
    }));

  test('a list that filters have emptied can be cleared', () =>
    kit().onPage('/leads?lead_id=X', { leads: { ...leads, leads: [] } }, async (page, at) => {
      await page.getByText('No lead matches').waitFor();
      at.scene.leads = leads;
      await page.getByRole('button', { name: 'Clear filters' }).click();
      await page.waitForURL('**/leads');
      await page.getByText('31 leads on this page, as of').waitFor();
    }));

  test('the list of leads is never cut, whatever the width', () =>
    kit().onPage('/leads', {}, async (page) => {
      await page.getByText('31 leads on this page, as of').waitFor();
      for (let width = 320; width <= 1600; width += 64) {
        await page.setViewportSize({ width, height: 800 });
        assert.deepEqual(await cutTables(page), [], `${width} px`);
      }
    }));
}
