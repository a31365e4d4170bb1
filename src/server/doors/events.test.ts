import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BOT, batch, IN_APP, KEY, openDoor, PAGE } from '../../../test/door.ts';
import { SHOP } from '../../../test/server.ts';

const { ask, written, server } = openDoor({ publicUrl: 'https://collect.shop.example' });

const contact = (id: string, more: object = {}): object => ({ event: 'Contact', event_id: id, ...more });

test('a page tells its visitor’s choice, its load and foreign calls, in bounds', async () => {
  await written();
  const events = [
    ['consent', 'granted'],
    ['engagement', 1001.2346, 1000, 900, 1e300, -3, 1.7, null, 812.2],
    ['engagement', 1005, 0, 0, 1003, 2, null],
    ['foreign', 'AddToCart', 'other-1'],
    ['foreign', 'call +49 30 901820', null],
    ['foreign', { name: 'x'.repeat(300) }, ['a']],
    ['foreign', 7, 'y'.repeat(300)],
  ];
  const answer = await ask('POST', '/v1/events', { ...PAGE, prefer: 'wait=5' }, batch({ events }));
  assert.deepEqual([answer.status, answer.json['accepted']], [202, 7], answer.text);
  const who = { visitor: 'v-1', session: 's-1' };
  assert.deepEqual(
    (await written()).map(({ kind, body, personal }) => [kind, body, personal]),
    [
      ['consent', { ...who, choice: 'granted' }, null],
      ['engagement', { ...who, visible_ms: 1235, scroll: 1, interactions: 0, form_ms: 86_400_000, lcp_ms: 812 }, null],
      ['engagement', { ...who, visible_ms: 0, scroll: 0, interactions: 2 }, null],
      ['foreign', { ...who, event: 'AddToCart', event_id: 'other-1' }, null],
      ['foreign', { ...who, event: '(removed)' }, null],
      ['foreign', { ...who, event: '(unnamed)', event_id: '' }, null],
      ['foreign', { ...who, event: '7', event_id: 'y'.repeat(200) }, null],
    ],
  );
});

test('a report that is none is put aside as report_shape, and costs nothing beside it', async () => {
  await written();
  const bad = [
    ['consent', 'maybe'],
    ['engagement', 'long', 0, 0, 0, 0, 0],
    ['engagement', 1, 0, 0],
    ['engagement', 1, 0, 0, 0, 0, 0, 0, 0, 0],
    ['foreign', 'Contact', 'c-1', { 'jane@mail.example': 1 }],
    ['weather'],
    ['jane@mail.example'],
    [null],
    [],
  ];
  const events = [['pixel', 'loaded'], ...bad, contact('beside')];
  const headers = { ...PAGE, prefer: 'wait=5' };
  const answer = await ask('POST', '/v1/events', headers, batch({ consent: 'denied', events }));
  assert.deepEqual([answer.status, answer.json['accepted']], [202, 11], answer.text);
  const told = await written();
  assert.deepEqual(
    told.map(({ kind }) => kind),
    ['event', 'pixel', ...bad.map(() => 'unread')],
  );
  const unread = told.filter(({ kind }) => kind === 'unread').map(({ body }) => body);
  assert.ok(unread.every(({ reason, verdict }) => reason === 'report_shape' && verdict === 'quarantined'));
  assert.ok(!JSON.stringify(told).includes('jane'));
  const records = answer.json['records'] as { verdict: string; reasons: string[] }[];
  assert.deepEqual(records.at(-1)?.reasons, ['report_shape']);
  // JSON can write a number that is none here.
  const use = batch({ events: [['engagement', 1, 0, 0, 0, 0, 7]] });
  const body = JSON.stringify(use).replace('7]', '1e999]');
  assert.equal((await ask('POST', '/v1/events', PAGE, body)).status, 202);
  assert.deepEqual(
    (await written()).map(({ kind }) => kind),
    ['unread'],
  );
});

