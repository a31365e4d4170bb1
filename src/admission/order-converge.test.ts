import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  answerTold,
  eventTold,
  factTold,
  hookedOrder,
  orderTold,
  START,
  sentTold,
  specTold,
} from '../../test/admission-kit.ts';
import { type FactKind, MOVES_MONEY, type OrderRow } from '../event/order.ts';
import { DAY, SECOND } from '../event/time.ts';
import type { NewRecord } from '../store/journal.ts';
import { memoryJournal } from '../store/memory/journal.ts';
import { memoryLedger } from '../store/memory/ledger.ts';
import { openAdmission } from './run.ts';

const PROPERTIES = { order_id: '77', value: '60.00', currency: 'EUR', contents: [{ content_id: 'a' }] };
const CREATION = ['server', 'browser', 'webhook'] as const;

/** A fact as its source knows it: told at any moment, it is dated by the source. */
type Told = (receivedAt: number) => NewRecord;

/** How the facts of an order come in: which, in what order, how many at once, and how much later. */
interface Arrival {
  order: number[];
  chunks: { size: number; laterMs: number }[];
  batchMax: number;
}

test('up to 12 facts end in the same state with the same net, in any order, repeated, in any batches', async () => {
  await fc.assert(
    fc.asyncProperty(life(), async ({ facts, arrivals }) => {
      const inOrder = { order: facts.map((_, index) => index), chunks: [], batchMax: 1000 };
      const expected = await lived(facts, inOrder);
      for (const arrival of arrivals) {
        const { order, books } = await lived(facts, arrival);
        assert.deepEqual(booked(order), booked(expected.order));
        assert.deepEqual(books, expected.books);
      }
    }),
    { numRuns: 120, seed: 12 },
  );
});

test('whatever comes and whenever, at most one Purchase leaves, and none of an order that was not confirmed', async () => {
  let sent = 0;
  await fc.assert(
    fc.asyncProperty(life(), async ({ facts, arrivals }) => {
      for (const arrival of arrivals) {
        const { order, left } = await lived(facts, arrival);
        assert.ok(left <= (order.confirmedAt === undefined ? 0 : 1), `${left} left`);
        sent += left;
      }
    }),
    { numRuns: 120, seed: 13 },
  );
  assert.ok(sent > 20, `${sent} left`);
});

test('an order whose cancellation came before its payments never leaves', async () => {
  await fc.assert(
    fc.asyncProperty(life(), async ({ facts, arrivals }) => {
      const cancelled: Told = (at) => factTold('cancellation', 'void', '', at, { time: START / 1000 });
      for (const arrival of arrivals) {
        const order = [facts.length, ...arrival.order];
        assert.equal((await lived([...facts, cancelled], { ...arrival, order })).left, 0);
      }
    }),
    { numRuns: 40, seed: 14 },
  );
});

function booked({ status, total, net, otherNets }: OrderRow): unknown {
  return { status, total, net, otherNets };
}

interface Lived {
  order: OrderRow;
  /** how often its api leg left */
  left: number;
  /** every order with its facts, in the order of their references */
  books: Record<string, string[]>;
}

/** Admission and a transport that sends at once what is due: what it comes to in the end. */
async function lived(facts: readonly Told[], arrival: Arrival): Promise<Lived> {
  const journal = memoryJournal();
  const ledger = memoryLedger();
  const page = eventTold('browser', { visitor: 'v-1' }, START - DAY);
  await journal.append([specTold((text) => text, START - DAY), page]);
  const admission = await openAdmission(journal, ledger, { batchMax: arrival.batchMax });
  let now = START + DAY;
  let left = 0;
  const send = async (): Promise<void> => {
    await admission.catchUp();
    for (const { event } of await ledger.due(now, 100)) {
      const { events } = await ledger.load({ events: [event.seq], orders: [] });
      if (events[0]?.orderId !== '77') continue;
      left++;
      await journal.append([sentTold(event.seq, now), answerTold(event.seq, 'accept', now)]);
    }
  };
  const waiting = arrival.order.map((index) => facts[index] ?? assert.fail());
  for (const { size, laterMs } of [...arrival.chunks, { size: waiting.length, laterMs: 0 }]) {
    const chunk = waiting.splice(0, size).map((told) => told(now));
    if (chunk.length > 0) await journal.append(chunk);
    now += laterMs;
    await send();
  }
  now += DAY;
  await send();
  await admission.catchUp();
  const all = await ledger.orders({}, 100);
  const order = all.find((one) => one.order.orderId === '77')?.order ?? assert.fail('no order');
  const references = all.map(({ order: { orderId }, entries }) => [
    orderId,
    entries.map(({ reference }) => reference).sort(),
  ]);
  return { order, left, books: Object.fromEntries(references) };
}

