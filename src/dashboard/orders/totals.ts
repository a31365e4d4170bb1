import type { MoneyAnswer, OrdersAnswer } from '../../api/books.ts';
import type { OrderStatus } from '../../event/order.ts';
import { addDecimals } from '../decimal.ts';
import { STATUSES } from './words.ts';

type Total = OrdersAnswer['totals'][number];

/** How many orders there are, and how many of each status; statuses with none are left out. */
export function counted(totals: readonly Total[]): { orders: number; terms: { status: OrderStatus; count: number }[] } {
  const terms = (Object.keys(STATUSES) as OrderStatus[])
    .map((status) => ({ status, count: sum(totals.filter((total) => total.status === status)) }))
    .filter(({ count }) => count > 0);
  return { orders: sum(totals), terms };
}

/** The orders of one currency: what is left of their money, and the same by status. */
export interface CurrencyTotals {
  /** empty for orders whose total is not known */
  currency: string;
  orders: number;
  net: MoneyAnswer | null;
  byStatus: Total[];
}

/** Totals by currency, the one with the most orders first; statuses in the order of an order's life. */
export function byCurrency(totals: readonly Total[]): CurrencyTotals[] {
  const order = Object.keys(STATUSES);
  return [...new Set(totals.map(currencyOf))]
    .map((currency) => {
      const own = totals.filter((total) => currencyOf(total) === currency);
      const byStatus = own.sort((a, b) => order.indexOf(a.status) - order.indexOf(b.status));
      return { currency, orders: sum(own), net: netOf(currency, own), byStatus };
    })
    .sort((a, b) => b.orders - a.orders || (a.currency < b.currency ? -1 : 1));
}

function currencyOf({ total, net }: Total): string {
  return total?.currency ?? net?.currency ?? '';
}

function netOf(currency: string, totals: readonly Total[]): MoneyAnswer | null {
  if (currency === '') return null;
  let amount = '0';
  for (const { net } of totals) {
    const more = net ? addDecimals(amount, net.amount) : amount;
    if (more === undefined) return null;
    amount = more;
  }
  return { amount, currency };
}

function sum(totals: readonly { count: number }[]): number {
  return totals.reduce((count, total) => count + total.count, 0);
}
