import { orderedAt } from '../book-order.ts';
import { isWaiting } from '../event-ids.ts';
import type { Forgotten } from '../journal.ts';
import type { Rows } from './rows.ts';

/** All of the ledger's retention in one step. */
export function forgetPersonal(rows: Rows, before: number): Forgotten {
  const waits = (event: number | undefined): boolean =>
    event !== undefined && rows.dispatches.of(event).some(isWaiting);
  const old = [
    ...rows.events.all().filter((row) => row.receivedAt < before && !waits(row.seq)),
    ...rows.orders.all().filter((row) => orderedAt(row, rows.entries.of(row.orderId)) < before && !waits(row.event)),
    ...rows.leads.all().filter((row) => row.changedAt < before),
  ].filter(({ personal }) => personal !== null);
  for (const row of old) row.personal = null;
  const touches = rows.touches
    .all()
    .filter((row) => row.receivedAt < before && (row.personal !== null || row.target !== undefined));
  for (const touch of touches) {
    touch.personal = null;
    delete touch.target;
  }
  return { count: old.length + touches.length, next: 'nothing' };
}
