import type { LedgerReader } from '../../src/store/ledger.ts';
import type { Observed } from './oracle.ts';

const ALL = 1_000_000;

/** All that a ledger knows of events, touches, orders and leads. */
export async function observed(ledger: LedgerReader, touchIds: readonly string[]): Promise<Observed> {
  const offset = await ledger.offset();
  const sequences = Array.from({ length: offset }, (_, n) => n + 1);
  const { events } = await ledger.load({ events: sequences, orders: [] });
  const { touches } = await ledger.load({ events: [], orders: [], touches: [...touchIds] });
  return {
    ...{ events, touches, leads: await ledger.leads({}, ALL) },
    orders: (await ledger.orders({}, ALL)).map(({ order }) => order),
  };
}
