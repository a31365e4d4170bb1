import { type Money, money, moneyText } from '../event/money.ts';
import { type EntryRow, MOVES_MONEY, type OrderRow } from '../event/order.ts';
import type { Problem } from '../event/problem.ts';
import type { Reason } from '../event/reason.ts';
import { DAY } from '../event/time.ts';
import type { ToldPayment } from '../event/told.ts';
import type { JournalRecord } from '../store/journal.ts';
import { paymentOf } from '../store/payment-key.ts';
import { cleanId } from '../tiktok/text.ts';
import { MINOR_MAX } from './amount.ts';
import { settleOrder } from './confirm.ts';
import type { Context } from './context.ts';
import { withObservation } from './events.ts';
import type { Draft } from './normalise.ts';
import { sellOrphan } from './orphans.ts';
import { gather, joinPayment, placed, toldAlready } from './payments.ts';
import { tellRefund } from './refunds.ts';
import { readTime, type TimeRead } from './when.ts';

/** No order has more facts than this; a sender that has gone wild must not make each next one slower. */
export const FACTS_MAX = 1000;
/** A source's clock may be ahead of ours by this much: the order of its own facts is told by its clock alone. */
const AHEAD_MAX_MS = DAY;

/**
 * A fact of an order's life, told by a provider or the shop. The source's own reference makes a repeated one change
 * nothing. `sale` is the Purchase that a payment without its order may become.
 */
export function tellFact(record: JournalRecord, told: ToldPayment, sale: Draft | undefined, context: Context): void {
  const { working } = context;
  const { entry: read, problems } = entryOf(record, told, context);
  if (!read) {
    const codes = [...new Set(problems.map(({ code }) => code))];
    working.verdict(record, 'quarantined', codes, undefined, problems);
    return;
  }
  if (told.draft) {
    working.verdict(record, 'admitted', ['draft_fact']);
    return;
  }
  const entry = placed(read, working);
  const { shop, orderId, kind } = entry;
  const order = working.order(shop, orderId) ?? orphan(shop, orderId);
  const event = order.event === undefined ? undefined : working.event(order.event);
  const entries = working.entries(order);
  const same = toldAlready(entry, entries);
  if (same) {
    joinPayment(same, entry, record.receivedAt, context);
    if (says(same) !== says(entry))
      working.finding(
        'fact_differs',
        `order ${orderId}`,
        `was told ${entry.reference} again as ${says(entry)}; ${says(same)} was kept`,
        record.receivedAt,
      );
    working.verdict(record, 'duplicate', ['resent'], event?.seq);
    return;
  }
  if (entries.length >= FACTS_MAX) {
    working.verdict(record, 'quarantined', [TOO_MANY.code], event?.seq, [TOO_MANY]);
    return;
  }
  working.putEntry(entry);
  if (!entry.byPayment) gather(entry, record.receivedAt, context);
  if (order.createdAt === undefined || !event) {
    const sold = sellOrphan(record, order, entry, sale, context);
    working.verdict(record, 'admitted', [kind === 'payment' ? 'orphan_payment' : 'orphan_fact'], sold.event);
    settleOrder(sold, record.receivedAt, context);
    return;
  }
  working.putEvent(withObservation(event, record, { occurredAt: entry.occurredAt }, 'paired'));
  const notes = tellRefund(record, entry, order, event, context) ? ['refund_told'] : [];
  working.verdict(record, 'paired', [kind === 'payment' ? 'order_paid' : 'order_fact', ...notes], event.seq);
  settleOrder(order, record.receivedAt, context);
}

/** The payment that a told fact belongs to, as its entry will say. */
export function paymentTold({ payment, fact = 'payment', provider, reference }: ToldPayment): string | undefined {
  return paymentOf({ kind: fact, provider, reference, ...(payment === undefined ? {} : { payment }) });
}

