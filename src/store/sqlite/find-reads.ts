import type { DatabaseSync } from 'node:sqlite';
import { idsOf } from '../event-ids.ts';
import type { LedgerReader } from '../ledger.ts';
import { readEventDoc } from './event-doc.ts';
import type { StoredEvent } from './ledger-columns.ts';
import { mentions } from './mention.ts';
import { snapshot } from './snapshot.ts';
import { verdictReads } from './verdict-pages.ts';

/** From any id to the events that bear it. */
export function findReads(db: DatabaseSync): Pick<LedgerReader, 'find'> {
  const byOrder = db.prepare('SELECT seq FROM event WHERE order_id = ? ORDER BY seq DESC LIMIT ?');
  const verdicts = verdictReads(db);
  const mentioned = mentions(db);
  const event = db.prepare('SELECT seq, doc, personal FROM event WHERE seq = ?');
  const asked = db.prepare(
    `SELECT 1 FROM attempt WHERE event = ?1 AND doc ->> 'requestId' = ?2 UNION ALL
    SELECT 1 FROM dispatch WHERE event = ?1 AND doc ->> 'requestId' = ?2`,
  );
  const bears = (seq: number, id: string): boolean => {
    const stored = event.get(seq) as StoredEvent | undefined;
    if (!stored) return false;
    return idsOf(readEventDoc(seq, stored.doc, stored.personal)).includes(id) || asked.get(seq, id) !== undefined;
  };
  const byMention = (id: string, limit: number): number[] => {
    const found: number[] = [];
    for (const seq of mentioned(id)) {
      if (found.length >= limit) break;
      if (bears(seq, id)) found.push(seq);
    }
    return found;
  };
  /** The event of a record, by the record's sequence. */
  const bySequence = (seq: number): number[] => {
    const told = verdicts.history([seq], []).flatMap((row) => row.event ?? []);
    return [seq, ...told].filter((one) => event.get(one) !== undefined);
  };

  return {
    async find(id, limit) {
      return snapshot(db, () => {
        const found = new Set([
          ...byOrder.all(id, limit).map((row) => Number(row['seq'])),
          ...(/^\d{1,15}$/.test(id) ? bySequence(Number(id)) : []),
          ...byMention(id, limit),
        ]);
        return [...found].sort((a, b) => b - a).slice(0, limit);
      });
    },
  };
}
