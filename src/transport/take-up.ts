import type { ToldAnswer } from '../event/told.ts';
import type { Spec } from '../spec/spec.ts';
import type { Journal } from '../store/journal.ts';
import type { LedgerReader } from '../store/ledger.ts';
import { type Reading, read } from '../tiktok/answer.ts';
import { earliest } from '../tiktok/clocks.ts';
import { next } from './next.ts';
import { firstCopy } from './pick.ts';
import { bare, record } from './record.ts';

/** Attempts that a crash left open: nobody knows whether they arrived, so they count as unanswered. */
export async function takeUp(around: {
  reader: LedgerReader;
  journal: Pick<Journal, 'append'>;
  specOf(version: number): Spec;
  now(): number;
  random(): number;
}): Promise<void> {
  const open = await around.reader.inFlight();
  if (open.length === 0) return;
  const now = around.now();
  const { dispatches } = await around.reader.load({ events: open.map((leg) => leg.event), orders: [] });
  const legs = Map.groupBy(dispatches, (leg) => leg.event);
  const { delivery } = around.specOf(0);
  const chance = around.random();
  const answers: ToldAnswer['answers'] = open.map((leg) => {
    const [reading] = read({ kind: 'unanswered', why: 'the server stopped before an answer came' }, ['']) as [Reading];
    const first = firstCopy(legs.get(leg.event) ?? [], leg.destination);
    const sentAt = leg.changedAt;
    const attempted = {
      reading,
      n: leg.attempts,
      answeredAt: now,
      firstCopy: earliest(first?.at, [sentAt, now]),
      restsUntil: 0,
    };
    return { ...bare(leg), n: leg.attempts, sentAt, ...reading, ...next(attempted, chance, delivery) };
  });
  await around.journal.append([record('answer', 'answer', { answers }, now)]);
}
