import assert from 'node:assert/strict';
import { after, before, type TestContext, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { type Gate, openGate, type Weather } from '../../test/gate.ts';
import { SECRET_KEY, startTestServer, type TestServer } from '../../test/server.ts';
import { openLedgerReader } from '../store/sqlite/ledger.ts';
import { type Client, type ClientError, type ClientOptions, createClient } from './client.ts';
import { WORLD } from './send.ts';

const PAGE = { url: 'https://shop.example/' };
const CONTACT = { event: 'Contact', page: PAGE, consent: 'granted' } as const;
const CONTENTS = [{ content_id: 'SKU-1', quantity: 1, price: 59.9 }];
const ORDER = { value: '59.90', currency: 'EUR', contents: CONTENTS, page: PAGE, consent: 'granted' } as const;
const AT = Date.now() - 1000;
const BUSY = { status: 503, headers: { 'retry-after': '0' } } as const;

let server: TestServer;
before(async () => {
  // Nothing of this reaches TikTok: nobody listens there.
  server = await startTestServer('http://127.0.0.1:1');
});
after(() => server.stop());

/** A client whose waits take no time, behind a line with this weather. */
async function opened(
  t: TestContext,
  weather: Weather[],
  options: Partial<ClientOptions> = {},
): Promise<{ client: Client; gate: Gate; errors: ClientError[]; waits: number[] }> {
  const gate = await openGate(server.publicUrl, ...weather);
  const errors: ClientError[] = [];
  const waits: number[] = [];
  const client = createClient({
    url: gate.url,
    key: SECRET_KEY,
    lingerMs: 5,
    random: () => 1,
    onError: (error) => errors.push(error),
    pause: (ms, stopped) => {
      waits.push(ms);
      return new Promise((resolve) => {
        if (stopped.aborted) resolve();
        else setTimeout(resolve, Math.min(ms, 5));
      });
    },
    ...options,
  });
  t.after(async () => {
    await client.close();
    await gate.close();
  });
  return { client, gate, errors, waits };
}

test('an order without an id gets it at the call, and keeps it when it is told again', async (t) => {
  const { client, gate } = await opened(t, [BUSY, 'pass']);
  const { order_id, event_id } = await client.order(ORDER);
  assert.match(order_id, /^[\da-f-]{36}$/);
  assert.ok(event_id.endsWith(`-${order_id}`));
  assert.equal(gate.asked.length, 2);
});

test('an event gets its id at the call, its time, and the collector’s word', async (t) => {
  const { client, gate } = await opened(t, ['pass'], { now: () => AT, verdictWaitS: 5 });
  const { event_id, sent } = client.track(CONTACT);
  assert.match(event_id, /^[\da-f-]{36}$/);
  assert.equal(client.pending(), 1);
  const told = await sent;
  assert.deepEqual([told.event_id, told.verdict, told.reasons], [event_id, 'admitted', ['first_observation']]);
  assert.match(told.receipt, /^r_/);
  assert.equal(client.pending(), 0);
  assert.deepEqual(bodyOf(gate, 0), { events: [{ ...CONTACT, event_id, time: new Date(AT).toISOString() }] });
  assert.equal(client.track({ ...CONTACT, event_id: 'mine' }).event_id, 'mine');
  await client.flush();
});

test('events leave together, in their order, in no more than so many a request', async (t) => {
  const { client, gate } = await opened(t, ['pass'], { batchEvents: 3 });
  const tracked = Array.from({ length: 8 }, (_, n) => client.track({ ...CONTACT, event_id: `order-${n}` }));
  await client.flush();
  await Promise.all(tracked.map(({ sent }) => sent));
  assert.deepEqual(
    gate.asked.map((_, n) => idsOf(gate, n)),
    [
      ['order-0', 'order-1', 'order-2'],
      ['order-3', 'order-4', 'order-5'],
      ['order-6', 'order-7'],
    ],
  );
});

test('a request keeps to its bytes, and one event that can never fit fails at once', async (t) => {
  const { client, gate, errors } = await opened(t, ['pass'], { batchBytes: 600 });
  for (let n = 0; n < 6; n++)
    client.track({ ...CONTACT, event_id: `bytes-${n}`, properties: { text: 'x'.repeat(80) } });
  const large = client.track({ ...CONTACT, event_id: 'large', properties: { text: 'x'.repeat(700) } });
  await assert.rejects(large.sent, { code: 'too_large', ids: ['large'] });
  await client.flush();
  assert.ok(gate.asked.length > 1);
  for (const { body } of gate.asked) assert.ok(body.length <= 600);
  assert.deepEqual(
    errors.map(({ code }) => code),
    ['too_large'],
  );
});

test('a large body is compressed and understood', async (t) => {
  const { client, gate } = await opened(t, ['pass'], { gzipBytes: 100 });
  await client.track({ ...CONTACT, properties: { description: 'cup '.repeat(200) } }).sent;
  const [asked] = gate.asked;
  assert.equal(asked?.headers['content-encoding'], 'gzip');
  assert.ok((asked?.body.length ?? 0) < 400);
  assert.match(gunzipSync(asked?.body ?? '').toString(), /cup cup/);
});

for (const [name, weather, waited] of [
  ['a line that is down', ['down', 'down', 'down', 'pass'], [500, 1000, 2000]],
  ['HTTP 503', [BUSY, BUSY, 'pass'], [500, 1000]],
  ['HTTP 429 with a time to wait', [{ status: 429, headers: { 'retry-after': '7' } }, 'pass'], [7000]],
  ['HTTP 502 of a proxy', [{ status: 502, body: '<html>' }, 'pass'], [500]],
  ['a page that is not the collector’s', [{ status: 200, body: '<html>Sign in</html>' }, 'pass'], [500]],
  ['a collector that takes it and never answers', ['mute', 'pass'], [500]],
  ['a line cut before the answer', ['lost', 'lost', 'pass'], [500, 1000]],
] as const)
  test(`after ${name} the same event is told again, and counted once`, async (t) => {
    const { client, gate, errors, waits } = await opened(t, [...weather], {
      timeoutMs: weather.some((one) => one === 'mute') ? 2_000 : 20_000,
      verdictWaitS: 5,
    });
    const { event_id, sent } = client.track(CONTACT);
    const told = await sent;
    const twice = weather.some((one) => one === 'mute' || one === 'lost');
    assert.deepEqual(
      [told.verdict, told.reasons],
      twice ? ['duplicate', ['resent']] : ['admitted', ['first_observation']],
    );
    assert.deepEqual([waits, errors], [waited, []]);
    const bodies = new Set(gate.asked.map(({ body }) => body.toString('hex')));
    assert.equal(bodies.size, 1, 'a repeat is the same to the last byte');
    assert.deepEqual(await countsOf(event_id), { events: 1, dispatches: 1 });
  });

test('a batch goes on from where the line broke, in order and nothing twice', async (t) => {
  const weather: Weather[] = ['pass', 'lost', 'down', BUSY, 'pass'];
  const { client } = await opened(t, weather, { batchEvents: 2, verdictWaitS: 5 });
  const tracked = Array.from({ length: 6 }, (_, n) => client.track({ ...CONTACT, event_id: `broken-${n}` }));
  const told = await Promise.all(tracked.map(({ sent }) => sent));
  assert.deepEqual(
    told.map(({ verdict }) => verdict),
    ['admitted', 'admitted', 'duplicate', 'duplicate', 'admitted', 'admitted'],
  );
  const seqs: number[] = [];
  for (const { event_id } of tracked) seqs.push(await seqOf(event_id));
  assert.deepEqual(
    seqs,
    [...seqs].sort((a, b) => a - b),
  );
});

test('events that the collector can’t read fail one by one, and the others are told', async (t) => {
  const { client, errors } = await opened(t, ['pass']);
  const good = client.track({ ...CONTACT, event_id: 'good' });
  const bad = client.track({ ...CONTACT, event_id: 'bad', session: 'x'.repeat(600) });
  const last = client.track({ ...CONTACT, event_id: 'last' });
  assert.match((await good.sent).receipt, /^r_/);
  assert.match((await last.sent).receipt, /^r_/);
  await assert.rejects(bad.sent, (error: ClientError) => {
    assert.deepEqual([error.code, error.ids, error.status], ['refused', ['bad'], 422]);
    assert.deepEqual(
      error.problems.map(({ where }) => where),
      ['session'],
    );
    return true;
  });
  assert.deepEqual(
    errors.map(({ ids }) => ids),
    [['bad']],
  );
});

test('a batch that is too large for the way is halved until it passes', async (t) => {
  const large = { status: 413, body: '{}' };
  const { client, gate } = await opened(t, [large, large, 'pass']);
  const tracked = ['a', 'b', 'c', 'd'].map((id) => client.track({ ...CONTACT, event_id: `half-${id}` }));
  await Promise.all(tracked.map(({ sent }) => sent));
  assert.deepEqual(
    gate.asked.map((_, n) => idsOf(gate, n).length),
    [4, 2, 1, 1, 2],
  );
});

test('what the collector took but will not send is reported with what to mend', async (t) => {
  const { client, errors } = await opened(t, ['pass'], { verdictWaitS: 5 });
  const { sent } = client.track({ ...CONTACT, event: 'AddToCart', event_id: 'cart', properties: { value: 59.9 } });
  assert.equal((await sent).verdict, 'quarantined');
  const [error] = errors;
  assert.deepEqual([error?.code, error?.ids], ['quarantined', ['cart']]);
  assert.ok(error?.problems.some(({ code, where }) => code === 'currency_missing' && where === 'properties.currency'));
});

test('a wrong key fails at once and says so', async (t) => {
  const { client, gate } = await opened(t, ['pass'], { key: 'another-key-of-the-server-door' });
  await assert.rejects(client.track(CONTACT).sent, { code: 'refused', status: 401 });
  assert.equal(gate.asked.length, 1);
});

test('a redirect is not followed: it would carry contacts elsewhere', async (t) => {
  const { client, gate } = await opened(t, [{ status: 308, headers: { location: server.publicUrl } }]);
  await assert.rejects(client.track(CONTACT).sent, { code: 'refused', status: 308 });
  assert.equal(gate.asked.length, 1);
});

test('a full queue refuses the newest and keeps the rest', async (t) => {
  const { client, gate, errors } = await opened(t, ['down'], { queueEvents: 2, batchEvents: 1 });
  const kept = [client.track(CONTACT), client.track(CONTACT)];
  const over = client.track({ ...CONTACT, event_id: 'over' });
  await assert.rejects(over.sent, { code: 'queue_full', ids: ['over'], message: /2 events wait/ });
  assert.equal(errors.length, 1);
  gate.weather[0] = 'pass';
  await Promise.all(kept.map(({ sent }) => sent));
  await client.track(CONTACT).sent;
});

test('nothing that fails ends the process, whoever does not listen', async (t) => {
  const loud = { onError: () => assert.fail('a listener of its own failure') };
  const { client } = await opened(t, ['down'], { ...loud, giveUpMs: 0 });
  client.track(CONTACT);
  client.track({ ...CONTACT, properties: { self: 1n as unknown as number } });
  void client.order({ order_id: '1', value: '1.00', currency: 'EUR' });
  await client.flush();
  // Node ends a process with an unhandled rejection only a turn later.
  await new Promise((resolve) => setImmediate(resolve));
});

test('after too long a time it gives up, and says what it has not told', async (t) => {
  const { client, errors, waits } = await opened(t, ['down'], { giveUpMs: 4000, now: () => 0 });
  await assert.rejects(client.track({ ...CONTACT, event_id: 'lost' }).sent, { code: 'gave_up', ids: ['lost'] });
  assert.deepEqual(waits, [500, 1000, 2000, 4000]);
  assert.match(errors[0]?.message ?? '', /after 5 tries/);
});

test('an order is answered with its event id and its handout, also when it is told twice', async (t) => {
  const { client } = await opened(t, ['lost', 'pass']);
  const order = { ...ORDER, order_id: '10045' };
  const told = await client.order(order);
  assert.deepEqual([told.order_id, told.event_id], ['10045', 'demo-10045']);
  assert.match(told.handout, /^[\w-]{22}$/);
  await committed();
  const handout = await fetch(`${server.publicUrl}/v1/handouts/${told.handout}`);
  assert.equal(((await handout.json()) as { fire: boolean }).fire, false);
  assert.deepEqual((await countsOf('demo-10045')).events, 1);
});

test('an order that is wrong fails with every problem', async (t) => {
  const { client, gate } = await opened(t, ['pass']);
  await assert.rejects(client.order({ order_id: ' ', value: '1', currency: 'EUR'.repeat(9) }), (error: ClientError) => {
    assert.deepEqual([error.code, error.status], ['refused', 422]);
    assert.deepEqual(
      error.problems.map(({ where }) => where),
      ['order_id', 'currency'],
    );
    assert.match(error.message, /order_id .*; currency /);
    return true;
  });
  assert.equal(gate.asked.length, 1);
});

test('a lead gets its id at the call, and its steps are told under it', async (t) => {
  const { client } = await opened(t, ['lost', 'pass']);
  const lead = { user: { email: 'ann@example.com' }, page: PAGE, consent: 'granted' } as const;
  const { lead_id } = await client.lead(lead);
  assert.match(lead_id, /^[\da-f-]{36}$/);
  assert.equal((await client.leadStatus(lead_id, 'qualified', { consent: 'granted', page: PAGE })).lead_id, lead_id);
  assert.equal((await client.lead({ ...lead, lead_id: 'crm/7' })).lead_id, 'crm/7');
  assert.equal((await client.leadStatus('crm/7', 'qualified')).lead_id, 'crm/7');
  await committed();
  assert.equal((await countsOf(`${lead_id}-new`)).events, 1);
  await assert.rejects(client.leadStatus(lead_id, ''), { code: 'refused', ids: [lead_id] });
});

test('what becomes of an order is told with its reference, and a repeat is harmless', async (t) => {
  const { client, gate } = await opened(t, ['lost', 'pass'], { now: () => AT });
  const refund = { fact: 'refund', reference: 're-1', amount: '9.90', currency: 'EUR' } as const;
  assert.match((await client.orderEntry('A 1/2', refund)).receipt, /^r_/);
  assert.equal(gate.asked[1]?.path, '/v1/orders/A%201%2F2/entries');
  assert.deepEqual(bodyOf(gate, 1), { ...refund, time: new Date(AT).toISOString() });
  await committed();
  const reader = await openLedgerReader(server.folder);
  const { entries } = await reader.load({ events: [], orders: [{ shop: 'demo', orderId: 'A 1/2' }] });
  await reader.close();
  assert.deepEqual(
    entries.map(({ kind, amount }) => [kind, amount]),
    [['refund', '9.90 EUR']],
  );
  await assert.rejects(client.orderEntry('A 1/2', { reference: 're-2' }), (error: ClientError) => {
    assert.deepEqual([error.code, error.ids], ['refused', ['A 1/2']]);
    assert.deepEqual(
      error.problems.map(({ where }) => where),
      ['amount', 'currency'],
    );
    return true;
  });
});

test('an order that is answered late keeps nobody waiting and is told all the same', async (t) => {
  const { client, gate, errors } = await opened(t, ['down'], { answerMs: 50 });
  await assert.rejects(client.order({ ...ORDER, order_id: 'late-1' }), { code: 'late', ids: ['late-1'] });
  assert.equal(client.pending(), 1);
  gate.weather[0] = 'pass';
  await client.flush();
  assert.equal(client.pending(), 0);
  await committed();
  assert.equal((await countsOf('demo-late-1')).events, 1);
  assert.deepEqual(
    errors.map(({ code }) => code),
    ['late'],
  );
});

test('close sends what waits, refuses what comes after, and does not wait for ever', async (t) => {
  const fine = await opened(t, ['pass'], { lingerMs: 60_000, pause: WORLD.pause });
  const { sent } = fine.client.track(CONTACT);
  await fine.client.close();
  assert.match((await sent).receipt, /^r_/);
  await assert.rejects(fine.client.track(CONTACT).sent, { code: 'closed' });
  await assert.rejects(fine.client.order({ order_id: '1', value: '1', currency: 'EUR' }), { code: 'closed' });

  const mute = await opened(t, ['mute'], { closeMs: 50, pause: WORLD.pause });
  const waiting = [mute.client.track(CONTACT), mute.client.track(CONTACT)].map(({ sent: one }) => one);
  await mute.client.close();
  for (const one of waiting) await assert.rejects(one, { code: 'closed' });
  assert.equal(mute.client.pending(), 0);
});

test('a client that could never work is refused when it is made', () => {
  const fine = { url: 'https://collect.shop.example/', key: 'k' };
  for (const [wrong, why] of [
    [{ url: 'collect.shop.example' }, /url is not an address/],
    [{ url: 'file:///x' }, /url is not an address/],
    [{ key: ' ' }, /key is missing/],
    [{ batchEvents: 501 }, /batchEvents is 501/],
    [{ batchBytes: 3_000_000 }, /batchBytes is 3000000/],
    [{ verdictWaitS: 11 }, /verdictWaitS is 11/],
    [{ lingerMs: Number.NaN }, /lingerMs is NaN/],
  ] as const)
    assert.throws(() => createClient({ ...fine, ...wrong }), { name: 'TypeError', message: why });
});

function bodyOf(gate: Gate, n: number): { events: { event_id: string }[] } {
  return JSON.parse(gate.asked[n]?.body.toString() ?? '') as { events: { event_id: string }[] };
}

function idsOf(gate: Gate, n: number): string[] {
  return bodyOf(gate, n).events.map(({ event_id }) => event_id);
}

/** Waits until all that was told has its verdict. */
async function committed(): Promise<void> {
  const answer = await fetch(`${server.publicUrl}/v1/server/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${SECRET_KEY}`, prefer: 'wait=5' },
    body: JSON.stringify(CONTACT),
  });
  await answer.text();
}

async function countsOf(id: string): Promise<{ events: number; dispatches: number }> {
  const reader = await openLedgerReader(server.folder);
  try {
    const { events, dispatches } = await reader.lineage(await reader.find(id, 10), []);
    return { events: events.length, dispatches: dispatches.filter(({ leg }) => leg === 'api').length };
  } finally {
    await reader.close();
  }
}

async function seqOf(id: string): Promise<number> {
  const reader = await openLedgerReader(server.folder);
  try {
    return (await reader.find(id, 1))[0] ?? 0;
  } finally {
    await reader.close();
  }
}
