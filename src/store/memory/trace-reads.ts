import { idsOf, touchesOf, touchIdsOf } from '../event-ids.ts';
import type { LedgerReader } from '../ledger.ts';
import { subjectsOf } from '../lineage-subjects.ts';
import { copy } from './copy.ts';
import { orderBy } from './order-by.ts';
import type { Rows } from './rows.ts';

/** From any id to the events, and from events and orders to everything known about them. */
export function traceReads(rows: Rows): Pick<LedgerReader, 'find' | 'lineage'> {
  return {
    async find(id, limit) {
      const told = new Set(
        rows.verdicts
          .all()
          .filter((row) => String(row.seq) === id)
          .map((row) => row.event),
      );
      const requests = [...rows.attempts.all(), ...rows.dispatches.all()].filter((row) => row.requestId === id);
      const asked = new Set(requests.map((row) => row.event));
      return rows.events
        .all()
        .filter(
          (row) =>
            row.orderId === id ||
            String(row.seq) === id ||
            idsOf(row).includes(id) ||
            told.has(row.seq) ||
            asked.has(row.seq),
        )
        .map((row) => row.seq)
        .sort((a, b) => b - a)
        .slice(0, limit);
    },
    async lineage(askedEvents, askedOrders) {
      const told = askedEvents.flatMap((seq) => rows.events.of(seq)).map((row) => row.orderId);
      const orderIds = new Set([...askedOrders, ...told.filter((id) => id !== undefined)]);
      const events = orderBy(
        rows.events
          .all()
          .filter((row) => askedEvents.includes(row.seq) || (row.orderId !== undefined && orderIds.has(row.orderId))),
        (row) => [row.seq],
      );
      const seqs = events.map((row) => row.seq);
      const entries = [...orderIds].flatMap((id) => rows.entries.of(id));
      const records = new Set([...seqs, ...entries.map((row) => row.seq)]);
      const subjects = subjectsOf(events, [...orderIds]);
      return copy({
        events,
        orders: orderBy(
          [...orderIds].flatMap((id) => rows.orders.of(id)),
          (row) => [row.orderId, row.shop],
        ),
        entries: orderBy(entries, (row) => [row.orderId, row.shop, row.reference]),
        verdicts: orderBy(
          rows.verdicts
            .all()
            .filter((row) => records.has(row.seq) || (row.event !== undefined && seqs.includes(row.event))),
          (row) => [row.seq, row.n],
        ),
        dispatches: orderBy(
          seqs.flatMap((seq) => rows.dispatches.of(seq)),
          (row) => [row.event, row.destination, row.leg],
        ),
        attempts: orderBy(
          seqs.flatMap((seq) => rows.attempts.of(seq)),
          (row) => [row.event, row.destination, row.leg, row.n],
        ),
        findings: orderBy(
          rows.findings.all().filter((row) => subjects.includes(row.subject)),
          (row) => [row.id],
        ),
        touches: orderBy(
          rows.touches.all().filter((row) => touchIdsOf(row).some((id) => touchesOf(events, askedOrders).includes(id))),
          (row) => [row.seq],
        ),
        differences: orderBy(
          seqs.flatMap((seq) => rows.differences.of(seq)),
          (row) => [row.event, row.field, row.seq],
        ),
      });
    },
  };
}
