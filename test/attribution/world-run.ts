import { Book } from '../../src/attribution/book/book.ts';
import { Tail } from '../../src/attribution/tail.ts';
import { type AttributionWorld, attributionWorld } from '../../src/sim/attribution/world.ts';
import { DEFAULT_TRACKING_YAML } from '../../src/spec/default-text.ts';
import { parseSpec } from '../../src/spec/parse.ts';
import type { Spec } from '../../src/spec/spec.ts';
import type { Warehouse } from '../../src/store/warehouse.ts';
import { openKit } from '../admission-kit.ts';
import { observed } from './observed.ts';
import type { Observed, Ties } from './oracle.ts';

/** Records that are told before attribution looks again: credits have to follow what changes. */
const TOLD_AT_ONCE = 170;

/** A world that was lived through: what the ledger has of it, what attribution made of that, and what really was. */
export interface Lived {
  world: AttributionWorld;
  observed: Observed;
  tail: Tail;
  book: Book;
  spec: Spec;
  /** by sequence of a record, the person behind it */
  personOf: ReadonlyMap<number, string>;
}

/** Tells the world to the real admission, a part at a time, and lets the tailer follow into the warehouse. */
export async function liveThrough(seed: number, warehouse: Warehouse): Promise<Lived> {
  const world = attributionWorld(seed);
  const kit = await openKit();
  let book: Book | undefined;
  const tail = await Tail.open({
    ...{ reader: kit.ledger, warehouse, closes: false },
    async openBook({ visitorsMax }) {
      book = await Book.open(warehouse, { visitorsMax });
      return book;
    },
  });
  const personOf = new Map<number, string>();
  for (let at = 0; at < world.acts.length; at += TOLD_AT_ONCE) {
    const acts = world.acts.slice(at, at + TOLD_AT_ONCE);
    const first = await kit.tell(...acts.map(({ record }) => record));
    for (const [n, { person }] of acts.entries()) if (person !== undefined) personOf.set(first + n, person);
    while (await tail.step());
  }
  const touches = world.acts.flatMap(({ record }) => (record.kind === 'touch' ? [String(record.body['touch'])] : []));
  const parsed = parseSpec(DEFAULT_TRACKING_YAML);
  if (!parsed.ok || !book) throw new Error('the world has no spec, or no book');
  return { world, tail, book, personOf, observed: await observed(kit.ledger, touches), spec: parsed.value };
}

/** What the spec says of who is who and what counts, as the oracle wants to be told. */
export function tiesOf({ attribution, sites, events }: Spec): Ties {
  return {
    ...{ match: attribution.match, sharedBy: attribution.sharedBy, conversions: attribution.conversions },
    confirmed: attribution.conversions.filter((name) => (events[name]?.confirm ?? 'none') !== 'none'),
    domains: sites.domains,
  };
}
