import { type Compared, compareCounts } from './comparison.ts';
import type { Outcome } from './outcome.ts';

/** What must have become of the copies for TikTok: none left, and each was kept back for the reason that is due. */
export function compareCopies(
  { requests, copies }: Pick<Outcome, 'copies'> & { requests: number },
  due: Readonly<Record<string, number>>,
): Compared[] {
  const left = [...copies].filter(([how]) => /^(?:queued|inFlight|delivered|unknown|dead) /.test(how));
  const wanted = Object.keys(due).filter((how) => due[how] !== 0);
  const kept = new Set([...wanted, ...[...copies.keys()].filter((how) => !left.some(([name]) => name === how))]);
  return [
    compareCounts('requests to TikTok', 0, requests),
    compareCounts(
      'copies that left or were to leave',
      0,
      left.reduce((all, [, times]) => all + times, 0),
    ),
    ...[...kept].map((how) => compareCounts(`copies ${how}`, due[how] ?? 0, copies.get(how) ?? 0)),
  ];
}
