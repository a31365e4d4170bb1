import type { DatabaseSync } from 'node:sqlite';
import type { LeadRow } from '../../event/lead.ts';
import type { EntryRow, OrderRow } from '../../event/order.ts';
import { leadShares, markShares, orderShares, type Share, Sums } from '../book-sums.ts';
import type { Effects } from '../effects.ts';
import { orderMarks } from '../order-marks.ts';
import { totalWriter } from './book-totals.ts';
import { entryTable, leadTable, orderTable, rowOf, type Stored, splitPersonal } from './ledger-columns.ts';
import { upsert } from './upsert.ts';

/** Writes orders with their entries, and leads; what a row counted for moves from the old totals to the new ones. */
export function bookWriter(
  db: DatabaseSync,
): (effects: Pick<Effects, 'moved' | 'orders' | 'entries' | 'leads'>) => void {
  const writeEntry = upsert(db, entryTable, ['doc']);
  const writeOrder = orderWriter(db);
  const writeLead = leadWriter(db);
  const forget = forgetter(db);
  const listAgain = listing(db);
  const addOrders = totalWriter(db, 'orders');
  const addMarks = totalWriter(db, 'marks');
  const addLeads = totalWriter(db, 'leads');

  return ({ moved, orders, entries, leads }) => {
    if (moved.length + orders.length + entries.length + leads.length === 0) return;
    const [orderSums, markSums, leadSums] = [new Sums(), new Sums(), new Sums()];
    for (const key of moved) {
      const gone = forget(key);
      if (!gone) continue;
      for (const share of orderShares(gone.order)) orderSums.subtract(share);
      for (const share of markShares(gone.marks)) markSums.subtract(share);
    }
    // Before the orders: the first of them dates an order that nobody told, and all say who told of it.
    for (const row of entries) writeEntry.run(...entryTable.values(row), JSON.stringify(row));
    for (const row of orders) {
      const { before, marks } = writeOrder(row);
      change(orderSums, orderShares, before?.order, row);
      change(markSums, markShares, before?.marks, marks);
    }
    const written = new Set(orders.map(keyOf));
    for (const row of [...moved, ...entries]) {
      const again = written.has(keyOf(row)) ? undefined : listAgain(row);
      if (again) change(markSums, markShares, again.before, again.marks);
    }
    for (const row of leads) change(leadSums, leadShares, writeLead(row), row);
    addOrders(orderSums.list());
    addMarks(markSums.list());
    addLeads(leadSums.list());
  };
}

function change<Row>(sums: Sums, shares: (row: Row) => Share[], before: Row | undefined, row: Row): void {
  for (const share of before ? shares(before) : []) sums.subtract(share);
  for (const share of shares(row)) sums.add(share);
}

interface OrderWritten {
  before: { order: OrderRow; marks: string[] } | undefined;
  marks: string[];
}

/** Writes an order and gives its marks, and the row that was there before. */
function orderWriter(db: DatabaseSync): (row: OrderRow) => OrderWritten {
  const read = db.prepare('SELECT doc, marks FROM "order" WHERE order_id = ? AND shop = ?');
  const write = upsert(db, orderTable, ['doc', 'personal']);
  const facts = factReader(db);
  const grant = db.prepare('INSERT OR REPLACE INTO capability (hash, order_id, shop) VALUES (?, ?, ?)');
  return (order) => {
    const before = read.get(order.orderId, order.shop) as StoredOrder | undefined;
    const { first, providers } = facts(order);
    const marks = orderMarks(order, providers);
    write.run(
      ...orderTable.values({ order, at: order.createdAt ?? first, marks: linesOf(marks) }),
      ...splitPersonal(order),
    );
    for (const hash of order.capabilities) grant.run(hash, order.orderId, order.shop);
    return { before: before && { order: rowOf<OrderRow>(before), marks: marksIn(before.marks) }, marks };
  };
}

/** Removes an entry, or an order with all of them, and gives the order that was there. */
function forgetter(db: DatabaseSync): (key: Effects['moved'][number]) => OrderWritten['before'] {
  const entry = db.prepare('DELETE FROM entry WHERE order_id = ? AND shop = ? AND reference = ?');
  const entries = db.prepare('DELETE FROM entry WHERE order_id = ? AND shop = ?');
  const read = db.prepare('SELECT doc, marks FROM "order" WHERE order_id = ? AND shop = ?');
  const order = db.prepare('DELETE FROM "order" WHERE order_id = ? AND shop = ?');
  return ({ orderId, shop, reference }) => {
    if (reference !== undefined) {
      entry.run(orderId, shop, reference);
      return undefined;
    }
    const before = read.get(orderId, shop) as StoredOrder | undefined;
    entries.run(orderId, shop);
    order.run(orderId, shop);
    return before && { order: rowOf<OrderRow>(before), marks: marksIn(before.marks) };
  };
}

/** Lists an order anew after a fact that came, or went, without it: by its first fact, if nobody told it, and with its marks. */
function listing(
  db: DatabaseSync,
): (fact: Pick<EntryRow, 'orderId' | 'shop'>) => { before: string[]; marks: string[] } | undefined {
  const read = db.prepare('SELECT doc, marks FROM "order" WHERE order_id = ? AND shop = ?');
  const write = db.prepare('UPDATE "order" SET created_at = ?, marks = ? WHERE order_id = ? AND shop = ?');
  const facts = factReader(db);
  return ({ orderId, shop }) => {
    const stored = read.get(orderId, shop) as StoredOrder | undefined;
    if (!stored) return undefined;
    const order = rowOf<OrderRow>(stored);
    const { first, providers } = facts(order);
    const marks = orderMarks(order, providers);
    write.run(order.createdAt ?? first, linesOf(marks), orderId, shop);
    return { before: marksIn(stored.marks), marks };
  };
}

type StoredOrder = Stored & { marks: string };

/** When an order's first fact occurred, 0 without one, and who told them. */
function factReader(db: DatabaseSync): (order: OrderRow) => { first: number; providers: string[] } {
  const read = db.prepare(
    `SELECT min(doc ->> 'occurredAt') AS first, json_group_array(DISTINCT doc ->> 'provider') AS providers
    FROM entry WHERE order_id = ? AND shop = ?`,
  );
  return ({ orderId, shop }) => {
    const { first, providers } = read.get(orderId, shop) as { first: number | null; providers: string };
    const told = JSON.parse(providers) as (string | null)[];
    return { first: first ?? 0, providers: told.filter((one) => one !== null) };
  };
}

function linesOf(marks: readonly string[]): string {
  return `\n${marks.join('\n')}\n`;
}

function marksIn(lines: string): string[] {
  return lines.split('\n').filter((line) => line !== '');
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
