import { AssayError } from '../event/error.ts';
import type { Spec } from '../spec/spec.ts';
import type { LedgerReader } from '../store/ledger.ts';
import { type CreditWrite, noFacts, type Place, type Statement } from '../store/warehouse.ts';
import type { Book } from './book/book.ts';
import { merged, nextChanges } from './changes.ts';
import { gather } from './facts/gather.ts';
import type { ChangedKeys } from './facts/known-rows.ts';
import { Figures, type FiguresParts } from './figures.ts';
import { type FirstLoadParts, firstLoad } from './first-load.ts';
import { restate } from './restate.ts';
import { sameFigures, versionOf } from './statement.ts';

export interface TailParts extends FiguresParts, FirstLoadParts {
  reader: FiguresParts['reader'] & FirstLoadParts['reader'] & Pick<LedgerReader, 'changes'>;
  warehouse: FiguresParts['warehouse'];
}

/** Follows the ledger into the warehouse: everything once, then what changes. One caller at a time. */
export class Tail {
  readonly #parts: TailParts;
  readonly #figures: Figures;
  /** another spec may be active than that by which figures are made */
  #mayRestate = true;

  private constructor(parts: TailParts, figures: Figures) {
    this.#parts = parts;
    this.#figures = figures;
  }

  /** The warehouse has to follow from this ledger; see `follows`. */
  static async open(parts: TailParts): Promise<Tail> {
    return new Tail(parts, await Figures.open(parts));
  }

  /** undefined until everything was read once */
  get standing(): Statement | undefined {
    return this.#figures.standing;
  }

  get place(): Place {
    return this.#figures.place;
  }

  /** By which figures are made; undefined until everything was read once. */
  get spec(): Spec | undefined {
    return this.#figures.spec;
  }

  get book(): Book {
    return this.#figures.book;
  }

  /** One transaction, or the first reading of everything; resolves with false when nothing is left. */
  async step(): Promise<boolean> {
    const figures = this.#figures;
    const { reader } = this.#parts;
    await figures.settled();
    if (!figures.standing || !figures.spec) return firstLoad(figures, this.#parts);
    if (this.#mayRestate) {
      await this.#restated(figures.standing, figures.spec);
      this.#mayRestate = false;
    }
    const changes = await nextChanges(reader, figures.place.change);
    const last = changes.at(-1);
    if (!last) return false;
    if (changes[0]?.n !== figures.place.change + 1)
      throw new AssayError('changes_gone', `the ledger's change ${figures.place.change + 1} is gone`);
    if (last.specs.length > 0) {
      await figures.readSpecs();
      this.#mayRestate = true;
    }
    await this.#follow(merged(changes), { change: last.n, offset: last.offset, credited: last.n }, figures.spec);
    return true;
  }

  /** When nothing is left. */
  rest(): void {
    this.#figures.save();
  }

  /** Writes credits beside what is there, such as those of a question. */
  async write(credits: CreditWrite): Promise<void> {
    await this.#figures.settled();
    await this.#parts.warehouse.commit(noFacts(), this.#figures.place, credits);
  }

  /** Retention: what identifies a person in facts older than `before`, UTC ms, goes. */
  async forget(before: number): Promise<void> {
    await this.#figures.settled();
    await this.#figures.forget(before);
  }

  async #restated(standing: Statement, was: Spec): Promise<void> {
    const { specs } = this.#figures;
    const spec = specs.at(-1) as Spec;
    // Two versions read at once may have changed figures and changed them back: the later one is who states them.
    const isStated = sameFigures(was, spec) && versionOf(specs) === standing.specVersion;
    if (!isStated) await restate(this.#figures, this.#parts, { before: standing, was, spec });
  }

  async #follow(keys: ChangedKeys, place: Place, spec: Spec): Promise<void> {
    const { reader, warehouse } = this.#parts;
    const { book } = this.#figures;
    await book.recall();
    const gathered = await gather(keys, { reader, warehouse, spec, knows: (one) => book.knows(one) });
    book.take(gathered.book);
    await this.#figures.settle(gathered.facts, place);
  }
}
