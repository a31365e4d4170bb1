import { hash } from 'node:crypto';
import type { EventRow } from '../event/event.ts';
import { storedMoney } from '../event/money.ts';
import type { EntryRow, OrderRow } from '../event/order.ts';
import type { Reason } from '../event/reason.ts';
import type { ToldEvent } from '../event/told.ts';
import { ruleFor } from '../spec/default.ts';
import type { JournalRecord } from '../store/journal.ts';
import { worthOf } from './amount.ts';
import type { Context } from './context.ts';
import { newEvent } from './events.ts';
import { hasLeft, openLegs } from './legs.ts';
import { normalise, orderEventId } from './normalise.ts';

/** A custom event: TikTok has no refunds and corrects nothing by it (tiktok.md, 11.3). Our books do not need it. */
const NAME = 'Refund';

/**
 * Tells TikTok of a refund, for whoever counts refunds in Events Manager, where the spec wants that and TikTok may have
 * the order's Purchase: of what it never heard of, nothing is taken back. True where it was told.
 */
export function tellRefund(
  record: JournalRecord,
  { kind, amount, reference, occurredAt }: EntryRow,
  order: OrderRow,
  purchase: EventRow,
  context: Context,
): boolean {
  const { working, guard, spec } = context;
  if (kind !== 'refund' || amount === undefined || ruleFor(spec, 'Purchase').refunds === 'book') return false;
  if (!working.legs(purchase.seq).some(hasLeft)) return false;
  const told: ToldEvent = {
    event: NAME,
    event_id: refundEventId(order, reference),
    time: Math.floor(occurredAt / 1000),
    source: purchase.source,
    consent: order.consent,
    properties: { order_id: order.orderId },
    ...(purchase.visitor === undefined ? {} : { visitor: purchase.visitor }),
    ...(purchase.session === undefined ? {} : { session: purchase.session }),
    ...(purchase.limitedDataUse === undefined ? {} : { limited_data_use: purchase.limitedDataUse }),
  };
  const read = normalise(told, purchase.personal, spec, record.receivedAt);
  const draft = { ...read, ...worthOf(storedMoney(amount), spec), rule: { ...read.rule, legs: 'api' } as const };
  const event = newEvent(record, draft, context);
  if (openLegs(event, draft, record, context) === 0) return false;
  guard.add(draft.key, event.seq, record.door, record.receivedAt);
  working.putEvent(event);
  return true;
}

/** A source's reference may be longer than an event id. */
function refundEventId({ shop, orderId }: OrderRow, reference: string): string {
  const digest = hash('sha256', reference).slice(0, 16);
  return `${orderEventId(shop, orderId)}-refund-${digest}`;
}

export const REFUND_REASONS: Reason[] = [
  {
    code: 'refund_told',
    with: 'note',
    means:
      'TikTok is told of this refund by a custom event of its own, as the spec wants; its Purchase stays as it is.',
    fix: 'Write refunds: book in the rule of Purchase to keep refunds in the books alone.',
  },
];
