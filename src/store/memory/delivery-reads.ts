import { backlogOf, DeliverySums, deliveryMinute, type MinuteSums } from '../delivery-sums.ts';
import type { LedgerReader } from '../ledger.ts';
import { orderBy } from './order-by.ts';
import type { Rows } from './rows.ts';

/** What became of the legs minute by minute, and what waits now. */
export function deliveryReads(rows: Rows): Pick<LedgerReader, 'deliveries' | 'backlog'> {
  return {
    async deliveries(from, to) {
      const minutes = sumsOf(rows).filter(({ minute }) => minute >= from && minute < to);
      return orderBy(minutes, ({ minute, destination }) => [minute, destination]).flatMap(
        (sums) => deliveryMinute(sums) ?? [],
      );
    },
    async backlog() {
      return backlogOf(sumsOf(rows));
    },
  };
}

function sumsOf(rows: Rows): MinuteSums[] {
  const sums = new DeliverySums();
  for (const row of rows.dispatches.all()) sums.dispatch(row, 1);
  for (const row of rows.attempts.all()) sums.attempt(row, 1);
  return sums.all();
}
