import assert from 'node:assert/strict';
import { test } from 'node:test';
import { factTold, type Kit, openKit, orderTold, paymentTold, START, specTold } from '../../test/admission-kit.ts';
import type { EntryRow, OrderRow } from '../event/order.ts';
import { DAY, MINUTE, SECOND } from '../event/time.ts';
import { FACTS_MAX } from './facts.ts';

const T = (seconds: number): number => START + seconds * SECOND;

test('the books follow every fact to the minor unit, and each has its verdict', async () => {
  const kit = await openKit();
  await kit.tell(orderTold('server'));
  for (const [fact, amount, status, net, reason] of [
    ['pending', '', 'pending', undefined, 'order_fact'],
    ['payment', '29.95 EUR', 'partlyPaid', '29.95 EUR', 'order_paid'],
    ['payment', '29.95 EUR', 'paid', '59.90 EUR', 'order_paid'],
    ['fee', '1.99 EUR', 'paid', '57.91 EUR', 'order_fact'],
    ['refund', '9.90 EUR', 'partlyRefunded', '48.01 EUR', 'order_fact'],
    ['dispute', '', 'disputed', '48.01 EUR', 'order_fact'],
    ['chargeback', '50.00 EUR', 'disputed', '-1.99 EUR', 'order_fact'],
    ['disputeWon', '', 'partlyRefunded', '-1.99 EUR', 'order_fact'],
    ['chargebackReversed', '50.00 EUR', 'partlyRefunded', '48.01 EUR', 'order_fact'],
    ['disputeLost', '', 'lost', '48.01 EUR', 'order_fact'],
    ['cancellation', '', 'lost', '48.01 EUR', 'order_fact'],
  ] as const) {
    const at = T(10 + (await rows(kit)).entries.length);
    const seq = await kit.tell(factTold(fact, `${fact}-${at}`, amount, at));
    assert.equal(await kit.verdict(seq), `paired ${reason}`, fact);
    const { order } = await rows(kit);
    assert.deepEqual([order?.status, order?.net], [status, net], fact);
  }
});

test('a fact told again changes nothing, and one that tells something else under its reference is found', async () => {
  const kit = await openKit();
  await kit.tell(
    orderTold('server'),
    factTold('payment', 'r-1', '20.00 EUR', T(1)),
    factTold('pending', 'r-2', '', T(2)),
  );
  const before = await rows(kit);
  const again = await kit.tell(factTold('payment', 'r-1', '20.00 EUR', T(90)), factTold('pending', 'r-2', '', T(91)));
  assert.deepEqual([await kit.verdict(again), await kit.verdict(again + 1)], Array(2).fill('duplicate resent'));
  assert.deepEqual(await kit.ledger.findings(10), []);
  const other = await kit.tell(
    factTold('payment', 'r-1', '20.01 EUR', T(92)),
    factTold('payment', 'r-1', '20.00 USD', T(93)),
    factTold('refund', 'r-1', '20.00 EUR', T(94)),
    factTold('cancellation', 'r-2', '', T(95)),
  );
  for (let seq = other; seq < other + 4; seq++) assert.equal(await kit.verdict(seq), 'duplicate resent');
  const [finding] = await kit.ledger.findings(10);
  assert.deepEqual([finding?.id, finding?.times], ['fact_differs:order 77', 4]);
  assert.match(finding?.what ?? '', /r-2 again as cancellation; pending was kept/);
  assert.deepEqual(await rows(kit), before);
});

test('facts of an order that nobody told wait for it, with their sums, and join it', async () => {
  const kit = await openKit();
  const first = await kit.tell(
    factTold('refund', 'back', '10.00 EUR', T(9)),
    factTold('payment', 'pay', '59.90 EUR', T(1)),
  );
  assert.deepEqual(
    [await kit.verdict(first), await kit.verdict(first + 1)],
    ['admitted orphan_fact', 'admitted orphan_payment'],
  );
  assert.deepEqual(await state(kit), ['orphan', '49.90 EUR', undefined]);
  const created = await kit.tell(orderTold('server', {}, T(20)));
  assert.deepEqual(await state(kit), ['partlyRefunded', '49.90 EUR', '59.90 EUR']);
  assert.equal(await kit.leg(created, 'api'), 'held delay');
});

test('an order that was cancelled before anybody told it never leaves, whatever confirms it', async () => {
  for (const confirm of ['webhook', 'server', 'none']) {
    const kit = await openKit(specTold((text) => text.replace('confirm: webhook', `confirm: ${confirm}`)));
    await kit.tell(factTold('cancellation', 'void', '', T(5)));
    const created = await kit.tell(orderTold('server', {}, T(6)));
    await kit.tell(paymentTold('59.90', 'pay', T(7)));
    assert.deepEqual(
      [await kit.leg(created, 'api'), await kit.leg(created, 'pixel'), ...(await state(kit))],
      ['withheld order_cancelled', 'withheld order_cancelled', 'cancelled', '59.90 EUR', '59.90 EUR'],
    );
  }
});

