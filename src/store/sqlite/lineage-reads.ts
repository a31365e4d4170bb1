import type { DatabaseSync } from 'node:sqlite';
import type { AttemptRow, DispatchRow } from '../../event/dispatch.ts';
import type { EventRow } from '../../event/event.ts';
import type { DifferenceRow, FindingRow } from '../../event/finding.ts';
import type { LeadRow } from '../../event/lead.ts';
import type { EntryRow, OrderRow } from '../../event/order.ts';
import type { TouchRow } from '../../event/touch.ts';
import { touchesOf } from '../event-ids.ts';
import type { LedgerReader } from '../ledger.ts';
import { leadIdsOf, subjectsOf } from '../lineage-subjects.ts';
import { readEventDoc } from './event-doc.ts';
import { rowOf, type Stored, type StoredEvent } from './ledger-columns.ts';
import { snapshot } from './snapshot.ts';
import { verdictReads } from './verdict-pages.ts';

const ANY = 'IN (SELECT value FROM json_each(?))';

/** Everything known about events and orders: each event comes with its order, each order with its events. */
export function lineageReads(db: DatabaseSync): Pick<LedgerReader, 'lineage'> {
  const ordersOfEvents = db.prepare(`SELECT DISTINCT order_id FROM event WHERE seq ${ANY} AND order_id IS NOT NULL`);
  const eventRows = db.prepare(
    `SELECT seq, doc, personal FROM event WHERE seq IN
    (SELECT value FROM json_each(?) UNION SELECT seq FROM event WHERE order_id ${ANY}) ORDER BY seq`,
  );
  const events = (seqs: readonly number[], orderIds: readonly string[]): EventRow[] =>
    (eventRows.all(JSON.stringify(seqs), JSON.stringify(orderIds)) as unknown as StoredEvent[]).map((row) =>
      readEventDoc(row.seq, row.doc, row.personal),
    );
  const orders = rows<OrderRow>(db, `SELECT doc, personal FROM "order" WHERE order_id ${ANY} ORDER BY order_id, shop`);
  const entries = rows<EntryRow>(db, `SELECT doc FROM entry WHERE order_id ${ANY} ORDER BY order_id, shop, reference`);
  const leads = rows<LeadRow>(db, `SELECT doc, personal FROM lead WHERE lead_id ${ANY} ORDER BY lead_id`);
  const verdicts = verdictReads(db);
  const dispatches = rows<DispatchRow>(
    db,
    `SELECT doc FROM dispatch WHERE event ${ANY} ORDER BY event, destination, leg`,
  );
  const attempts = rows<AttemptRow>(
    db,
    `SELECT doc FROM attempt WHERE event ${ANY} ORDER BY event, destination, leg, n`,
  );
  const findings = rows<FindingRow>(db, `SELECT doc FROM finding WHERE subject ${ANY} ORDER BY id`);
  const differences = rows<DifferenceRow>(
    db,
    `SELECT doc FROM difference WHERE event ${ANY} ORDER BY event, field, seq`,
  );

  const touches = rows<TouchRow>(
    db,
    `SELECT doc, personal FROM touch WHERE touch IN (SELECT touch FROM touch_id WHERE id ${ANY}) ORDER BY doc ->> 'seq'`,
  );

  return {
    async lineage(askedEvents, askedIds) {
      return snapshot(db, () => {
        const told = ordersOfEvents.all(JSON.stringify(askedEvents)).map((row) => String(row['order_id']));
        const orderIds = [...new Set([...askedIds, ...told])];
        const found = events(askedEvents, orderIds);
        const seqs = found.map((row) => row.seq);
        const movements = entries(orderIds);
        const leadIds = leadIdsOf(found, askedIds);
        const lives = leads(leadIds);
        return {
          events: found,
          orders: orders(orderIds),
          entries: movements,
          leads: lives,
          verdicts: verdicts.history(
            [...movements, ...lives.flatMap((row) => row.steps)].map((row) => row.seq),
            seqs,
          ),
          dispatches: dispatches(seqs),
          attempts: attempts(seqs),
          findings: findings(subjectsOf(found, orderIds, leadIds)),
          differences: differences(seqs),
          touches: touches(touchesOf(found, askedIds)),
        };
      });
    },
  };
}

/** A question whose every parameter is a list of keys. */
function rows<Row>(db: DatabaseSync, sql: string): (...lists: (readonly (string | number)[])[]) => Row[] {
  const statement = db.prepare(sql);
  return (...lists) =>
    (statement.all(...lists.map((list) => JSON.stringify(list))) as unknown as Stored[]).map((stored) =>
      rowOf<Row>(stored),
    );
}