/** The fact as the books keep it, or everything that is wrong with it. */
export function entryOf(
  record: Pick<JournalRecord, 'receivedAt' | 'seq'>,
  told: ToldPayment,
  { spec }: Pick<Context, 'spec'>,
): { entry?: EntryRow; problems: Problem[] } {
  const kind = told.fact ?? 'payment';
  const when = readTime(told.time, record.receivedAt, spec.delivery);
  const problems = [...when.problems];
  const amount = MOVES_MONEY[kind] ? amountOf(told, problems, spec.money.rounding) : undefined;
  if (!MOVES_MONEY[kind] && (told.amount !== undefined || told.currency !== undefined))
    problems.push({
      code: 'amount_unexpected',
      where: 'amount',
      what: `a ${kind} moves no money`,
      fix: 'leave amount and currency out, and tell money that moved as a fact of its own',
    });
  if (problems.length > 0) return { problems };
  const entry: EntryRow = {
    shop: spec.business.id,
    orderId: cleanId(told.order_id),
    reference: told.reference,
    kind,
    provider: told.provider,
    ...(told.payment === undefined ? {} : { payment: told.payment }),
    ...(told.by_payment && told.payment !== undefined ? { byPayment: true } : {}),
    ...(amount ? { amount: moneyText(amount) } : {}),
    ...(told.origin === 'system' ? { origin: told.origin } : {}),
    occurredAt: sourceTime(when, record.receivedAt),
    seq: record.seq,
  };
  return { entry, problems };
}

function amountOf(
  { amount, currency }: ToldPayment,
  problems: Problem[],
  rounding: Parameters<typeof money>[2],
): Money | undefined {
  const wrong = (code: string, what: string, fix: string): undefined => {
    problems.push({ code, where: 'amount', what, fix });
    return undefined;
  };
  if (amount === undefined || currency === undefined)
    return wrong(
      'amount_missing',
      'money moved, and how much is not told',
      'send amount and currency, such as "59.90" and EUR',
    );
  const value = money(amount, currency, rounding);
  if (!value)
    return wrong(
      'value_unreadable',
      'amount and currency make no sum of money',
      'send major units as text and the ISO 4217 code, such as "59.90" and EUR',
    );
  if (value.minor < 0n)
    return wrong(
      'value_negative',
      'the amount is negative',
      'send what moved as zero or more: money that went back is a fact of its own, such as a refund',
    );
  if (value.minor > MINOR_MAX)
    return wrong('value_too_large', 'the amount is too large', 'send major units, not cents');
  return value;
}

/** The source's own time as it was told: ours would depend on which of its facts arrived first. */
function sourceTime({ at, told = at }: TimeRead, receivedAt: number): number {
  return told - receivedAt <= AHEAD_MAX_MS ? told : at;
}

/** `payment of 59.90 EUR` */
function says({ kind, amount }: EntryRow): string {
  return amount === undefined ? kind : `${kind} of ${amount}`;
}

function orphan(shop: string, orderId: string): OrderRow {
  return { shop, orderId, status: 'orphan', consent: 'unknown', properties: {}, capabilities: [], personal: null };
}

const TOO_MANY: Problem = {
  code: 'facts_too_many',
  where: 'reference',
  what: `the order has ${FACTS_MAX} facts already`,
  fix: 'give a fact one reference for ever: a new one at each telling makes it another fact',
};

export const FACT_REASONS: Reason[] = [
  { code: 'order_paid', with: 'paired', means: 'A provider told a payment of this order.', fix: '' },
  {
    code: 'order_fact',
    with: 'paired',
    means: 'What became of this order was told: a refund, a fee, a cancellation, a dispute or a chargeback.',
    fix: '',
  },
  {
    code: 'orphan_payment',
    with: 'admitted',
    means: 'A payment for an order that nobody created: booked, and joined if the order is told later.',
    fix: 'Create orders with POST /v1/orders before the redirect.',
  },
  {
    code: 'orphan_fact',
    with: 'admitted',
    means: 'A fact of an order that nobody created: booked, and joined if the order is told later.',
    fix: 'Create orders with POST /v1/orders before the redirect.',
  },
  {
    code: 'draft_fact',
    with: 'admitted',
    means: 'A fact told in a provider’s test mode, or with a draft key: it was read, and no order’s books change.',
    fix: '',
  },
  {
    code: 'amount_missing',
    with: 'quarantined',
    means: 'Money moved, and amount or currency was not told.',
    fix: 'Send both with a fact that moves money: a payment, refund, fee or chargeback, or one that came back.',
  },
  {
    code: 'amount_unexpected',
    with: 'quarantined',
    means: 'An amount came with a fact that moves no money, such as a cancellation.',
    fix: 'Leave it out, and tell money that moved as a fact of its own, such as a refund.',
  },
  {
    code: 'facts_too_many',
    with: 'quarantined',
    means: `The order has ${FACTS_MAX.toLocaleString('en')} facts already.`,
    fix: 'Give a fact one reference for ever: a new one at each telling makes it another fact.',
  },
];
