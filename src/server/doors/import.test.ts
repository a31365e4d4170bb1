import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KEY, openDoor } from '../../../test/door.ts';
import { SHOP } from '../../../test/server.ts';
import type { DryRunAnswer, FactDryRunAnswer } from '../../api/wire.ts';

const { ask, written } = openDoor();

const OLD = { event: 'Contact', event_id: 'i-1', time: '2019-05-01T12:00:00Z', source: 'offline', origin: 'system' };

test('an import takes events of any past time', async () => {
  await written();
  const answer = await ask('POST', '/v1/server/import', KEY, { events: [{ ...OLD, sent_at: 7, draft: true }] });
  assert.deepEqual([answer.status, answer.json['accepted']], [202, 1], answer.text);
  const [record, ...more] = await written('event');
  assert.deepEqual(more, []);
  const { event_id, time, source, origin, sent_at, draft } = record?.body ?? {};
  assert.deepEqual(
    [record?.door, { event_id, time, source, origin, sent_at, draft }],
    ['import', { event_id: 'i-1', time: OLD.time, source: 'offline', origin: 'system', sent_at: 7, draft: true }],
  );
});

test('a dry run says what would become of each event, and writes nothing', async () => {
  await written();
  const events = [
    { ...OLD, page: { url: `${SHOP}/` }, user: { email: 'Jane@mail.example', phone: 'none' } },
    { ...OLD, event_id: 'i-2', time: 'noon', source: 'web' },
    { event: 'CompletePayment', source: 'offline', properties: { order_id: '77' } },
  ];
  const answer = await ask('POST', '/v1/server/import?dry_run=1', KEY, { events });
  assert.equal(answer.status, 200, answer.text);
  const { rows } = answer.json as unknown as DryRunAnswer;
  assert.deepEqual(
    rows.map(({ ok, event, event_id }) => [ok, event, event_id.slice(0, 3)]),
    [
      [true, 'Contact', 'i-1'],
      [false, 'Contact', 'i-2'],
      [false, 'Purchase', 'h-'.padEnd(3, rows[2]?.event_id[2])],
    ],
  );
  assert.ok(rows[0]?.notes.includes('phone_invalid'));
  assert.ok(rows[1]?.problems.some(({ where, fix }) => where === 'time' && fix !== ''));
  const wrong = await ask('POST', '/v1/server/import?dry_run=1', KEY, { events: [{ event: 7 }] });
  assert.deepEqual([wrong.status, wrong.json['code']], [422, 'body_shape']);
  assert.deepEqual(await written(), []);
});

test('an import wants a key of its own or a server’s, and the shape of events', async () => {
  for (const [headers, body, status] of [
    [{}, { events: [OLD] }, 401],
    [{ authorization: 'Bearer wrong' }, { events: [OLD] }, 401],
    [KEY, { events: [] }, 422],
    [KEY, { events: [{ ...OLD, origin: 'robot' }] }, 422],
    [KEY, 'event=Contact', 400],
  ] as const)
    assert.equal((await ask('POST', '/v1/server/import', headers, body)).status, status);
});

const FACT = { order_id: 4711, fact: 'refund', reference: 'r-1', amount: '5.00', currency: 'EUR', time: '2011-12-09' };

test('an import takes what became of orders at any past time', async () => {
  await written();
  const answer = await ask('POST', '/v1/server/import', KEY, {
    facts: [FACT, { order_id: 'B', reference: 'p', amount: 1, currency: 'JPY' }],
  });
  assert.deepEqual([answer.status, answer.json['accepted']], [202, 2], answer.text);
  assert.deepEqual(
    (await written('payment')).map(({ door, body }) => [door, body]),
    [
      ['import', { provider: 'import', ...FACT, order_id: '4711' }],
      ['import', { provider: 'import', order_id: 'B', reference: 'p', amount: '1', currency: 'JPY' }],
    ],
  );
});

test('a dry run of facts names each with its problems, and writes nothing', async () => {
  await written();
  const facts = [FACT, { ...FACT, time: 'noon' }, { order_id: 'C', fact: 'cancellation', reference: 'c-1' }];
  const answer = await ask('POST', '/v1/server/import?dry_run=1', KEY, { facts });
  assert.equal(answer.status, 200, answer.text);
  const { rows } = answer.json as unknown as FactDryRunAnswer;
  assert.deepEqual(
    rows.map(({ ok, order_id, fact, reference, problems }) => [
      ok,
      order_id,
      fact,
      reference,
      problems.map(({ where }) => where).join(),
    ]),
    [
      [true, '4711', 'refund', 'r-1', ''],
      [false, '4711', 'refund', 'r-1', 'time'],
      [true, 'C', 'cancellation', 'c-1', ''],
    ],
  );
  const wrong = await ask('POST', '/v1/server/import?dry_run=1', KEY, { facts: [{ ...FACT, amount: 'much' }] });
  assert.deepEqual([wrong.status, (wrong.json['problems'] as { where: string }[])[0]?.where], [422, 'facts.0.amount']);
  assert.deepEqual(await written(), []);
});
