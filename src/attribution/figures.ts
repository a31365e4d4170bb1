import { AssayError } from '../event/error.ts';
import type { Spec } from '../spec/spec.ts';
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
import { rulesOf, statementBy, versionOf } from './statement.ts';
import { readSpecs } from './stored-specs.ts';

export interface FiguresParts {
  reader: Pick<LedgerReader, 'specs' | 'verdicts'>;
  warehouse: Warehouse;
  /** Opens the book over the warehouse as it is; `fresh`: whatever was kept of an earlier one is of other facts. */
  openBook(options: { visitorsMax: number; fresh: boolean }): Promise<Book>;
  /** Conversions older than retention keeps personal fields hold their credits: what earned them may be forgotten. */
  closes: boolean;
}

/**
 * Place, book and standing statement, as the warehouse has them: facts and the credits that change by them go into it in
 * one transaction with the place up to which the ledger was read. One caller at a time, who begins with `settled`.
 */
export class Figures {
  readonly #parts: FiguresParts;
  #book: Book | undefined;
  #place: Place;
  #specs: Spec[] = [];
  #spec: Spec | undefined;
  #standing: Statement | undefined;
  /** a transaction that could not be written, which is tried again before anything else */
  #waiting: (() => Promise<void>) | undefined;
  /** statements that stand no longer and are still called so in the warehouse */
  #overtaken: Statement[] = [];

  private constructor(parts: FiguresParts, place: Place) {
    this.#parts = parts;
    this.#place = place;
  }

  static async open(parts: FiguresParts): Promise<Figures> {
    const figures = new Figures(parts, await parts.warehouse.place());
    await figures.#open();
    return figures;
  }

  /** undefined until everything was read once */
  get standing(): Statement | undefined {
    return this.#standing;
  }

  get place(): Place {
    return this.#place;
  }

  /** all versions, oldest first */
  get specs(): readonly Spec[] {
    return this.#specs;
  }

  /** By which figures are made; undefined until everything was read once. */
  get spec(): Spec | undefined {
    return this.#standing && this.#spec;
  }

  get book(): Book {
    if (!this.#book) throw new AssayError('warehouse_behind', 'the warehouse is read for the first time');
    return this.#book;
  }

  async readSpecs(): Promise<void> {
    this.#specs = await readSpecs(this.#parts.reader);
  }

  /** The book of the warehouse as it is, in the place of the one before. */
  async openBook(spec: Spec, fresh: boolean): Promise<void> {
    this.#book = await this.#parts.openBook({ visitorsMax: spec.attribution.sharedBy, fresh });
  }

  /** Nothing new is written before what waits. */
  async settled(): Promise<void> {
    await this.#waiting?.();
    for (let one = this.#overtaken[0]; one; one = this.#overtaken[0]) {
      await this.#parts.warehouse.commit(noFacts(), this.#place, asPast(one));
      this.#overtaken.shift();
    }
  }

  /** Commits facts, which the book took, with all that follows from them. */
  async settle(facts: FactBatch, place: Place): Promise<void> {
    const { warehouse, closes } = this.#parts;
    const standing = this.#standing;
    const asOf = standing ? Math.max(standing.asOf, await this.asOf(place.offset)) : 0;
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
    await this.commit(facts, place, settled.credits, () => {
      if (standing) this.#standing = { ...standing, asOf, change: place.change };
    });
  }

  /** Commits all credits of a new standing statement; `before` is the one that stood. */
  async earn(
    statement: Statement,
    by: { spec: Spec; facts: FactBatch; place: Place; before?: Statement; credits?: CreditWrite },
  ): Promise<void> {
    await this.commit(by.facts, by.place, by.credits ?? this.book.all(statement), () => {
      this.#stand(statement);
      this.#spec = by.spec;
      if (by.before) this.#overtaken.push(by.before);
    });
  }

  /** What was taken into the book has to be written before anything else is: where it can't be, it waits. */
  async commit(facts: FactBatch, place: Place, credits?: CreditWrite, done = (): void => {}): Promise<void> {
    this.#waiting = async () => {
      await this.#parts.warehouse.commit(facts, place, credits);
      this.#waiting = undefined;
      this.#place = place;
      done();
    };
    await this.#waiting();
  }

  /** Retention: what identifies a person in facts older than `before`, UTC ms, goes. */
  async forget(before: number): Promise<void> {
    await this.#book?.recall();
    // The change stays the same, and so what was saved as of it would still have them tied after a crash.
    this.#book?.unsave();
    const unlinks = await this.#parts.warehouse.forget(before);
    if (!this.#book) return;
    this.#book.take({ ...NOTHING, unlinks });
    await this.settle(noFacts(), this.#place);
  }

  /** Keeps the book's columns for the next start, where that is worth it. */
  save(): void {
    if (!this.#waiting && this.#standing) this.#book?.save(this.#place.change);
  }

  /** A standing statement by `spec`, the newest there is. */
  statementOf(spec: Spec, statement: number, { asOf, change }: Pick<Statement, 'asOf' | 'change'>): Statement {
    const specVersion = versionOf(this.#specs);
    return statementBy(rulesOf(spec), { statement, role: 'standing', specVersion, asOf, change });
  }

  /** When the record was received. */
  async asOf(offset: number): Promise<number> {
    const [verdict] = await this.#parts.reader.verdicts(offset, offset);
    return verdict?.at ?? 0;
  }

  async #open(): Promise<void> {
    await this.readSpecs();
    if (this.#place.offset === 0) return;
    const statements = await this.#parts.warehouse.statements();
    const [standing, ...before] = statements
      .filter(({ role }) => role === 'standing')
      .sort((a, b) => b.statement - a.statement);
    const spec = this.#specs.find(({ version }) => version === standing?.specVersion);
    if (!standing || !spec) return;
    this.#spec = spec;
    await this.openBook(spec, false);
    this.#overtaken = before;
    this.#stand(standing);
  }

  #stand(statement: Statement): void {
    this.#standing = statement;
    this.#book?.stand(statement);
  }
}

function asPast(statement: Statement): CreditWrite {
  return { statement: { ...statement, role: 'past' }, what: 'these', conversions: [], credits: noCredits() };
}

const NOTHING = { touches: [], touchesBefore: [], conversions: [], goneConversions: [], links: [], unlinks: [] };
