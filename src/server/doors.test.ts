import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';
import { HOOK_SECRET, SECRET_KEY, SHOP, startTestServer, type TestServer, WRITE_KEY } from '../../test/server.ts';
import type { HandoutAnswer, OrderReceipt, ProblemAnswer, Receipt, ReceiptAnswer } from '../api/wire.ts';
import { start as startTwin, type TwinProcess } from '../sim/twin/client.ts';
import { openJournalReader } from '../store/sqlite/journal-reader.ts';

let twin: TwinProcess;
let server: TestServer;
before(async () => {
  twin = await startTwin();
  server = await startTestServer(twin.url);
});
after(async () => {
  await server.stop();
  await twin.stop();
});

const MAIL = 'Jane.Roe@mail.example';
const PHONE = '+4930901820';
const KEY = { authorization: `Bearer ${SECRET_KEY}` };
const PERSON = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36';
const PAGE = { origin: SHOP, 'user-agent': PERSON };

test('what is not right is refused with a status, a code and a sentence', async () => {
  const batch = JSON.stringify(browserBatch([contact('a-1')]));
  const order = JSON.stringify(orderOf('1001'));
  const bad = Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]);
  const large = (bytes: number): string => JSON.stringify({ x: 'x'.repeat(bytes) });
  const paid = payment('1001');
  const rows: [string, string, Record<string, string>, string | Buffer | undefined, number, string][] = [
    ['POST', '/v1/events', {}, batch, 403, 'origin_foreign'],
    ['POST', '/v1/events', { origin: 'https://evil.example' }, batch, 403, 'origin_foreign'],
    ['POST', '/v1/events', { origin: 'null' }, batch, 403, 'origin_foreign'],
    ['POST', '/v1/events', { origin: `${SHOP}.evil.example` }, batch, 403, 'origin_foreign'],
    ['POST', '/v1/events', PAGE, batch.replace(WRITE_KEY, 'wk_other'), 401, 'key_unknown'],
    ['POST', '/v1/events', PAGE, '{}', 401, 'key_unknown'],
    ['POST', '/v1/events', PAGE, '[]', 401, 'key_unknown'],
    ['POST', '/v1/events', PAGE, '', 400, 'body_not_json'],
    ['POST', '/v1/events', PAGE, '{"key"', 400, 'body_not_json'],
    ['POST', '/v1/events', PAGE, bad, 400, 'body_not_json'],
    ['POST', '/v1/events', PAGE, JSON.stringify({ key: WRITE_KEY }), 422, 'body_shape'],
    ['POST', '/v1/events', PAGE, JSON.stringify(browserBatch([{ event: 7 }])), 422, 'body_shape'],
    ['POST', '/v1/events', PAGE, large(256 * 1024), 413, 'body_too_large'],
    ['GET', '/v1/events', {}, undefined, 405, 'method_not_allowed'],
    ['POST', '/v1/server/events', {}, '{"event":"Contact"}', 401, 'key_unknown'],
    ['POST', '/v1/server/events', { authorization: SECRET_KEY }, '{"event":"Contact"}', 401, 'key_unknown'],
    ['POST', '/v1/server/events', { authorization: `Bearer ${WRITE_KEY}` }, '{}', 401, 'key_unknown'],
    ['POST', '/v1/server/events', { authorization: `Bearer ${SECRET_KEY}x` }, '{}', 401, 'key_unknown'],
    ['POST', '/v1/server/events', KEY, 'event=Contact', 400, 'body_not_json'],
    ['POST', '/v1/server/events', KEY, bad, 400, 'body_not_json'],
    ['POST', '/v1/server/events', KEY, '7', 422, 'body_shape'],
    ['POST', '/v1/server/events', KEY, '[]', 422, 'body_shape'],
    ['POST', '/v1/server/events', KEY, '{"events":[{"event":"Contact"},{"event":""}]}', 422, 'body_shape'],
    ['POST', '/v1/server/events', KEY, large(2 * 1024 * 1024), 413, 'body_too_large'],
    ['POST', '/v1/orders', {}, order, 403, 'origin_foreign'],
    ['POST', '/v1/orders', PAGE, order, 401, 'key_unknown'],
    ['POST', '/v1/orders', { ...PAGE, authorization: 'Bearer wrong' }, order, 401, 'key_unknown'],
    ['POST', '/v1/orders', KEY, '{"order_id":" ","value":1,"currency":"EUR"}', 422, 'body_shape'],
    ['POST', '/v1/orders', KEY, large(128 * 1024), 413, 'body_too_large'],
    ['POST', '/v1/hooks/nobody', paid.headers, paid.body, 401, 'signature_wrong'],
    ['POST', '/v1/hooks/standard', {}, paid.body, 401, 'signature_wrong'],
    ['POST', '/v1/hooks/standard', paid.headers, `${paid.body} `, 401, 'signature_wrong'],
    ['POST', '/v1/hooks/standard', payment('1001', 600).headers, payment('1001', 600).body, 401, 'signature_wrong'],
    ['POST', '/v1/hooks/standard', { ...paid.headers, 'webhook-timestamp': 'x' }, paid.body, 401, 'signature_wrong'],
    ['POST', '/v1/hooks/standard', paid.headers, large(512 * 1024), 413, 'body_too_large'],
    ['GET', `/v1/handouts/${'A'.repeat(22)}`, PAGE, undefined, 404, 'not_found'],
    ['GET', '/v1/receipts/r_1-1-AAAAAAAAAAAAAAAAAAAAAA', {}, undefined, 404, 'not_found'],
    ['GET', '/v1/receipts/1', {}, undefined, 404, 'not_found'],
    ['GET', '/v1/live', {}, undefined, 404, 'not_found'],
    ['GET', '/v1/trace/1001', {}, undefined, 404, 'not_found'],
    ['GET', '/readyz', {}, undefined, 404, 'not_found'],
    ['GET', '/sign-in', {}, undefined, 404, 'not_found'],
    ['GET', '/', {}, undefined, 404, 'not_found'],
  ];
  for (const [method, path, headers, body, status, code] of rows) {
    const { response, text } = await ask(method, path, headers, body);
    const line = `${method} ${path} ${JSON.stringify(headers)} ${String(body).slice(0, 60)}: ${text}`;
    assert.equal(response.status, status, line);
    assert.equal(response.headers.get('content-type'), 'application/problem+json; charset=utf-8');
    const told = JSON.parse(text) as ProblemAnswer;
    assert.deepEqual([told.status, told.code], [status, code], line);
    // A page that can't read its refusal takes it for a broken line and sends again.
    const readable = headers['origin'] === SHOP && /^\/v1\/(?:events|orders|handouts\/.*)$/.test(path);
    assert.equal(response.headers.get('access-control-allow-origin'), readable ? SHOP : null, line);
    assert.match(told.detail, /^[A-Z].*\.$/);
    if (code === 'body_shape')
      for (const { where, what, fix } of told.problems ?? [{ where: '', what: '', fix: '' }])
        assert.ok(where && what && fix, line);
  }
  assert.deepEqual(server.log, []);
});

