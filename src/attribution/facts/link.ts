import type { EventRow, MatchKeys } from '../../event/event.ts';
import type { IdentifierKind, LinkFact } from '../../event/fact.ts';
import type { LeadRow } from '../../event/lead.ts';
import { DAY } from '../../event/time.ts';
import type { TouchRow } from '../../event/touch.ts';
import { shopOf } from './conversion.ts';

/** A record with more contacts of one kind than this is no person's. */
const VALUES_MAX = 10;

/** The kinds of identifiers that may join visitors, by the spec; those of an order and a lead always do. */
export type Match = readonly string[];

/** What an event's record shows about who its visitor is. A record of nobody stands for a visitor of its own. */
export function eventLinks(row: EventRow, match: Match): LinkFact[] {
  if (row.namespace !== 'live' || row.bot) return [];
  const { seq, visitor, personal, orderId, leadId, receivedAt } = row;
  return linksOf(visitor ?? `~${seq}`, { seq, at: receivedAt }, match, {
    user: personal?.user,
    ...(orderId === undefined ? {} : { order: `${shopOf(row)}/${orderId}` }),
    ...(leadId === undefined ? {} : { lead: leadId }),
  });
}

/** The same of a contact with an ad. */
export function touchLinks({ seq, visitor, personal, receivedAt }: TouchRow, match: Match): LinkFact[] {
  return linksOf(visitor ?? `~${seq}`, { seq, at: receivedAt }, match, { user: personal?.user });
}

/** The same of a lead, which may have no event. It counts as told by its first record. */
export function leadLinks({ leadId, visitor, personal, steps }: LeadRow, match: Match): LinkFact[] {
  const [first, ...others] = steps;
  if (!first) return [];
  const told = others.reduce((least, step) => (step.seq < least.seq ? step : least), first);
  const { seq, receivedAt: at } = told;
  return linksOf(visitor ?? `~${seq}`, { seq, at }, match, { user: personal?.user, lead: leadId });
}

interface Shown {
  user: MatchKeys | undefined;
  order?: string;
  lead?: string;
}

function linksOf(visitor: string, by: { seq: number; at: number }, match: Match, shown: Shown): LinkFact[] {
  const links: LinkFact[] = [];
  const add = (kind: IdentifierKind, values: readonly string[] | undefined): void => {
    for (const value of values?.slice(0, VALUES_MAX) ?? [])
      links.push({ visitor, kind, value, firstAt: by.at, lastAt: by.at - (by.at % DAY), seq: by.seq });
  };
  const { user, order, lead } = shown;
  if (user?.ttclid !== undefined && match.includes('ttclid')) add('ttclid', [user.ttclid]);
  for (const kind of ['external_id', 'email', 'phone'] as const) if (match.includes(kind)) add(kind, user?.[kind]);
  if (order !== undefined) add('order', [order]);
  if (lead !== undefined) add('lead', [lead]);
  return links;
}

/** The key of a link as one text, such as that of a map. */
export function linkKey({ visitor, kind, value }: Pick<LinkFact, 'visitor' | 'kind' | 'value'>): string {
  return `${kind} ${value.length} ${value}${visitor}`;
}

/** Two records of one link. In whatever order, and however often. */
export function foldLink(a: LinkFact, b: LinkFact): LinkFact {
  return {
    ...a,
    firstAt: Math.min(a.firstAt, b.firstAt),
    lastAt: Math.max(a.lastAt, b.lastAt),
    seq: Math.min(a.seq, b.seq),
  };
}
