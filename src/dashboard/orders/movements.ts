import type { MoneyAnswer, OrderAnswer } from '../../api/books.ts';
import type { FactKind } from '../../event/order.ts';
import { addDecimals, negated } from '../decimal.ts';

type Entry = OrderAnswer['entries'][number];

/** One fact of an order, with what it moved and what was left after it, in the currency of what it moved. */
export interface Movement {
  entry: Entry;
  /** below zero where money went away; null where none moved */
  moved: MoneyAnswer | null;
  net: MoneyAnswer | null;
}

const DIRECTION: Readonly<Record<FactKind, 'in' | 'out' | 'none'>> = {
  payment: 'in',
  refundReversed: 'in',
  feeReturned: 'in',
  chargebackReversed: 'in',
  refund: 'out',
  fee: 'out',
  chargeback: 'out',
  pending: 'none',
  cancellation: 'none',
  dispute: 'none',
  disputeWon: 'none',
  disputeLost: 'none',
};

/** An order's facts in the order of their own times, with the running net of each currency. */
export function movements(entries: readonly Entry[]): Movement[] {
  const nets = new Map<string, string>();
  return [...entries].sort(byTime).map((entry) => {
    const moved = movedBy(entry);
    if (!moved) return { entry, moved, net: null };
    const amount = addDecimals(nets.get(moved.currency) ?? '0', moved.amount);
    if (amount === undefined) return { entry, moved, net: null };
    nets.set(moved.currency, amount);
    return { entry, moved, net: { amount, currency: moved.currency } };
  });
}

/** Nets of the ledger that the entries do not add up to; each is told with what they do add up to. */
export function mismatches(order: OrderAnswer): { told: MoneyAnswer; sum: string }[] {
  const newestFirst = movements(order.entries).reverse();
  const told = [order.net, ...order.otherNets].filter((net) => net !== null);
  return told.flatMap((net) => {
    const sum = newestFirst.find((movement) => movement.net?.currency === net.currency)?.net?.amount ?? '0';
    const difference = addDecimals(net.amount, negated(sum));
    return difference !== undefined && /[1-9]/.test(difference) ? [{ told: net, sum }] : [];
  });
}

/** What a fact moved, below zero where money went away; null where none did. */
export function movedBy({ fact, amount }: { fact: string; amount: MoneyAnswer | null }): MoneyAnswer | null {
  const direction = (DIRECTION as Readonly<Record<string, string>>)[fact] ?? 'none';
  if (!amount || direction === 'none') return null;
  return direction === 'in' ? amount : { ...amount, amount: negated(amount.amount) };
}

function byTime(a: Entry, b: Entry): number {
  if (a.occurredAt !== b.occurredAt) return a.occurredAt - b.occurredAt;
  return a.reference < b.reference ? -1 : 1;
}
