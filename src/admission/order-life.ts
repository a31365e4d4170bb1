import { type Money, type MoneyText, moneyText, storedMoney } from '../event/money.ts';
import type { EntryRow, FactKind, OrderRow, OrderStatus } from '../event/order.ts';

/** What the facts of an order come to. */
export interface OrderLife {
  status: OrderStatus;
  /** what is left of the money in the order's own currency; absent where none moved in it */
  net?: MoneyText;
  /** the same of every other currency that money moved in, by currency; absent where there is none */
  otherNets?: MoneyText[];
  /** the payments in the order's own currency; absent where there is none */
  paid?: Money;
  /** the sum at which the order was paid in full, and the payment that made it so */
  full?: { sum: Money; by: EntryRow };
  /** cancelled, or all that was paid was paid back: an order that nothing should count */
  isUndone: boolean;
}

/**
 * Where an order stands and what is left of its money: a fold over the set of its facts by their sources' times, so
 * that neither the order in which they arrive nor a repetition changes it. An order without a total has the currency of
 * the first money that moved.
 */
export function orderLife(order: Pick<OrderRow, 'total' | 'createdAt'>, entries: readonly EntryRow[]): OrderLife {
  const facts = entries.toSorted(bySource);
  const purses = pursesOf(facts);
  const total = order.total === undefined ? undefined : storedMoney(order.total);
  const currency = total?.currency ?? purses.keys().next().value;
  const own = currency === undefined ? undefined : purses.get(currency);
  const full = total && fullOf(total, facts);
  const isCancelled = facts.some(({ kind }) => kind === 'cancellation');
  const isPaidBack = own !== undefined && own.payment > 0n && refundedOf(own) >= own.payment;
  const others = [...purses].filter(([code]) => code !== currency).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    status: order.createdAt === undefined ? 'orphan' : statusOf(facts, purses, own, full !== undefined),
    isUndone: isCancelled || isPaidBack,
    ...(own && currency !== undefined ? { net: netOf(own, currency), paid: { minor: own.payment, currency } } : {}),
    ...(others.length > 0 ? { otherNets: others.map(([code, purse]) => netOf(purse, code)) } : {}),
    ...(full ? { full } : {}),
  };
}

/** By the source's own time; equal times by the source's own reference. */
export function bySource(a: EntryRow, b: EntryRow): number {
  if (a.occurredAt !== b.occurredAt) return a.occurredAt - b.occurredAt;
  return a.reference < b.reference ? -1 : a.reference > b.reference ? 1 : 0;
}

/** The first that holds. */
function statusOf(facts: readonly EntryRow[], purses: Purses, own: Purse | undefined, isFull: boolean): OrderStatus {
  const dispute = facts.findLast(({ kind }) => isWordOfDispute(kind))?.kind;
  const isChargedBack = [...purses.values()].some((purse) => purse.chargeback > purse.chargebackReversed);
  if (dispute === 'disputeLost' || (dispute === undefined && isChargedBack)) return 'lost';
  if (dispute === 'dispute') return 'disputed';
  if (facts.some(({ kind }) => kind === 'cancellation')) return 'cancelled';
  const payment = own?.payment ?? 0n;
  const refund = own ? refundedOf(own) : 0n;
  if (payment > 0n && refund >= payment) return 'refunded';
  if (payment > 0n && refund > 0n) return 'partlyRefunded';
  if (isFull) return 'paid';
  if (payment > 0n) return 'partlyPaid';
  return facts.some(({ kind }) => kind === 'pending') ? 'pending' : 'created';
}

function isWordOfDispute(kind: FactKind): boolean {
  return kind === 'dispute' || kind === 'disputeWon' || kind === 'disputeLost';
}

/** The payment that reaches the total. An order that costs nothing is paid by a payment of nothing. */
function fullOf(total: Money, facts: readonly EntryRow[]): OrderLife['full'] {
  let minor = 0n;
  for (const by of facts) {
    if (by.kind !== 'payment' || by.amount === undefined) continue;
    const amount = storedMoney(by.amount);
    if (amount.currency !== total.currency) continue;
    minor += amount.minor;
    if (minor >= total.minor) return { sum: { minor, currency: total.currency }, by };
  }
  return undefined;
}

/** Sums in minor units of one currency. */
type Purse = Record<(typeof MOVING)[number], bigint>;
const MOVING = [
  'payment',
  'refund',
  'refundReversed',
  'fee',
  'feeReturned',
  'chargeback',
  'chargebackReversed',
] as const;
/** By currency, in the order in which money first moved. */
type Purses = ReadonlyMap<string, Purse>;

function pursesOf(facts: readonly EntryRow[]): Purses {
  const purses = new Map<string, Purse>();
  for (const { kind, amount } of facts) {
    if (amount === undefined) continue;
    const { minor, currency } = storedMoney(amount);
    const purse = purses.get(currency) ?? (Object.fromEntries(MOVING.map((one) => [one, 0n])) as Purse);
    purses.set(currency, purse);
    if (kind in purse) purse[kind as keyof Purse] += minor;
  }
  return purses;
}

/** What went back to the payer, and has not come again. */
function refundedOf({ refund, refundReversed }: Purse): bigint {
  return refund - refundReversed;
}

function netOf(purse: Purse, currency: string): MoneyText {
  const { payment, fee, feeReturned, chargeback, chargebackReversed } = purse;
  const minor = payment - refundedOf(purse) - fee + feeReturned - chargeback + chargebackReversed;
  return moneyText({ minor, currency });
}