test('a fact of a test mode is read, and no live order changes', async () => {
  const kit = await openKit();
  await kit.tell(orderTold('server'));
  const before = await rows(kit);
  const draft = await kit.tell(
    factTold('payment', 'pay', '59.90 EUR', T(1), { draft: true }),
    factTold('payment', 'pay', '59.90 EUR', T(2), { draft: true, order_id: '78' }),
    factTold('payment', 'pay', '-1 EUR', T(3), { draft: true }),
  );
  assert.deepEqual(
    [await kit.verdict(draft), await kit.verdict(draft + 1), await kit.verdict(draft + 2)],
    ['admitted draft_fact', 'admitted draft_fact', 'quarantined value_negative'],
  );
  assert.deepEqual(await rows(kit), before);
  assert.deepEqual((await kit.ledger.lineage([], ['78'])).orders, []);
  const totals = (await kit.ledger.totals()).verdicts.filter(({ door }) => door === 'webhook:standard');
  assert.ok(totals.length > 0 && totals.every((row) => row.draft));
});

test('money in another currency is kept apart and found, and a provider’s fee in its own is not', async () => {
  const kit = await openKit();
  await kit.tell(
    orderTold('server'),
    factTold('fee', 'f', '200 JPY', T(1)),
    factTold('payment', 'p', '59.90 EUR', T(2)),
  );
  assert.deepEqual((await rows(kit)).order?.otherNets, ['-200 JPY']);
  assert.deepEqual(await kit.ledger.findings(10), []);
  await kit.tell(factTold('payment', 'p-2', '10.00 USD', T(3)));
  assert.deepEqual((await rows(kit)).order?.otherNets, ['-200 JPY', '10.00 USD']);
  assert.deepEqual(await state(kit), ['paid', '59.90 EUR', '59.90 EUR']);
  assert.deepEqual(
    (await kit.ledger.findings(10)).map(({ id }) => id),
    ['payment_currency:order 77'],
  );
});

test('an order that only machines know of is a renewal: booked, and not sent by any rule but the spec’s', async () => {
  for (const [renewals, api] of [
    ['book', 'withheld origin_system'],
    ['send', 'withheld page_unknown'],
  ] as const) {
    const kit = await openKit(specTold((text) => text.replace('renewals: book', `renewals: ${renewals}`)));
    const system = { origin: 'system' } as const;
    await kit.tell(factTold('payment', 'p', '59.90 EUR', T(1), system));
    assert.deepEqual(
      [(await rows(kit)).order?.origin, ...(await state(kit))],
      ['system', 'orphan', '59.90 EUR', undefined],
    );
    const hooked = { ...orderTold('server', {}, T(2)), door: 'webhook:stripe' as const };
    const created = await kit.tell(hooked);
    assert.deepEqual(
      [(await rows(kit)).order?.origin, ...(await state(kit))],
      ['system', 'paid', '59.90 EUR', '59.90 EUR'],
    );
    assert.deepEqual([await kit.leg(created, 'api'), await kit.leg(created, 'pixel')], [api, api]);
  }
});

test('a machine’s payment of an order that a visitor placed is a payment like any other', async () => {
  const kit = await openKit();
  const created = await kit.tell(
    orderTold('browser'),
    factTold('payment', 'p', '59.90 EUR', T(1), { origin: 'system' }),
  );
  assert.deepEqual([await kit.leg(created, 'api'), (await rows(kit)).order?.origin], ['held delay', undefined]);
});

test('a source’s clock that is ahead orders its own facts, and one of another age does not', async () => {
  const kit = await openKit();
  await kit.tell(
    orderTold('server'),
    factTold('disputeWon', 'b', '', T(0), { time: T(60) / 1000 }),
    factTold('dispute', 'a', '', T(0), { time: T(50) / 1000 }),
    factTold('pending', 'c', '', T(0), { time: (START + 400 * DAY) / 1000 }),
  );
  const { order, entries } = await rows(kit);
  assert.equal(order?.status, 'pending');
  assert.deepEqual(
    entries.map(({ reference, occurredAt }) => [reference, occurredAt]),
    [
      ['a', T(50)],
      ['b', T(60)],
      ['c', START],
    ],
  );
});

test('an order has an end of facts, and a sender that makes a new one of each telling is told so', async () => {
  const kit = await openKit();
  const facts = Array.from({ length: FACTS_MAX }, (_, index) => factTold('fee', `f-${index}`, '0.01 EUR', T(index)));
  await kit.tell(orderTold('server'), ...facts);
  const more = await kit.tell(factTold('fee', 'f-more', '0.01 EUR', START + MINUTE));
  assert.equal(await kit.verdict(more), 'quarantined facts_too_many');
  assert.deepEqual(await state(kit), ['created', '-10.00 EUR', '59.90 EUR']);
});

async function rows(kit: Kit): Promise<{ order: OrderRow | undefined; entries: EntryRow[] }> {
  const { orders, entries } = await kit.ledger.load({ events: [], orders: [{ shop: 'demo', orderId: '77' }] });
  return { order: orders[0], entries };
}

async function state(kit: Kit): Promise<unknown[]> {
  const { order } = await rows(kit);
  return [order?.status, order?.net, order?.total];
}
