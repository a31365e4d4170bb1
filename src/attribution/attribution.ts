import { AssayError } from '../event/error.ts';
import type { Statement, Warehouse } from '../store/warehouse.ts';
import type { Ask, Reports } from './asks.ts';
import { isBy, type Rules, statementBy } from './statement.ts';
import { Tail, type TailParts } from './tail.ts';

/** Statements made for questions that are kept. */
const ASKED_MAX = 12;
/** One that took so long is good for this many times as long, whatever has come in. */
const FRESH_TIMES = 20;

export interface AttributionParts extends TailParts {
  reports: Reports;
  /** UTC ms */
  now(): number;
  /** closes what was opened for it */
  close(): Promise<void>;
}

/**
 * The warehouse of a store, kept up to its ledger, and what is asked of it. Writing is one after the other: a statement for
 * a question waits for the batch that is being written.
 */
export class Attribution {
  readonly reports: Reports;
  readonly #warehouse: Warehouse;
  readonly #tail: Tail;
  readonly #now: () => number;
  readonly #close: () => Promise<void>;
  readonly #madeAt = new Map<number, { at: number; tookMs: number }>();
  #last: Promise<unknown> = Promise.resolve();
  #closed: Promise<void> | undefined;

  private constructor({ reports, warehouse, now, close }: AttributionParts, tail: Tail) {
    this.reports = reports;
    this.#warehouse = warehouse;
    this.#tail = tail;
    this.#now = now;
    this.#close = close;
  }

  static async open(parts: AttributionParts): Promise<Attribution> {
    return new Attribution(parts, await Tail.open(parts));
  }

  get tail(): Pick<Tail, 'place' | 'standing'> {
    return this.#tail;
  }

  /** Brings the warehouse up to the ledger; resolves when nothing is left, or `until` says that it is enough. */
  async catchUp(stepped: () => 'on' | 'enough' = () => 'on'): Promise<void> {
    while (await this.#alone(() => this.#tail.step())) if (stepped() === 'enough') return;
    await this.#alone(async () => this.#tail.rest());
  }

  /** All statements; none before the first credits. */
  async statements(): Promise<Statement[]> {
    return this.#tail.standing ? this.#warehouse.statements() : [];
  }

  /** The statement of these rules: the standing one where it is by them, else one of its own, which is made. */
  statementOf(rules: Rules): Promise<Statement> {
    return this.#alone(async () => {
      const { standing, book, place } = this.#tail;
      if (!standing) throw new AssayError('warehouse_behind', 'the warehouse is read for the first time');
      if (isBy(standing, rules)) return standing;
      const all = await this.#warehouse.statements();
      const asked = all.filter(({ role }) => role === 'asked');
      const known = asked.find((one) => isBy(one, rules) && one.specVersion === standing.specVersion);
      if (known && (known.change === place.change || this.#isFresh(known.statement))) return known;
      const began = this.#now();
      const statement = statementBy(rules, {
        statement: known?.statement ?? all.reduce((most, one) => Math.max(most, one.statement), 0) + 1,
        ...{ role: 'asked', specVersion: standing.specVersion, asOf: standing.asOf, change: place.change },
      });
      await this.#tail.write(book.all(statement));
      this.#madeAt.set(statement.statement, { at: this.#now(), tookMs: this.#now() - began });
      if (!known) await this.#forgetSome(asked);
      return statement;
    });
  }

  /** Retention: what identifies a person in facts older than `before`, UTC ms, goes. */
  forget(before: number): Promise<void> {
    return this.#alone(() => this.#tail.forget(before));
  }

  async answer(ask: Ask): Promise<unknown> {
    switch (ask.ask) {
      case 'report':
        return (this.reports[ask.method] as (...args: unknown[]) => Promise<unknown>)(...ask.args);
      case 'statements':
        return this.statements();
      case 'statementOf':
        return this.statementOf(ask.rules);
    }
  }

  /** A second time does nothing. */
  close(): Promise<void> {
    this.#closed ??= this.#alone(() => this.#close());
    return this.#closed;
  }

  #isFresh(statement: number): boolean {
    const made = this.#madeAt.get(statement);
    return made !== undefined && this.#now() - made.at < made.tookMs * FRESH_TIMES;
  }

  /** There is one more than these. */
  async #forgetSome(asked: readonly Statement[]): Promise<void> {
    const oldest = [...asked].sort((a, b) => a.change - b.change || a.statement - b.statement);
    for (const { statement } of oldest.slice(0, Math.max(0, asked.length + 1 - ASKED_MAX))) {
      this.#madeAt.delete(statement);
      await this.#warehouse.forgetStatement(statement);
    }
  }

  #alone<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }
}
