import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KEY, openDoor } from '../../../test/door.ts';
import { SHOP } from '../../../test/server.ts';
import type { DryRunAnswer, FactDryRunAnswer, LeadDryRunAnswer } from '../../api/wire.ts';

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

const STEP = { lead_id: 78, status: 'qualified', time: '2017-11-03', visitor: 'v-1', properties: { form: 'quote' } };

test('an import takes steps of leads at any past time, in a CRM’s words or ours', async () => {
  await written();
  const word = { lead_id: 'B', status: 'customer', time: 1, provider: 'hubspot', property: 'lifecyclestage' };
  const answer = await ask('POST', '/v1/server/import', KEY, {
    leads: [
      STEP,
      { ...word, user: { email: 'Jane@mail.example' } },
      { lead_id: 'C', time: 2, source: 'crm', draft: true },
    ],
  });
  assert.deepEqual([answer.status, answer.json['accepted']], [202, 3], answer.text);
  const records = await written('lead');
  const consent = 'unknown';
  assert.deepEqual(
    records.map(({ door, body }) => [door, body]),
    [
      ['import', { ...STEP, lead_id: '78', consent }],
      ['import', { ...word, consent }],
      ['import', { lead_id: 'C', status: 'new', time: 2, source: 'crm', draft: true, consent }],
    ],
  );
  assert.match(String(records[1]?.personal?.user?.email), /^[0-9a-f]{64}$/);
});

test('a dry run of leads says what each step would be called and sent as, and writes nothing', async () => {
  await written();
  const leads = [
    STEP,
    { ...STEP, status: 'rejected' },
    { ...STEP, status: 'won' },
    { ...STEP, time: 'noon' },
    { ...STEP, status: 'customer', provider: 'hubspot' },
  ];
  const answer = await ask('POST', '/v1/server/import?dry_run=1', KEY, { leads });
  assert.equal(answer.status, 200, answer.text);
  const { rows } = answer.json as unknown as LeadDryRunAnswer;
  assert.deepEqual(
    rows.map(({ ok, lead_id, status, event, problems }) => [ok, lead_id, status, event, problems[0]?.code]),
    [
      [true, '78', 'qualified', 'Lead', undefined],
      [true, '78', 'rejected', null, undefined],
      [false, '78', 'won', null, 'lead_status_unknown'],
      [false, '78', 'qualified', 'Lead', 'time_unreadable'],
      [false, '78', 'customer', null, 'crm_status_unmapped'],
    ],
  );
  assert.ok(rows[0]?.notes.includes('old'));
  assert.deepEqual(await written(), []);
});

test('steps without a lead or a time, or with somebody’s address for an id, are refused with their place', async () => {
  await written();
  for (const [step, where] of [
    [{ lead_id: 'A', status: 'new' }, 'leads.1.time'],
    [{ status: 'new', time: 1 }, 'leads.1.lead_id'],
    [{ lead_id: 'jane@mail.example', time: 1 }, 'leads.1.lead_id'],
    [{ lead_id: ' ', time: 1 }, 'leads.1.lead_id'],
    [{ lead_id: 'A', time: 1, status: 'jane@mail.example' }, 'leads.1.status'],
    [{ lead_id: 'A', time: 1, provider: 'jane@mail.example' }, 'leads.1.provider'],
    [{ lead_id: 'A', time: 1, property: '+49 170 1234567' }, 'leads.1.property'],
    [{ lead_id: 'A', time: 1, source: 'offline' }, 'leads.1.source'],
  ] as const) {
    const answer = await ask('POST', '/v1/server/import', KEY, { leads: [STEP, step] });
    const problems = answer.json['problems'] as { where: string; fix: string }[];
    assert.deepEqual([answer.status, problems.map((problem) => problem.where)], [422, [where]]);
  }
  assert.deepEqual(await written('lead'), []);
});

test('what became of a payment may leave the order out, and nothing else may', async () => {
  const fee = { fact: 'fee', reference: 'txn_1', payment: 'stripe:pi_1', amount: '1.14', currency: 'EUR' };
  const told = async (fact: object): Promise<number> =>
    (await ask('POST', '/v1/server/import', KEY, { facts: [fact] })).status;
  await written();
  assert.equal(await told(fee), 202);
  const [record] = await written('payment');
  const { order_id, payment, by_payment } = record?.body ?? {};
  assert.deepEqual({ order_id, payment, by_payment }, { order_id: 'pi_1', payment: 'stripe:pi_1', by_payment: true });
  for (const wrong of [
    { ...fee, fact: 'payment' },
    { ...fee, payment: undefined },
    { ...fee, payment: 'pi_1' },
    { ...fee, payment: 'stripe: ' },
    { ...fee, payment: 'stripe:ann@example.com' },
  ])
    assert.equal(await told(wrong), 422, JSON.stringify(wrong));
});
