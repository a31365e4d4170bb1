import { isDeepStrictEqual } from 'node:util';
import type { EventRow } from '../../event/event.ts';
import type { EventFact, LinkFact, TouchFact } from '../../event/fact.ts';
import type { TouchRow } from '../../event/touch.ts';
import type { Spec } from '../../spec/spec.ts';
import { type Carried, type CarriedFacts, NOTHING_CARRIED } from '../../store/care/carried.ts';
import type { LedgerReader } from '../../store/ledger.ts';
import { type FactBatch, noFacts, type Warehouse } from '../../store/warehouse.ts';
import type { BookBatch } from '../book/batch.ts';
import { conversionOf } from './conversion.ts';
import { type ChangedKeys, type ChangedRows, orderText, readRows } from './known-rows.ts';
import { eventLinks, foldLink, leadLinks, linkKey, touchLinks } from './link.ts';
import { adReportFact, dispatchFact, entryFact, eventFact, leadFact, orderFact } from './rows.ts';
import { noLongerShown, type Shows, showsText } from './shows.ts';
import { eventSighting, foldTouch, type Sighting, seenAt, touchSighting } from './sighting.ts';
import { linksBy, sightingsOf } from './sources.ts';

export interface Around {
  reader: Pick<LedgerReader, 'find' | 'load' | 'lineage'>;
  warehouse: Pick<Warehouse, 'touchesByKey' | 'linksByKey' | 'linksOf' | 'eventsOf' | 'entriesOf' | 'conversionsOf'>;
  spec: Spec;
  /** Does the book know who else came with an identifier? Then only what is new of it is read and told. */
  knows(identifier: Identifier): boolean;
  /** the spec by which the facts in the warehouse were made, where it was another */
  was?: Spec;
  /** a warehouse of before, which knows what records told that retention has emptied since */
  carried?: Carried | undefined;
  /** contacts up to this record were told before: one that is empty by now adds nothing; 0 where it is left out */
  toldUpTo?: number;
}

/** Facts for the warehouse, and the same for the book. What is there already as it should be is in neither. */
export interface Gathered {
  facts: FactBatch;
  book: BookBatch;
}

/** Derives the facts of rows that changed. Told again, or with others of its time, a change comes to the same warehouse. */
export async function gather(keys: ChangedKeys, around: Around): Promise<Gathered> {
  const rows = await readRows(keys, around.reader);
  const facts = noFacts();
  const carried = (await around.carried?.toldBy(emptied(rows, around.carried.forgotBefore))) ?? NOTHING_CARRIED;
  const known = await eventFacts(rows, carried, facts, around);
  await conversionFacts(rows, facts, around);
  await orderFacts(rows, keys, facts, around);
  facts.leads = rows.leads.map(leadFact);
  facts.dispatches = rows.dispatches.map(dispatchFact);
  facts.adReports = rows.adReports.map(adReportFact);
  const stale = staleOf(rows, known, around);
  const touchesBefore = await touchFacts(rows, { stale: stale.touches, carried: carried.touches }, facts, around);
  const links = await linkFacts(rows, { stale: stale.links, carried: carried.links }, facts, around);
  const { touches, conversions, gone } = facts;
  return { facts, book: { touches, touchesBefore, conversions, goneConversions: gone.conversions, ...links } };
}

/**
 * Records that have no personal fields, or have none any more; and those whose touches may have lost the key that they would be
 * found by, although something of the record can still leave.
 */
function emptied({ events, leads, touches }: ChangedRows, forgotBefore: number): number[] {
  return [
    ...events.filter((row) => row.personal === null || seenAt(row) < forgotBefore).map(({ seq }) => seq),
    ...leads.filter(({ personal }) => personal === null).flatMap(({ steps }) => steps.map(({ seq }) => seq)),
    ...touches.filter((row) => mayBeEmptied(row) || row.at < forgotBefore).map(({ seq }) => seq),
  ];
}

/** Our picture in an ad learns nothing of the person who sees it. */
function mayBeEmptied({ personal, type, door }: TouchRow): boolean {
  return personal === null && (type !== 'view' || door === 'import');
}

