import type { DatabaseSync } from 'node:sqlite';
import type { DispatchRow } from '../../event/dispatch.ts';
import type { Door, EventRow } from '../../event/event.ts';
import type { FindingRow } from '../../event/finding.ts';
import type { EntryRow, OrderRow } from '../../event/order.ts';
import { isNamed } from '../event-ids.ts';
import type { EventKey, GuardRow, LedgerReader } from '../ledger.ts';
import { rowOf, type Stored } from './ledger-columns.ts';
import { mentions } from './mention.ts';
import { snapshot } from './snapshot.ts';

/** What admission and the handout door ask for by key. */
export function keyReads(db: DatabaseSync): Pick<LedgerReader, 'offset' | 'load' | 'capability' | 'guard'> {
  const mentioned = mentions(db);
  const offset = db.prepare('SELECT "offset" FROM progress');
  const event = db.prepare('SELECT doc, personal FROM event WHERE seq = ?');
  const order = db.prepare('SELECT doc, personal FROM "order" WHERE order_id = ? AND shop = ?');
  const entries = db.prepare('SELECT doc FROM entry WHERE order_id = ? AND shop = ? ORDER BY reference');
  const dispatches = db.prepare('SELECT doc FROM dispatch WHERE event = ? ORDER BY destination, leg');
  const finding = db.prepare('SELECT doc FROM finding WHERE id = ?');
  const capability = db.prepare('SELECT order_id, shop FROM capability WHERE hash = ?');
  const guardStart = db.prepare(
    'SELECT min(seq) - 1 AS start FROM event INDEXED BY event_received WHERE received_at >= ?',
  );
  const guard = db.prepare(
    `SELECT seq, source_id, name, event_id, received_at, doors FROM event
    WHERE seq > ? AND received_at >= ? ORDER BY seq LIMIT ?`,
  );
  const eventOf = (seq: number): EventRow | undefined => {
    const stored = event.get(seq) as Stored | undefined;
    return stored && rowOf<EventRow>(stored);
  };
  const seqOf = (key: EventKey): number | undefined => {
    for (const seq of mentioned(key.eventId)) {
      const found = eventOf(seq);
      if (found && isNamed(found, key)) return seq;
    }
    return undefined;
  };
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
        const seqs = [...new Set([...keys.events, ...(keys.named ?? []).flatMap((key) => seqOf(key) ?? [])])];
        return {
          events: seqs.map(eventOf).filter((row) => row !== undefined),
          orders: orders.map(({ shop, orderId }) => orderOf(orderId, shop)).filter((row) => row !== undefined),
          entries: orders.flatMap(({ shop, orderId }) =>
            (entries.all(orderId, shop) as unknown as Stored[]).map(rowOf<EntryRow>),
          ),
          dispatches: seqs.flatMap(dispatchesOf),
          findings: [...new Set(keys.findings)].flatMap((id) =>
            (finding.all(id) as unknown as Stored[]).map(rowOf<FindingRow>),
          ),
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
      // The first page skips all that is older through the index; the next ones start where the last one ended.
      const start = after > 0 ? after : (guardStart.get(since)?.['start'] ?? null);
      return guard.all(start, since, limit).map(guardRow);
    },
  };
}

function guardRow(row: Record<string, unknown>): GuardRow {
  return {
    seq: Number(row['seq']),
    sourceId: String(row['source_id']),
    name: String(row['name']),
    eventId: String(row['event_id']),
    receivedAt: Number(row['received_at']),
    doors: String(row['doors']).split(' ').filter(Boolean) as Door[],
  };
}
