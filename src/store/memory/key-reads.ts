import { CLICK_EVENTS_MAX, doorsOf, hasClick, isContext, isNamed, isWaiting } from '../event-ids.ts';
import type { LedgerReader } from '../ledger.ts';
import { paymentOf } from '../payment-key.ts';
import { copy } from './copy.ts';
import { orderBy } from './order-by.ts';
import type { Rows } from './rows.ts';

/** What admission and the handout door ask for by key. */
export function keyReads(rows: Rows): Pick<LedgerReader, 'offset' | 'load' | 'capability' | 'guard'> {
  const dispatchesOf = (event: number) => orderBy(rows.dispatches.of(event), (row) => [row.destination, row.leg]);
  const leadsOf = (visitors: readonly string[] = []) =>
    rows.leads
      .all()
      .filter(({ visitor }) => visitor !== undefined && visitors.includes(visitor))
      .map(({ leadId }) => leadId);
  return {
    async offset() {
      return rows.offset;
    },
    async load(keys) {
      const named = (keys.named ?? []).flatMap((key) => rows.events.all().filter((row) => isNamed(row, key)));
      const waiting = rows.events
        .all()
        .filter((row) => row.visitor !== undefined && keys.visitors?.includes(row.visitor))
        .filter((row) => rows.dispatches.of(row.seq).some(isWaiting));
      const seqs = [...new Set([...keys.events, ...[...named, ...waiting].map((row) => row.seq)])];
      const orderIds = [...new Set(keys.orders.map((key) => key.orderId))];
      const asked = (row: { shop: string; orderId: string }) =>
        keys.orders.some((key) => key.shop === row.shop && key.orderId === row.orderId);
      return copy({
        events: seqs.flatMap((seq) => rows.events.of(seq)),
        orders: orderIds.flatMap((orderId) => rows.orders.of(orderId)).filter(asked),
        entries: orderIds
          .flatMap((orderId) => orderBy(rows.entries.of(orderId), (row) => [row.reference]))
          .filter(asked),
        paid: orderBy(
          rows.entries.all().filter((row) => {
            const payment = paymentOf(row);
            return (keys.payments ?? []).some((key) => key.shop === row.shop && key.payment === payment);
          }),
          (row) => [row.orderId, row.reference],
        ),
        dispatches: seqs.flatMap(dispatchesOf),
        findings: [...new Set(keys.findings)].flatMap((id) => rows.findings.of(id)),
        touches: [...new Set(keys.touches)].flatMap((id) => rows.touches.of(id)),
        adReports: [...new Set(keys.adReports)].flatMap((key) => rows.adReports.of(key)),
        contexts: [...new Set(keys.contexts)].flatMap((visitor) => {
          const own = rows.events.all().filter((row) => row.visitor === visitor);
          const newest = orderBy(own, (row) => [row.seq]).reverse();
          const page = newest.find(isContext);
          const click = newest.slice(0, CLICK_EVENTS_MAX).find(hasClick);
          return [...new Set([page, click])].filter((row) => row !== undefined);
        }),
        leads: [...new Set([...(keys.leads ?? []), ...leadsOf(keys.visitors)])].flatMap((id) => rows.leads.of(id)),
        refusers: [...new Set(keys.choosers)].filter((visitor) => rows.refusers.has(visitor)),
      });
    },
    async capability(hash) {
      const order = rows.orders.all().find((row) => row.capabilities.includes(hash));
      if (!order) return undefined;
      const [event] = order.event === undefined ? [] : rows.events.of(order.event);
      const dispatches = order.event === undefined ? [] : dispatchesOf(order.event);
      return copy(event ? { order, event, dispatches } : { order, dispatches });
    },
    async guard(since, after, limit) {
      const kept = rows.events.all().filter((row) => row.seq > after && row.receivedAt >= since);
      return orderBy(kept, (row) => [row.seq])
        .slice(0, limit)
        .map((row) => ({
          seq: row.seq,
          sourceId: row.sourceId,
          name: row.name,
          eventId: row.eventId,
          receivedAt: row.receivedAt,
          doors: doorsOf(row),
        }));
    },
  };
}
