import { outgoing } from '../../event/outgoing.ts';
import type { LedgerReader } from '../ledger.ts';
import type { Lane } from '../outbox.ts';
import { dueOf, expiryOf } from '../waiting.ts';
import { copy } from './copy.ts';
import { orderBy } from './order-by.ts';
import type { Rows } from './rows.ts';

const NEVER = Number.POSITIVE_INFINITY;

/** What transport asks for: who leaves now, whose time ran out, who was under way. */
export function outboxReads(rows: Rows): Pick<LedgerReader, 'due' | 'expired' | 'nextDueAt' | 'inFlight'> {
  return {
    async due(now, limit, without = []) {
      const due = rows.waiting.all().filter((row) => (dueOf(row) ?? NEVER) <= now && !isIn(row, without));
      return orderBy(due, (row) => [row.money ? 0 : 1, dueOf(row) ?? NEVER, row.event, row.destination])
        .slice(0, limit)
        .flatMap((dispatch) => {
          const pixel = rows.dispatches
            .of(dispatch.event)
            .find((row) => row.destination === dispatch.destination && row.leg === 'pixel');
          return rows.events
            .of(dispatch.event)
            .map((event) => ({ dispatch: copy(dispatch), event: outgoing(event), pixel: copy(pixel) }));
        });
    },
    async expired(now, limit) {
      const expired = rows.waiting.all().filter((row) => (expiryOf(row) ?? NEVER) <= now);
      return copy(
        orderBy(expired, (row) => [expiryOf(row) ?? NEVER, row.event, row.destination, row.leg]).slice(0, limit),
      );
    },
    async nextDueAt(after = Number.NEGATIVE_INFINITY, without = []) {
      const next = rows.waiting
        .all()
        .flatMap((row) => [isIn(row, without) ? undefined : dueOf(row), expiryOf(row)])
        .reduce<number>((least, at = NEVER) => (at > after ? Math.min(least, at) : least), NEVER);
      return next === NEVER ? undefined : next;
    },
    async inFlight() {
      const flying = rows.waiting.all().filter((row) => row.leg === 'api' && row.state === 'inFlight');
      return copy(orderBy(flying, (row) => [row.event, row.destination]));
    },
  };
}

function isIn(row: Lane, lanes: readonly Lane[]): boolean {
  return lanes.some(({ destination, money }) => row.destination === destination && row.money === money);
}
