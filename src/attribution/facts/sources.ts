import type { EventRow } from '../../event/event.ts';
import type { LinkFact } from '../../event/fact.ts';
import type { Spec } from '../../spec/spec.ts';
import type { Known } from '../../store/known.ts';
import type { LedgerReader } from '../../store/ledger.ts';
import { eventLinks, leadLinks, touchLinks } from './link.ts';
import { eventSighting, type Sighting, touchSighting } from './sighting.ts';

type Reader = Pick<LedgerReader, 'find' | 'load' | 'lineage'>;

/** Of an id with more events than these only the newest are looked at. */
const EVENTS_MAX = 20_000;
const LOAD_MAX = 1000;

/** All sightings of a touch that the ledger knows, found by the click id, session or visitor in its key. */
export async function sightingsOf(key: string, id: string | null, spec: Spec, reader: Reader): Promise<Sighting[]> {
  if (id === null) return [];
  const { touches } = await reader.lineage([], [id]);
  const events = await eventsBy(id, reader);
  return [...events.flatMap((row) => eventSighting(row, spec) ?? []), ...touches.map(touchSighting)].filter(
    (sighting) => sighting.key === key,
  );
}

/** All links of a visitor that the ledger knows; `~<sequence>` is whoever told that record. */
export async function linksBy(visitor: string, spec: Spec, reader: Reader): Promise<LinkFact[]> {
  const { match } = spec.attribution;
  const { events, leads, touches } = await (visitor.startsWith('~') ? recordOf : recordsOf)(visitor, reader);
  const links = [
    ...events.flatMap((row) => eventLinks(row, match)),
    ...touches.flatMap((row) => touchLinks(row, match)),
    ...leads.flatMap((row) => leadLinks(row, match)),
  ];
  return links.filter((link) => link.visitor === visitor);
}

async function recordsOf(visitor: string, reader: Reader): Promise<Records> {
  const { touches } = await reader.lineage([], [visitor]);
  const { leads } = await reader.load({ events: [], orders: [], visitors: [visitor] });
  return { events: await eventsBy(visitor, reader), leads, touches };
}

/** A lead's first record may have made an event as well. A touch never learns its visitor later. */
async function recordOf(visitor: string, reader: Reader): Promise<Records> {
  const { events } = await reader.load({ events: [Number(visitor.slice(1))], orders: [] });
  const { leads } = await reader.load({ events: [], orders: [], leads: events.flatMap(({ leadId }) => leadId ?? []) });
  return { events, leads, touches: [] };
}

type Records = Pick<Known, 'events' | 'leads' | 'touches'>;

async function eventsBy(id: string, reader: Reader): Promise<EventRow[]> {
  const seqs = await reader.find(id, EVENTS_MAX);
  const rows: EventRow[] = [];
  for (let from = 0; from < seqs.length; from += LOAD_MAX)
    rows.push(...(await reader.load({ events: seqs.slice(from, from + LOAD_MAX), orders: [] })).events);
  return rows;
}