test('a batch of a page is receipted, and its receipt tells the verdicts', async () => {
  const events = [contact('b-1'), contact('b-1'), { ...contact('b-2'), time: 'noon' }];
  const first = await ask('POST', '/v1/events', { ...PAGE, prefer: 'wait=5' }, JSON.stringify(browserBatch(events)));
  assert.equal(first.response.status, 202);
  assert.equal(first.response.headers.get('access-control-allow-origin'), SHOP);
  const receipt = JSON.parse(first.text) as Receipt & ReceiptAnswer;
  assert.deepEqual([receipt.accepted, receipt.pending], [3, 0]);
  assert.deepEqual(
    receipt.records.map(({ verdict, event_id }) => [verdict, event_id]),
    [
      ['admitted', 'b-1'],
      ['duplicate', 'b-1'],
      ['quarantined', undefined],
    ],
  );
  const later = await ask('GET', `/v1/receipts/${receipt.receipt}`);
  assert.deepEqual(JSON.parse(later.text), { pending: 0, records: receipt.records });
  const guessed = receipt.receipt.replace(/^r_[^-]+/, 'r_1');
  assert.equal((await ask('GET', `/v1/receipts/${guessed}`)).response.status, 404);
});

test('without Prefer an answer does not wait, and an empty batch needs no receipt', async () => {
  const plain = await ask(
    'POST',
    '/v1/server/events',
    KEY,
    JSON.stringify({ ...contact('c-1'), page: { url: `${SHOP}/` } }),
  );
  assert.equal(plain.response.status, 202);
  assert.deepEqual(Object.keys(JSON.parse(plain.text) as object), ['receipt', 'accepted']);
  const empty = await ask('POST', '/v1/events', PAGE, JSON.stringify(browserBatch([])));
  assert.deepEqual([empty.response.status, JSON.parse(empty.text)], [202, { receipt: '', accepted: 0 }]);
});