/** Resolves with the facts of those events as they were. */
async function eventFacts(
  { events }: ChangedRows,
  { shows }: CarriedFacts,
  facts: FactBatch,
  { warehouse, spec }: Around,
): Promise<Map<number, EventFact>> {
  const known = new Map((await warehouse.eventsOf(events.map(({ seq }) => seq))).map((fact) => [fact.seq, fact]));
  for (const row of events) {
    const before = known.get(row.seq);
    const fact = eventFact(row, shows.get(row.seq) ?? showsText(row, spec, before));
    if (!isDeepStrictEqual(fact, before)) facts.events.push(fact);
  }
  return known;
}

async function conversionFacts(
  rows: ChangedRows,
  facts: FactBatch,
  { warehouse, spec, was = spec }: Around,
): Promise<void> {
  const { conversions } = was.attribution;
  const mayBe = [...rows.events, ...rows.ofOrders].filter(
    ({ name }) => conversions.includes(name) || spec.attribution.conversions.includes(name),
  );
  const known = await warehouse.conversionsOf(mayBe.map(({ seq }) => seq));
  const before = new Map(known.map((fact) => [fact.conversion, fact]));
  for (const row of mayBe) {
    const fact = conversionOf(row, rows.order(row), spec);
    if (!fact && before.has(row.seq)) facts.gone.conversions.push(row.seq);
    if (fact && !isDeepStrictEqual(fact, before.get(row.seq))) facts.conversions.push(fact);
  }
}

async function orderFacts(
  rows: ChangedRows,
  keys: ChangedKeys,
  facts: FactBatch,
  { warehouse }: Around,
): Promise<void> {
  facts.orders = rows.orders.map(orderFact);
  facts.gone.orders = rows.goneOrders;
  facts.entries = rows.entries.map(entryFact);
  const named = (entry: { shop: string; orderId: string; reference: string }): string =>
    orderText(entry) + entry.reference;
  const now = new Set(facts.entries.map(named));
  for (const entry of await warehouse.entriesOf(keys.orders))
    if (!now.has(named(entry)))
      facts.gone.entries.push({ shop: entry.shop, orderId: entry.orderId, reference: entry.reference });
}

/** What rows may have told before and tell no longer. */
function staleOf(rows: ChangedRows, known: ReadonlyMap<number, EventFact>, { spec, was = spec }: Around): Shows {
  const stale: Shows = { touches: [], links: [] };
  for (const row of rows.events) {
    const { touches, links } = noLongerShown(row, spec, { known: known.get(row.seq), was });
    stale.touches.push(...touches);
    stale.links.push(...links);
  }
  const { match } = was.attribution;
  for (const lead of rows.leads) {
    if (lead.personal === null || (was === spec && lead.steps.length === 1)) continue;
    const { visitor: _visitor, ...nobody } = lead;
    const now = new Set(leadLinks(lead, spec.attribution.match).map(linkKey));
    const before = [...leadLinks(nobody, match), ...leadLinks(lead, match)];
    stale.links.push(...before.filter((link) => !now.has(linkKey(link))));
  }
  if (was !== spec)
    for (const touch of rows.touches) {
      const now = new Set(touchLinks(touch, spec.attribution.match).map(linkKey));
      stale.links.push(...touchLinks(touch, match).filter((link) => !now.has(linkKey(link))));
    }
  return stale;
}

