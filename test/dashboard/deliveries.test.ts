import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, Locator, Page } from 'playwright-core';
import { start as startTwin, TWIN, type TwinProcess } from '../../src/sim/twin/client.ts';
import { launch } from '../chromium.ts';
import { tellServer } from '../door.ts';
import { SHOP, startTestServer, type TestServer } from '../server.ts';
import { openOperator } from './operator.ts';

let twin: TwinProcess;
let server: TestServer;
let browser: Browser;
let page: Page;
/** how far the server's clock has been moved on, ms */
let moved = 0;
const errors: string[] = [];
const folder = mkdtempSync(join(tmpdir(), 'assay-token-'));
const tokenFile = join(folder, 'token');

before(async () => {
  writeFileSync(tokenFile, 'revoked-token');
  twin = await startTwin();
  const env = { TIKTOK_TOKEN_FILE: tokenFile };
  server = await startTestServer(twin.url, {}, { env, now: () => Date.now() + moved });
  browser = await launch();
  page = await openOperator(browser, server, errors, 15_000);
});
after(async () => {
  await browser?.close();
  await server?.stop();
  await twin?.stop();
  rmSync(folder, { recursive: true });
});

test('a destination whose token was revoked is paused and keeps what waits, and goes on once it is renewed', async () => {
  await tell('a-1', 'a-2');
  await page.getByRole('link', { name: 'Deliveries', exact: true }).click();
  const main = page.getByRole('region', { name: 'Destination main' });
  await lookUntil(main.locator('.badge[data-is=paused]'));
  await main.getByText('40105').waitFor();
  await main.getByText('2 queued, 0 in flight, 0 held').waitFor();
  await page.getByRole('row', { name: /code 40105 paused/ }).waitFor();
  assert.deepEqual(await atTikTok('a-1', 'a-2'), [0, 0]);

  writeFileSync(tokenFile, TWIN.token);
  // What was refused for its token waits out the pause, once more where the new token was not read yet.
  await lookUntil(main.locator('.badge[data-is=healthy]'), 6 * 60_000);
  await lookUntil(main.getByText('0 queued, 0 in flight, 0 held'));
  await lookUntil(page.getByRole('row', { name: /code 0 accepted main 2/ }));
  assert.deepEqual(await atTikTok('a-1', 'a-2'), [1, 1]);
});

test('what TikTok refused is a dead letter with its answer, and a replay of it is tried, done and delivered', async () => {
  await twin.refuse({ 'b-1': 40_002, 'b-2': 40_002 });
  await tell('b-1');
  await tell('b-2');
  await lookUntil(page.getByText('2 letters on this page, which is all'));
  await page.getByRole('row', { name: /code 40002 refused main 2/ }).waitFor();
  await page.getByRole('button', { name: '2 dead: show' }).click();
  await page.waitForURL('**/deliveries?kind=dead&destination=main');
  await page.getByRole('button', { name: 'Contact' }).first().click();
  const panel = page.getByRole('dialog', { name: 'Contact to main' });
  await panel.getByText('TikTok refuses these bytes for good.').waitFor();
  await panel.getByText('the copy will count').waitFor();
  assert.equal(await panel.getByRole('link', { name: 'Trace', exact: true }).getAttribute('href'), '/trace/b-2');
  await panel.getByRole('button', { name: 'Close' }).click();

  await twin.refuse({});
  await page.getByRole('button', { name: 'Replay all that match' }).click();
  await page.getByText('2 letters would go again, 0 would not. Nothing is changed yet.').waitFor();
  assert.deepEqual(await atTikTok('b-1', 'b-2'), [0, 0]);
  await page.getByRole('button', { name: 'Replay 2' }).click();
  await page.getByText('2 letters replayed, 0 refused.').waitFor();
  await lookUntil(page.getByText('No letter matches'));
  await lookUntil(page.getByRole('row', { name: /code 0 accepted main 4/ }));
  assert.deepEqual(await atTikTok('b-1', 'b-2'), [1, 1]);
});

test('Trace tells every attempt of what was replayed, and no script failed on the way', async () => {
  await page.goto(`${server.adminUrl}/trace/b-1`);
  await page
    .getByText(/TikTok accepted it at .*, at attempt 2/)
    .first()
    .waitFor();
  assert.ok((await page.locator('.timeline').getByText('Attempt', { exact: true }).count()) >= 2);
  assert.deepEqual(errors, []);
});

/** Events of the shop's own server, decided when this is done. */
async function tell(...ids: string[]): Promise<void> {
  const events = ids.map((event_id) => ({
    ...{ event: 'Contact', event_id, consent: 'granted', page: { url: `${SHOP}/contact` } },
    user: { ip: '198.51.100.7', user_agent: 'Mozilla/5.0 (X11; Linux x86_64)' },
  }));
  await tellServer(server.publicUrl, '/v1/server/events', { events });
}

/** How many copies of each TikTok took. */
async function atTikTok(...ids: string[]): Promise<number[]> {
  const events = await twin.events();
  return ids.map((id) => events.filter(({ event_id }) => event_id === id).length);
}

/** Asks the page to look again until it shows this; each time the server's clock is `on` ms further. */
async function lookUntil(shown: Locator, on = 0): Promise<void> {
  const again = page.getByRole('button', { name: 'Look again' });
  for (let tries = 0; tries < 50; tries++) {
    moved += on;
    server.wake();
    await again.click();
    const seen = await shown.waitFor({ timeout: 600 }).then(
      () => true,
      () => false,
    );
    if (seen) return;
  }
  await shown.waitFor();
}
