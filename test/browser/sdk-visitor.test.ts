import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  call,
  context,
  loaded,
  named,
  open,
  openStage,
  PIXEL_CODE,
  pixelTracks,
  port,
  quiet,
  reported,
  run,
  STUB,
  seen,
  stored,
  TAG,
  until,
  url,
  world,
} from './sdk/stage.ts';

openStage();

const ids = (): string[] => [...new Set(seen.batches.map(({ visitor, session }) => `${visitor}.${session}`))];
const LINK = `${TAG}<a href="http://pay.localhost:PORT/pay?a=1#here">Pay</a>
  <form method="post" action="http://pay.localhost:PORT/pay"><input name="note"><button>Send</button></form>`;

for (const how of ['a', 'button'])
  test(`a press on ${how === 'a' ? 'a link' : 'a form’s button'} to another domain carries visitor and session there`, async () => {
    world.html = LINK;
    const page = await open();
    await until('the first page', () => named('Pageview').length === 1);
    await page.hover(how);
    await page.mouse.down();
    await until('the token', () => seen.carried.length === 1);
    await quiet(200);
    await page.mouse.up();
    await page.waitForURL('http://pay.localhost:*/**');
    await until('the second page', () => named('Pageview').length === 2);
    assert.equal(ids().length, 1);
    assert.equal(page.url(), url(how === 'a' ? '/pay?a=1#here' : '/pay', 'pay'));
    const [carried] = seen.carried as { key?: string; visitor: string; session: string }[];
    assert.deepEqual(carried, { key: 'wk_test', visitor: carried?.visitor, session: carried?.session });
    assert.equal(ids()[0], `${carried?.visitor}.${carried?.session}`);
    assert.ok(seen.requests.some((line) => line.startsWith('GET collector/v1/carry/token-1')));
    const cookies = await context.cookies(url('/', 'pay'));
    assert.equal(cookies.find(({ name }) => name === '_assay')?.value, ids()[0]);
  });

test('a press into a form’s field is enough for those who send it by Enter', async () => {
  world.html = LINK;
  const page = await open();
  await until('the first page', () => named('Pageview').length === 1);
  await page.click('input');
  await until('the token', () => seen.carried.length === 1);
  await quiet(200);
  await page.keyboard.press('Enter');
  await page.waitForURL('http://pay.localhost:*/**');
  await until('the second page', () => named('Pageview').length === 2);
  assert.equal(ids().length, 1);
});

test('a token that is late keeps nobody from leaving, and a dead one leaves the page its own ids', async () => {
  world.html = LINK;
  world.carryMs = 3000;
  const page = await open();
  await until('the first page', () => named('Pageview').length === 1);
  await page.click('a');
  await page.waitForURL('http://pay.localhost:*/**');
  await page.goto(url('/pay?_assay=dead&b=2', 'pay'));
  await until('the page', () => named('Pageview').length >= 2, 4000);
  assert.equal(page.url(), url('/pay?b=2', 'pay'));
  assert.equal(ids().length, 2);
});

test('a link within the site, or to a stranger, asks for no token', async () => {
  world.html = `${TAG}<a id="in" href="http://www.shop.localhost:PORT/x">In</a><a id="out" href="http://other.localhost:PORT/x">Out</a>
    <p>Text</p>`;
  const page = await open();
  await loaded(page);
  for (const place of ['#in', '#out', 'p']) {
    await page.hover(place);
    await page.mouse.down();
    await page.mouse.move(0, 0);
    await page.mouse.up();
  }
  await quiet();
  assert.deepEqual(seen.carried, []);
});

test('no ids are carried before consent', async () => {
  world.client = { consent: 'required' };
  world.html = LINK;
  const page = await open();
  await loaded(page);
  await page.hover('a');
  await page.mouse.down();
  await quiet();
  assert.deepEqual(seen.carried, []);
});

