import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launch } from '../../../test/chromium.ts';
import { start, TWIN, type TwinProcess } from './client.ts';

const NONCE = 'n0nce';
const POLICY = `script-src 'nonce-${NONCE}' 'strict-dynamic'; require-trusted-types-for 'script'; connect-src *; img-src *`;
const METHODS =
  'page track identify instances debug on off once ready alias group enableCookie disableCookie holdConsent revokeConsent grantConsent';

let twin: TwinProcess;
let shop: ReturnType<typeof createServer>;
let shopUrl: string;
let chromium: Browser;
let browser: BrowserContext;
/** what the page calls before the script is there */
let calls = '';

before(async () => {
  twin = await start();
  shop = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': POLICY });
    response.end(`<!doctype html><title>shop</title><script nonce="${NONCE}">${snippet()}${calls}</script>`);
  });
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
  shopUrl = `http://shop.localhost:${(shop.address() as AddressInfo).port}`;
  chromium = await launch();
});

after(async () => {
  await chromium.close();
  await new Promise((resolve) => shop.close(resolve));
  await twin.stop();
});

beforeEach(async () => {
  await twin.reset();
  browser = await chromium.newContext();
});

afterEach(() => browser.close());

/** A loader as advertisers paste it: an array that queues calls until the script takes over. */
function snippet(): string {
  return `
    var policy = trustedTypes.createPolicy('shop', { createScriptURL: (url) => url });
    window.TiktokAnalyticsObject = 'ttq';
    var ttq = window.ttq = [];
    ttq.methods = '${METHODS}'.split(' ');
    ttq.defer = function (target, method) { target[method] = function () { target.push([method].concat([].slice.call(arguments))); }; };
    ttq.methods.forEach(function (method) { ttq.defer(ttq, method); });
    ttq.instance = function (code) {
      var one = ttq._i[code] || [];
      ttq.methods.forEach(function (method) { ttq.defer(one, method); });
      return one;
    };
    ttq.load = function (code, options) {
      ttq._i = ttq._i || {}; ttq._i[code] = []; ttq._t = ttq._t || {}; ttq._t[code] = +new Date();
      ttq._o = ttq._o || {}; ttq._o[code] = options || {};
      var script = document.createElement('script');
      script.async = true;
      script.src = policy.createScriptURL('${twin.url}/i18n/pixel/events.js?sdkid=' + code + '&lib=ttq');
      document.head.append(script);
    };`;
}

/** Opens the shop with these calls queued, waits until the pixel is in charge and gives the page to `use`. */
async function visit(queued: string, use: (page: Page, said: string[]) => Promise<void> = async () => {}, query = '') {
  calls = queued;
  const page = await browser.newPage();
  const said: string[] = [];
  page.on('console', (message) => said.push(message.text()));
  page.on('pageerror', (error) => said.push(String(error)));
  await page.goto(`${shopUrl}/thanks${query}`);
  await page.waitForFunction(() => 'adoptScript' in (globalThis as unknown as { ttq: object }).ttq);
  await use(page, said);
  await page.close();
}

async function cookies() {
  return new Map((await browser.cookies()).map((cookie) => [cookie.name, cookie]));
}

/** The messages of the pixel, once `count` of them have arrived. */
async function received(count: number) {
  for (let tries = 0; tries < 100; tries += 1) {
    const found = (await twin.requests()).filter((request) => request.channel === 'pixel');
    if (found.length >= count) return inOrder(found.map((request) => JSON.parse(request.body)));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`fewer than ${count} messages`);
}