/** Up to 12 facts, the order itself among them, and ways in which all of them arrive at least once. */
function life(): fc.Arbitrary<{ facts: Told[]; arrivals: Arrival[] }> {
  const facts = fc
    .tuple(
      fc.array(creation(), { minLength: 1, maxLength: 3 }),
      fc.array(fc.oneof({ weight: 3, arbitrary: fact() }, { weight: 1, arbitrary: byPayment() }), {
        minLength: 1,
        maxLength: 9,
      }),
    )
    .map(([created, told]) => [...created, ...told.map((one, index) => one(`r-${index}`))]);
  return facts.chain((told) =>
    fc.record({ facts: fc.constant(told), arrivals: fc.array(arrival(told.length), { minLength: 1, maxLength: 3 }) }),
  );
}

function arrival(count: number): fc.Arbitrary<Arrival> {
  const all = Array.from({ length: count }, (_, index) => index);
  const once = fc.shuffledSubarray(all, { minLength: count });
  const again = fc.array(fc.record({ which: fc.nat(count - 1), where: fc.nat(2 * count) }), { maxLength: 6 });
  return fc.record({
    order: fc.tuple(once, again).map(([order, repeats]) => {
      for (const { which, where } of repeats) order = order.toSpliced(where, 0, which);
      return order;
    }),
    chunks: fc.array(
      fc.record({
        size: fc.integer({ min: 1, max: 5 }),
        laterMs: fc.constantFrom(0, SECOND, 6 * SECOND, 1000 * SECOND),
      }),
      { maxLength: 10 },
    ),
    batchMax: fc.constantFrom(1, 2, 3, 1000),
  });
}

function creation(): fc.Arbitrary<Told> {
  const value = fc.constantFrom('60.00', '60.00', '70.00');
  return fc.tuple(fc.constantFrom(...CREATION), sourceTime(), value).map(([door, time, worth]) => (at) => {
    const more = { visitor: 'v-1', properties: { ...PROPERTIES, value: worth }, time };
    return door === 'webhook' ? hookedOrder(more, at) : orderTold(door, more, at);
  });
}

function fact(): fc.Arbitrary<(reference: string) => Told> {
  const kind = fc.oneof(
    { weight: 3, arbitrary: fc.constant('payment' as FactKind) },
    { weight: 5, arbitrary: fc.constantFrom(...(Object.keys(MOVES_MONEY) as FactKind[])) },
  );
  const amount = fc.tuple(
    fc.constantFrom('0', '20.00', '30.00', '40.00', '60.00'),
    fc.constantFrom('EUR', 'EUR', 'EUR', 'USD'),
  );
  return fc.tuple(kind, amount, sourceTime()).map(
    ([one, money, time]) =>
      (reference) =>
      (at) =>
        factTold(one, reference, MOVES_MONEY[one] ? money.join(' ') : '', at, { time }),
  );
}

/** A fact whose source names a payment and no order: one that some fact of the order, or none, is of. */
function byPayment(): fc.Arbitrary<(reference: string) => Told> {
  const kind = fc.constantFrom('refund', 'chargeback', 'dispute', 'disputeWon', 'fee', 'refundReversed');
  return fc.tuple(kind, fc.constantFrom('r-0', 'r-1', 'r-2', 'r-3'), sourceTime()).map(
    ([one, payment, time]) =>
      (reference) =>
      (at) =>
        factTold(one as FactKind, reference, MOVES_MONEY[one as FactKind] ? '10.00 EUR' : '', at, {
          ...{ time, order_id: payment, payment: `standard:${payment}`, by_payment: true },
        }),
  );
}

/** Of few, so that many are equal. */
function sourceTime(): fc.Arbitrary<number> {
  return fc.integer({ min: 0, max: 6 }).map((seconds) => START / 1000 + seconds);
}