test('a page’s language is the first that its browser asks for, and its landing comes as it stood in the addresses', async () => {
  await written();
  const ad = ['?ttclid=E.C.P.new', '&utm_id=17', '&ttclid=E.C.P.old', null];
  for (const language of ['de-AT,de;q=0.9,en;q=0.8', 'en', '*', ''])
    await ask(
      'POST',
      '/v1/events',
      { ...PAGE, 'accept-language': language },
      batch({ consent: 'denied', ad, events: [contact('where')] }),
    );
  await ask(
    'POST',
    '/v1/events',
    { ...PAGE, 'accept-language': 'en' },
    batch({ consent: 'denied', events: [contact('own', { user: { locale: 'fr' } })] }),
  );
  const told = await written('event');
  assert.deepEqual(
    told.map(({ personal }) => personal?.user?.locale),
    ['de-AT', 'en', undefined, undefined, 'fr'],
  );
  assert.deepEqual([told[0]?.personal?.user?.ttclid, told[0]?.body['ad']], ['E.C.P.new', { utm_id: '17' }]);
});

test('a page’s events carry its clock, try-outs and limits, and are of the web by a visitor whatever they claim', async () => {
  await written();
  const claims = ['app', 'offline', 'crm'].map((source) =>
    contact(`claim-${source}`, { source, origin: 'system', sent_at: 5, draft: true, limited_data_use: true }),
  );
  assert.equal((await ask('POST', '/v1/events', PAGE, batch({ events: claims }))).status, 202);
  const told = await written('event');
  assert.equal(told.length, 3);
  for (const { body } of told) {
    assert.deepEqual([body['source'], body['origin'], body['sent_at']], ['web', undefined, 1_700_000_000]);
    assert.deepEqual([body['draft'], body['limited_data_use']], [true, true]);
  }
});

test('a bot is answered like anybody, and leaves one refused record and no word of it', async () => {
  await written();
  const body = batch({ events: [contact('bot-1'), contact('bot-2')] });
  const bot = await ask('POST', '/v1/events', { ...PAGE, 'user-agent': BOT, prefer: 'wait=5' }, body);
  const other = { ...PAGE, 'user-agent': IN_APP, prefer: 'wait=5' };
  const person = await ask('POST', '/v1/events', other, batch({ events: [contact('bot-3')] }));
  assert.deepEqual([bot.status, bot.json['accepted']], [202, 2]);
  assert.deepEqual(Object.keys(bot.json), Object.keys(person.json));
  assert.match(String(bot.json['receipt']), /^r_/);
  assert.equal(bot.headers.get('set-cookie'), null);
  assert.deepEqual([bot.json['pending'], bot.json['records']], [1, []]);
  const later = await ask('GET', `/v1/receipts/${String(bot.json['receipt'])}`);
  assert.deepEqual(later.json, { pending: 1, records: [] });

  const [refused, kept, ...more] = await written('unread', 'event');
  assert.deepEqual([refused?.kind, refused?.body['verdict'], refused?.body['reason']], ['unread', 'refused', 'bot']);
  assert.ok(!JSON.stringify(refused).includes('bot-1'));
  assert.deepEqual([kept?.kind, kept?.body['event_id'], more], ['event', 'bot-3', []], 'a buyer in TikTok’s app');
});

test('a bot’s order is kept with a mark, and a server’s user agent says nothing', async () => {
  await written();
  const headers = { ...PAGE, 'user-agent': BOT };
  const order = { key: 'wk_test', order_id: 'b-77', value: '59.90', currency: 'EUR', page: { url: `${SHOP}/` } };
  assert.equal((await ask('POST', '/v1/orders', headers, order)).status, 201);
  assert.equal((await ask('POST', '/v1/orders', { ...KEY, 'user-agent': BOT }, order)).status, 201);
  const event = { ...contact('b-1'), page: { url: `${SHOP}/` } };
  assert.equal((await ask('POST', '/v1/server/events', { ...KEY, 'user-agent': BOT }, event)).status, 202);
  assert.deepEqual(
    (await written('order', 'event', 'unread')).map(({ kind, door, body }) => [kind, door, body['bot']]),
    [
      ['order', 'browser', true],
      ['order', 'server', undefined],
      ['event', 'server', undefined],
    ],
  );
});

