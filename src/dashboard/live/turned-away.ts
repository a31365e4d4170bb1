import type { LiveRow } from '../../api/answers.ts';

/** Records that went no further, by their reason. */
export interface Group {
  reason: string;
  verdict: string;
  count: number;
  doors: string[];
  lastAt: number;
}

/** Groups the refused and quarantined rows by their first reason, the largest group first. */
export function turnedAway(rows: readonly LiveRow[]): Group[] {
  const groups = new Map<string, Group>();
  for (const { verdict, reasons, door, receivedAt } of rows) {
    if (verdict !== 'refused' && verdict !== 'quarantined') continue;
    const reason = reasons[0] ?? verdict;
    const key = `${verdict} ${reason}`;
    const group = groups.get(key) ?? { reason, verdict, count: 0, doors: [], lastAt: 0 };
    groups.set(key, {
      ...group,
      count: group.count + 1,
      doors: [...new Set([...group.doors, door])],
      lastAt: Math.max(group.lastAt, receivedAt),
    });
  }
  return [...groups.values()].sort((a, b) => b.count - a.count || b.lastAt - a.lastAt);
}