/** Resolves with the touches that are replaced, and those that go, as they were. */
async function touchFacts(
  rows: ChangedRows,
  { stale, carried }: { stale: Shows['touches']; carried: readonly TouchFact[] },
  facts: FactBatch,
  { reader, warehouse, spec, carried: from, toldUpTo = 0 }: Around,
): Promise<TouchFact[]> {
  const forgotBefore = from?.forgotBefore ?? 0;
  const events = rows.events.filter((row) => row.seq > toldUpTo || seenAt(row) >= forgotBefore);
  const contacts = rows.touches.filter((row) => row.seq > toldUpTo || (row.at >= forgotBefore && !mayBeEmptied(row)));
  const told = [...events.flatMap((row) => eventSighting(row, spec) ?? []), ...contacts.map(touchSighting)];
  const sightings = grouped(told, ({ key }) => key);
  const kept = grouped(carried, ({ key }) => key);
  for (const key of kept.keys()) if (!sightings.has(key)) sightings.set(key, []);
  const again = new Map(stale.map(({ key, id }) => [key, id]));
  const known = await warehouse.touchesByKey([...new Set([...sightings.keys(), ...again.keys()])]);
  const before = new Map(known.map((touch) => [touch.key, touch]));
  const replaced: TouchFact[] = [];
  const write = (touch: TouchFact | undefined, was: TouchFact | undefined): void => {
    if (isDeepStrictEqual(touch, was)) return;
    if (was) replaced.push(was);
    if (was && was.touch !== touch?.touch) facts.gone.touches.push(was.touch);
    if (touch) facts.touches.push(touch);
  };
  for (const [key, some] of sightings)
    if (!again.has(key)) write(foldTouch(before.get(key), some, kept.get(key)), before.get(key));
  for (const [key, id] of again) {
    const was = before.get(key);
    if (!was) {
      const some = sightings.get(key);
      if (some) write(foldTouch(undefined, some, kept.get(key)), undefined);
      continue;
    }
    // What is left of it is made of its other sightings alone.
    const all: Sighting[] = [...(sightings.get(key) ?? []), ...(await sightingsOf(key, id, spec, reader))];
    const known = kept.get(key) ?? [];
    write(all.length + known.length === 0 ? undefined : foldTouch(undefined, all, known), was);
  }
  return replaced;
}

/** Resolves with all links of the identifiers that changed, or with the new ones where the book knows the others; and those that went. */
async function linkFacts(
  rows: ChangedRows,
  { stale, carried }: { stale: Shows['links']; carried: readonly LinkFact[] },
  facts: FactBatch,
  { reader, warehouse, spec, knows }: Around,
): Promise<Pick<BookBatch, 'links' | 'unlinks'>> {
  const told = [...linksOfRows(rows, spec), ...carried];
  const asked = Object.groupBy([...told, ...stale], (link) => (knows(link) ? 'known' : 'other'));
  const known = [
    ...(await warehouse.linksByKey(asked.known ?? [])),
    ...(await warehouse.linksOf(identifiersOf(asked.other ?? []))),
  ];
  const before = new Map(known.map((link) => [linkKey(link), link]));
  const after = new Map(before);
  const unlinks: LinkFact[] = [];
  for (const link of stale) after.delete(linkKey(link));
  // Other records may show the same link.
  const again = new Set(stale.flatMap((link) => (before.has(linkKey(link)) ? [link.visitor] : [])));
  for (const visitor of again)
    for (const link of await linksBy(visitor, spec, reader)) put(after, link, (key) => before.has(key));
  for (const link of told) put(after, link, () => true);
  for (const [key, link] of before) if (!after.has(key)) unlinks.push(link);
  for (const [key, link] of after) if (!isDeepStrictEqual(link, before.get(key))) facts.links.push(link);
  facts.gone.links = unlinks.map(({ visitor, kind, value }) => ({ visitor, kind, value }));
  const changed = new Set(identifiersOf([...facts.links, ...unlinks]).map(identifierKey));
  return { links: [...after.values()].filter((link) => changed.has(identifierKey(link))), unlinks };
}

function put(links: Map<string, LinkFact>, link: LinkFact, isWanted: (key: string) => boolean): void {
  const key = linkKey(link);
  const known = links.get(key);
  if (isWanted(key)) links.set(key, known ? foldLink(known, link) : link);
}

function linksOfRows({ events, leads, touches }: ChangedRows, { attribution: { match } }: Spec): LinkFact[] {
  return [
    ...events.flatMap((row: EventRow) => eventLinks(row, match)),
    ...leads.flatMap((row) => leadLinks(row, match)),
    ...touches.flatMap((row) => touchLinks(row, match)),
  ];
}

type Identifier = Pick<LinkFact, 'kind' | 'value'>;

function identifiersOf(links: readonly Identifier[]): Identifier[] {
  return [...new Map(links.map(({ kind, value }) => [identifierKey({ kind, value }), { kind, value }])).values()];
}

function identifierKey({ kind, value }: Identifier): string {
  return `${kind}:${value}`;
}

function grouped<T>(rows: readonly T[], keyOf: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return groups;
}