test('a preflight lets our pages in and nobody else', async () => {
  for (const path of ['/v1/events', '/v1/orders', '/v1/handouts/x']) {
    const ours = await ask('OPTIONS', path, { ...PAGE, 'access-control-request-method': 'POST' });
    assert.equal(ours.response.status, 204);
    assert.equal(ours.response.headers.get('access-control-allow-origin'), SHOP);
    assert.equal(ours.response.headers.get('access-control-allow-headers'), 'content-type');
    assert.match(ours.response.headers.get('vary') ?? '', /origin/i);
    const theirs = await ask('OPTIONS', path, { origin: 'https://evil.example' });
    assert.equal(theirs.response.headers.get('access-control-allow-origin'), null);
  }
  const servers = await ask('OPTIONS', '/v1/server/events', PAGE);
  assert.equal(servers.response.status, 405);
});

test('a paid order is counted once, and only its own visitor gets the handout', async () => {
  const created = await ask('POST', '/v1/orders', KEY, JSON.stringify(orderOf('2001')));
  assert.equal(created.response.status, 201);
  const told = JSON.parse(created.text) as OrderReceipt;
  assert.deepEqual([told.order_id, told.event_id], ['2001', 'demo-2001']);
  assert.match(told.handout, /^[\w-]{22}$/);

  const again = { ...orderOf('2001'), key: WRITE_KEY, spec: 1 };
  const theirs = await ask('POST', '/v1/orders', PAGE, JSON.stringify({ ...again, visitor: 'thief' }));
  const mine = await ask('POST', '/v1/orders', PAGE, JSON.stringify(again));
  assert.deepEqual([theirs.response.status, mine.response.status], [201, 201]);
  const stolen = (JSON.parse(theirs.text) as OrderReceipt).handout;
  const browser = (JSON.parse(mine.text) as OrderReceipt).handout;

  const { headers, body } = payment('2001');
  assert.equal((await ask('POST', '/v1/hooks/standard', headers, body)).response.status, 202);
  const given = await ask('GET', `/v1/handouts/${browser}?wait=20`, PAGE);
  assert.equal(given.response.headers.get('access-control-allow-origin'), SHOP);
  const handout = JSON.parse(given.text) as HandoutAnswer;
  assert.ok(handout.fire, given.text);
  assert.deepEqual([handout.event, handout.event_id], ['Purchase', 'demo-2001']);
  assert.ok(handout.fire_in > 0 && handout.fire_in <= 240_000);

  const unknown = await ask('GET', `/v1/handouts/${'A'.repeat(22)}?wait=20`, PAGE);
  const strangers = await ask('GET', `/v1/handouts/${stolen}?wait=20`, PAGE);
  assert.equal(strangers.response.status, 404);
  assert.equal(strangers.text, unknown.text);
  for (const capability of [told.handout, browser]) {
    const second = JSON.parse((await ask('GET', `/v1/handouts/${capability}`, PAGE)).text) as HandoutAnswer;
    assert.equal(second.fire, false, 'a handout is given once');
  }
  const [counted, ...more] = await twin.events({ order_id: '2001' });
  assert.deepEqual([counted?.counted, more], [1, []]);
});

test('the page of an order that waits for its payment is told to ask again', async () => {
  const told = JSON.parse((await ask('POST', '/v1/orders', KEY, JSON.stringify(orderOf('2002')))).text) as OrderReceipt;
  await committed(told.receipt);
  const answer = JSON.parse((await ask('GET', `/v1/handouts/${told.handout}`, PAGE)).text) as HandoutAnswer;
  assert.deepEqual(answer, { fire: false, why: 'awaiting_api', again: true });
});