test('a beacon is taken as plain text and as JSON, and its preflight lets a page keep the cookie', async () => {
  for (const type of ['text/plain;charset=UTF-8', 'application/json']) {
    const body = batch({ events: [contact(`beacon-${type.length}`)] });
    const answer = await ask('POST', '/v1/events', { ...PAGE, 'content-type': type }, body);
    assert.equal(answer.status, 202, type);
    assert.equal(answer.headers.get('access-control-allow-credentials'), 'true');
    assert.equal(answer.headers.get('access-control-allow-origin'), SHOP);
  }
  const asked = { ...PAGE, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' };
  const preflight = await ask('OPTIONS', '/v1/events', asked);
  assert.deepEqual(
    [preflight.status, preflight.headers.get('access-control-allow-headers'), preflight.text],
    [204, 'content-type', ''],
  );
  const foreign = await ask('OPTIONS', '/v1/events', { origin: 'https://evil.example' });
  assert.equal(foreign.headers.get('access-control-allow-credentials'), null);
});

const REST = 'Domain=shop.example; Path=/; SameSite=Lax; Secure';
const cookies: [name: string, more: object, cookie: string | null][] = [
  ['a yes keeps the ids', { visitor: 'ab-1', session: 'cd_2' }, `_assay=ab-1.cd_2; ${REST}; Max-Age=34128000`],
  ['no answer keeps nothing', { consent: 'unknown' }, null],
  ['a no takes them back', { consent: 'denied' }, `_assay=; ${REST}; Max-Age=0`],
  ['a no after a yes takes them back', { events: [['consent', 'denied']] }, `_assay=; ${REST}; Max-Age=0`],
  ['an id with a header in it is kept from headers', { visitor: 'a\r\nset-cookie: x=1' }, null],
  ['an id with another cookie in it is kept from headers', { session: 'a; Domain=example' }, null],
  ['an id too long for a cookie is kept from headers', { visitor: 'x'.repeat(129) }, null],
];
for (const [name, more, cookie] of cookies)
  test(`the collector’s own cookie: ${name}`, async () => {
    const answer = await ask('POST', '/v1/events', PAGE, batch(more));
    assert.deepEqual([answer.status, answer.headers.get('set-cookie')], [202, cookie], answer.text);
  });

test('everything that a draft key opens is a draft', async () => {
  await written();
  const admin = new URL(server().signInUrl());
  const cookie = (await fetch(admin)).headers.get('set-cookie')?.split(';')[0] ?? '';
  const made = await fetch(`${admin.origin}/v1/keys`, {
    method: 'POST',
    headers: { cookie, origin: admin.origin, 'content-type': 'application/json' },
    body: JSON.stringify({ role: 'browser', name: 'try-outs', draft: true }),
  });
  const { key, id } = (await made.json()) as { key: string; id: string };
  const events = [['foreign', 'Contact'], contact('d-1')];
  assert.equal((await ask('POST', '/v1/events', PAGE, batch({ key, events }))).status, 202);
  assert.equal((await ask('POST', '/v1/leads', PAGE, { key, user: { email: 'a@b.example' } })).status, 201);
  const order = { key, order_id: 'd-77', value: 1, currency: 'EUR' };
  assert.equal((await ask('POST', '/v1/orders', PAGE, order)).status, 201);
  assert.deepEqual(
    (await written('event', 'foreign', 'lead', 'order')).map(({ kind, keyId, body }) => [kind, keyId, body['draft']]),
    ['event', 'foreign', 'lead', 'order'].map((kind) => [kind, id, true]),
  );
});
