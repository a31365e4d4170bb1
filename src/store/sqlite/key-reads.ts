import type { DatabaseSync } from 'node:sqlite';
import type { AdReportRow } from '../../event/ad-report.ts';
import type { DispatchRow } from '../../event/dispatch.ts';
import type { EventRow } from '../../event/event.ts';
import type { FindingRow } from '../../event/finding.ts';
import type { LeadRow } from '../../event/lead.ts';
import type { EntryRow, OrderRow } from '../../event/order.ts';
import type { TouchRow } from '../../event/touch.ts';
import { CLICK_EVENTS_MAX, doorsOf, hasClick, isContext, isNamed, isWaiting } from '../event-ids.ts';
import type { EventKey } from '../known.ts';
import type { GuardRow, LedgerReader } from '../ledger.ts';
import { readEventDoc } from './event-doc.ts';
import { rowOf, type Stored, type StoredEvent } from './ledger-columns.ts';
import { mentions } from './mention.ts';
import { snapshot } from './snapshot.ts';

/** What admission and the handout door ask for by key. */
export function keyReads(db: DatabaseSync): Pick<LedgerReader, 'offset' | 'load' | 'capability' | 'guard'> {
  const mentioned = mentions(db);
  const offset = db.prepare('SELECT "offset" FROM progress');
  const event = db.prepare('SELECT seq, doc, personal FROM event WHERE seq = ?');
  const order = db.prepare('SELECT doc, personal FROM "order" WHERE order_id = ? AND shop = ?');
  const entries = db.prepare('SELECT doc FROM entry WHERE order_id = ? AND shop = ? ORDER BY reference');
  const paid = db.prepare('SELECT doc FROM entry WHERE payment = ? AND shop = ? ORDER BY order_id, reference');
  const dispatches = db.prepare('SELECT doc FROM dispatch WHERE event = ? ORDER BY destination, leg');
  const finding = db.prepare('SELECT doc FROM finding WHERE id = ?');
  const capability = db.prepare('SELECT order_id, shop FROM capability WHERE hash = ?');
  const touch = db.prepare('SELECT doc, personal FROM touch WHERE touch = ?');
  const adReport = db.prepare('SELECT doc FROM ad_report WHERE key = ?');
  const lead = db.prepare('SELECT doc, personal FROM lead WHERE lead_id = ?');
  const leadsOf = db.prepare('SELECT lead_id FROM lead WHERE visitor = ? ORDER BY created_at DESC, lead_id LIMIT ?');
  const refusal = db.prepare('SELECT 1 FROM refusal WHERE visitor = ?');
  const guardStart = db.prepare('SELECT min(first) - 1 AS start FROM verdict_page WHERE at_max >= ?');
  const guard = db.prepare('SELECT seq, doc FROM event WHERE seq > ? ORDER BY seq LIMIT ?');
  const eventOf = (seq: number): EventRow | undefined => {
    const stored = event.get(seq) as StoredEvent | undefined;
    return stored && readEventDoc(seq, stored.doc, stored.personal);
  };
  const seqOf = (key: EventKey): number | undefined => {
    for (const seq of mentioned(key.eventId)) {
      const found = eventOf(seq);
      if (found && isNamed(found, key)) return seq;
    }
    return undefined;
  };
  const waitingOf = (visitor: string): number[] =>
    mentioned(visitor)
      .slice(0, VISITOR_EVENTS_MAX)
      .filter((seq) => eventOf(seq)?.visitor === visitor && dispatchesOf(seq).some(isWaiting));
  const contextsOf = (visitor: string): EventRow[] => {
    let [page, click]: (EventRow | undefined)[] = [];
    for (const [n, seq] of mentioned(visitor).slice(0, VISITOR_EVENTS_MAX).entries()) {
      if (page && (click || n >= CLICK_EVENTS_MAX)) break;
      const found = eventOf(seq);
      if (found?.visitor !== visitor) continue;
      if (isContext(found)) page ??= found;
      if (hasClick(found) && n < CLICK_EVENTS_MAX) click ??= found;
    }
    return [...new Set([page, click])].filter((row) => row !== undefined);
  };
  const leadIdsOf = (visitor: string): string[] =>
    leadsOf.all(visitor, VISITOR_LEADS_MAX).map((row) => String(row['lead_id']));
  const orderOf = (orderId: string, shop: string): OrderRow | undefined => {
    const stored = order.get(orderId, shop) as Stored | undefined;
    return stored && rowOf<OrderRow>(stored);
  };
  const dispatchesOf = (seq: number): DispatchRow[] =>
    (dispatches.all(seq) as unknown as Stored[]).map(rowOf<DispatchRow>);

  return {
    async offset() {
      return Number(offset.get()?.['offset']);
    },
    async load(keys) {
      const orders = [...new Map(keys.orders.map((key) => [JSON.stringify([key.shop, key.orderId]), key])).values()];
      return snapshot(db, () => {
        const named = (keys.named ?? []).flatMap((key) => seqOf(key) ?? []);
        const waiting = (keys.visitors ?? []).flatMap(waitingOf);
        const seqs = [...new Set([...keys.events, ...named, ...waiting])];
        return {
          events: seqs.map(eventOf).filter((row) => row !== undefined),
          orders: orders.map(({ shop, orderId }) => orderOf(orderId, shop)).filter((row) => row !== undefined),
          entries: orders.flatMap(({ shop, orderId }) =>
            (entries.all(orderId, shop) as unknown as Stored[]).map(rowOf<EntryRow>),
          ),
          paid: [
            ...new Map((keys.payments ?? []).map((key) => [JSON.stringify([key.shop, key.payment]), key])).values(),
          ]
            .flatMap(({ shop, payment }) => paid.all(payment, shop) as unknown as Stored[])
            .map(rowOf<EntryRow>),
          dispatches: seqs.flatMap(dispatchesOf),
          findings: [...new Set(keys.findings)].flatMap((id) =>
            (finding.all(id) as unknown as Stored[]).map(rowOf<FindingRow>),
          ),
          touches: [...new Set(keys.touches)].flatMap((id) =>
            (touch.all(id) as unknown as Stored[]).map(rowOf<TouchRow>),
          ),
          adReports: [...new Set(keys.adReports)].flatMap((key) =>
            (adReport.all(key) as unknown as Stored[]).map(rowOf<AdReportRow>),
          ),
          contexts: [...new Set(keys.contexts)].flatMap(contextsOf),
          leads: [...new Set([...(keys.leads ?? []), ...(keys.visitors ?? []).flatMap(leadIdsOf)])].flatMap((id) =>
            (lead.all(id) as unknown as Stored[]).map(rowOf<LeadRow>),
          ),
          refusers: [...new Set(keys.choosers)].filter((visitor) => refusal.get(visitor) !== undefined),
        };
      });
    },
    async capability(hash) {
      return snapshot(db, () => {
        const key = capability.get(hash) as { order_id: string; shop: string } | undefined;
        const found = key && orderOf(key.order_id, key.shop);
        if (!found?.capabilities.includes(hash)) return undefined;
        const event = found.event === undefined ? undefined : eventOf(found.event);
        const dispatches = found.event === undefined ? [] : dispatchesOf(found.event);
        return event ? { order: found, event, dispatches } : { order: found, dispatches };
      });
    },
    async guard(since, after, limit) {
      // The first page skips all that is older; the next ones start where the last one ended.
      const rows: GuardRow[] = [];
      let from: unknown = after > 0 ? after : (guardStart.get(since)?.['start'] ?? null);
      while (rows.length < limit && from !== null) {
        const page = guard.all(Number(from), limit) as unknown as StoredEvent[];
        for (const { seq, doc } of page) {
          const row = readEventDoc(seq, doc, null);
          if (row.receivedAt >= since && rows.length < limit) rows.push(guardRow(row));
        }
        from = page.length < limit ? null : page.at(-1)?.seq;
      }
      return rows;
    },
  };
}

/** A visitor with more events than this is a machine; the newest are those that may not have left. */
const VISITOR_EVENTS_MAX = 1000;
const VISITOR_LEADS_MAX = 1000;

function guardRow(row: EventRow): GuardRow {
  const { seq, sourceId, name, eventId, receivedAt } = row;
  return { seq, sourceId, name, eventId, receivedAt, doors: doorsOf(row) };
}