test('the page’s script carries the client part of the spec and no secret', async () => {
  const { response, text } = await ask('GET', '/a.js');
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('content-type'), 'text/javascript; charset=utf-8');
  assert.equal(response.headers.get('access-control-allow-origin'), '*');
  assert.match(response.headers.get('cache-control') ?? '', /max-age=300/);
  for (const part of [WRITE_KEY, server.publicUrl, 'CD9079RC77U0N3GBV16Y', `${twin.url}/events.js`])
    assert.ok(text.includes(part), part);
  for (const secret of ['__ASSAY', SECRET_KEY, HOOK_SECRET, 'twin-token', 'TIKTOK_TOKEN'])
    assert.ok(!text.includes(secret), secret);
});

test('the page’s script comes in the smallest form that the browser takes', async () => {
  const plain = await ask('GET', '/a.js', { 'accept-encoding': 'identity' });
  assert.equal(plain.response.headers.get('content-encoding'), null);
  for (const [accepted, coding] of [
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip, deflate', 'gzip'],
  ] as const) {
    const { response, text } = await ask('GET', '/a.js', { 'accept-encoding': accepted });
    assert.equal(response.headers.get('content-encoding'), coding);
    assert.equal(response.headers.get('vary'), 'accept-encoding');
    // The test's own client has unpacked it.
    assert.equal(text, plain.text);
  }
});

test('a flood of foreign requests is refused every time and kept at most twenty times a second', async (t) => {
  const journal = await openJournalReader(server.folder);
  t.after(() => journal.close());
  // A second of its own: earlier refusals count too.
  await wait(1000 - (Date.now() % 1000));
  const last = await journal.last();
  const startedAt = Date.now();
  const answers = await Promise.all(Array.from({ length: 200 }, () => ask('POST', '/v1/events', {}, '{"flood":1}')));
  const seconds = Math.floor(Date.now() / 1000) - Math.floor(startedAt / 1000) + 1;
  assert.ok(answers.every(({ response }) => response.status === 403));
  const kept = (await journal.read(last, 1000)).filter(({ kind }) => kind === 'unread').length;
  assert.ok(kept >= 20 && kept <= 20 * seconds, `${kept} of 200 were kept in ${seconds} s`);
});