/** As they were sent: two beacons may overtake each other. */
function inOrder<T extends { context: { index: number } }>(messages: T[]): T[] {
  return messages.sort((a, b) => a.context.index - b.context.index);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

const LOAD = `ttq.load('${TWIN.pixel}', { partner: 'Shop' }); `;

test('calls queued before the script are sent in order, in the documented body, under a strict policy', async () => {
  await visit(
    `${LOAD} ttq.page(); ttq.track('Purchase', { value: 59.9, currency: 'eur' }, { event_id: 'o-1' });`,
    async (_page, said) => {
      const [pageview, purchase] = await received(2);
      assert.equal(pageview.event, 'Pageview');
      const fields = `event message_id event_id is_onsite timestamp context _inspection signal_diagnostic_labels
        properties limited_data_use partner`;
      assert.deepEqual(Object.keys(purchase), fields.split(/\s+/));
      assert.deepEqual(purchase.properties, { value: 59.9, currency: 'EUR' });
      assert.equal(purchase.event_id, 'o-1');
      assert.equal(purchase.partner, 'Shop');
      assert.equal(purchase.context.ad.callback, 'E.C.P.click');
      assert.equal(purchase.context.pixel.code, TWIN.pixel);
      assert.match(purchase.context.page.url, /thanks\?ttclid=E\.C\.P\.click$/);
      assert.match(purchase.timestamp, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
      assert.deepEqual(said, []);
      const jar = await cookies();
      assert.match(jar.get('_ttp')?.value ?? '', /^[A-Za-z0-9_-]{27}$/);
      assert.equal(purchase.context.user.anonymous_id, jar.get('_ttp')?.value);
      assert.equal(jar.get('_tt_enable_cookie')?.value, '1');
      assert.equal(jar.get('_ttp')?.path, '/');
      assert.equal(jar.get('_ttp')?.sameSite, 'Lax');
      const days = ((jar.get('_ttp')?.expires ?? 0) - Date.now() / 1000) / 86_400;
      assert.ok(days > 390 && days < 397, `${days} days`);
    },
    '?ttclid=E.C.P.click',
  );
  const [event] = await twin.events({ event_id: 'o-1' });
  assert.equal(event?.counted, 1);
  assert.equal(event?.value, '59.9');
});

test('identify hashes plain contacts and passes hashes on, for later calls only', async () => {
  const script = `${LOAD} ttq.track('ViewContent');
    ttq.identify({ email: ' ALICE_abc@gmail.com ', phone_number: '(+1)2133734253', external_id: 'user_123' });
    ttq.track('AddToCart'); ttq.identify({ sha256_email: '${'AB'.repeat(32)}' }); ttq.track('Search');`;
  await visit(script, async () => {
    const [before, after, later] = await received(3);
    assert.deepEqual(Object.keys(before.context.user), ['anonymous_id']);
    assert.equal(after.context.user.email, '848a771458438fc2ec420560d769fb9b9b86851ee338ec56517baabd79d3bb4f');
    assert.equal(after.context.user.phone_number, '9f7ec22d72092cd3c0b58726ed9c2d91b92e51a3f29837508fb2948bb22dd2fd');
    assert.equal(after.context.user.external_id, '80fba0ae1c48e3978e43e4efc365e14e12ea0c830ba8ba5b9a2dafc7e3f2ab8b');
    assert.equal(later.context.user.email, 'ab'.repeat(32));
  });
});

test('its SHA-256 agrees with another implementation at every length around a block', async () => {
  const texts = Array.from({ length: 70 }, (_, length) => 'ü€x'.repeat(40).slice(0, length + 50));
  const script = `${LOAD} ${texts.map((text) => `ttq.identify('${text}'); ttq.track('Contact');`).join('')}`;
  await visit(script, async () => {
    const ids = (await received(texts.length)).map((message) => message.context.user.external_id);
    assert.equal(ids.join(' '), texts.map(sha256).join(' '));
  });
});

test('held consent sets no cookie and sends nothing until it is granted', async () => {
  await visit(`${LOAD} ttq.holdConsent(); ttq.page(); ttq.track('Contact');`, async (page) => {
    assert.equal((await cookies()).size, 0);
    assert.deepEqual(await twin.totals(), {});
    await page.evaluate(() => (globalThis as unknown as { ttq: { grantConsent(): void } }).ttq.grantConsent());
    assert.deepEqual(
      (await received(2)).map((message) => message.event),
      ['Pageview', 'Contact'],
    );
    assert.ok((await cookies()).has('_ttp'));
  });
});

test('revoked consent clears the cookies and stops sending', async () => {
  await visit(`${LOAD} ttq.page();`, async (page) => {
    await received(1);
    await page.evaluate(() => {
      const { ttq } = globalThis as unknown as { ttq: { revokeConsent(): void; track(event: string): void } };
      ttq.revokeConsent();
      ttq.track('Contact');
    });
    assert.equal((await cookies()).size, 0);
  });
  assert.equal((await twin.totals())['Contact'], undefined);
});

test('disabled cookies stay disabled on the next page', async () => {
  await visit(`${LOAD} ttq.disableCookie(); ttq.page();`, async () => {
    const [pageview] = await received(1);
    assert.equal(pageview.context.user.anonymous_id, undefined);
  });
  await visit(`${LOAD} ttq.page();`);
  const jar = await cookies();
  assert.equal(jar.get('_ttp'), undefined);
  assert.equal(jar.get('_tt_enable_cookie')?.value, '0');
});

test('a plain call reaches every loaded pixel, an instance and pixel_code reach one', async () => {
  const other = 'CD9079RC77U0N3GBV16Z';
  await twin.pixels([
    { code: TWIN.pixel, tokens: [TWIN.token] },
    { code: other, tokens: [TWIN.token] },
  ]);
  const script = `${LOAD} ttq.load('${other}'); ttq.track('Search'); ttq.instance('${other}').track('Contact');
    ttq.track('Lead', {}, { pixel_code: '${other}' });`;
  await visit(script, async () => {
    const sent = (await received(4)).map((message) => `${message.event} ${message.context.pixel.code}`);
    const expected = [`Contact ${other}`, `Lead ${other}`, `Search ${TWIN.pixel}`, `Search ${other}`];
    assert.deepEqual(new Set(sent), new Set(expected));
  });
});

test('a pixel code loaded twice is pointed out and still sends once', async () => {
  await visit(`${LOAD} ${LOAD} ttq.track('Contact');`, async (page, said) => {
    await page.waitForLoadState('networkidle');
    assert.match(said.join('\n'), /DUPLICATE_PIXEL_CODE/);
    assert.equal((await received(1)).length, 1);
  });
});

test('an unknown pixel code is pointed out and its events are not counted', async () => {
  await visit(`ttq.load('AAAAAAAAAAAAAAAAAAAA'); ttq.track('Contact');`, async (_page, said) => {
    await received(1);
    assert.match(said.join('\n'), /INVALID_PIXEL_CODE/);
  });
  assert.deepEqual(await twin.totals(), {});
  assert.equal((await twin.diagnostics()).issues.at(0)?.rule, 'INVALID_PIXEL_CODE');
});

test('with the switch of 2024 the browser renames Purchase, so that it no longer meets its server copy', async () => {
  await twin.switch({ pixelRenames: true });
  await visit(`${LOAD} ttq.track('Purchase', {}, { eventID: 'o-2' });`, async () => {
    const [message] = await received(1);
    assert.equal(message.event, 'CompletePayment');
    assert.equal(message.event_id, 'o-2');
  });
});

test('without a beacon an image carries the message', async () => {
  await visit(`navigator.sendBeacon = undefined; ${LOAD} ttq.track('Contact', {}, { event_id: 'c-1' });`, async () => {
    await received(1);
    assert.equal((await twin.requests()).find((request) => request.channel === 'pixel')?.method, 'GET');
    assert.equal((await twin.events({ event_id: 'c-1' })).length, 1);
  });
});

test('a test id in the address makes test events without any value that identifies', async () => {
  const script = `${LOAD} ttq.identify({ email: 'a@b.example' }); ttq.track('Contact', {}, { event_id: 'c-2' });`;
  await visit(
    script,
    async () => {
      const [message] = await received(1);
      assert.deepEqual([message.tt_test_id, message.context.ad, message.context.user], ['T1', {}, {}]);
    },
    '?tt_test_id=T1',
  );
  assert.equal((await twin.events({ event_id: 'c-2' })).at(0)?.test, 'T1');
  assert.deepEqual(await twin.totals(), {});
});
