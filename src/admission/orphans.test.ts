import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  answerTold,
  eventTold,
  factTold,
  type Kit,
  openKit,
  orderTold,
  START,
  sentTold,
  specTold,
} from '../../test/admission-kit.ts';
import type { Personal } from '../event/event.ts';
import { SECOND } from '../event/time.ts';
import type { ToldPayment } from '../event/told.ts';
import type { NewRecord } from '../store/journal.ts';
import { trackItem } from '../tiktok/body.ts';

const T = (seconds: number): number => START + seconds * SECOND;
const PAYER: Personal = { user: { phone: ['b'.repeat(64)] } };
const SALE = 2;

/** A spec that sends orphans, to a destination that has a place for them. */
const sends = specTold((text) =>
  text.replace('orphans: book', 'orphans: send').replace('mode: required', 'mode: none'),
);

/** The same, and no destination has a place for sales by phone. */
const elsewhere = specTold((text) =>
  text.replace('orphans: book', 'orphans: send').replace(/offlineEventSet: .*/, 'offlineEventSet: null'),
);

function paid(
  amount: string,
  reference: string,
  at: number,
  more: Partial<ToldPayment> = {},
  personal: Personal | null = PAYER,
): NewRecord {
  return { ...factTold('payment', reference, amount, at, more), personal };
}

test('a payment without an order becomes a sale by phone where the spec and the payment have all it needs', async () => {
  const kit = await openKit(sends);
  const seq = await kit.tell(paid('59.90 EUR', 'p-1', T(0)));
  assert.equal(await kit.verdict(seq), 'admitted orphan_payment');
  assert.deepEqual([await kit.leg(seq, 'api'), await kit.leg(seq, 'pixel')], ['held delay', '']);
  const { events, orders, verdicts } = await kit.ledger.lineage([], ['77']);
  assert.deepEqual([orders[0]?.status, orders[0]?.event, orders[0]?.net], ['orphan', seq, '59.90 EUR']);
  assert.equal(verdicts.find((row) => row.seq === seq)?.event, seq);
  const item = trackItem(events[0] ?? assert.fail(), 'current', false);
  assert.deepEqual(item, {
    event: 'Purchase',
    event_time: START / 1000,
    event_id: 'demo-77',
    user: { phone: 'b'.repeat(64) },
    properties: { order_id: '77', value: 59.9, currency: 'EUR' },
  });
  assert.deepEqual(await kit.ledger.findings(10), []);
});

test('where anything lacks, the payment is booked only, and found', async () => {
  for (const [what, spec, record] of [
    ['nobody was told', sends, paid('59.90 EUR', 'p', T(0), {}, null)],
    ['the payer has no contact', sends, paid('59.90 EUR', 'p', T(0), {}, { user: { ip: '203.0.113.7' } })],
    ['no place for it', elsewhere, paid('59.90 EUR', 'p', T(0))],
  ] as const) {
    const kit = await openKit(spec);
    await kit.tell(record);
    assert.deepEqual(
      (await kit.ledger.findings(10)).map(({ check }) => check),
      ['orphan_not_sent'],
      what,
    );
    assert.deepEqual((await kit.ledger.lineage([], ['77'])).events, [], what);
  }
});

test('a renewal, a refund and a draft become no sale, and nothing does where the spec books them', async () => {
  for (const [spec, record] of [
    [specTold(), paid('59.90 EUR', 'p', T(0))],
    [sends, paid('59.90 EUR', 'p', T(0), { origin: 'system' })],
    [sends, paid('59.90 EUR', 'p', T(0), { fact: 'refund' })],
    [sends, paid('59.90 EUR', 'p', T(0), { draft: true })],
  ] as const) {
    const kit = await openKit(spec);
    await kit.tell(record);
    assert.deepEqual((await kit.ledger.lineage([], ['77'])).events, []);
    assert.deepEqual(await kit.ledger.findings(10), []);
  }
});

test('a sale that has not left is worth all that was paid by then, and more payments make no second one', async () => {
  const kit = await openKit(sends);
  await kit.tell(paid('20.00 EUR', 'p-1', T(0)), paid('39.90 EUR', 'p-2', T(1)));
  assert.deepEqual(await sale(kit), ['59.90 EUR', 1]);
  await kit.tell(sentTold(SALE, T(6)), paid('1.00 EUR', 'p-3', T(7)));
  assert.deepEqual(await sale(kit), ['59.90 EUR', 1]);
});

test('an order that is told before the sale leaves takes its place', async () => {
  const kit = await openKit(sends);
  await kit.tell(paid('59.90 EUR', 'p-1', T(0)));
  const created = await kit.tell(orderTold('server', {}, T(2)));
  assert.deepEqual(
    [await kit.leg(SALE, 'api'), await kit.leg(created, 'api'), await kit.leg(created, 'pixel')],
    ['withheld order_created', 'held delay', 'held awaiting_api'],
  );
  const { orders } = await kit.ledger.lineage([], ['77']);
  assert.deepEqual([orders[0]?.event, orders[0]?.status], [created, 'paid']);
});

test('an order that is told after the sale has left is that sale, and nothing leaves a second time', async () => {
  const kit = await openKit(sends);
  await kit.tell(paid('59.90 EUR', 'p-1', T(0)), sentTold(SALE, T(6)), answerTold(SALE, 'accept', T(7)));
  const created = await kit.tell(orderTold('server', {}, T(20)));
  assert.equal(await kit.verdict(created), 'paired other_door');
  const { orders, dispatches } = await kit.ledger.lineage([], ['77']);
  assert.deepEqual(
    [orders[0]?.event, orders[0]?.status, orders[0]?.createdBy, orders[0]?.total],
    [SALE, 'paid', 'server', '59.90 EUR'],
  );
  assert.deepEqual(
    dispatches.map(({ leg, state }) => `${leg} ${state}`),
    ['api delivered'],
  );
  await kit.tell(factTold('refund', 'r', '9.90 EUR', T(30)));
  assert.equal((await kit.ledger.lineage([], ['77'])).orders[0]?.status, 'partlyRefunded');
});

test('a sale that was cancelled or paid back before it left never leaves', async () => {
  for (const fact of [factTold('cancellation', 'c', '', T(2)), factTold('refund', 'r', '59.90 EUR', T(2))]) {
    const kit = await openKit(sends);
    await kit.tell(paid('59.90 EUR', 'p-1', T(0)), fact);
    assert.equal(await kit.leg(SALE, 'api'), 'withheld order_cancelled');
  }
});

test('a sale that the shop told itself is not told again for its payment', async () => {
  const kit = await openKit(sends);
  const properties = { order_id: '77', value: '59.90', currency: 'EUR', contents: [{ content_id: 'a' }] };
  const own = eventTold(
    'server',
    { event: 'Purchase', event_id: 'demo-77', source: 'offline', properties },
    T(0),
    PAYER,
  );
  await kit.tell(own, paid('59.90 EUR', 'p-1', T(2)));
  await kit.tell(paid('1.00 EUR', 'p-2', T(3)));
  assert.equal((await kit.ledger.lineage([], ['77'])).events.length, 1);
});

async function sale(kit: Kit): Promise<unknown[]> {
  const { events } = await kit.ledger.lineage([], ['77']);
  return [events[0]?.value, events.length];
}
