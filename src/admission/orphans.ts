import type { EventRow } from '../event/event.ts';
import type { EntryRow, OrderRow } from '../event/order.ts';
import type { Reason } from '../event/reason.ts';
import type { ToldEvent, ToldPayment } from '../event/told.ts';
import { ruleFor } from '../spec/default.ts';
import type { Spec } from '../spec/spec.ts';
import type { JournalRecord } from '../store/journal.ts';
import { cleanId } from '../tiktok/text.ts';
import { worthOf } from './amount.ts';
import type { Context } from './context.ts';
import { newEvent } from './events.ts';
import { hasLeft, openLegs, withholdLegs } from './legs.ts';
import { type Draft, normalise, orderEventId } from './normalise.ts';
import { orderLife } from './order-life.ts';

/**
 * The Purchase that a payment becomes while nobody told its order, such as a sale by phone: one that happened offline,
 * found by the payer's own contacts. Undefined where the spec books such payments alone, and where no payer is told.
 */
export function orphanSale(record: JournalRecord, told: ToldPayment, spec: Spec): Draft | undefined {
  const user = record.personal?.user;
  if (ruleFor(spec, 'Purchase').orphans === 'book' || !user || !isVisitorsPayment(told.fact, told.origin) || told.draft)
    return undefined;
  const orderId = cleanId(told.order_id);
  const sale: ToldEvent = {
    event: 'Purchase',
    event_id: orderEventId(spec.business.id, orderId),
    source: 'offline',
    consent: 'unknown',
    properties: {
      order_id: orderId,
      ...(told.amount === undefined ? {} : { value: told.amount }),
      ...(told.currency === undefined ? {} : { currency: told.currency }),
    },
    ...(told.time === undefined ? {} : { time: told.time }),
  };
  const draft = normalise(sale, { user }, spec, record.receivedAt);
  // A payment names no contents, and never will.
  draft.problems = draft.problems.filter(({ code }) => code !== 'parameter_missing');
  return draft;
}

/** Sends what a payment without its order is worth, where the spec wants that and it can be done. */
export function sellOrphan(
  record: JournalRecord,
  order: OrderRow,
  entry: EntryRow,
  sale: Draft | undefined,
  context: Context,
): OrderRow {
  const { working, guard, spec } = context;
  if (ruleFor(spec, 'Purchase').orphans === 'book' || !isVisitorsPayment(entry.kind, entry.origin)) return order;
  const sold = order.event === undefined ? undefined : working.event(order.event);
  if (sold) {
    addPayment(sold, order, context);
    return order;
  }
  if (sale && sale.problems.length === 0) {
    const seen = guard.find(sale.key, record.receivedAt);
    // The shop has told this sale itself.
    if (seen ? working.event(seen.seq) : working.named(sale)) return order;
    const event = newEvent(record, sale, context);
    if (openLegs(event, sale, record, context) > 0) {
      guard.add(sale.key, event.seq, record.door, record.receivedAt);
      working.putEvent(event);
      return { ...order, event: event.seq };
    }
  }
  working.finding(
    'orphan_not_sent',
    `order ${order.orderId}`,
    'was paid without having been created; it is booked only',
    record.receivedAt,
  );
  return order;
}

/**
 * The order of a payment that was sold by itself has been told after all. Where that sale has not left, it never
 * leaves, and the order gets an event of its own; where it has, the order is that sale.
 */
export function callOffSale(sold: EventRow, at: number, context: Context): EventRow | undefined {
  if (context.working.legs(sold.seq).some(hasLeft)) return sold;
  withholdLegs(sold, 'order_created', at, context);
  return undefined;
}

/** Until it leaves, a sale is worth all that was paid. */
function addPayment(sold: EventRow, order: OrderRow, { working, spec }: Context): void {
  const { paid } = orderLife(order, working.entries(order));
  if (!paid || sold.frozenAt !== undefined) return;
  const { sendValue: _send, rate: _rate, ...event } = sold;
  working.putEvent({ ...event, ...worthOf(paid, spec) });
}

function isVisitorsPayment(kind: ToldPayment['fact'], origin: ToldPayment['origin']): boolean {
  return (kind ?? 'payment') === 'payment' && origin !== 'system';
}

export const ORPHAN_REASONS: Reason[] = [
  {
    code: 'order_created',
    with: 'withheld',
    means: 'The payment was to be sent as a sale by itself, and its order was told before it left.',
    fix: 'See the order’s own event.',
  },
];
