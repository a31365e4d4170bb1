import { hash } from 'node:crypto';
import type { EventRow, Personal } from '../../event/event.ts';
import type { EventFact, LinkFact } from '../../event/fact.ts';
import type { Spec } from '../../spec/spec.ts';
import { eventLinks, linkKey } from './link.ts';
import { eventSighting, type Sighting } from './sighting.ts';

/**
 * What one event tells of touches and links: the key of its sighting, with the id that finds the key's others and a hash of what
 * else it says, and links.
 */
export interface Shows {
  touches: { key: string; id: string | null; says: string }[];
  links: Pick<LinkFact, 'visitor' | 'kind' | 'value'>[];
}

const NOTHING: Shows = { touches: [], links: [] };

function showsOf(row: EventRow, spec: Spec): Shows {
  const sighting = eventSighting(row, spec);
  return {
    touches: sighting ? [{ key: sighting.key, id: sighting.id, says: saysOf(sighting) }] : [],
    links: eventLinks(row, spec.attribution.match).map(({ visitor, kind, value }) => ({ visitor, kind, value })),
  };
}

function saysOf({ visitor, referrer, ...sighting }: Sighting): string {
  const { channel, campaignId, campaign, adgroupId, adgroup, adId, ad, placement } = sighting;
  const all = [visitor, referrer, channel, campaignId, campaign, adgroupId, adgroup, adId, ad, placement];
  return hash('sha256', JSON.stringify(all)).slice(0, 16);
}

/**
 * May another record take the event over with all that it says? Only a server's creation of an order does so; any other
 * record fills in what an event lacked.
 */
function mayChangeHands(row: EventRow): boolean {
  return row.name === 'Purchase' && row.source === 'web' && row.orderId !== undefined;
}

/** What is kept of an event that may change hands. What retention has emptied says nothing new. */
export function showsText(row: EventRow, spec: Spec, known: EventFact | undefined): string | null {
  if (!mayChangeHands(row)) return null;
  if (row.personal === null && known) return known.shows;
  return JSON.stringify(showsOf(row, spec));
}

/** What the event may have told before, under the spec of then, and tells no longer. `known` is its fact as it was. */
export function noLongerShown(
  row: EventRow,
  spec: Spec,
  { known, was }: { known: EventFact | undefined; was: Spec },
): Shows {
  if (row.personal === null) return NOTHING;
  const isHanded = mayChangeHands(row);
  if (isHanded ? !known?.shows : row.observations.length === 1 && was === spec) return NOTHING;
  const before = isHanded
    ? [JSON.parse(known?.shows as string) as Shows]
    : lacking(row).map((one) => showsOf(one, was));
  const { touches, links } = showsOf(row, spec);
  // Of an event that was filled in, a sighting with the same key says at least what it said.
  const shown = new Set(touches.map((touch) => (isHanded ? touch.key + touch.says : touch.key)));
  const ties = new Set(links.map(linkKey));
  const gone = {
    touches: new Map(before.flatMap((one) => one.touches.map((touch) => [touch.key, touch]))),
    links: new Map(before.flatMap((one) => one.links.map((link) => [linkKey(link), link]))),
  };
  return {
    touches: [...gone.touches.values()].filter(({ key, says }) => !shown.has(isHanded ? key + says : key)),
    links: [...gone.links.values()].filter((link) => !ties.has(linkKey(link))),
  };
}

/** The event with each choice of fields left out that decide who came from where: as it may have been before one was filled in. */
function lacking(row: EventRow): EventRow[] {
  const rows = [row];
  for (const without of OPTIONAL) rows.push(...rows.flatMap((one) => without(one) ?? []));
  return rows;
}

const OPTIONAL: ((row: EventRow) => EventRow | undefined)[] = [
  ({ visitor, ...row }) => (visitor === undefined ? undefined : row),
  ({ session, ...row }) => (session === undefined ? undefined : row),
  ({ ad, ...row }) => (ad === undefined ? undefined : row),
  (row) => {
    const { ttclid, ...user } = row.personal?.user ?? {};
    return ttclid === undefined ? undefined : { ...row, personal: { ...row.personal, user } };
  },
  (row) => withoutPage(row, 'url'),
  (row) => withoutPage(row, 'referrer'),
];

function withoutPage(row: EventRow, field: 'url' | 'referrer'): EventRow | undefined {
  const { [field]: told, ...page } = row.personal?.page ?? {};
  return told === undefined ? undefined : { ...row, personal: { ...row.personal, page } satisfies Personal };
}
