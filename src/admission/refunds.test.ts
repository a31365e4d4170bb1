import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  answerTold,
  consentTold,
  factTold,
  type Kit,
  openKit,
  orderTold,
  START,
  sentTold,
  specTold,
} from '../../test/admission-kit.ts';
import type { EventRow } from '../event/event.ts';
import { SECOND } from '../event/time.ts';
import { trackItem } from '../tiktok/body.ts';

const T = (seconds: number): number => START + seconds * SECOND;
const SENDING = specTold((text) => text.replace('renewals: book', 'renewals: book\n    refunds: send'));

/** An order whose Purchase TikTok has. Gives the order's sequence. */
async function delivered(kit: Kit): Promise<number> {
  const order = await kit.tell(orderTold('server'), factTold('payment', 'p', '59.90 EUR', T(1)));
  await kit.tell(sentTold(order, T(10)), answerTold(order, 'accept', T(11)));
  assert.equal(await kit.leg(order, 'api'), 'delivered told');
  return order;
}

async function eventAt(kit: Kit, seq: number): Promise<EventRow | undefined> {
  return (await kit.ledger.load({ events: [seq], orders: [] })).events.find((event) => event.seq === seq);
}

test('a refund is kept in the books alone unless the spec says otherwise', async () => {
  const kit = await openKit();
  await delivered(kit);
  const refund = await kit.tell(factTold('refund', 're-1', '9.90 EUR', T(60)));
  assert.equal(await kit.verdict(refund), 'paired order_fact');
  assert.equal(await eventAt(kit, refund), undefined);
});

test('where the spec wants it, TikTok is told of each refund once, with its sum and the visitor of the order', async () => {
  const kit = await openKit(SENDING);
  const order = await delivered(kit);
  const first = await kit.tell(
    factTold('refund', 're-1', '9.90 EUR', T(60)),
    factTold('refund', 're-2', '5.00 EUR', T(70)),
  );
  assert.equal(await kit.verdict(first), 'paired order_fact,refund_told');
  const [purchase, one, other] = [await eventAt(kit, order), await eventAt(kit, first), await eventAt(kit, first + 1)];
  assert.ok(purchase && one && other);
  const item = trackItem(one, 'current', false);
  assert.match(item.event_id, /^demo-77-refund-[\da-f]{16}$/);
  assert.notEqual(item.event_id, other.eventId);
  assert.deepEqual(
    [item.event, item.event_time, item.properties],
    ['Refund', T(60) / 1000, { value: 9.9, currency: 'EUR', order_id: '77' }],
  );
  assert.deepEqual(item.user, trackItem(purchase, 'current', false).user);
  assert.deepEqual([await kit.leg(first, 'api'), await kit.leg(first, 'pixel')], ['queued ready', '']);
  assert.equal(await kit.leg(order, 'api'), 'delivered told');

  const again = await kit.tell(factTold('refund', 're-1', '9.90 EUR', T(90)));
  assert.equal(await kit.verdict(again), 'duplicate resent');
  assert.equal(await eventAt(kit, again), undefined);
  await kit.restart();
  const late = await kit.tell(factTold('refund', 're-2', '5.00 EUR', T(99)));
  assert.equal(await kit.verdict(late), 'duplicate resent');
});

test('of a Purchase that has not left, and of money that is no refund, TikTok is told nothing', async () => {
  const kit = await openKit(SENDING);
  await kit.tell(orderTold('server'), factTold('payment', 'p', '59.90 EUR', T(1)));
  const early = await kit.tell(factTold('refund', 're-1', '9.90 EUR', T(2)));
  assert.equal(await kit.verdict(early), 'paired order_fact');
  const other = await openKit(SENDING);
  await delivered(other);
  for (const fact of ['chargeback', 'fee', 'refundReversed'] as const)
    assert.equal(await other.verdict(await other.tell(factTold(fact, fact, '1.00 EUR', T(60)))), 'paired order_fact');
  const orphan = await other.tell({ ...factTold('refund', 'x', '1.00 EUR', T(61), { order_id: 'nobody’s' }) });
  assert.equal(await other.verdict(orphan), 'admitted orphan_fact');
});

test('a visitor who has said no since is not told of', async () => {
  const kit = await openKit(SENDING);
  const order = await delivered(kit);
  const { visitor = '' } = (await eventAt(kit, order)) ?? {};
  await kit.tell(consentTold('denied', T(30), visitor));
  const refund = await kit.tell(factTold('refund', 're-1', '9.90 EUR', T(60)));
  assert.equal(await kit.leg(refund, 'api'), 'withheld consent_denied');
});
