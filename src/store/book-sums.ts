import type { LeadRow } from '../event/lead.ts';
import { type Money, type MoneyText, moneyText, storedMoney } from '../event/money.ts';
import type { OrderRow, OrderStatus } from '../event/order.ts';
import type { LeadTotal, OrderTotal } from './books.ts';

/** How many rows have a status and a currency, and their sums in its minor units. */
export interface Share {
  status: string;
  /** empty where there is no money */
  currency: string;
  count: number;
  sums: bigint[];
}

/** Shares added up by status and currency. */
export class Sums {
  readonly #shares = new Map<string, Share>();

  add(share: Share): void {
    const key = JSON.stringify([share.status, share.currency]);
    const before = this.#shares.get(key);
    this.#shares.set(key, before ? plus(before, share) : share);
  }

  subtract(share: Share): void {
    this.add({ ...share, count: -share.count, sums: share.sums.map((sum) => -sum) });
  }

  /** Those that come to something, by status and currency. */
  list(): Share[] {
    return [...this.#shares.values()].filter(isSomething).sort(byName);
  }
}

export function plus(a: Share, b: Share): Share {
  return { ...a, count: a.count + b.count, sums: a.sums.map((sum, at) => sum + (b.sums[at] ?? 0n)) };
}

export function isSomething({ count, sums }: Share): boolean {
  return count !== 0 || sums.some((sum) => sum !== 0n);
}

/** What an order adds: its total and net, and money that moved in other currencies to the nets of those. */
export function orderShares({ status, ...order }: OrderRow): Share[] {
  const [total, net] = [read(order.total), read(order.net)];
  const currency = (total ?? net)?.currency ?? '';
  const isOwn = net?.currency === currency;
  const own = { status, currency, count: 1, sums: [total?.minor ?? 0n, isOwn ? net.minor : 0n] };
  const others = [...(isOwn || !net ? [] : [net]), ...(order.otherNets ?? []).map(storedMoney)];
  return [own, ...others.map((other) => ({ status, currency: other.currency, count: 0, sums: [0n, other.minor] }))];
}

/** An order counts once for each of its marks. */
export function markShares(marks: readonly string[]): Share[] {
  return marks.map((mark) => ({ status: mark, currency: '', count: 1, sums: [] }));
}

export function leadShares({ status, ...lead }: LeadRow): Share[] {
  const value = read(lead.value);
  return [{ status, currency: value?.currency ?? '', count: 1, sums: [value?.minor ?? 0n] }];
}

export function orderTotal({ status, currency, count, sums: [total, net] }: Share): OrderTotal {
  const known = { status: status as OrderStatus, currency, count };
  return currency === '' ? known : { ...known, total: textOf(total, currency), net: textOf(net, currency) };
}

export function leadTotal({ status, currency, count, sums: [value] }: Share): LeadTotal {
  const known = { status, currency, count };
  return currency === '' ? known : { ...known, value: textOf(value, currency) };
}

function read(text: MoneyText | undefined): Money | undefined {
  return text === undefined ? undefined : storedMoney(text);
}

function textOf(minor: bigint | undefined, currency: string): MoneyText {
  return moneyText({ minor: minor ?? 0n, currency });
}

function byName(a: Share, b: Share): number {
  if (a.status !== b.status) return a.status < b.status ? -1 : 1;
  return a.currency < b.currency ? -1 : 1;
}
