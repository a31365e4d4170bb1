import type { VerdictRow } from '../effects.ts';
import type { LedgerReader } from '../ledger.ts';
import {
  comparePlaces,
  isAskedFor,
  type Letter,
  type LetterCount,
  type LetterMark,
  letterOfLeg,
  letterOfRecord,
  placeOf,
} from '../letters.ts';
import { copy } from './copy.ts';
import { orderBy } from './order-by.ts';
import type { Rows } from './rows.ts';

/** What was given up or quarantined. */
export function letterReads(rows: Rows): Pick<LedgerReader, 'letters' | 'letterCounts'> {
  function all(): { mark: LetterMark; letter: Letter | undefined }[] {
    const legs = rows.dispatches.all().flatMap((dispatch) => {
      const [event] = rows.events.of(dispatch.event);
      const mark = letterOfLeg(dispatch, event?.name ?? '');
      if (!mark || mark.kind === 'record') return [];
      const letter: Letter | undefined = event && { kind: mark.kind, place: placeOf(mark), dispatch, event };
      return [{ mark, letter }];
    });
    const records = current(rows).flatMap((verdict) => {
      const mark = letterOfRecord(verdict);
      return mark ? [{ mark, letter: { kind: 'record' as const, place: placeOf(mark), verdict } }] : [];
    });
    return [...legs, ...records].sort((a, b) => comparePlaces(a.mark, b.mark));
  }

  return {
    async letters(asked, limit) {
      const found = all().filter(({ mark }) => isAskedFor(mark, asked));
      return copy(found.slice(0, limit).flatMap(({ letter }) => letter ?? []));
    },
    async letterCounts() {
      const counts = new Map<string, LetterCount>();
      for (const { mark } of all()) {
        const { kind, destination, why, code } = mark;
        const key = JSON.stringify([kind, destination, why, code]);
        const count = (counts.get(key)?.count ?? 0) + 1;
        counts.set(key, { kind, destination, why, ...(code === undefined ? {} : { code }), count });
      }
      return orderBy([...counts.values()], ({ kind, destination, why, code = -1 }) => [kind, destination, why, code]);
    },
  };
}

/** The last verdict on each record. */
function current({ verdicts }: Rows): VerdictRow[] {
  const latest = new Map<number, VerdictRow>();
  for (const row of verdicts.all()) if (row.n >= (latest.get(row.seq)?.n ?? 0)) latest.set(row.seq, row);
  return [...latest.values()];
}
