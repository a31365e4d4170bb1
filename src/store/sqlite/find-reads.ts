import type { DatabaseSync } from 'node:sqlite';
import type { EventRow } from '../../event/event.ts';
import { idsOf } from '../event-ids.ts';
import type { LedgerReader } from '../ledger.ts';
import { rowOf, type Stored } from './ledger-columns.ts';
import { mentions } from './mention.ts';
import { snapshot } from './snapshot.ts';

/** From any id to the events that bear it. */
export function findReads(db: DatabaseSync): Pick<LedgerReader, 'find'> {
  const byOrder = db.prepare('SELECT seq FROM event WHERE order_id = ? ORDER BY seq DESC LIMIT ?');
  const bySequence = db.prepare(
    'SELECT seq FROM event WHERE seq = ?1 OR seq IN (SELECT event FROM verdict WHERE verdict.seq = ?1)',
  );
  const mentioned = mentions(db);
  const event = db.prepare('SELECT doc, personal FROM event WHERE seq = ?');
  const asked = db.prepare(
    `SELECT 1 FROM attempt WHERE event = ?1 AND doc ->> 'requestId' = ?2 UNION ALL
    SELECT 1 FROM dispatch WHERE event = ?1 AND doc ->> 'requestId' = ?2`,
  );
  const bears = (seq: number, id: string): boolean => {
    const stored = event.get(seq) as Stored | undefined;
    return stored !== undefined && (idsOf(rowOf<EventRow>(stored)).includes(id) || asked.get(seq, id) !== undefined);
  };
  const byMention = (id: string, limit: number): number[] => {
    const found = new Set<number>();
    for (const seq of mentioned(id)) {
      if (found.size >= limit) break;
      if (bears(seq, id)) found.add(seq);
    }
    return [...found];
  };

  return {
    async find(id, limit) {
      return snapshot(db, () => {
        const rows = [...byOrder.all(id, limit), ...(/^\d{1,15}$/.test(id) ? bySequence.all(Number(id)) : [])];
        const found = new Set([...rows.map((row) => Number(row['seq'])), ...byMention(id, limit)]);
        return [...found].sort((a, b) => b - a).slice(0, limit);
      });
    },
  };
}
