import type { EntryRow, OrderRow } from '../../event/order.ts';
import { orderedAt } from '../book-order.ts';
import { leadShares, leadTotal, markShares, orderShares, orderTotal, type Share, Sums } from '../book-sums.ts';
import type { LeadsAsked } from '../books.ts';
import type { LedgerReader } from '../ledger.ts';
import { askedMarks, orderMarks, providersOf, readMark } from '../order-marks.ts';
import { copy } from './copy.ts';
import { orderBy } from './order-by.ts';
import type { Rows } from './rows.ts';

/** The books: orders and leads as lists, and what they come to. */
export function bookReads(
  rows: Rows,
): Pick<LedgerReader, 'orders' | 'orderTotals' | 'orderMarks' | 'leads' | 'leadTotals' | 'leadAges'> {
  return {
    async orders(asked, limit) {
      const { after } = asked;
      const wanted = askedMarks(asked);
      const all = rows.orders.all().map((order) => {
        const entries = entriesOf(rows, order);
        const key = [orderedAt(order, entries), order.orderId, order.shop] as const;
        return { order, entries: orderBy(entries, (entry) => [entry.occurredAt, entry.reference]), key };
      });
      const matching = all.filter(
        ({ order, entries, key }) =>
          isIn(order.status, key, { ...asked, prefix: asked.orderId }) &&
          wanted.every((mark) => orderMarks(order, providersOf(entries)).includes(mark)) &&
          isAfter(key, after && [after.createdAt, after.orderId, after.shop]),
      );
      return newestFirst(matching)
        .slice(0, limit)
        .map(({ order, entries }) => copy({ order, entries }));
    },
    async orderTotals() {
      return sumsOf(rows.orders.all().flatMap(orderShares)).map(orderTotal);
    },
    async orderMarks() {
      const marks = rows.orders.all().flatMap((order) => orderMarks(order, providersOf(entriesOf(rows, order))));
      return sumsOf(markShares(marks)).map(({ status, count }) => readMark(status, count));
    },
    async leads(asked, limit) {
      const { after } = asked;
      const matching = rows.leads
        .all()
        .map((lead) => ({ lead, key: [lead.createdAt, lead.leadId] as const }))
        .filter(
          ({ lead, key }) =>
            isWithin(lead.changedAt, asked.changed) &&
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
    async leadAges(at, bounds) {
      const byStatus = Map.groupBy(rows.leads.all(), ({ status }) => status);
      return orderBy([...byStatus], ([status]) => [status]).map(([status, leads]) => ({
        status,
        leads: [...bounds, Number.POSITIVE_INFINITY].map(
          (bound, index, all) =>
            leads.filter(
              ({ changedAt }) => at - changedAt < bound && (index === 0 || at - changedAt >= (all[index - 1] ?? 0)),
            ).length,
        ),
      }));
    },
  };
}

function entriesOf(rows: Rows, { orderId, shop }: OrderRow): EntryRow[] {
  return rows.entries.of(orderId).filter((entry) => entry.shop === shop);
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

function isWithin(
  at: number,
  { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY }: LeadsAsked['changed'] = {},
): boolean {
  return at >= from && at < to;
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
