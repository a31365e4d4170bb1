import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { DispatchRow } from '../../event/dispatch.ts';
import type { EventRow } from '../../event/event.ts';
import type { VerdictRow } from '../effects.ts';
import type { LedgerReader } from '../ledger.ts';
import {
  type Letter,
  type LetterCount,
  type LetterMark,
  type LettersAsked,
  letterOfLeg,
  letterOfRecord,
} from '../letters.ts';
import { readEventDoc } from './event-doc.ts';
import { rowOf } from './ledger-columns.ts';
import { snapshot } from './snapshot.ts';

/** No return code of TikTok's is this: a column of a key can't be null. */
const NO_CODE = -1;

/**
 * Dead letters beside the rows that they are, so that a list of them reads nothing else. "doc" is the verdict of a
 * record; a leg has its own row. Each index holds all that lists are narrowed by.
 */
export const LETTER_SCHEMA = `
  CREATE TABLE letter (
    seq INTEGER NOT NULL, destination TEXT NOT NULL, at INTEGER NOT NULL, kind TEXT NOT NULL, why TEXT NOT NULL,
    code INTEGER NOT NULL, event TEXT NOT NULL, money INTEGER NOT NULL, doc TEXT,
    PRIMARY KEY (seq, destination)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX letter_newest ON letter (at, seq, destination, kind, why, code, event, money);
  CREATE INDEX letter_why ON letter (why, at, seq, destination, kind, code, event, money);
  CREATE INDEX letter_event ON letter (event, at, seq, destination, kind, why, code, money);
  CREATE TABLE letter_total (
    kind TEXT NOT NULL, destination TEXT NOT NULL, why TEXT NOT NULL, code INTEGER NOT NULL, count INTEGER NOT NULL,
    PRIMARY KEY (kind, destination, why, code)
  ) STRICT, WITHOUT ROWID`;

/** Keeps letters and their totals in line with the rows that a commit writes, each told with what was there before. */
export interface LetterWriter {
  dispatch(before: DispatchRow | undefined, after: DispatchRow): void;
  verdict(before: VerdictRow | undefined, after: VerdictRow): void;
}