test('no contact stands in the clear anywhere on disk, whatever door it came through', async () => {
  const user = { email: MAIL, phone: PHONE, external_id: MAIL };
  const strange = { note: MAIL, nested: { deep: [MAIL, PHONE] }, [MAIL]: 1 };
  const page = { url: `${SHOP}/?email=${MAIL}&q=${encodeURIComponent(MAIL)}#${MAIL}`, referrer: `${SHOP}/${MAIL}` };
  const told = { ...contact('f-1'), user, page, properties: strange };
  const customer = { name: 'Jane Roe-Meyer', email: MAIL, phone: PHONE, address: { street: 'Musterweg 7' } };
  const hook = payment('3001', 0, { customer, note: MAIL });
  const other = signed('msg-other', JSON.stringify({ type: 'customer.created', data: customer, [MAIL]: customer }));
  const reports = [['foreign', MAIL, MAIL]];
  const lead = { lead_id: 'L-1', user, page, properties: strange, ad: strange, lead: strange };
  const target = encodeURIComponent(`${SHOP}/u/${MAIL}?email=${MAIL}#${MAIL}`);
  const click = `/v1/click?to=${target}&ttclid=${MAIL}&utm_term=${MAIL}&campaign=${encodeURIComponent(PHONE)}`;
  for (const path of [click, `/v1/view?campaign=${MAIL}`])
    assert.ok((await fetch(server.publicUrl + path, { redirect: 'manual', headers: PAGE })).status < 400, path);
  for (const [path, headers, body] of [
    ['/v1/events', PAGE, JSON.stringify({ ...browserBatch([told]), user, page })],
    ['/v1/server/events', KEY, JSON.stringify(told)],
    ['/v1/orders', KEY, JSON.stringify({ ...orderOf('3001'), user, page, properties: strange })],
    ['/v1/hooks/standard', hook.headers, hook.body],
    ['/v1/hooks/standard', other.headers, other.body],
    ['/v1/events', PAGE, JSON.stringify({ ...browserBatch(reports), visitor: MAIL, session: MAIL })],
    ['/v1/server/import', KEY, JSON.stringify(told)],
    ['/v1/leads', KEY, JSON.stringify(lead)],
    ['/v1/leads', PAGE, JSON.stringify({ ...lead, key: WRITE_KEY, visitor: MAIL })],
    ['/v1/leads/L-1/status', KEY, JSON.stringify({ ...lead, status: 'qualified' })],
  ] as const)
    assert.ok((await ask('POST', path, headers, body)).response.ok, path);
  for (const [path, headers, body] of [
    ['/v1/events', {}, JSON.stringify({ email: MAIL })],
    ['/v1/events', PAGE, `{"${MAIL}"`],
    ['/v1/server/events', { authorization: `Bearer ${MAIL}` }, JSON.stringify({ [MAIL]: PHONE })],
    ['/v1/server/events', KEY, JSON.stringify({ event: 7, user: { email: MAIL } })],
    ['/v1/hooks/standard', {}, JSON.stringify({ email: MAIL })],
    ['/v1/leads', KEY, JSON.stringify({ lead_id: MAIL, user })],
    ['/v1/leads', KEY, JSON.stringify({ status: PHONE, user })],
    [`/v1/leads/${MAIL}/status`, KEY, JSON.stringify({ status: 'new' })],
    ['/v1/carry', PAGE, JSON.stringify({ key: WRITE_KEY, visitor: MAIL, session: PHONE })],
    ['/v1/server/import?dry_run=1', KEY, JSON.stringify({ event: 7, [MAIL]: MAIL })],
  ] as const) {
    const { response, text } = await ask('POST', path, headers, body);
    assert.ok(response.status >= 400 && response.status < 500, path);
    assert.ok(!text.includes('Roe'), text);
  }
  await wait(300);
  const files = filesOf(server.folder);
  assert.ok(files.length >= 4);
  for (const bytes of files)
    for (const plain of [
      MAIL,
      MAIL.toLowerCase(),
      MAIL.split('@')[0] ?? '',
      encodeURIComponent(MAIL),
      PHONE,
      PHONE.slice(1),
      SECRET_KEY,
      HOOK_SECRET,
      'Roe-Meyer',
      'Musterweg',
    ])
      assert.equal(bytes.indexOf(plain), -1, plain);
  assert.deepEqual(server.log, []);
});

/** Resolves once a receipt's records have their verdicts. */
async function committed(receipt: string): Promise<void> {
  for (;;) {
    const answer = JSON.parse((await ask('GET', `/v1/receipts/${receipt}`)).text) as ReceiptAnswer;
    if (answer.pending === 0) return;
    await wait(20);
  }
}

async function ask(method: string, path: string, headers: Record<string, string> = {}, body?: string | Buffer) {
  const response = await fetch(server.publicUrl + path, { method, headers, ...(body === undefined ? {} : { body }) });
  return { response, text: await response.text() };
}

function contact(eventId: string) {
  return { event: 'Contact', event_id: eventId, time: new Date().toISOString(), consent: 'granted' };
}

function browserBatch(events: object[]) {
  const page = { url: `${SHOP}/` };
  return {
    key: WRITE_KEY,
    spec: 1,
    sent_at: Date.now() / 1000,
    visitor: 'v-1',
    session: 's-1',
    consent: 'granted',
    page,
    events,
  };
}

function orderOf(orderId: string) {
  const contents = [{ content_id: 'sku-1', quantity: 1, price: 59.9 }];
  const page = { url: `${SHOP}/checkout` };
  return {
    order_id: orderId,
    value: '59.90',
    currency: 'EUR',
    contents,
    page,
    visitor: 'v-1',
    session: 's-1',
    consent: 'granted',
  };
}

function payment(orderId: string, agoS = 0, more: object = {}) {
  const at = new Date(Date.now() - agoS * 1000);
  const data = { payment_id: `pay-${orderId}`, order_id: orderId, amount: '59.90', currency: 'EUR', ...more };
  const body = JSON.stringify({ type: 'payment.succeeded', timestamp: at.toISOString(), data });
  return signed(`msg-${orderId}`, body, at);
}

function signed(id: string, body: string, at = new Date()) {
  const headers = {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(HOOK_SECRET).sign(id, at, body),
  };
  return { headers, body };
}

function filesOf(folder: string): Buffer[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name)));
}
