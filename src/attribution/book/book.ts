import { type LinkFact, TOUCH_KINDS, type TouchKind } from '../../event/fact.ts';
import type { CreditWrite, Statement } from '../../store/warehouse.ts';
import type { Journey } from '../journey.ts';
import type { ChannelWeights } from '../shares.ts';
import type { BookBatch, BookSource, Settled, Settling } from './batch.ts';
import { channelWeights } from './channel-weights.ts';
import type { ConversionRow } from './conversion-rows.ts';
import { credited, WANTED } from './credited.ts';
import { Facts } from './facts.ts';
import { joined, repriced } from './kept.ts';
import { People } from './people.ts';
import { SavedBook } from './saved.ts';
import { confirmedOf, type Ring, ringOf, subset } from './subset.ts';
import { type Taken, taken } from './taken.ts';
import type { TouchRow } from './touch-rows.ts';
import type { Columns } from './walk.ts';

/**
 * What credits are earned by, in memory: touches and conversions as columns of numbers, and who is who. It follows what changes,
 * and credits anew those whom a change concerns; or everybody, in one pass. Both come to what `credit` says of each journey.
 */
export class Book {
  readonly #facts: Facts;
  readonly #people: People;
  #standing: Statement | undefined;
  /** visitors whose conversions from a time on may be credited otherwise */
  #concerned = new Map<number, number>();
  /** conversions whose own row changed or went */
  #changed = new Set<number>();
  /** by visitor, the person that it became since the last settlement */
  #became = new Map<string, string>();

  /** what ties whom, while it was not read */
  #ties: BookSource | undefined;
  readonly #saved: SavedBook | undefined;
  /** what was taken since the last settlement, where it has to be saved */
  #told: Taken[] = [];
  /** the ledger's change of the last settlement */
  #change: number;

  private constructor(facts: Facts, people: People, change: number, saved: SavedBook | undefined) {
    this.#facts = facts;
    this.#people = people;
    this.#change = change;
    this.#saved = saved;
  }

  /**
   * Opens the book of a warehouse. `visitorsMax`: an identifier that more visitors came with ties none of them. `folder`: where
   * columns are saved, so that the next start need not read all facts; nowhere where it is left out. `fresh`: what stands there
   * is of other facts, and goes.
   */
  static async open(
    from: BookSource,
    { visitorsMax, folder, fresh = false }: { visitorsMax: number; folder?: string; fresh?: boolean },
  ): Promise<Book> {
    const { change } = await from.place();
    const saved = folder === undefined ? undefined : new SavedBook(folder);
    if (fresh) saved?.forget();
    const found = await saved?.read(change);
    const facts = found?.facts ?? (await readFacts(from));
    const people = new People(facts.visitors, visitorsMax, found?.next);
    for (const person of found?.joined ?? []) people.join(person);
    const book = new Book(facts, people, change, saved);
    book.#ties = from;
    if (!found) await book.recall();
    return book;
  }

  /**
   * Reads by what people are tied, which a start from what was saved leaves alone: it has to be done before links are taken, while
   * the warehouse says the same as the book. A second time does nothing.
   */
  async recall(): Promise<void> {
    const from = this.#ties;
    if (!from) return;
    for await (const links of from.ties()) this.#people.add(links);
    this.#people.settle();
    this.#people.shared();
    this.#ties = undefined;
  }

  /**
   * The statement that `settle` keeps up to date. Its credits are not made by this; `all` makes them. None: facts are about to be
   * made otherwise, and what was saved of them goes.
   */
  stand(statement: Statement | undefined): void {
    this.#standing = statement;
    if (!statement) this.unsave();
  }

  /** Takes away what was saved; it is saved again when it is due. */
  unsave(): void {
    this.#saved?.forget();
  }

