import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { request } from '../http/request.ts';
import { type Door, serve } from '../http/serve.ts';
import { type Shop, startShop } from './shop.ts';

const orders: { authorization: string | undefined; body: Record<string, unknown> }[] = [];
const failures: number[] = [];
let collector: Door;
let shop: Shop;
let browserShop: Shop;

before(async () => {
  collector = await serve(0, '127.0.0.1', (asked) => {
    const failure = failures.shift();
    if (failure !== undefined) return { status: failure };
    orders.push({
      authorization: asked.headers.authorization,
      body: JSON.parse(asked.body) as Record<string, unknown>,
    });
    return { status: 201, body: JSON.stringify({ handout: `cap-${orders.length}` }) };
  });
  const options = {
    port: 0,
    hostName: 'shop.localhost',
    collector: { publicUrl: 'http://collect.localhost:1', serverUrl: collector.url, secretKey: 'secret' },
    payPageUrl: 'http://pay.localhost:2/pay',
    now: () => Date.UTC(2026, 10, 22),
    trackOnThanks: true,
    pixelOrigins: ['http://tiktok.localhost:3'],
  };
  shop = await startShop({ ...options, createdBy: 'server' });
  browserShop = await startShop({ ...options, createdBy: 'browser', trackOnThanks: false });
});

after(async () => {
  await shop.stop();
  await browserShop.stop();
  await collector.stop();
});

const get = (path: string, cookie = '', of = shop) =>
  request({ method: 'GET', url: of.url + path, headers: { cookie }, timeoutMs: 5_000 });

const post = (path: string, form: Record<string, string>, cookie = '', of = shop) =>
  request({
    method: 'POST',
    url: of.url + path,
    headers: {
      cookie,
      'content-type': 'application/x-www-form-urlencoded',
      'user-agent': 'Test/1',
      'accept-language': 'de-DE,de',
    },
    body: new URLSearchParams(form).toString(),
    timeoutMs: 5_000,
  });

const ADA = { name: 'Ada Falk', email: 'ada@example.com', phone: '+49 30 23125 100' };
const CART = 'nugget_cart=harbour-kettle%3A1';

/** Orders as Ada and gives the page after checkout with the cookie that owns it. */
async function placed(cookie: string, of = shop): Promise<{ path: string; session: string }> {
  const answer = await post('/checkout', ADA, `${CART}; ${cookie}`, of);
  assert.equal(answer.status, 303);
  return { path: answer.headers.location ?? '', session: answer.headers['set-cookie']?.[0]?.split(';')[0] ?? '' };
}

test('every page has a policy with a nonce of its own, which its scripts carry', async () => {
  const nonces = new Set<string>();
  for (const path of ['/', '/product/ember-cup', '/cart', '/nowhere', '/thanks?order=1']) {
    const page = await get(path);
    const policy = String(page.headers['content-security-policy']);
    const nonce = /'nonce-([^']+)' 'strict-dynamic'/.exec(policy)?.[1] ?? '';
    nonces.add(nonce);
    assert.match(policy, /require-trusted-types-for 'script'/);
    assert.match(policy, /connect-src 'self' http:\/\/collect\.localhost:1 http:\/\/tiktok\.localhost:3;/);
    assert.equal(page.text.match(/<script/g)?.length, page.text.split(`nonce="${nonce}"`).length - 1, path);
    assert.doesNotMatch(page.text, / style=| on[a-z]+=/, path);
  }
  assert.equal(nonces.size, 5);
});

test('hostile products and order ids come out as text', async () => {
  const hostile = '"><script>alert(1)</script>';
  for (const path of [
    `/product/${encodeURIComponent(hostile)}`,
    `/thanks?order=${encodeURIComponent(hostile)}`,
    `/?ttclid=${encodeURIComponent(hostile)}`,
    '/%E0%A4%A',
  ]) {
    const page = await get(path);
    assert.doesNotMatch(page.text, /<script>alert/, path);
    assert.ok(page.status === 404 || page.status === 200);
  }
  const form = await post('/checkout', { name: hostile, email: hostile, phone: hostile }, CART);
  assert.equal(form.status, 422);
  assert.doesNotMatch(form.text, /<script>alert/);
  assert.equal(form.text.match(/class="problem"/g)?.length, 2);
});

test('the SDK gets its calls in order: consent, page, what is seen', async () => {
  const page = await get('/product/harbour-kettle', 'nugget_consent=granted');
  const calls = [...page.text.matchAll(/^assay\((.*)\);$/gm)].map(([, list]) => JSON.parse(`[${list}]`) as unknown[]);
  assert.deepEqual(
    calls.map(([method, name]) => [method, name]),
    [
      ['consent', 'granted'],
      ['page', undefined],
      ['track', 'ViewContent'],
    ],
  );
  const seen = calls[2]?.[2] as Record<string, unknown>;
  assert.deepEqual(
    [seen['content_id'], seen['content_type'], seen['page_category'], seen['value'], seen['currency']],
    ['harbour-kettle', 'product', 'Kitchen', 59.9, 'EUR'],
  );
  assert.match(page.text, /<script async nonce="[^"]+" id="assay-sdk" src="http:\/\/collect\.localhost:1\/a\.js">/);
});

