import { idsOf, touchesOf, touchIdsOf } from '../event-ids.ts';
import type { LedgerReader } from '../ledger.ts';
import { leadIdsOf, subjectsOf } from '../lineage-subjects.ts';
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
    async lineage(askedEvents, askedIds) {
      const ofEvents = askedEvents.flatMap((seq) => rows.events.of(seq)).flatMap((row) => row.orderId ?? []);
      const orderIds = new Set([...askedIds, ...ofEvents]);
      const events = orderBy(
        rows.events
          .all()
          .filter((row) => askedEvents.includes(row.seq) || (row.orderId !== undefined && orderIds.has(row.orderId))),
        (row) => [row.seq],
      );
      const seqs = events.map((row) => row.seq);
      const entries = [...orderIds].flatMap((id) => rows.entries.of(id));
      const leadIds = leadIdsOf(events, askedIds);
      const leads = orderBy(
        leadIds.flatMap((id) => rows.leads.of(id)),
        (row) => [row.leadId],
      );
      const told = [...entries, ...leads.flatMap((row) => row.steps)].map((row) => row.seq);
      const records = new Set([...seqs, ...told]);
      const subjects = subjectsOf(events, [...orderIds], leadIds);
      return copy({
        events,
        orders: orderBy(
          [...orderIds].flatMap((id) => rows.orders.of(id)),
          (row) => [row.orderId, row.shop],
        ),
        entries: orderBy(entries, (row) => [row.orderId, row.shop, row.reference]),
        leads,
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
          rows.touches.all().filter((row) => touchIdsOf(row).some((id) => touchesOf(events, askedIds).includes(id))),
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