  take(batch: BookBatch): void {
    if (batch.links.length + batch.unlinks.length > 0) this.#recalled();
    const facts = taken(batch, this.#facts.creatives);
    if (this.#saved?.isThere) this.#told.push(facts);
    for (const conversion of this.#facts.take(facts, this.#concern)) this.#changed.add(conversion);
    this.#people.remove(batch.unlinks);
    this.#people.add(batch.links);
  }

  /** Is it known who else came with the identifier? Then its new links are enough. */
  knows(identifier: Pick<LinkFact, 'kind' | 'value'>): boolean {
    return this.#recalled().knows(identifier);
  }

  /** Conversions before a time, UTC ms, whose own row changed since the last settlement. */
  closedChanges(closedBefore: number): number[] {
    return [...this.#changed].filter((conversion) => {
      const row = this.#facts.conversions.find(conversion);
      return row?.confirmed === true && row.at < closedBefore;
    });
  }

  /**
   * Credits of everybody whom it concerns what was taken since the last time. By the model `markov` every journey weighs in all
   * others, so there all credits are made anew, closed ones too.
   */
  settle(asked: Settling): Settled {
    this.#tie();
    const people = Array.from(this.#became, ([visitor, person]) => ({ visitor, person }));
    const shared = this.#people.shared();
    const standing = this.#standing && { ...this.#standing, asOf: asked.asOf, change: asked.change };
    const credits = standing && this.#credit(standing, asked);
    this.#saved?.note(this.#change, asked.change, { batches: this.#told, people, creatives: this.#facts.creatives });
    this.#told = [];
    this.#change = asked.change;
    this.#concerned = new Map();
    this.#changed = new Set();
    this.#became = new Map();
    this.#standing = standing;
    return { people, ...(shared && { shared }), ...(credits && { credits }) };
  }

  /** Credits of all confirmed conversions under a statement, from scratch; with their reach where it is the standing one. */
  all(statement: Statement): CreditWrite {
    const columns = this.#columns();
    const weights =
      statement.model === 'markov' ? channelWeights(columns, this.#facts.creatives, statement) : undefined;
    const { credits, reach } = credited(columns, this.#facts.creatives, statement, weights);
    return { statement, what: 'all', conversions: [], credits, ...(statement.role === 'standing' && { reach }) };
  }

  /**
   * Saves the columns where that is worth it: nothing is saved yet, or reading what came since would take longer. `change`: the
   * ledger's, up to which everything is committed. Writes up to 30 bytes a touch, so call it when nothing waits.
   */
  save(change: number): void {
    if (this.#told.length > 0 || !this.#saved?.isDue) return;
    this.#saved.save(this.#facts, this.#people.next(), change);
    this.#change = change;
  }

  /** What `credit` needs for the model `markov`. Walks through everything. */
  channelWeights(statement: Statement): ChannelWeights {
    return channelWeights(this.#columns(), this.#facts.creatives, statement);
  }

  /** The journey of whoever made a conversion, for `credit`; ids are numbers of 16 digits. */
  journeyOf(conversion: number): Journey | undefined {
    const row = this.#facts.conversions.find(conversion);
    if (!row) return undefined;
    this.#tie();
    const ring = ringOf(this.#people.next(), row.visitor);
    const touches: TouchRow[] = [];
    for (const visitor of ring) this.#facts.touches.addTo(touches, visitor);
    return {
      touches: touches.map(({ touch, at, kind, creative }) => ({
        id: digits(touch),
        at,
        kind: TOUCH_KINDS[kind] as TouchKind,
        channel: this.#facts.creatives.channel(creative),
      })),
      conversions: confirmedOf(ring, this.#facts.conversions).map(({ conversion: number, at, name }) => ({
        id: digits(number),
        at,
        name: this.#facts.names[name] as string,
      })),
    };
  }

  /** Bytes of the columns of touches and of who made them. */
  get bytes(): number {
    return this.#facts.touches.bytes + this.#facts.visitors.bytes + this.#people.bytes;
  }

  /** All visitors of the person that a visitor is. */
  personOf(visitor: string): string[] {
    return [...this.#recalled().person(visitor)].sort();
  }

  #recalled(): People {
    if (this.#ties) throw new Error('a book is asked for ties before it knows any: recall them');
    return this.#people;
  }

  #columns(): Columns {
    this.#tie();
    return {
      touches: this.#facts.touches.ordered(),
      conversions: this.#facts.conversions.ordered(),
      next: this.#people.next(),
    };
  }

  /** Who became another person may have other touches for each of its conversions. */
  #tie(): void {
    for (const { visitor, person } of this.#people.settle()) {
      this.#became.set(visitor, person);
      this.#concern(this.#facts.visitors.of(visitor), Number.NEGATIVE_INFINITY);
    }
  }

  #credit(standing: Statement, { closedBefore = Number.NEGATIVE_INFINITY, kept }: Settling): CreditWrite {
    if (standing.model === 'markov' && this.#concerned.size + this.#changed.size > 0) return this.all(standing);
    const { conversions, creatives, touches } = this.#facts;
    const isKept = new Set(kept?.conversion);
    const wanted = new Map<number, number>();
    const people: { ring: Ring; conversions: ConversionRow[] }[] = [];
    for (const { ring, from } of this.#whom()) {
      const open = Math.max(from, closedBefore);
      const some = confirmedOf(ring, conversions, (conversion, at) => at >= open || this.#changed.has(conversion));
      if (some.length === 0) continue;
      for (const { conversion, at } of some)
        wanted.set(conversion, at < closedBefore && isKept.has(conversion) ? WANTED.reach : WANTED.credits);
      // Which touch has earned already is known only from all conversions.
      people.push({ ring, conversions: standing.count === 'once' ? confirmedOf(ring, conversions) : some });
    }
    const columns = subset(people, touches);
    const wants = Uint8Array.from(columns.conversions.conversion, (one) => wanted.get(one) ?? WANTED.nothing);
    const { credits, reach } = credited(columns, creatives, standing, undefined, wants);
    return {
      statement: standing,
      what: 'these',
      conversions: [...new Set([...wanted.keys(), ...this.#changed])],
      credits: kept
        ? joined(
            credits,
            repriced(kept, (one) => (wanted.has(one) ? conversions.find(one) : undefined)),
          )
        : credits,
      reach,
    };
  }

  /** The people whom changes concern, and from when on. */
  *#whom(): Generator<{ ring: Ring; from: number }> {
    const next = this.#people.next();
    const { conversions } = this.#facts;
    const concerned = this.#concerned;
    for (const conversion of this.#changed) {
      const row = conversions.find(conversion);
      if (row && !concerned.has(row.visitor)) concerned.set(row.visitor, Number.POSITIVE_INFINITY);
    }
    const seen = new Set<number>();
    for (const [visitor, from] of concerned) {
      if (next[visitor] === visitor) {
        if (conversions.has(visitor)) yield { ring: [visitor], from };
        continue;
      }
      if (seen.has(visitor)) continue;
      const ring = ringOf(next, visitor);
      for (const one of ring) seen.add(one);
      if (!ring.some((one) => conversions.has(one))) continue;
      yield { ring, from: ring.reduce((least, one) => Math.min(least, concerned.get(one) ?? least), from) };
    }
  }

  readonly #concern = (visitor: number, from: number): void => {
    this.#concerned.set(visitor, Math.min(from, this.#concerned.get(visitor) ?? Number.POSITIVE_INFINITY));
  };
}

async function readFacts(from: BookSource): Promise<Facts> {
  const facts = new Facts();
  const nothing = taken({ touches: [], touchesBefore: [], conversions: [], goneConversions: [] }, facts.creatives);
  for (const { creative, channel } of await from.creatives()) facts.creatives.add(creative, channel);
  for await (const touches of from.touchColumns()) facts.read(touches);
  for await (const conversions of from.conversions(0)) facts.take({ ...nothing, conversions }, () => {});
  return facts;
}

function digits(number: number): string {
  return String(number).padStart(16, '0');
}
