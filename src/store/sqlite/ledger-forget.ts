import type { DatabaseSync } from 'node:sqlite';
import type { Forgotten } from '../journal.ts';

/** The rows that hold personal fields, by age; those that hold none any more are not in it. */
export const FORGET_SCHEMA = `
  CREATE INDEX event_personal ON event (seq) WHERE personal IS NOT NULL;
  CREATE INDEX order_personal ON "order" (created_at) WHERE personal IS NOT NULL;
  CREATE INDEX lead_personal ON lead (changed_at) WHERE personal IS NOT NULL;
  CREATE INDEX touch_personal ON touch (doc ->> 'at') WHERE doc ->> 'ttclid' IS NOT NULL OR doc ->> 'target' IS NOT NULL`;

// Admission waits for a step: 2,000 rows take it some 10 ms.
const STEP_ROWS = 2000;

const WAITS = (event: string): string =>
  `EXISTS (SELECT 1 FROM dispatch WHERE dispatch.event = ${event} AND state IN ('held', 'queued', 'inFlight'))`;

/**
 * Prepares one step of the ledger's retention, a transaction by itself: empties the personal fields of events received,
 * orders placed, leads last changed and touches received before `before`. What may still leave keeps them until it has ended.
 */
export function ledgerForgetter(db: DatabaseSync): (before: number) => Forgotten {
  const events = db.prepare(
    `SELECT seq, doc ->> 7 AS receivedAt, ${WAITS('event.seq')} AS waits
    FROM event INDEXED BY event_personal WHERE personal IS NOT NULL AND seq > ? ORDER BY seq`,
  );
  const fadeEvent = db.prepare('UPDATE event SET personal = NULL WHERE seq = ?');
  const others = [
    `UPDATE "order" SET personal = NULL WHERE (order_id, shop) IN (SELECT order_id, shop FROM "order" AS old
    INDEXED BY order_personal WHERE personal IS NOT NULL AND created_at < ?1 AND NOT ${WAITS("(old.doc ->> 'event')")} LIMIT ?2)`,
    `UPDATE lead SET personal = NULL WHERE lead_id IN (SELECT lead_id FROM lead
    INDEXED BY lead_personal WHERE personal IS NOT NULL AND changed_at < ?1 LIMIT ?2)`,
  ].map((sql) => db.prepare(sql));
  const oldTouches = db.prepare(
    `SELECT touch, personal ->> '$.user.ttclid' AS ttclid FROM touch INDEXED BY touch_personal
    WHERE (personal IS NOT NULL OR doc ->> 'target' IS NOT NULL) AND doc ->> 'receivedAt' < ?1 LIMIT ?2`,
  );
  const fadeTouch = db.prepare("UPDATE touch SET personal = NULL, doc = json_remove(doc, '$.target') WHERE touch = ?");
  const forgetId = db.prepare('DELETE FROM touch_id WHERE touch = ? AND id = ?');
  /** events up to it are done with in this run */
  let looked = 0;

  /** False once all that are old enough were looked at. */
  function oldEvents(before: number): { seqs: number[]; more: boolean } {
    const seqs: number[] = [];
    let rows = 0;
    for (const row of events.iterate(looked)) {
      const { seq, receivedAt, waits } = row as Record<string, number>;
      if (receivedAt === undefined || seq === undefined || receivedAt >= before) return { seqs, more: false };
      if (rows++ === STEP_ROWS) return { seqs, more: true };
      looked = seq;
      if (waits === 0) seqs.push(seq);
    }
    return { seqs, more: false };
  }

  function write(before: number): { count: number; more: boolean } {
    const { seqs, more } = oldEvents(before);
    for (const seq of seqs) fadeEvent.run(seq);
    if (!more) looked = 0;
    const counts = others.map((fade) => Number(fade.run(before, STEP_ROWS).changes));
    const touches = oldTouches.all(before, STEP_ROWS) as { touch: string; ttclid: string | null }[];
    for (const { touch, ttclid } of touches) {
      fadeTouch.run(touch);
      if (ttclid !== null) forgetId.run(touch, ttclid);
    }
    const all = [seqs.length, ...counts, touches.length];
    return { count: all.reduce((sum, one) => sum + one, 0), more: more || all.some((one) => one === STEP_ROWS) };
  }

  return (before) => {
    // The emptied bytes are overwritten. At other times that would cost each merge of ids a second write.
    db.exec('PRAGMA secure_delete = ON; BEGIN IMMEDIATE');
    try {
      const { count, more } = write(before);
      db.exec('COMMIT');
      return { count, next: more ? 'more' : 'nothing' };
    } catch (error) {
      looked = 0;
      if (db.isTransaction) db.exec('ROLLBACK');
      throw error;
    } finally {
      db.exec('PRAGMA secure_delete = OFF');
    }
  };
}