test('a collector of the same site gets and sets the cookie; another sees none', async () => {
  world.setCookie = '_assay=server-visitor.s1; Path=/; Domain=shop.localhost; Max-Age=1000';
  await open();
  await until('a batch', () => seen.batches.length > 0);
  assert.deepEqual([...new Set(seen.cookies)], ['']);
  world.client = { collector: `http://collect.shop.localhost:${port}` };
  const page = await open('/same');
  await until('a batch', () => seen.cookies.some((cookie) => cookie.includes('_assay=')));
  await quiet();
  await call(page, 'track', 'AddToCart', {});
  await until('the event', () => named('AddToCart').length === 1);
  assert.equal(seen.batches.at(-1)?.visitor, 'server-visitor');
});

test('a lead has one id in the form, at the collector and at the pixel', async () => {
  world.html = `${TAG}<form id="f" onsubmit="return false"><input name="mail"></form>`;
  const page = await open();
  await loaded(page);
  const id = await run(page, `assay.lead({ content_name: 'Kitchen' }, document.getElementById('f'))`);
  const again = await run(page, `assay.lead({ content_name: 'Kitchen' }, document.getElementById('f'))`);
  assert.equal(again, id);
  assert.equal(await run(page, `new FormData(document.getElementById('f')).get('lead_id')`), id);
  await until('both legs', () => named('SubmitApplication').length === 1 && pixelTracks().length === 1);
  const [told] = named('SubmitApplication');
  assert.deepEqual(told?.properties, { content_name: 'Kitchen', lead_id: id });
  assert.equal(told?.event_id, `${String(id)}-new`);
  assert.deepEqual(pixelTracks()[0]?.slice(2), [
    told?.properties,
    { event_id: told?.event_id, pixel_code: PIXEL_CODE },
  ]);
});

test('a form tells of its lead without code before it is sent, as the event that the spec names', async () => {
  world.client = { lead: 'Contact' };
  world.html = `${TAG}<form data-assay-lead data-assay-content_name="Kitchen"><input name="lead_id" type="hidden"><button>Go</button></form>`;
  const page = await open();
  await loaded(page);
  await page.click('button');
  await page.waitForURL('**/?lead_id=*');
  const id = new URL(page.url()).searchParams.get('lead_id');
  await until('the lead', () => named('Contact').length === 1);
  assert.equal(named('Contact')[0]?.event_id, `${id}-new`);
  assert.equal(named('Contact')[0]?.properties?.['content_name'], 'Kitchen');
});

const SNIPPET = `<script>window.TiktokAnalyticsObject='ttq';var ttq=window.ttq=[];ttq._i={};
  ['page','track','identify','ready'].forEach(function(m){ttq[m]=function(){ttq.push([m].concat([].slice.call(arguments)))}});
  ttq.instance=function(){return ttq};
  ttq.track('ViewContent',{},{event_id:'theirs'});</script>`;

test('calls of other tags are reported once an event, and reach the pixel as they were', async () => {
  world.html = SNIPPET + TAG;
  const page = await open();
  await until('the queued call', () => reported('foreign').length === 1);
  await until('the script', () => reported('pixel').length === 1);
  for (const _ of [1, 2]) await run(page, `ttq.track('Purchase', { value: 1 }, { event_id: 'p-1' })`);
  await run(page, `ttq.track('Contact')`);
  await call(page, 'track', 'AddToCart', {});
  await until('the reports', () => reported('foreign').length === 3 && pixelTracks().length === 5);
  await quiet();
  assert.deepEqual(
    reported('foreign').map(([, event, event_id]) => [event, event_id]),
    [
      ['ViewContent', 'theirs'],
      ['Purchase', 'p-1'],
      ['Contact', null],
    ],
  );
  assert.deepEqual(
    pixelTracks().filter(([, event]) => event === 'Purchase'),
    Array(2).fill(['track', 'Purchase', { value: 1 }, { event_id: 'p-1' }]),
  );
});

test('the use of data is limited on both legs', async () => {
  const page = await open();
  await call(page, 'limitedDataUse', true);
  await call(page, 'track', 'AddToCart', { content_id: 'a' });
  await until('both legs', () => named('AddToCart').length === 1 && pixelTracks().length === 1);
  assert.equal(named('AddToCart')[0]?.limited_data_use, true);
  assert.deepEqual(pixelTracks()[0]?.[2], { content_id: 'a', limited_data_use: true });
});

