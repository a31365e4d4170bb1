import { orderedAt } from '../book-order.ts';
import { leadShares, leadTotal, orderShares, orderTotal, type Share, Sums } from '../book-sums.ts';
import type { LedgerReader } from '../ledger.ts';
import { copy } from './copy.ts';
import { orderBy } from './order-by.ts';
import type { Rows } from './rows.ts';

/** The books: orders and leads as lists, and what they come to. */
export function bookReads(rows: Rows): Pick<LedgerReader, 'orders' | 'orderTotals' | 'leads' | 'leadTotals'> {
  return {
    async orders(asked, limit) {
      const { after } = asked;
      const all = rows.orders.all().map((order) => {
        const entries = rows.entries.of(order.orderId).filter((entry) => entry.shop === order.shop);
        const key = [orderedAt(order, entries), order.orderId, order.shop] as const;
        return { order, entries: orderBy(entries, (entry) => [entry.occurredAt, entry.reference]), key };
      });
      const matching = all.filter(
        ({ order, key }) =>
          isIn(order.status, key, { ...asked, prefix: asked.orderId }) &&
          isAfter(key, after && [after.createdAt, after.orderId, after.shop]),
      );
      return newestFirst(matching)
        .slice(0, limit)
        .map(({ order, entries }) => copy({ order, entries }));
    },
    async orderTotals() {
      return sumsOf(rows.orders.all().flatMap(orderShares)).map(orderTotal);
    },
    async leads(asked, limit) {
      const { after } = asked;
      const matching = rows.leads
        .all()
        .map((lead) => ({ lead, key: [lead.createdAt, lead.leadId] as const }))
        .filter(
          ({ lead, key }) =>
            isIn(lead.status, key, { ...asked, prefix: asked.leadId }) &&
            isAfter(key, after && [after.createdAt, after.leadId]),
        );
      return newestFirst(matching)
        .slice(0, limit)
        .map(({ lead }) => copy(lead));
    },
    async leadTotals() {
      return sumsOf(rows.leads.all().flatMap(leadShares)).map(leadTotal);
    },
  };
}

/** The time, then the parts of the id. */
type Key = readonly [number, string, ...string[]];

interface Bounds {
  status?: string;
  prefix: string | undefined;
  from?: number;
  to?: number;
}

function isIn(rowStatus: string, [at, id]: Key, { status, prefix = '', from, to }: Bounds): boolean {
  if (status !== undefined && rowStatus !== status) return false;
  return id.startsWith(prefix) && at >= (from ?? Number.NEGATIVE_INFINITY) && at < (to ?? Number.POSITIVE_INFINITY);
}

function isAfter(key: Key, last: Key | undefined): boolean {
  if (last === undefined) return true;
  const [first] = orderBy([key, last], (one) => one);
  return first === key && key.some((part, at) => part !== last[at]);
}

function newestFirst<Row extends { key: Key }>(rows: readonly Row[]): Row[] {
  return orderBy(rows, ({ key }) => key).reverse();
}

function sumsOf(shares: readonly Share[]): Share[] {
  const sums = new Sums();
  for (const share of shares) sums.add(share);
  return sums.list();
}
