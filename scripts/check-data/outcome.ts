import type { LedgerReader } from '../../src/store/ledger.ts';
import { addTo } from './tally.ts';

export interface Outcome {
  /** how many copies for TikTok ended so, such as `withheld too_old` */
  copies: ReadonlyMap<string, number>;
  /** records that were not taken, by reason, with some of their orders or leads */
  turnedAway: string[];
}

const PAGE_ROWS = 500;
const NAMED_MAX = 5;

/** What became of every record, and of every copy for TikTok. */
export async function readOutcome(ledger: Pick<LedgerReader, 'recent' | 'load'>): Promise<Outcome> {
  const copies = new Map<string, number>();
  const turnedAway = new Map<string, { times: number; first: string[] }>();
  const seen = new Set<number>();
  for (let page = await ledger.recent(Number.MAX_SAFE_INTEGER, PAGE_ROWS); page.length > 0; ) {
    const events = new Set(
      page.flatMap(({ event }) => (event === undefined || seen.has(event.seq) ? [] : [event.seq])),
    );
    for (const event of events) seen.add(event);
    const { dispatches } = await ledger.load({ events: [...events], orders: [] });
    for (const { state, why } of dispatches) addTo(copies, `${state} ${why}`);
    for (const { verdict, event } of page) {
      if (verdict.verdict !== 'quarantined' && verdict.verdict !== 'refused') continue;
      const reason = `${verdict.verdict} ${verdict.reasons.join(' ')}`;
      const group = turnedAway.get(reason) ?? { times: 0, first: [] };
      const id = event?.orderId ?? event?.leadId ?? `record ${verdict.seq}`;
      const what = verdict.problems?.map((problem) => `${problem.where} ${problem.what}`).join(', ') ?? '';
      if (group.first.length < NAMED_MAX) group.first.push(`${id} ${what}`.trim());
      turnedAway.set(reason, { ...group, times: group.times + 1 });
    }
    page = await ledger.recent(page.at(-1)?.verdict.seq ?? 0, PAGE_ROWS);
  }
  return {
    copies,
    turnedAway: Array.from(turnedAway, ([reason, { times, first }]) => `${times} ${reason}: ${first.join('; ')}`),
  };
}
