import { adReportKey } from '../../event/ad-report.ts';
import type { KeyOf } from '../changes.ts';
import type { LedgerReader } from '../ledger.ts';
import { copy } from './copy.ts';
import { orderBy } from './order-by.ts';
import type { Rows } from './rows.ts';

/** What those ask for that follow the ledger. */
export function changeReads(rows: Rows): Pick<LedgerReader, 'changes' | 'lastChange' | 'keysFrom'> {
  const keys: { [What in keyof KeyOf]: (after: KeyOf[What] | undefined, limit: number) => KeyOf[What][] } = {
    events: (after = 0, limit) =>
      orderBy(rows.events.all(), ({ seq }) => [seq])
        .map(({ seq }) => seq)
        .filter((seq) => seq > after)
        .slice(0, limit),
    orders: (after = { shop: '', orderId: '' }, limit) =>
      orderBy(rows.orders.all(), ({ orderId, shop }) => [orderId, shop])
        .filter(({ orderId, shop }) => orderId > after.orderId || (orderId === after.orderId && shop > after.shop))
        .map(({ shop, orderId }) => ({ shop, orderId }))
        .slice(0, limit),
    leads: (after = '', limit) =>
      textsAfter(
        rows.leads.all().map(({ leadId }) => leadId),
        after,
        limit,
      ),
    touches: (after = '', limit) =>
      textsAfter(
        rows.touches.all().map(({ touch }) => touch),
        after,
        limit,
      ),
    adReports: (after = '', limit) => textsAfter(rows.adReports.all().map(adReportKey), after, limit),
  };
  return {
    async changes(after, limit) {
      const first = rows.changes[0]?.n ?? 0;
      const from = Math.max(0, after + 1 - first);
      return copy(rows.changes.slice(from, from + limit));
    },
    async lastChange() {
      const { n, offset } = rows.changes.at(-1) ?? { n: 0, offset: 0 };
      return { n, offset };
    },
    async keysFrom(what, after, limit) {
      return copy(keys[what](after, limit));
    },
  };
}

function textsAfter(keys: readonly string[], after: string, limit: number): string[] {
  return keys
    .filter((key) => key > after)
    .sort()
    .slice(0, limit);
}