test('the pixel’s copy carries the free keys and each pixel’s own name', async () => {
  world.client = {
    freeKeys: { source: 'web', origin: 'visitor' },
    pixels: [PIXEL_CODE, 'CD9079RC77U0N3GBV16Z'],
    events: { Lead: { names: { CD9079RC77U0N3GBV16Z: 'SubmitForm' } } },
  };
  const page = await open();
  await call(page, 'track', 'Lead', { content_id: 'a' });
  await until('both copies', () => pixelTracks().length === 2 && named('Lead').length === 1);
  const event_id = named('Lead')[0]?.event_id;
  const properties = { source: 'web', origin: 'visitor', content_id: 'a' };
  assert.deepEqual(pixelTracks(), [
    ['track', 'Lead', properties, { event_id, pixel_code: PIXEL_CODE }],
    ['track', 'SubmitForm', properties, { event_id, pixel_code: 'CD9079RC77U0N3GBV16Z' }],
  ]);
  assert.deepEqual(named('Lead')[0]?.properties, { content_id: 'a' });
});

test('a yes is told once, a no is the last that is sent, and both are told to the pixel', async () => {
  const page = await open('/a');
  const other = await open('/b');
  await until('both pages', () => named('Pageview').length === 2);
  await call(page, 'consent', 'granted');
  await call(page, 'consent', 'granted');
  await until('the yes', () => reported('consent').length === 1);
  await quiet();
  await call(page, 'track', 'AddToCart', {});
  await call(page, 'consent', 'denied');
  await call(other, 'track', 'Search', {});
  await until('the no', () => reported('consent').length === 2);
  await quiet();
  assert.deepEqual(
    reported('consent').map(([, choice]) => choice),
    ['granted', 'denied'],
  );
  const last = seen.batches.at(-1);
  assert.deepEqual([last?.consent, last?.events], ['denied', [['consent', 'denied']]]);
  assert.deepEqual([named('AddToCart').length, named('Search').length], [0, 0]);
  assert.deepEqual(await stored(page), ['assay.consent']);
  assert.deepEqual(await context.cookies(), []);
  const calls = seen.hits.map(([method]) => method);
  assert.ok(calls.includes('grantConsent') && calls.includes('revokeConsent'));
  const { visitor } = seen.batches[0] ?? {};
  await call(other, 'consent', 'granted');
  // What is tracked before the word has come from the other tab is dropped, as it should be.
  await page.waitForFunction(
    () =>
      (globalThis as unknown as { localStorage: Record<string, string> }).localStorage['assay.consent'] === 'granted',
  );
  await call(page, 'track', 'Contact', {});
  await until('a later yes', () => named('Contact').length === 1 && reported('consent').length === 3);
  assert.notEqual(seen.batches.at(-1)?.visitor, visitor, 'the visitor is a new one');
});

test('a no that the collector could not take is told again while the page lives', async () => {
  const page = await open();
  await until('the view', () => named('Pageview').length === 1);
  world.status = 503;
  await call(page, 'consent', 'denied');
  await until('a refused try', () => seen.requests.some((line) => line.includes('"denied"')));
  world.status = 202;
  await until('the no', () => reported('consent').length === 1);
  assert.deepEqual(await stored(page), ['assay.consent']);
});

test('a pixel of the page’s own is held until the visitor has chosen', async () => {
  world.client = { consent: 'required' };
  world.html = `${SNIPPET.replace("'ready'", "'ready','holdConsent','grantConsent'")}${TAG}`;
  const page = await open();
  await loaded(page);
  assert.equal(await run(page, `ttq.some(([method]) => method === 'holdConsent')`), true);
  await call(page, 'consent', 'granted');
  await until('the release', () => seen.hits.some(([method]) => method === 'grantConsent'));
});

test('a tag that came before the script keeps its calls', async () => {
  world.html = `${STUB}<script>assay('limitedDataUse', true);assay('track','Early',{})</script>${TAG}`;
  await open();
  await until('the event', () => named('Early').length === 1);
  assert.equal(named('Early')[0]?.limited_data_use, true);
});
