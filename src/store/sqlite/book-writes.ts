import type { DatabaseSync } from 'node:sqlite';
import type { LeadRow } from '../../event/lead.ts';
import type { OrderRow } from '../../event/order.ts';
import { leadShares, orderShares, type Share, Sums } from '../book-sums.ts';
import type { Effects } from '../ledger.ts';
import { totalWriter } from './book-totals.ts';
import { entryTable, leadTable, orderTable, rowOf, type Stored, splitPersonal } from './ledger-columns.ts';
import { upsert } from './upsert.ts';

/** Writes orders with their entries, and leads; what a row counted for moves from the old totals to the new ones. */
export function bookWriter(db: DatabaseSync): (effects: Pick<Effects, 'orders' | 'entries' | 'leads'>) => void {
  const writeEntry = upsert(db, entryTable, ['doc']);
  const writeOrder = orderWriter(db);
  const writeLead = leadWriter(db);
  const date = db.prepare(
    `UPDATE "order" SET created_at = (SELECT min(doc ->> 'occurredAt') FROM entry WHERE order_id = ?1 AND shop = ?2)
    WHERE order_id = ?1 AND shop = ?2 AND doc ->> 'createdAt' IS NULL`,
  );
  const addOrders = totalWriter(db, 'orders');
  const addLeads = totalWriter(db, 'leads');

  return ({ orders, entries, leads }) => {
    if (orders.length + entries.length + leads.length === 0) return;
    const [orderSums, leadSums] = [new Sums(), new Sums()];
    // Before the orders: the first of them dates an order that nobody told.
    for (const row of entries) writeEntry.run(...entryTable.values(row), JSON.stringify(row));
    for (const row of orders) change(orderSums, orderShares, writeOrder(row), row);
    const written = new Set(orders.map(keyOf));
    for (const row of entries) if (!written.has(keyOf(row))) date.run(row.orderId, row.shop);
    for (const row of leads) change(leadSums, leadShares, writeLead(row), row);
    addOrders(orderSums.list());
    addLeads(leadSums.list());
  };
}

function change<Row>(sums: Sums, shares: (row: Row) => Share[], before: Row | undefined, row: Row): void {
  for (const share of before ? shares(before) : []) sums.subtract(share);
  for (const share of shares(row)) sums.add(share);
}

/** Writes an order and gives the row that was there before. */
function orderWriter(db: DatabaseSync): (row: OrderRow) => OrderRow | undefined {
  const read = db.prepare('SELECT doc FROM "order" WHERE order_id = ? AND shop = ?');
  const write = upsert(db, orderTable, ['doc', 'personal']);
  const first = db.prepare("SELECT min(doc ->> 'occurredAt') AS at FROM entry WHERE order_id = ? AND shop = ?");
  const grant = db.prepare('INSERT OR REPLACE INTO capability (hash, order_id, shop) VALUES (?, ?, ?)');
  return (order) => {
    const before = read.get(order.orderId, order.shop) as Stored | undefined;
    const at = order.createdAt ?? Number(first.get(order.orderId, order.shop)?.['at'] ?? 0);
    write.run(...orderTable.values({ order, at }), ...splitPersonal(order));
    for (const hash of order.capabilities) grant.run(hash, order.orderId, order.shop);
    return before && rowOf<OrderRow>(before);
  };
}

/** Writes a lead and gives the row that was there before. */
function leadWriter(db: DatabaseSync): (row: LeadRow) => LeadRow | undefined {
  const read = db.prepare('SELECT doc FROM lead WHERE lead_id = ?');
  const write = upsert(db, leadTable, ['doc', 'personal']);
  return (row) => {
    const before = read.get(row.leadId) as Stored | undefined;
    write.run(...leadTable.values(row), ...splitPersonal(row));
    return before && rowOf<LeadRow>(before);
  };
}

function keyOf({ shop, orderId }: { shop: string; orderId: string }): string {
  return JSON.stringify([shop, orderId]);
}
