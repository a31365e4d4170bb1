import type { DispatchRow } from '../../src/event/dispatch.ts';
import type { EventRow, JsonObject } from '../../src/event/event.ts';
import type { Effects, VerdictRow } from '../../src/store/effects.ts';
import type { NewRecord } from '../../src/store/journal.ts';
import type { TrackRequest } from '../../src/tiktok/body.ts';
import { Copies } from './copies.ts';
import type { Engine } from './engine.ts';
import { Facts } from './facts.ts';
import type { Plan } from './plan.ts';
import type { Kept } from './twin-room.ts';
import { ACCOUNTS, type DestinationId, specText, type Variant } from './variant.ts';

export interface Violation {
  /** number in the list of invariants */
  invariant: number;
  what: string;
}

/** When a request left: real ms since the beginning, and our clock, UTC ms. */
export interface Leaving {
  real: number;
  ours: number;
}

/**
 * Looks on from outside: what the stores took and acknowledged, what left and what the twin kept. It decides nothing by
 * the code that it judges.
 */
export class Watch {
  violation: Violation | undefined;
  leaving: Leaving = { real: 0, ours: 0 };
  arrivals = 0;
  readonly facts: Facts;
  readonly #copies: Copies;
  readonly #engine: Engine;
  readonly #plan: Plan;
  #written: NewRecord[] = [];
  #acknowledged: { seq: number; body: string }[] = [];
  #offset = 0;
  readonly #verdicts = new Map<number, VerdictRow>();
  readonly #events = new Map<number, EventRow>();
  readonly #dispatches = new Map<string, DispatchRow>();
  /** the spec that is active, and its version */
  #newest: { version: number; variant: Variant };

  constructor(plan: Plan, engine: Engine, now: () => number) {
    this.#plan = plan;
    this.#engine = engine;
    this.#newest = { version: 0, variant: plan.variant };
    const blame = (invariant: number, what: string): void => this.#blame(invariant, what);
    this.facts = new Facts(plan, now);
    this.#copies = new Copies(plan, this.facts, blame);
  }

  /** The journal has the records, whether or not anybody heard of it. */
  wrote(first: number, records: readonly NewRecord[]): void {
    for (const [n, record] of records.entries()) {
      this.#written[first + n - 1] = record;
      this.facts.wrote(record);
    }
  }

  acknowledged(first: number, records: readonly NewRecord[]): void {
    for (const [n, record] of records.entries())
      this.#acknowledged.push({ seq: first + n, body: JSON.stringify([record.kind, record.body]) });
  }

