import { AssayError } from '../event/error.ts';
import type { Spec } from '../spec/spec.ts';
import type { Carried } from '../store/care/carried.ts';
import type { LedgerReader } from '../store/ledger.ts';
import {
  type CreditWrite,
  type FactBatch,
  noCredits,
  noFacts,
  type Place,
  type Statement,
  type Warehouse,
} from '../store/warehouse.ts';
import type { Settled } from './book/batch.ts';
import type { Book } from './book/book.ts';
import { keeping } from './carry.ts';
import { allKeys, merged, nextChanges } from './changes.ts';
import { everybody } from './everybody.ts';
import { type Around, type Gathered, gather } from './facts/gather.ts';
import type { ChangedKeys } from './facts/known-rows.ts';
import { rulesOf, sameFacts, sameFigures, statementBy, versionOf } from './statement.ts';
import { readSpecs } from './stored-specs.ts';

export interface TailParts {
  reader: Pick<
    LedgerReader,
    'changes' | 'find' | 'keysFrom' | 'lastChange' | 'lineage' | 'load' | 'offset' | 'specs' | 'verdicts'
  >;
  warehouse: Warehouse;
  /** Opens the book over the warehouse as it is; `fresh`: whatever was kept of an earlier one is of other facts. */
  openBook(options: { visitorsMax: number; fresh: boolean }): Promise<Book>;
  /** Conversions older than retention keeps personal fields hold their credits: what earned them may be forgotten. */
  closes: boolean;
  /** Rows that were read, while everything is read anew. */
  looking?(rows: number): void;
  /** Opens the warehouse that this one comes after, if there is one; `lost` hears why it, or the rest of it, can't be read. */
  before?(lost: (why: string) => void): Promise<Carried | undefined>;
  /** Everything was read: the warehouse of before is of no more use. `lost`: what to tell of it. */
  loaded?(lost: string | undefined): void;
}

/**
 * Follows the ledger: facts of what changed, and the credits that change by it, go into the warehouse in one transaction
 * with the place up to which it was read. One caller at a time.
 */
export class Tail {
  readonly #parts: TailParts;
  #book: Book | undefined;
  #place: Place;
  /** all versions, oldest first */
  #specs: Spec[] = [];
  /** by which the facts were made */
  #spec: Spec | undefined;
  #standing: Statement | undefined;
  /** a transaction that could not be written, which is tried again before anything else */
  #waiting: (() => Promise<void>) | undefined;
  /** statements that stand no longer and are still called so in the warehouse */
  #overtaken: Statement[] = [];
  /** another spec may be active than that by which figures are made */
  #mayRestate = true;

  private constructor(parts: TailParts, place: Place) {
    this.#parts = parts;
    this.#place = place;
  }

  /** The warehouse has to follow from this ledger; see `follows`. */
  static async open(parts: TailParts): Promise<Tail> {
    const tail = new Tail(parts, await parts.warehouse.place());
    await tail.#open();
    return tail;
  }

  /** undefined until everything was read once */
  get standing(): Statement | undefined {
    return this.#standing;
  }

  get place(): Place {
    return this.#place;
  }

  /** By which figures are made; undefined until everything was read once. */
  get spec(): Spec | undefined {
    return this.#standing && this.#spec;
  }

