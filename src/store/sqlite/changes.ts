import type { DatabaseSync } from 'node:sqlite';
import { CHANGES_KEPT, type Change, type Changed, changed, type KeyOf } from '../changes.ts';
import type { Effects } from '../effects.ts';
import type { LedgerReader } from '../ledger.ts';

/** What each commit wrote, for those that follow the ledger. */
export const CHANGE_SCHEMA =
  'CREATE TABLE change (n INTEGER PRIMARY KEY, "offset" INTEGER NOT NULL, doc TEXT NOT NULL) STRICT';

/** Writes the row of a commit, and drops the one that is too old by now. */
export function changeWriter(db: DatabaseSync): (effects: Effects, offset: number) => void {
  const write = db.prepare('INSERT INTO change ("offset", doc) VALUES (?, ?)');
  const drop = db.prepare('DELETE FROM change WHERE n <= ?');
  return (effects, offset) => {
    const { lastInsertRowid } = write.run(offset, docOf(changed(effects)));
    drop.run(Number(lastInsertRowid) - CHANGES_KEPT);
  };
}

export function changeReads(db: DatabaseSync): Pick<LedgerReader, 'changes' | 'lastChange' | 'keysFrom'> {
  const some = db.prepare('SELECT n, "offset", doc FROM change WHERE n > ? ORDER BY n LIMIT ?');
  const last = db.prepare('SELECT n, "offset" FROM change ORDER BY n DESC LIMIT 1');
  const events = db.prepare('SELECT seq FROM event WHERE seq > ? ORDER BY seq LIMIT ?');
  const orders = db.prepare(
    'SELECT order_id, shop FROM "order" WHERE (order_id, shop) > (?, ?) ORDER BY order_id, shop LIMIT ?',
  );
  const texts = {
    leads: db.prepare('SELECT lead_id AS key FROM lead WHERE lead_id > ? ORDER BY lead_id LIMIT ?'),
    touches: db.prepare('SELECT touch AS key FROM touch WHERE touch > ? ORDER BY touch LIMIT ?'),
    adReports: db.prepare('SELECT key FROM ad_report WHERE key > ? ORDER BY key LIMIT ?'),
  };
  const keys: { [What in keyof KeyOf]: (after: KeyOf[What] | undefined, limit: number) => KeyOf[What][] } = {
    events: (after = 0, limit) => events.all(after, limit).map(({ seq }) => Number(seq)),
    orders: (after = { shop: '', orderId: '' }, limit) =>
      orders
        .all(after.orderId, after.shop, limit)
        .map(({ order_id, shop }) => ({ shop: String(shop), orderId: String(order_id) })),
    leads: (after = '', limit) => texts.leads.all(after, limit).map(({ key }) => String(key)),
    touches: (after = '', limit) => texts.touches.all(after, limit).map(({ key }) => String(key)),
    adReports: (after = '', limit) => texts.adReports.all(after, limit).map(({ key }) => String(key)),
  };
  return {
    async changes(after, limit) {
      return some.all(after, limit).map((row) => changeOf(row as unknown as StoredChange));
    },
    async lastChange() {
      const row = last.get();
      return { n: Number(row?.['n'] ?? 0), offset: Number(row?.['offset'] ?? 0) };
    },
    async keysFrom(what, after, limit) {
      return keys[what](after, limit);
    },
  };
}

interface StoredChange {
  n: number;
  offset: number;
  doc: string;
}

/** Events as runs of neighbours, first and length by turns: those of a batch mostly are. What is empty is left out. */
function docOf({ events, ...others }: Changed): string {
  const runs: number[] = [];
  let end = -1;
  for (const seq of events) {
    if (seq === end) runs[runs.length - 1] = (runs.at(-1) as number) + 1;
    else runs.push(seq, 1);
    end = seq + 1;
  }
  const filled = Object.entries({ events: runs, ...others }).filter(([, keys]) => keys.length > 0);
  return JSON.stringify(Object.fromEntries(filled));
}

function changeOf({ n, offset, doc }: StoredChange): Change {
  const { events: runs = [], ...others } = JSON.parse(doc) as Partial<Changed>;
  const events: number[] = [];
  for (let at = 0; at < runs.length; at += 2)
    for (let more = 0; more < (runs[at + 1] as number); more++) events.push((runs[at] as number) + more);
  return { n, offset, events, orders: [], leads: [], touches: [], adReports: [], specs: [], ...others };
}
