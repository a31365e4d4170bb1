import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launch } from '../chromium.ts';
import { SHOP } from '../server.ts';
import type { Stage } from './stage.ts';

/** Runs where it is taken for markup. */
export const MARKUP = '<img src=x onerror="window.__pwned=1"><script>window.__pwned=2</script>';

/** The pages, over everything that was thrown at the server. */
export function shown(stage: () => Stage): void {
  let browser: Browser | undefined;
  let page: Page;
  const errors: string[] = [];
  after(() => browser?.close());

  // A test, since a hook that comes late does not wait for the one that opens the stage.
  test('the pages open', async () => {
    browser = await launch();
    page = await browser.newPage();
    page.setDefaultTimeout(10_000);
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (line) => {
      // An unknown id is asked for on purpose.
      if (line.type() === 'error' && !line.text().startsWith('Failed to load resource')) errors.push(line.text());
    });
    page.on('dialog', (dialog) => {
      errors.push(dialog.message());
      void dialog.dismiss();
    });
    await page.goto(stage().server.signInUrl());
    await page.waitForURL(/\/(?:live)?$/);
  });

  /** Opens a page and all that can be opened on it. */
  async function open(path: string, ready: string): Promise<string> {
    await page.goto(stage().server.adminUrl + path);
    await page.locator(ready).first().waitFor();
    await page.locator('details').evaluateAll((all) => {
      for (const one of all) one.setAttribute('open', '');
    });
    return harmless();
  }

  test('markup in an order, a lead and a visitor is taken', async () => {
    const context = {
      ...{
        visitor: `v-${MARKUP}`,
        session: `s-${MARKUP}`,
        consent: 'granted',
        page: { url: `${SHOP}/${MARKUP}?q=${MARKUP}`, referrer: `https://x.example/${MARKUP}` },
      },
      ...{
        user: { user_agent: MARKUP, locale: MARKUP, ttclid: MARKUP, ttp: MARKUP, ip: '198.51.100.7' },
        ad: { campaign_id: MARKUP, [MARKUP]: MARKUP },
      },
      properties: { description: MARKUP, [MARKUP]: MARKUP, n: [{ [MARKUP]: MARKUP }] },
    };
    const contents = [{ content_id: MARKUP, content_name: MARKUP, quantity: 1, price: 1 }];
    const told = [
      await stage().ask('server POST /v1/orders', {
        ...context,
        order_id: 'H-markup',
        value: 1,
        currency: 'EUR',
        contents,
      }),
      await stage().ask('server POST /v1/leads', {
        ...context,
        lead_id: 'L-markup',
        lead: { notes: MARKUP, [MARKUP]: MARKUP },
      }),
      await stage().ask('server POST /v1/server/events', { ...context, event: MARKUP, event_id: MARKUP }),
      await stage().ask('server POST /v1/leads/L-markup/status', { ...context, status: MARKUP.slice(0, 60) }),
    ];
    for (const { json } of told) await stage().verdicts(String(json['receipt']));
  });

  async function harmless(): Promise<string> {
    const seen = await page.locator('#app').evaluate((app) => ({
      pwned: '__pwned' in app.ownerDocument.defaultView,
      injected: app.querySelectorAll('img, script, iframe, object, embed, svg, form[action], base, link, style').length,
      links: [...app.querySelectorAll('a')]
        .map((link) => link.getAttribute('href') ?? '')
        .filter((href) => !/^(?:\/(?!\/)|#)/.test(href)),
      handlers: [...app.querySelectorAll('*')].filter((element) =>
        [...element.attributes].some(({ name }) => /^on/.test(name)),
      ).length,
      text: app.textContent ?? '',
    }));
    const { text, ...rest } = seen;
    assert.deepEqual(rest, { pwned: false, injected: 0, links: [], handlers: 0 });
    assert.deepEqual(errors, []);
    return text;
  }

  test('Live shows what was sent as text, and runs none of it', async () => {
    const text = await open('/live', '#records tbody tr');
    assert.ok(text.includes(MARKUP), 'the markup is not there to be read');
    const rows = page.locator('.row-open');
    for (let n = 0; n < Math.min(8, await rows.count()); n++) {
      await rows.nth(n).click();
      await page.getByRole('dialog').waitFor();
      await harmless();
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }
  });

  test('Trace shows what was sent as text, and runs none of it', async () => {
    for (const id of ['H-markup', 'L-markup', `v-${MARKUP}`]) {
      const text = await open(`/trace/${encodeURIComponent(id)}`, '.timeline');
      assert.ok(text.includes(MARKUP), id);
    }
  });

  test('Trace of what nobody knows shows the question as text', async () => {
    const text = await open(`/trace/${encodeURIComponent(`${MARKUP} nobody`)}`, '[role=alert], .note, .empty, p');
    assert.ok(text.length > 0);
  });

  for (const [path, id] of [
    ['/orders', 'H-markup'],
    ['/leads', 'L-markup'],
  ] as const)
    test(`${path} shows what was sent as text, and runs none of it`, async () => {
      await open(path, '.row-open');
      await page.getByRole('button', { name: id, exact: true }).first().click();
      await page.getByRole('dialog').waitFor();
      assert.ok((await harmless()).includes(id));
    });

  test('Settings shows what was sent as text, and runs none of it', async () => {
    await open('/settings', 'table');
  });
}
