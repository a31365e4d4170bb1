import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KEY, openDoor, PAGE } from '../../../test/door.ts';
import { WRITE_KEY } from '../../../test/server.ts';
import { MOVES_MONEY } from '../../event/order.ts';

const { ask, written } = openDoor();

const TO = '/v1/orders/10045/entries';
const PAID = { reference: 'bank-1', amount: '59.90', currency: 'EUR' };

test('a server tells one entry of an order, under the id in the address', async () => {
  await written();
  const told = {
    fact: 'refund',
    ...PAID,
    currency: ' eur ',
    time: '2026-08-01T12:00:00Z',
    order_id: 'other',
    note: 'x',
  };
  const answer = await ask('POST', '/v1/orders/A%201%2F2/entries', KEY, told);
  assert.deepEqual([answer.status, answer.json['accepted']], [202, 1], answer.text);
  const [record, ...more] = await written();
  assert.deepEqual(
    [record?.kind, record?.door, record?.personal, record?.body, more],
    [
      ...['payment', 'server', null],
      {
        ...{ provider: 'server', order_id: 'A 1/2', reference: 'bank-1', fact: 'refund', amount: '59.90' },
        ...{ currency: 'EUR', time: '2026-08-01T12:00:00Z' },
      },
      [],
    ],
  );
});

test('many entries are taken together, in their order', async () => {
  await written();
  const entries = Object.entries(MOVES_MONEY).map(([fact, moves]) => ({
    fact,
    reference: `${fact}-1`,
    ...(moves ? { amount: 0.1, currency: 'EUR' } : {}),
  }));
  const answer = await ask('POST', TO, KEY, { entries });
  assert.deepEqual([answer.status, answer.json['accepted']], [202, entries.length], answer.text);
  assert.deepEqual(
    (await written('payment')).map(({ body }) => [body['fact'], body['amount']]),
    entries.map(({ fact, amount }) => [fact, amount === undefined ? undefined : '0.1']),
  );
});

test('who paid is hashed at the door, a try-out and a machine’s doing are marked', async () => {
  await written();
  const user = { email: 'Jane.Roe@mail.example', phone: '+49 30 901820' };
  assert.equal(
    (await ask('POST', TO, KEY, { ...PAID, reference: 7, user, origin: 'system', draft: true })).status,
    202,
  );
  const [record] = await written('payment');
  assert.match(record?.personal?.user?.email?.[0] ?? '', /^[0-9a-f]{64}$/);
  assert.deepEqual([record?.body['reference'], record?.body['origin'], record?.body['draft']], ['7', 'system', true]);
  assert.doesNotMatch(JSON.stringify(record), /jane|901820/i);
});

const table: [name: string, body: object, fields: string[]][] = [
  ['no reference', { amount: '1', currency: 'EUR' }, ['reference']],
  ['a reference that is blank', { ...PAID, reference: ' ' }, ['reference']],
  ['a reference that is a contact', { ...PAID, reference: 'jane@mail.example' }, ['reference']],
  ['a fact that nobody knows', { ...PAID, fact: 'gift' }, ['fact']],
  ['money without an amount', { reference: 'x', fact: 'fee' }, ['amount', 'currency']],
  ['an amount without a currency', { reference: 'x', amount: '1' }, ['currency']],
  ['an amount with a comma', { ...PAID, amount: '59,90' }, ['amount']],
  ['an amount below zero', { ...PAID, fact: 'refund', amount: '-59.90' }, ['amount']],
  ['an amount that is a list', { ...PAID, amount: [1] }, ['amount']],
  ['a number that lost its digits', { ...PAID, amount: 1e21 }, ['amount']],
  ['a currency that is none', { ...PAID, currency: 'ABC' }, ['currency']],
  ['an amount where no money moves', { ...PAID, fact: 'cancellation' }, ['amount', 'currency']],
  ['a time that is a contact', { ...PAID, time: 'jane@mail.example' }, ['time']],
  ['no entries', { entries: [] }, ['entries']],
  ['501 entries', { entries: Array.from({ length: 501 }, () => PAID) }, ['entries']],
  [
    'one bad entry of two',
    { entries: [PAID, { ...PAID, fact: 'dispute' }] },
    ['entries.1.amount', 'entries.1.currency'],
  ],
];
for (const [name, body, fields] of table)
  test(`${name} is refused with the field and what to do, and nothing is taken`, async () => {
    await written();
    const answer = await ask('POST', TO, KEY, body);
    assert.deepEqual([answer.status, answer.json['code']], [422, 'body_shape'], answer.text);
    const problems = answer.json['problems'] as { where: string; what: string; fix: string }[];
    assert.deepEqual(
      problems.map(({ where }) => where),
      fields,
    );
    for (const { what, fix } of problems) assert.ok(what !== '' && fix !== '');
    assert.deepEqual(await written('payment'), []);
  });

test('an address that is a contact, or blank, is no order', async () => {
  for (const id of ['jane%40mail.example', '%20', '%2B4930901820'])
    assert.equal((await ask('POST', `/v1/orders/${id}/entries`, KEY, PAID)).status, 422, id);
});

test('a page tells no entries', async () => {
  for (const [headers, body] of [
    [PAGE, { ...PAID, key: WRITE_KEY }],
    [{ authorization: `Bearer ${WRITE_KEY}` }, PAID],
  ] as const)
    assert.equal((await ask('POST', TO, headers, body)).status, 401);
});

test('a repeated entry is a duplicate, and its sender hears so', async () => {
  const verdict = async (): Promise<unknown> => {
    const { json } = await ask('POST', '/v1/orders/twice/entries', { ...KEY, prefer: 'wait=5' }, PAID);
    return (json['records'] as { verdict: string }[])[0]?.verdict;
  };
  assert.deepEqual([await verdict(), await verdict()], ['admitted', 'duplicate']);
});