export function letterWriter(db: DatabaseSync): LetterWriter {
  // The name is the second cell of an event's document.
  const nameOf = db.prepare("SELECT doc ->> '$[1]' AS name FROM event WHERE seq = ?");
  const read = db.prepare('SELECT kind, destination, why, code FROM letter WHERE seq = ? AND destination = ?');
  const remove = db.prepare('DELETE FROM letter WHERE seq = ? AND destination = ?');
  const write = db.prepare(
    'INSERT INTO letter (seq, destination, at, kind, why, code, event, money, doc) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const add = db.prepare(`INSERT INTO letter_total (kind, destination, why, code, count) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (kind, destination, why, code) DO UPDATE SET count = count + excluded.count`);

  function takeOut(seq: number, destination: string): void {
    const old = read.get(seq, destination) as
      | Record<'kind' | 'destination' | 'why' | 'code', SQLInputValue>
      | undefined;
    if (!old) return;
    remove.run(seq, destination);
    add.run(old.kind, old.destination, old.why, old.code, -1);
  }

  function put(
    { seq, destination, at, kind, why, code = NO_CODE, event, money }: LetterMark,
    doc: string | null,
  ): void {
    write.run(seq, destination, at, kind, why, code, event, money ? 1 : 0, doc);
    add.run(kind, destination, why, code, 1);
  }

  return {
    dispatch(before, after) {
      // Most rows are none before and none after: those cost nothing here.
      if (before && letterOfLeg(before, '')) takeOut(before.event, before.destination);
      if (!letterOfLeg(after, '')) return;
      const letter = letterOfLeg(after, String(nameOf.get(after.event)?.['name'] ?? ''));
      if (letter) put(letter, null);
    },
    verdict(before, after) {
      if (before && letterOfRecord(before)) takeOut(before.seq, '');
      const letter = letterOfRecord(after);
      if (letter) put(letter, JSON.stringify(after));
    },
  };
}

interface StoredLetter {
  at: number;
  seq: number;
  destination: string;
  kind: Letter['kind'];
}

export function letterReads(db: DatabaseSync): Pick<LedgerReader, 'letters' | 'letterCounts'> {
  const leg = db.prepare(
    `SELECT dispatch.doc AS dispatch, event.doc AS event, event.personal
    FROM dispatch JOIN event ON event.seq = dispatch.event
    WHERE dispatch.event = ? AND destination = ? AND leg = 'api'`,
  );
  const record = db.prepare('SELECT doc FROM letter WHERE seq = ? AND destination = ?');
  const counts = db.prepare(
    'SELECT kind, destination, why, code, count FROM letter_total WHERE count > 0 ORDER BY kind, destination, why, code',
  );

  /** Newest first through the index. Two seeks: a comparison of triples alone would walk through all of one time. */
  function places(asked: LettersAsked, limit: number): StoredLetter[] {
    const { after, from = Number.MIN_SAFE_INTEGER, to = Number.MAX_SAFE_INTEGER } = asked;
    // Of most that is asked for and not there, the totals know.
    if (!hasAny(asked)) return [];
    const [sql, values] = narrowed(asked);
    const index = asked.why !== undefined ? 'why' : asked.event !== undefined ? 'event' : 'newest';
    const part = (time: string, times: SQLInputValue[], wanted: number): StoredLetter[] =>
      db
        .prepare(
          `SELECT at, seq, destination, kind FROM letter INDEXED BY letter_${index} WHERE ${time} ${sql}
          ORDER BY at DESC, seq DESC, destination DESC LIMIT ?`,
        )
        .all(...times, ...values, wanted) as unknown as StoredLetter[];
    if (!after) return part('at >= ? AND at < ?', [from, to], limit);
    const same =
      after.at < from || after.at >= to
        ? []
        : part('at = ? AND (seq, destination) < (?, ?)', [after.at, after.seq, after.destination], limit);
    const rest = limit - same.length;
    return rest > 0 ? [...same, ...part('at >= ? AND at < ?', [from, Math.min(to, after.at)], rest)] : same;
  }

  function hasAny({ kind, destination, why, code }: LettersAsked): boolean {
    return (counts.all() as unknown as LetterCount[]).some(
      (one) =>
        (kind === undefined || one.kind === kind) &&
        (destination === undefined || one.destination === destination) &&
        (why === undefined || one.why === why) &&
        (code === undefined || one.code === code),
    );
  }

  function letter({ kind, ...place }: StoredLetter): Letter[] {
    if (kind === 'record') {
      const doc = record.get(place.seq, '')?.['doc'];
      return doc ? [{ kind, place, verdict: JSON.parse(String(doc)) as VerdictRow }] : [];
    }
    const stored = leg.get(place.seq, place.destination) as
      | { dispatch: string; event: string; personal: string | null }
      | undefined;
    if (!stored) return [];
    const event: EventRow = readEventDoc(place.seq, stored.event, stored.personal);
    return [{ kind, place, dispatch: rowOf<DispatchRow>({ doc: stored.dispatch }), event }];
  }

  return {
    async letters(asked, limit) {
      return snapshot(db, () => places(asked, limit).flatMap(letter));
    },
    async letterCounts() {
      return counts.all().map((row): LetterCount => {
        const { code, ...rest } = row as unknown as LetterCount & { code: number };
        return code === NO_CODE ? rest : { ...rest, code };
      });
    },
  };
}

function narrowed({
  kind,
  destination,
  why,
  code,
  event,
  money,
}: LettersAsked): [sql: string, values: SQLInputValue[]] {
  const wanted: [column: string, value: SQLInputValue | undefined][] = [
    ['kind', kind],
    ['destination', destination],
    ['why', why],
    ['code', code],
    ['event', event],
    ['money', money === undefined ? undefined : money ? 1 : 0],
  ];
  const given = wanted.filter((one): one is [string, SQLInputValue] => one[1] !== undefined);
  return [given.map(([column]) => `AND ${column} = ?`).join(' '), given.map(([, value]) => value)];
}