  get book(): Book {
    if (!this.#book) throw new AssayError('warehouse_behind', 'the warehouse is read for the first time');
    return this.#book;
  }

  /** One transaction, or the first reading of everything; resolves with false when nothing is left. */
  async step(): Promise<boolean> {
    await this.#settled();
    if (!this.#standing || !this.#spec) return this.#load();
    if (this.#mayRestate) {
      const newest = this.#specs.at(-1) as Spec;
      // Two versions read at once may have changed figures and changed them back: the later one is who states them.
      const isStated = sameFigures(this.#spec, newest) && versionOf(this.#specs) === this.#standing.specVersion;
      if (!isStated) await this.#restate(this.#standing, this.#spec, newest);
      this.#mayRestate = false;
    }
    const changes = await nextChanges(this.#parts.reader, this.#place.change);
    const last = changes.at(-1);
    if (!last) return false;
    if (changes[0]?.n !== this.#place.change + 1)
      throw new AssayError('changes_gone', `the ledger's change ${this.#place.change + 1} is gone`);
    if (last.specs.length > 0) {
      this.#specs = await readSpecs(this.#parts.reader);
      this.#mayRestate = true;
    }
    await this.#follow(merged(changes), { change: last.n, offset: last.offset, credited: last.n }, this.#spec);
    return true;
  }

  /** When nothing is left: keeps the book's columns for the next start, where that is worth it. */
  rest(): void {
    if (!this.#waiting && this.#standing) this.#book?.save(this.#place.change);
  }

  /** Writes credits beside what is there, such as those of a question. */
  async write(credits: CreditWrite): Promise<void> {
    await this.#settled();
    await this.#parts.warehouse.commit(noFacts(), this.#place, credits);
  }

  /** Retention: what identifies a person in facts older than `before`, UTC ms, goes. */
  async forget(before: number): Promise<void> {
    await this.#settled();
    await this.#forget(before);
  }

  async #forget(before: number): Promise<void> {
    await this.#book?.recall();
    // The change stays the same, and so what was saved as of it would still have them tied after a crash.
    this.#book?.unsave();
    const unlinks = await this.#parts.warehouse.forget(before);
    if (!this.#book) return;
    this.#book.take({ ...NOTHING, unlinks });
    await this.#settle(noFacts(), this.#place);
  }

  async #open(): Promise<void> {
    const { reader, warehouse } = this.#parts;
    this.#specs = await readSpecs(reader);
    if (this.#place.offset === 0) return;
    const statements = await warehouse.statements();
    const [standing, ...before] = statements
      .filter(({ role }) => role === 'standing')
      .sort((a, b) => b.statement - a.statement);
    const spec = this.#specs.find(({ version }) => version === standing?.specVersion);
    if (!standing || !spec) return;
    this.#spec = spec;
    this.#book = await this.#parts.openBook({ visitorsMax: spec.attribution.sharedBy, fresh: false });
    this.#overtaken = before;
    this.#stand(standing);
  }

  /** Nothing new is written before what waits. */
  async #settled(): Promise<void> {
    await this.#waiting?.();
    for (let one = this.#overtaken[0]; one; one = this.#overtaken[0]) {
      await this.#parts.warehouse.commit(noFacts(), this.#place, asPast(one));
      this.#overtaken.shift();
    }
  }

  #stand(statement: Statement): void {
    this.#standing = statement;
    this.#book?.stand(statement);
  }

  /** Everything for the first time. What changes meanwhile is read again afterwards. */
  async #load(): Promise<boolean> {
    const { reader } = this.#parts;
    this.#specs = await readSpecs(reader);
    const spec = this.#specs.at(-1);
    if (!spec) return false;
    const { n, offset } = await reader.lastChange();
    const place = { change: n, offset: n === 0 ? await reader.offset() : offset, credited: n };
    if (place.offset === 0) return false;
    const asOf = await this.#asOf(place.offset);
    const personalFrom = asOf - spec.retention.personal;
    let lost: string | undefined;
    const carried = await this.#parts.before?.((why) => {
      lost = lostText(why, personalFrom);
    });
    try {
      this.#book = await this.#parts.openBook({ visitorsMax: spec.attribution.sharedBy, fresh: true });
      const knows: Around['knows'] = (one) => this.book.knows(one);
      const by = { spec, was: spec, carried, toldUpTo: carried?.upTo ?? 0, knows };
      await this.#readAll(by, async ({ facts, book }) => {
        this.#book?.take(book);
        await this.#settle(facts, this.#place);
      });
      const first = this.#statement(spec, 1, { asOf, change: place.change });
      const statement = carried ? await this.#carry(carried, first) : first;
      const credits = this.book.all(statement);
      const isSame = carried?.standing?.statement === statement.statement;
      const closed = isSame ? await this.#closed(carried, credits, personalFrom) : credits;
      await this.#earn(statement, { spec, facts: noFacts(), place, credits: closed });
    } finally {
      carried?.close();
    }
    this.#parts.loaded?.(lost);
    return true;
  }

  /** What is not of the records themselves: statements that stood, and what was forgotten. Resolves with the one that stands. */
  async #carry(carried: Carried, first: Statement): Promise<Statement> {
    const { standing, past } = carried;
    const was = this.#specs.find(({ version }) => version === standing?.specVersion);
    const isSame = was !== undefined && sameFigures(was, this.#specs.at(-1) as Spec);
    const all = [...past, ...(standing ? [standing] : [])];
    for (const one of isSame ? past : all) {
      const credits = await carried.credits(one.statement);
      const conversions = [...new Set(credits.conversion)];
      await this.#commit(noFacts(), this.#place, {
        ...{ statement: { ...one, role: 'past' }, what: 'all', conversions, credits },
      });
    }
    if (carried.forgotBefore > 0) await this.#forget(carried.forgotBefore);
    const last = all.reduce((most, { statement }) => Math.max(most, statement), 0);
    if (!standing || !isSame) return { ...first, statement: last + 1 };
    return { ...first, statement: standing.statement, specVersion: standing.specVersion };
  }

  /** Credits in which conversions that were closed keep what they had. By `markov` none does: each journey weighs in all. */
  async #closed({ standing, closed }: Carried, all: CreditWrite, personalFrom: number): Promise<CreditWrite> {
    const { warehouse, closes } = this.#parts;
    if (!closes || !standing || standing.model === 'markov') return all;
    const personal = all.statement.asOf - personalFrom;
    const kept = await closed(Math.min(standing.asOf - personal, personalFrom));
    const worth = await warehouse.conversionsOf([...new Set(kept.credits.conversion)]);
    return keeping(all, kept, new Map(worth.map((one) => [one.conversion, one])));
  }

  /** Under a spec that counts otherwise, figures are made anew and stand beside those before. */
  async #restate(before: Statement, was: Spec, spec: Spec): Promise<void> {
    const facts = noFacts();
    if (!sameFacts(was, spec)) {
      this.#book?.stand(undefined);
      // The book is made anew afterwards, and needs to be told nothing.
      await this.#readAll({ spec, was, toldUpTo: this.#place.offset, knows: () => true }, async (gathered) => {
        await this.#commit(gathered.facts, this.#place);
      });
      this.#book = await this.#parts.openBook({ visitorsMax: spec.attribution.sharedBy, fresh: true });
      Object.assign(facts, await everybody(this.#parts.warehouse, this.#book, spec.attribution.sharedBy));
    }
    const statements = await this.#parts.warehouse.statements();
    const next = statements.reduce((most, { statement }) => Math.max(most, statement), 0) + 1;
    await this.#earn(this.#statement(spec, next, before), { spec, facts, place: this.#place, before });
    await this.#settled();
  }

  #statement(spec: Spec, statement: number, { asOf, change }: Pick<Statement, 'asOf' | 'change'>): Statement {
    const specVersion = versionOf(this.#specs);
    return statementBy(rulesOf(spec), { statement, role: 'standing', specVersion, asOf, change });
  }

  /** All credits of a new standing statement. */
  async #earn(
    statement: Statement,
    by: { spec: Spec; facts: FactBatch; place: Place; before?: Statement; credits?: CreditWrite },
  ): Promise<void> {
    await this.#commit(by.facts, by.place, by.credits ?? this.book.all(statement), () => {
      this.#stand(statement);
      this.#spec = by.spec;
      if (by.before) this.#overtaken.push(by.before);
    });
  }

  async #readAll(
    by: Omit<Around, 'reader' | 'warehouse'>,
    write: (gathered: Gathered) => Promise<void>,
  ): Promise<void> {
    const { reader, warehouse, looking } = this.#parts;
    let rows = 0;
    for await (const keys of allKeys(reader)) {
      await write(await gather(keys, { reader, warehouse, ...by }));
      rows += Object.values(keys).reduce((sum, some) => sum + some.length, 0);
      looking?.(rows);
    }
  }

  async #follow(keys: ChangedKeys, place: Place, spec: Spec): Promise<void> {
    const { reader, warehouse } = this.#parts;
    const standing = this.book;
    await standing.recall();
    const { facts, book } = await gather(keys, { reader, warehouse, spec, knows: (one) => standing.knows(one) });
    standing.take(book);
    await this.#settle(facts, place);
  }

  /** Commits facts with all that follows from them. */
  async #settle(facts: FactBatch, place: Place): Promise<void> {
    const { warehouse, closes } = this.#parts;
    const standing = this.#standing;
    const asOf = standing ? Math.max(standing.asOf, await this.#asOf(place.offset)) : 0;
    const personal = this.#specs.at(-1)?.retention.personal;
    const closedBefore = standing && closes && personal !== undefined ? asOf - personal : undefined;
    const closed = closedBefore === undefined ? [] : this.book.closedChanges(closedBefore);
    const kept = standing && closed.length > 0 ? await warehouse.creditsOf(standing.statement, closed) : undefined;
    const settled: Settled = this.book.settle({
      ...{ asOf, change: place.change },
      ...(closedBefore === undefined ? {} : { closedBefore }),
      ...(kept ? { kept } : {}),
    });
    facts.people = settled.people;
    if (settled.shared) facts.shared = settled.shared;
    await this.#commit(facts, place, settled.credits, () => {
      if (standing) this.#standing = { ...standing, asOf, change: place.change };
    });
  }

  /** What was taken into the book has to be written before anything else is: where it can't be, it waits. */
  async #commit(facts: FactBatch, place: Place, credits?: CreditWrite, done = (): void => {}): Promise<void> {
    this.#waiting = async () => {
      await this.#parts.warehouse.commit(facts, place, credits);
      this.#waiting = undefined;
      this.#place = place;
      done();
    };
    await this.#waiting();
  }

  /** When the record was received. */
  async #asOf(offset: number): Promise<number> {
    const [verdict] = await this.#parts.reader.verdicts(offset, offset);
    return verdict?.at ?? 0;
  }
}

function lostText(why: string, personalFrom: number): string {
  const day = new Date(personalFrom).toISOString().slice(0, 10);
  return `${why}. Contacts with ads and their credits from before ${day}, which the ledger tells no more, are lost, and so are statements that stand no longer`;
}

function asPast(statement: Statement): CreditWrite {
  return { statement: { ...statement, role: 'past' }, what: 'these', conversions: [], credits: noCredits() };
}

const NOTHING = { touches: [], touchesBefore: [], conversions: [], goneConversions: [], links: [], unlinks: [] };