  committed(effects: Effects, offset: number): void {
    const fresh = effects.verdicts.filter(({ n }) => n === 0);
    const wanted = offset - this.#offset;
    const isWhole = fresh.length === wanted && fresh.every(({ seq }) => seq > this.#offset && seq <= offset);
    if (!isWhole || new Set(fresh.map(({ seq }) => seq)).size !== wanted)
      this.#blame(2, `records ${this.#offset + 1} to ${offset} came to ${fresh.length} first verdicts`);
    if (offset > this.#written.length)
      this.#blame(2, `the ledger is at ${offset}, and the journal has ${this.#written.length} records`);
    for (const row of effects.verdicts) {
      if (row.reasons.length === 0) this.#blame(2, `the verdict on record ${row.seq} has no reason`);
      if (row.draft !== true && this.#written[row.seq - 1]?.body['draft'] === true && row.kind !== 'key')
        this.#blame(12, `the verdict on record ${row.seq}, a draft, counts as live`);
      this.#verdicts.set(row.seq, row);
    }
    this.#offset = offset;
    for (const { version, text } of effects.specs) {
      const told = this.#plan.acts.find((act) => act.do === 'activate' && specText(act.variant) === text);
      this.#newest = { version, variant: told?.do === 'activate' ? told.variant : this.#plan.variant };
    }
    for (const event of effects.events) this.#events.set(event.seq, event);
    for (const row of effects.dispatches) this.#moved(row);
    this.facts.committedUpTo(offset, (seq) => this.#written[seq - 1]);
  }

  #moved(row: DispatchRow): void {
    const key = `${row.event}/${row.destination}/${row.leg}`;
    const before = this.#dispatches.get(key);
    this.#dispatches.set(key, row);
    const event = this.#events.get(row.event);
    if (!event) return void this.#blame(2, `dispatch ${key} has no event`);
    if (event.namespace === 'draft' && row.leg === 'pixel') this.#blame(12, `a draft has a pixel leg: ${key}`);
    if (event.namespace === 'draft' && row.draft !== true) this.#blame(12, `dispatch ${key} of a draft counts as live`);
    if (row.state !== 'delivered' || before?.state === 'delivered') return;
    if (row.leg === 'pixel') return void this.#blame(7, `a pixel leg is delivered: ${key}`);
    if (!this.#copies.hasAccepted(sourceOf(row, event), event.name, event.eventId))
      this.#blame(
        7,
        `${event.name} ${event.eventId} is delivered to ${row.destination}, and the twin never accepted it`,
      );
  }

  /** A request leaves for the twin. */
  left(request: TrackRequest): void {
    for (const item of request.data) this.#copies.left(request.event_source_id, item);
  }

  arrived(copy: Kept): void {
    this.arrivals++;
    this.#copies.arrived(copy, this.leaving);
  }

  hasGrown(): boolean {
    return this.#written.length > this.#offset;
  }

  newest(): { version: number; variant: Variant } {
    return this.#newest;
  }

  isDrained(): boolean {
    return !this.hasGrown() && [...this.#dispatches.values()].every((row) => !isPending(row));
  }

  /** What an operator sees as given up. */
  givenUp(): JsonObject & { legs: JsonObject[]; records: number[] } {
    const legs = [...this.#dispatches.values()]
      .filter(({ leg, state, draft }) => leg === 'api' && !draft && (state === 'dead' || state === 'unknown'))
      .map(({ event, destination, leg }) => ({ event, destination, leg }));
    const records = [...this.#verdicts.values()].filter((row) => row.verdict === 'quarantined' && !row.draft);
    return { legs, records: records.map(({ seq }) => seq) };
  }

  /** What the new process finds must be what the old one was told. */
  async afterCrash(): Promise<void> {
    const { journal, ledger } = this.#engine;
    const records = await journal.read(0, Number.MAX_SAFE_INTEGER);
    for (const { seq, body } of this.#acknowledged) {
      const kept = records[seq - 1];
      if (!kept || JSON.stringify([kept.kind, kept.body]) !== body) {
        this.#blame(1, `record ${seq} was acknowledged, and is ${kept ? 'another one' : 'gone'} after the crash`);
        return;
      }
    }
    this.#written.length = records.length;
    const offset = await ledger.offset();
    if (offset !== this.#offset)
      this.#blame(2, `the ledger was at ${this.#offset}, and is at ${offset} after the crash`);
  }

  /** Nothing is wrong any more and nothing is left to do: what it all came to. */
  async end(waiting: number): Promise<void> {
    if (waiting > 0) this.#blame(1, `${waiting} records could not be told in the end`);
    await this.afterCrash();
    await this.#checkVerdicts();
    for (const row of this.#dispatches.values()) {
      const event = this.#events.get(row.event);
      if (event) this.#checkEnd(row, event);
    }
  }

  async #checkVerdicts(): Promise<void> {
    const { ledger } = this.#engine;
    if (this.hasGrown()) this.#blame(2, `record ${this.#offset + 1} is never decided`);
    const kept = await ledger.verdicts(1, this.#offset);
    const totals = await ledger.totals();
    const sum = totals.verdicts.reduce((all, { count }) => all + count, 0);
    if (kept.length !== this.#offset || sum !== this.#offset)
      this.#blame(2, `${this.#offset} records have ${kept.length} verdicts, and the totals add up to ${sum}`);
    for (const row of kept) {
      const seen = this.#verdicts.get(row.seq);
      if (seen?.verdict !== row.verdict || seen.reasons.join() !== row.reasons.join())
        this.#blame(2, `the verdict on record ${row.seq} was ${seen?.verdict}, and is ${row.verdict}`);
      if (row.verdict === 'admitted' && row.event !== undefined && !this.#events.has(row.event))
        this.#blame(2, `record ${row.seq} was admitted, and its event ${row.event} is nowhere`);
    }
    const drafts = kept.filter(({ draft }) => draft).length;
    const shown = totals.verdicts.reduce((all, { draft, count }) => all + (draft ? count : 0), 0);
    if (drafts !== shown) this.#blame(12, `${drafts} records are drafts, and the totals keep ${shown} apart`);
  }

  #checkEnd(row: DispatchRow, event: EventRow): void {
    const name = `${event.name} ${event.eventId} to ${row.destination}`;
    if (isPending(row)) this.#blame(3, `${name} (${row.leg}) never ends: ${row.state} ${row.why}`);
    if (row.leg === 'pixel' || event.namespace === 'draft') return;
    const source = sourceOf(row, event);
    const counted = this.#copies.counted(source, event.name, event.eventId);
    if (row.state === 'delivered' && counted !== 1)
      this.#blame(3, `${name} is delivered, and counted ${counted} times`);
    const neverLeft = row.attempts === 0 && (row.state === 'withheld' || row.state === 'dead');
    if (neverLeft && this.#copies.hasAccepted(source, event.name, event.eventId))
      this.#blame(7, `${name} is ${row.state} (${row.why}) without an attempt, and the twin has it`);
  }

  ends(): Record<string, number> {
    const ends: Record<string, number> = {};
    for (const { leg, state, draft } of this.#dispatches.values())
      if (leg === 'api' && !draft) ends[state] = (ends[state] ?? 0) + 1;
    return ends;
  }

  #blame(invariant: number, what: string): void {
    this.violation ??= { invariant, what };
  }
}

/** Does the leg wait for something that time alone brings? */
function isPending({ state, why }: DispatchRow): boolean {
  return state === 'queued' || state === 'inFlight' || (state === 'held' && why === 'delay');
}

function sourceOf({ destination }: DispatchRow, { source }: EventRow): string {
  const account = ACCOUNTS[destination as DestinationId];
  return source === 'crm' ? account.crmEventSet : account.pixel;
}
