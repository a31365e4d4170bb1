import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { launch } from '../../../test/chromium.ts';
import { start, TWIN, type TwinProcess } from './client.ts';
import { html } from './html.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let twin: TwinProcess;
let browser: Browser;
before(async () => {
  twin = await start();
  browser = await launch();
});
after(async () => {
  await browser.close();
  await twin.stop();
});

test('markup escapes every value that is not markup', () => {
  const { text } = html`<p title="${'"\'&'}">${['<b>', html`<i>${1}</i>`, null]}</p>`;
  assert.equal(text, '<p title="&#34;&#39;&#38;">&#60;b&#62;<i>1</i></p>');
});

test('the page follows what arrives, shows it as text, and fits a phone in both colours', async () => {
  const name = `<img src=x onerror="document.title='owned'">`;
  for (const [width, colorScheme] of [
    [360, 'dark'],
    [1440, 'light'],
  ] as const) {
    await twin.reset();
    const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme });
    const page = await context.newPage();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    await page.goto(`${twin.url}/`);
    await page.getByText('None yet.').first().waitFor();
    await beacon(name, 'x"><script>');
    await page.getByRole('rowheader', { name }).first().waitFor();
    await page.getByRole('button', { name: 'Throttle' }).click();
    await page.getByText('api: code 40100').waitFor();
    await page.getByText('Body').first().click();
    await beacon('Contact', 'c-1');
    await page.getByText('c-1').first().waitFor();
    assert.equal(await page.locator('details[open]').count(), 1, 'an opened body stays open');
    assert.equal(await page.title(), "TikTok's twin");
    assert.ok(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), `wider than ${width}`);
    assert.deepEqual(errors, []);
    await context.close();
  }
});

test('nothing on the page stands in the way of a screen reader', async () => {
  const context = await browser.newContext({ bypassCSP: true });
  const page = await context.newPage();
  await beacon('Contact', 'c-2');
  await page.goto(`${twin.url}/?q=c-2`);
  await page.addScriptTag({ content: AXE });
  const found = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: { id: string }[] }> } };
    return (await axe.run()).violations.map(({ id }) => id);
  });
  assert.deepEqual(found, []);
  await context.close();
});

function beacon(event: string, eventId: string): Promise<Response> {
  const context = { pixel: { code: TWIN.pixel }, user: {}, page: { url: 'u' } };
  const body = JSON.stringify({
    event,
    event_id: eventId,
    timestamp: new Date().toISOString(),
    context,
    properties: {},
  });
  return fetch(`${twin.url}/api/v2/pixel`, { method: 'POST', body });
}
