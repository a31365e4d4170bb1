import type { EntryRow, OrderRow } from '../event/order.ts';
import { paymentOf } from '../store/payment-key.ts';
import { settleOrder } from './confirm.ts';
import type { Context } from './context.ts';
import { bySource } from './order-life.ts';
import type { Working } from './working.ts';

/**
 * A fact whose source named its payment alone, in the order that has the payment. As long as no order is known to, it
 * stands by itself, under the payment's id.
 */
export function placed(entry: EntryRow, working: Working): EntryRow {
  const home = entry.byPayment ? homeOf(entry, working) : undefined;
  return home === undefined ? entry : { ...entry, orderId: home };
}

/** The entry that says the same already: by the source's own reference, or another source's of one payment's money. */
export function toldAlready(entry: EntryRow, entries: readonly EntryRow[]): EntryRow | undefined {
  const again = entries.find(({ reference }) => reference === entry.reference);
  const payment = entry.kind === 'payment' ? paymentOf(entry) : undefined;
  if (again || payment === undefined) return again;
  return entries.find((other) => other.kind === 'payment' && paymentOf(other) === payment);
}

/** A payment that was told again, and this time with its provider's id of it, which facts may have waited for. */
export function joinPayment(known: EntryRow, again: EntryRow, at: number, context: Context): void {
  const { payment } = again;
  if (known.kind !== 'payment' || again.byPayment || payment === undefined || payment === paymentOf(known)) return;
  // Of several ids the same one stays, whichever was told first.
  if (known.payment !== undefined && known.payment < payment) return;
  const joined: EntryRow = { ...known, payment };
  context.working.putEntry(joined);
  gather(joined, at, context);
  const order = context.working.order(known.shop, known.orderId);
  if (order) settleOrder(order, at, context);
}

/** Brings the facts that named this fact's payment alone into its order, from wherever they have waited. */
export function gather(told: EntryRow, at: number, context: Context): void {
  const { working } = context;
  const home = homeOf(told, working);
  const payment = paymentOf(told);
  if (home === undefined || payment === undefined) return;
  const left = new Map<string, OrderRow>();
  for (const entry of working.entriesOf(told.shop, payment)) {
    if (!entry.byPayment || entry.orderId === home) continue;
    const from = working.order(entry.shop, entry.orderId);
    if (from) left.set(from.orderId, from);
    move(entry, home, working);
  }
  for (const order of left.values()) {
    const isEmpty = working.entries(order).length === 0;
    if (isEmpty && order.createdAt === undefined && order.event === undefined) working.dropOrder(order);
    else settleOrder(order, at, context);
  }
  const target = working.order(told.shop, home);
  if (home !== told.orderId && left.size > 0 && target) settleOrder(target, at, context);
}

/** What the order knows already, by its own reference, is not told twice. */
function move(entry: EntryRow, home: string, working: Working): void {
  const key = { shop: entry.shop, orderId: home };
  working.dropEntry(entry);
  if (working.entries(key).some(({ reference }) => reference === entry.reference)) return;
  working.putEntry({ ...entry, orderId: home });
}

/**
 * The order that has the payment: that of the first fact, by the sources' times, that names both. Several orders would
 * be a mistake of the shop's; whichever fact comes first, all facts of the payment end in one of them.
 */
function homeOf(entry: EntryRow, working: Working): string | undefined {
  const payment = paymentOf(entry);
  if (payment === undefined) return undefined;
  const naming = working.entriesOf(entry.shop, payment).filter(({ byPayment }) => !byPayment);
  return naming.toSorted((a, b) => bySource(a, b) || (a.orderId < b.orderId ? -1 : 1))[0]?.orderId;
}
