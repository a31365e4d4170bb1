import type { LiveCounts } from '../api/answers.ts';
import type { Leg, Verdict } from '../event/event.ts';
import type { JournalReader } from '../store/journal.ts';
import type { LedgerReader, Totals } from '../store/ledger.ts';

/** The figures of Live. Drafts are counted apart from everything else. */
export async function readCounts(
  reader: Pick<LedgerReader, 'totals' | 'nextDueAt'>,
  journal: Pick<JournalReader, 'last' | 'read'>,
  now: number,
): Promise<Omit<LiveCounts, 'timezone' | 'specVersion'>> {
  const last = await journal.last();
  const totals = await reader.totals();
  const lag = Math.max(0, last - totals.offset);
  const [waiting] = lag > 0 ? await journal.read(totals.offset, 1) : [];
  const dueAt = await reader.nextDueAt();
  return {
    ...countsOf(totals, lag),
    asOf: now,
    lagMs: waiting ? Math.max(0, now - waiting.receivedAt) : 0,
    overdueMs: dueAt === undefined ? 0 : Math.max(0, now - dueAt),
  };
}

/** Adds the totals up, so that `records` is the sum of `byVerdict` and `lag` by construction. */
export function countsOf(
  totals: Pick<Totals, 'verdicts' | 'dispatches'>,
  lag: number,
): Pick<LiveCounts, 'records' | 'lag' | 'drafts' | 'byVerdict' | 'byDoor' | 'dispatches'> {
  const byVerdict: Record<Verdict, number> = { admitted: 0, paired: 0, duplicate: 0, quarantined: 0, refused: 0 };
  const byDoor = new Map<string, LiveCounts['byDoor'][number]>();
  const drafts: LiveCounts['drafts'] = { records: 0, byVerdict: {} };
  let records = lag;
  for (const { door, verdict, count, draft } of totals.verdicts) {
    if (draft) {
      drafts.records += count;
      drafts.byVerdict[verdict] = (drafts.byVerdict[verdict] ?? 0) + count;
      continue;
    }
    records += count;
    byVerdict[verdict] += count;
    const line = byDoor.get(door) ?? { door, total: 0, byVerdict: {} };
    line.total += count;
    line.byVerdict[verdict] = (line.byVerdict[verdict] ?? 0) + count;
    byDoor.set(door, line);
  }
  return {
    records,
    lag,
    drafts,
    byVerdict,
    byDoor: [...byDoor.values()].sort((a, b) => a.door.localeCompare(b.door)),
    dispatches: totals.dispatches
      .filter((row) => !row.draft)
      .map(({ destination, leg, state, count }) => ({ destination, leg: leg as Leg, state, count })),
  };
}