test('the banner asks once, keeps the click id after a yes only, and goes back to a page of ours only', async () => {
  assert.doesNotMatch((await get('/')).text, /id="consent"[^>]* hidden/);
  assert.match((await get('/', 'nugget_consent=denied')).text, /id="consent"[^>]* hidden/);
  const yes = await post('/consent', { choice: 'granted', ttclid: 'E.C.P.x' });
  assert.match(String(yes.headers['set-cookie']), /nugget_consent=granted.*ttclid=E\.C\.P\.x/);
  const no = await post('/consent', { choice: 'denied', ttclid: 'E.C.P.x' });
  assert.match(String(no.headers['set-cookie']), /nugget_consent=denied.*ttclid=; Path=\/; Max-Age=0/);
  const from = (referer: string) =>
    request({
      method: 'POST',
      url: `${shop.url}/consent`,
      headers: { referer },
      body: 'choice=denied',
      timeoutMs: 5_000,
    });
  assert.equal((await from('http://evil.example/x')).headers.location, '/');
  assert.equal((await from(`${shop.url}/cart?a=1`)).headers.location, `${shop.url}/cart?a=1`);
});

test('an order reaches the collector with the visitor’s own context, and the page gets its handout', async () => {
  orders.length = 0;
  const { path, session } = await placed('nugget_consent=granted; _assay=v1.s1; _ttp=p1; ttclid=c1');
  assert.equal(orders[0]?.authorization, 'Bearer secret');
  const orderId = new URL(path, shop.url).searchParams.get('order');
  assert.deepEqual(
    { ...orders[0]?.body, contents: 0, page: 0 },
    {
      order_id: orderId,
      value: '59.90',
      currency: 'EUR',
      contents: 0,
      time: '2026-11-22T00:00:00.000Z',
      consent: 'granted',
      user: {
        email: 'ada@example.com',
        phone: '+49 30 23125 100',
        external_id: 'nc-c05ef4a4fba3',
        ttclid: 'c1',
        ttp: 'p1',
        ip: '127.0.0.1',
        user_agent: 'Test/1',
        locale: 'de-DE',
      },
      page: 0,
      visitor: 'v1',
      session: 's1',
    },
  );
  const pay = await get(path, session);
  assert.match(pay.text, new RegExp(`^assay\\("order", \\{"order_id":"${orderId}","handout":"cap-1"\\}\\);$`, 'm'));
  assert.match(pay.text, /^assay\("identify", \{"email":"ada@example\.com"/m);
  assert.match(pay.text, /id="pay" href="http:\/\/pay\.localhost:2\/pay\?order=\d+&amp;amount=59\.90&amp;currency=EUR/);
  const thanks = await get(`/thanks?order=${orderId}`, session);
  assert.match(thanks.text, /^assay\("order", .*"handout":"cap-1"/m);
  assert.match(
    thanks.text,
    new RegExp(`^assay\\("track", "Purchase", \\{"order_id":"${orderId}","value":59.9,"currency":"EUR"`, 'm'),
  );
  assert.match(String(thanks.headers['set-cookie']), /nugget_cart=; Path=\/; Max-Age=0/);
});

test('nobody else sees an order: no name, no handout, no Purchase', async () => {
  const { path } = await placed('nugget_consent=granted');
  const orderId = new URL(path, shop.url).searchParams.get('order');
  for (const at of [`/thanks?order=${orderId}`, `/pay?order=${orderId}`]) {
    const page = await get(at, 'nugget_session=guessed');
    assert.equal(page.status, 404);
    assert.doesNotMatch(page.text, /Ada|cap-|Purchase|example\.com/);
  }
});

test('without a yes only the books’ side of an order leaves the shop', async () => {
  for (const cookie of ['', 'nugget_consent=denied']) {
    orders.length = 0;
    await placed(`${cookie}; _assay=v1.s1; _ttp=p1; ttclid=c1`);
    assert.deepEqual(
      new Set(Object.keys(orders[0]?.body ?? {})),
      new Set(['consent', 'contents', 'currency', 'order_id', 'time', 'value']),
    );
    assert.equal(orders[0]?.body['consent'], cookie === '' ? 'unknown' : 'denied');
  }
});

test('a collector that is away for a moment gets the order again, and the customer goes on', async () => {
  orders.length = 0;
  failures.push(503);
  const { path, session } = await placed('nugget_consent=granted');
  assert.equal(orders.length, 1);
  assert.match((await get(path, session)).text, /"handout":"cap-1"/);
});

test('where the page creates orders, the shop’s server tells nobody and the page has what it needs', async () => {
  orders.length = 0;
  const { path, session } = await placed('nugget_consent=granted', browserShop);
  const pay = await get(path, session, browserShop);
  assert.equal(orders.length, 0);
  const order = /data-order="([^"]*)"/.exec(pay.text)?.[1]?.replaceAll('&quot;', '"') ?? '';
  assert.deepEqual(
    { ...(JSON.parse(order) as object), contents: 0 },
    { order_id: '10045', value: '59.90', currency: 'EUR', contents: 0 },
  );
  const thanks = await get('/thanks?order=10045', session, browserShop);
  assert.equal(thanks.status, 200);
  assert.doesNotMatch(thanks.text, /"Purchase"/);
});

test('an empty cart leads back from checkout', async () => {
  assert.equal((await get('/checkout')).headers.location, '/cart');
  assert.equal((await post('/checkout', ADA)).headers.location, '/cart');
});
