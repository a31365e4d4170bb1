import type { Door, EventRow } from '../event/event.ts';
import { type LostSession, lostSessionSays } from '../event/lost-session.ts';
import type { OrderRow } from '../event/order.ts';
import type { Reason } from '../event/reason.ts';
import { MINUTE } from '../event/time.ts';
import type { Spec } from '../spec/spec.ts';
import type { JournalRecord } from '../store/journal.ts';
import type { Context } from './context.ts';

/** A session ends by itself after half an hour: one that is another by then was not lost. */
const SESSION_MS = 30 * MINUTE;

/** Whom a record names, and on which page. */
interface Named {
  visitor?: string;
  session?: string;
  /** the page's address */
  page?: string | undefined;
  /** the visitor's own time, UTC ms */
  at: number;
}

/** An order that a webhook is the first to tell, of a visitor whom nobody knows. One who said no is known, and not told of. */
export function lostToHook(
  record: Pick<JournalRecord, 'door' | 'seq' | 'receivedAt'>,
  visitor: string | undefined,
  { working, spec }: Pick<Context, 'working' | 'spec'>,
): LostSession | undefined {
  if (visitor !== undefined && (working.contextOf(visitor) || working.isRefuser(visitor))) return undefined;
  return {
    from: shopHost(spec),
    to: machineOf(record.door),
    how: visitor === undefined ? 'noVisitor' : 'unknownVisitor',
    ...{ seq: record.seq, at: record.receivedAt },
  };
}

/**
 * A later record of an order that names another visitor than the one who placed it, or another session of theirs on
 * another host: on the same host a session is not lost, it ends. A record that names nobody shows nothing.
 */
export function lostSince(
  record: Pick<JournalRecord, 'door' | 'seq' | 'receivedAt'>,
  told: Named,
  order: Pick<OrderRow, 'visitor' | 'session' | 'createdAt'>,
  known: Pick<EventRow, 'personal'>,
  spec: Spec,
): LostSession | undefined {
  if (order.visitor === undefined || told.visitor === undefined) return undefined;
  const was = hostOf(known.personal?.page?.url);
  const is = hostOf(told.page);
  const from = was ?? shopHost(spec);
  const to = is === undefined ? machineOf(record.door) : is === from ? `the return to ${is}` : is;
  const lost = { from, to, seq: record.seq, at: record.receivedAt };
  if (told.visitor !== order.visitor) return { ...lost, how: 'otherVisitor' };
  const isOther = order.session !== undefined && told.session !== undefined && told.session !== order.session;
  const isSoon = told.at - (order.createdAt ?? told.at) < SESSION_MS;
  const isElsewhere = was !== undefined && is !== undefined && was !== is;
  return isOther && isSoon && isElsewhere ? { ...lost, how: 'otherSession' } : undefined;
}

/** The order with what was lost, and the finding. Only the first time is kept: what follows from it says nothing new. */
export function withLost(
  order: OrderRow,
  lost: LostSession | undefined,
  { working }: Pick<Context, 'working'>,
): OrderRow {
  if (!lost || order.lostSession) return order;
  working.finding('session_lost', `order ${order.orderId}`, lostSessionSays(lost), lost.at);
  return { ...order, lostSession: lost };
}

function hostOf(url: string | undefined): string | undefined {
  return (url === undefined ? undefined : URL.parse(url)?.host) || undefined;
}

/** Where the shop's pages are, for an order that no page told. */
function shopHost({ sites }: Spec): string {
  const hosts = new Set(sites.origins.flatMap((origin) => hostOf(origin) ?? []));
  const [only] = hosts;
  return only !== undefined && hosts.size === 1 ? only : 'the shop’s pages';
}

/** Who told without a page. */
function machineOf(door: Door): string {
  if (door.startsWith('webhook:')) return `${door.slice('webhook:'.length)}’s webhook`;
  return door === 'browser' ? 'a page that told no address' : 'the shop’s server';
}

export const LOST_SESSION_REASONS: Reason[] = [
  {
    code: 'session_lost',
    with: 'note',
    means:
      'The record names another visitor or session than the one who placed the order, or none: they were lost on the way.',
    fix: 'Declare every domain of the shop in sites.domains, send the ids of the cookie _assay along with the payment, and see whether the customer came back in another browser.',
  },
];
