import { money, moneyText } from '../event/money.ts';
import type { OrderRow } from '../event/order.ts';
import type { Problem } from '../event/problem.ts';
import type { Reason } from '../event/reason.ts';
import type { ToldPayment } from '../event/told.ts';
import { ruleFor } from '../spec/default.ts';
import type { JournalRecord } from '../store/journal.ts';
import { cleanId } from '../tiktok/text.ts';
import type { Context } from './context.ts';
import { withObservation } from './events.ts';
import { confirmIfPaid } from './orders.ts';
import { readTime } from './when.ts';

/** Money that moved, told by a provider. The source's own reference makes a repeated webhook change nothing. */
export function tellPayment(record: JournalRecord, told: ToldPayment, context: Context): void {
  const { working, spec } = context;
  const amount = money(told.amount, told.currency, spec.money.rounding);
  const orderId = cleanId(told.order_id);
  const when = readTime(told.time, record.receivedAt, spec.delivery);
  const problems = amount && amount.minor >= 0n ? when.problems : [UNREADABLE, ...when.problems];
  if (!amount || problems.length > 0) {
    working.verdict(
      record,
      'quarantined',
      problems.map(({ code }) => code),
      undefined,
      problems,
    );
    return;
  }
  const shop = spec.business.id;
  const order = working.order(shop, orderId) ?? orphan(shop, orderId);
  const event = order.event === undefined ? undefined : working.event(order.event);
  if (working.entries(order).some((entry) => entry.reference === told.reference)) {
    working.verdict(record, 'duplicate', ['resent'], event?.seq);
    return;
  }
  working.putOrder(order);
  working.putEntry({
    shop,
    orderId,
    reference: told.reference,
    kind: 'payment',
    provider: told.provider,
    amount: moneyText(amount),
    occurredAt: when.at,
    seq: record.seq,
  });
  if (!event) {
    working.verdict(record, 'admitted', ['orphan_payment']);
    // Without the visitor's page and identifiers there is no web event that TikTok would take.
    if (ruleFor(spec, 'Purchase').orphans === 'send')
      working.finding(
        'orphan_not_sent',
        `order ${orderId}`,
        'was paid without having been created; it is booked only',
        record.receivedAt,
      );
    return;
  }
  working.putEvent(withObservation(event, record, { occurredAt: when.at }, 'paired'));
  working.verdict(record, 'paired', ['order_paid'], event.seq);
  confirmIfPaid(order, record.receivedAt, context);
}

const UNREADABLE: Problem = {
  code: 'value_unreadable',
  where: 'data.amount',
  what: 'amount and currency make no sum of money, zero or more',
  fix: 'send major units as text and the ISO 4217 code, such as "59.90" and EUR',
};

function orphan(shop: string, orderId: string): OrderRow {
  return { shop, orderId, status: 'orphan', consent: 'unknown', properties: {}, capabilities: [], personal: null };
}

export const PAYMENT_REASONS: Reason[] = [
  { code: 'order_paid', with: 'paired', means: 'A provider told a payment of this order.', fix: '' },
  {
    code: 'orphan_payment',
    with: 'admitted',
    means: 'A payment for an order that nobody created: booked, and joined if the order is told later.',
    fix: 'Create orders with POST /v1/orders before the redirect.',
  },
];
