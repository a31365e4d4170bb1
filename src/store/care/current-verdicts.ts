import type { DatabaseSync } from 'node:sqlite';
import type { VerdictRow } from '../effects.ts';

/** Every verdict there is, by record and number, however they are kept. */
export function* allVerdicts(db: DatabaseSync): Generator<VerdictRow> {
  const others = db.prepare('SELECT doc FROM verdict ORDER BY seq, n').iterate();
  const read = (): VerdictRow | undefined => {
    const { value, done } = others.next();
    return done ? undefined : (JSON.parse(String(value['doc'])) as VerdictRow);
  };
  let other = read();
  for (const { doc } of db.prepare('SELECT doc FROM verdict_page ORDER BY first').iterate())
    for (const first of JSON.parse(String(doc)) as VerdictRow[]) {
      for (; other && before(other, first); other = read()) yield other;
      // A row of its own replaces the one of the page.
      if (other && other.seq === first.seq && other.n === first.n) continue;
      yield first;
    }
  for (; other; other = read()) yield other;
}

/** The last verdict on each record, in order. */
export function* currentVerdicts(db: DatabaseSync): Generator<VerdictRow> {
  let last: VerdictRow | undefined;
  for (const row of allVerdicts(db)) {
    if (last && last.seq !== row.seq) yield last;
    last = row;
  }
  if (last) yield last;
}

function before(a: VerdictRow, b: VerdictRow): boolean {
  return a.seq < b.seq || (a.seq === b.seq && a.n < b.n);
}
