import type { DatabaseSync } from 'node:sqlite';
import type { Share } from '../book-sums.ts';
import type { LeadAges } from '../books.ts';

/**
 * Leads by status and by how long they have stood at it. Only those younger than the last bound are counted one by one:
 * all others are what the totals have beyond them, however many years of leads there are.
 */
export function ageReader(
  db: DatabaseSync,
  totals: () => Share[],
): (at: number, bounds: readonly number[]) => LeadAges[] {
  const young = db.prepare(
    'SELECT status, count(*) AS count FROM lead WHERE changed_at > ? AND changed_at <= ? GROUP BY status',
  );
  return (at, bounds) => {
    const bands = bounds.map((bound, index) => {
      const to = index === 0 ? Number.MAX_SAFE_INTEGER : at - (bounds[index - 1] ?? 0);
      const counted = young.all(at - bound, to) as unknown as { status: string; count: number }[];
      return new Map(counted.map(({ status, count }) => [status, count]));
    });
    const all = new Map<string, number>();
    for (const { status, count } of totals()) all.set(status, (all.get(status) ?? 0) + count);
    return [...all].map(([status, count]) => {
      const leads = bands.map((band) => band.get(status) ?? 0);
      return { status, leads: [...leads, leads.reduce((rest, some) => rest - some, count)] };
    });
  };
}
