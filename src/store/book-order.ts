import type { EntryRow, OrderRow } from '../event/order.ts';

/** When an order was placed, UTC ms; of an orphan, when its first fact occurred, and 0 where it has none. */
export function orderedAt(order: Pick<OrderRow, 'createdAt'>, entries: readonly EntryRow[]): number {
  if (order.createdAt !== undefined) return order.createdAt;
  const first = entries.reduce((least, { occurredAt }) => Math.min(least, occurredAt), Number.POSITIVE_INFINITY);
  return Number.isFinite(first) ? first : 0;
}
