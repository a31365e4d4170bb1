import assert from 'node:assert/strict';
import { test } from 'node:test';
import { factTold, openKit, orderTold, paymentTold, START } from '../../test/admission-kit.ts';
import type { FactKind } from '../event/order.ts';
import { SECOND } from '../event/time.ts';
import type { NewRecord } from '../store/journal.ts';

const T = (seconds: number): number => START + seconds * SECOND;
const PAID = { payment: 'stripe:pi_1' };

/** A fact that names the payment alone, as disputes do. */
function ofPayment(fact: FactKind, reference: string, amount = '', at = START, provider = 'stripe'): NewRecord {
  return factTold(fact, reference, amount, at, {
    ...{ provider, order_id: 'pi_1', payment: `${provider}:pi_1`, by_payment: true },
  });
}

/** The order's own payment, which names both. */
const payment = (at = T(1)): NewRecord => paymentTold('59.90', 'pi_1', at, { provider: 'stripe' });
const created = (at = START): NewRecord => orderTold('server', {}, at);

async function books(...records: NewRecord[]): Promise<Record<string, unknown[]>> {
  const kit = await openKit();
  for (const record of records) await kit.tell(record);
  const rows = await kit.ledger.orders({}, 10);
  return Object.fromEntries(
    rows.map(({ order, entries }) => [
      order.orderId,
      [order.status, order.net, ...entries.map(({ reference }) => reference)],
    ]),
  );
}

test('a fact that names its payment alone stands in the order of that payment, before it or after', async () => {
  const disputed = ofPayment('dispute', 'dp_1', '', T(2));
  const taken = ofPayment('chargeback', 'dp_1-taken', '59.90 EUR', T(3));
  const expected = { '77': ['disputed', '0.00 EUR', 'pi_1', 'dp_1', 'dp_1-taken'] };
  for (const records of [
    [created(), payment(), disputed, taken],
    [created(), disputed, payment(), taken],
    [disputed, taken, created(), payment()],
    [taken, payment(), disputed, created()],
    [disputed, payment(), created(), disputed, taken, payment(), taken],
  ])
    assert.deepEqual(await books(...records), expected);
});

test('until its payment is known it is booked by itself, and counts once', async () => {
  assert.deepEqual(await books(ofPayment('chargeback', 'dp_1', '59.90 EUR')), {
    pi_1: ['orphan', '-59.90 EUR', 'dp_1'],
  });
  const kit = await openKit();
  await kit.tell(ofPayment('chargeback', 'dp_1', '59.90 EUR', T(2)), created());
  await kit.tell(payment());
  const totals = await kit.ledger.orderTotals();
  assert.deepEqual(
    totals.map(({ status, count, net }) => [status, count, net]),
    [['lost', 1, '0.00 EUR']],
  );
});

test('any fact that names both tells where the payment belongs', async () => {
  const fee = factTold('fee', 'txn_1', '1.20 EUR', T(1), { provider: 'stripe', ...PAID });
  assert.deepEqual(await books(ofPayment('dispute', 'dp_1', '', T(2)), created(), fee), {
    '77': ['disputed', '-1.20 EUR', 'txn_1', 'dp_1'],
  });
});

test('the same id with another provider is another payment', async () => {
  const dispute = ofPayment('dispute', 'dp_1', '', T(2), 'paypal');
  assert.deepEqual(new Set(Object.keys(await books(created(), payment(), dispute))), new Set(['77', 'pi_1']));
});

test('what an order knows already by its own reference does not come twice', async () => {
  const refund = (more: object): NewRecord =>
    factTold('refund', 're_1', '9.90 EUR', T(2), { provider: 'stripe', ...PAID, ...more });
  const named = refund({});
  const unnamed = refund({ order_id: 'pi_1', by_payment: true });
  for (const records of [
    [created(), payment(), named, unnamed],
    [unnamed, created(), named, payment()],
    [unnamed, payment(), named, created()],
  ])
    assert.deepEqual(await books(...records), { '77': ['partlyRefunded', '50.00 EUR', 'pi_1', 're_1'] });
});

test('where two orders claim one payment, its facts stand with the first by its source’s time', async () => {
  const other = paymentTold('59.90', 'pi_1', T(0), { provider: 'stripe', order_id: '78' });
  const dispute = ofPayment('dispute', 'dp_1', '', T(2));
  const expected = { '77': ['paid', '59.90 EUR', 'pi_1'], '78': ['orphan', '59.90 EUR', 'pi_1', 'dp_1'] };
  for (const records of [
    [created(), payment(), dispute, other],
    [created(), other, payment(), dispute],
    [dispute, created(), payment(), other],
  ])
    assert.deepEqual(await books(...records), expected);
});

test('a refund that failed is money of the shop again', async () => {
  const back = ofPayment('refundReversed', 're_1-failed', '59.90 EUR', T(3));
  const refund = ofPayment('refund', 're_1', '59.90 EUR', T(2));
  assert.deepEqual(await books(created(), payment(), refund), { '77': ['refunded', '0.00 EUR', 'pi_1', 're_1'] });
  assert.deepEqual(await books(created(), payment(), refund, back), {
    '77': ['paid', '59.90 EUR', 'pi_1', 're_1', 're_1-failed'],
  });
});

test('a payment that a shop and its payment service both tell is booked once', async () => {
  const ofShop = paymentTold('59.90', 'wc-77-paid', T(1), { provider: 'woocommerce', ...PAID });
  const dispute = ofPayment('dispute', 'dp_1', '', T(2));
  for (const records of [
    [created(), ofShop, payment(), dispute],
    [dispute, payment(), ofShop, created()],
    [created(), dispute, ofShop],
  ]) {
    const [[status, net, ...references] = []] = Object.values(await books(...records));
    assert.deepEqual([status, net, references.length], ['disputed', '59.90 EUR', 2]);
  }
});

test('the id of a payment may come with a later word of it', async () => {
  const invoice = (more: object, at = T(1)): NewRecord =>
    paymentTold('59.90', 'in_1', at, { provider: 'stripe', time: T(1) / 1000, ...more });
  const dispute = ofPayment('dispute', 'dp_1', '', T(2));
  for (const records of [
    [created(), invoice({}), dispute, invoice(PAID)],
    [created(), invoice(PAID), invoice({}), dispute],
    [dispute, invoice({}), invoice(PAID), created()],
  ])
    assert.deepEqual(await books(...records), { '77': ['disputed', '59.90 EUR', 'in_1', 'dp_1'] });
});

test('a restart between the fact and its payment changes nothing', async () => {
  const kit = await openKit();
  await kit.tell(ofPayment('dispute', 'dp_1', '', T(2)));
  await kit.restart();
  await kit.tell(created(), payment());
  await kit.restart();
  await kit.tell(ofPayment('disputeLost', 'dp_1-lost', '', T(4)));
  const [row, ...others] = await kit.ledger.orders({}, 10);
  assert.deepEqual([row?.order.orderId, row?.order.status, others.length], ['77', 'lost', 0]);
});
