import type { DatabaseSync } from 'node:sqlite';
import type { LeadRow } from '../../event/lead.ts';
import type { EntryRow, OrderRow } from '../../event/order.ts';
import { leadTotal, orderTotal } from '../book-sums.ts';
import type { LedgerReader } from '../ledger.ts';
import { askedMarks, readMark } from '../order-marks.ts';
import { totalReader } from './book-totals.ts';
import { ageReader } from './lead-ages.ts';
import { rowOf, type Stored } from './ledger-columns.ts';
import { newestFirst } from './newest-first.ts';
import { snapshot } from './snapshot.ts';

/** The books: orders and leads as lists, and what they come to. */
export function bookReads(
  db: DatabaseSync,
): Pick<LedgerReader, 'orders' | 'orderTotals' | 'orderMarks' | 'leads' | 'leadTotals' | 'leadAges'> {
  const orderKeys = newestFirst(db, 'order', ['order_id', 'shop']);
  const leadKeys = newestFirst(db, 'lead', ['lead_id']);
  const order = db.prepare('SELECT doc, personal FROM "order" WHERE order_id = ? AND shop = ?');
  const entries = db.prepare(
    "SELECT doc FROM entry WHERE order_id = ? AND shop = ? ORDER BY doc ->> 'occurredAt', reference",
  );
  const lead = db.prepare('SELECT doc, personal FROM lead WHERE lead_id = ?');
  const orderTotals = totalReader(db, 'orders');
  const orderMarks = totalReader(db, 'marks');
  const leadTotals = totalReader(db, 'leads');
  const leadAges = ageReader(db, leadTotals);

  return {
    async orders(asked, limit) {
      const { status, orderId: prefix, from, to, after } = asked;
      const last = after && { createdAt: after.createdAt, key: [after.orderId, after.shop] };
      return snapshot(db, () =>
        orderKeys({ status, prefix, marks: askedMarks(asked), from, to, after: last }, limit).map((key) => ({
          order: rowOf<OrderRow>(order.get(...key) as unknown as Stored),
          entries: (entries.all(...key) as unknown as Stored[]).map(rowOf<EntryRow>),
        })),
      );
    },
    async orderTotals() {
      return orderTotals().map(orderTotal);
    },
    async orderMarks() {
      return orderMarks().map(({ status, count }) => readMark(status, count));
    },
    async leads({ status, leadId: prefix, changed, from, to, after }, limit) {
      const last = after && { createdAt: after.createdAt, key: [after.leadId] };
      return snapshot(db, () =>
        leadKeys({ status, prefix, changed, from, to, after: last }, limit).map((key) =>
          rowOf<LeadRow>(lead.get(...key) as unknown as Stored),
        ),
      );
    },
    async leadTotals() {
      return leadTotals().map(leadTotal);
    },
    async leadAges(at, bounds) {
      return snapshot(db, () => leadAges(at, bounds));
    },
  };
}
