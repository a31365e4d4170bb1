import type { DispatchRow } from '../event/dispatch.ts';
import type { DispatchKey } from '../event/told.ts';
import type { Lane } from '../store/outbox.ts';
import { EventSet } from './event-set.ts';
import { LaneCounts } from './lanes.ts';

/** With more than this of a lane taken, reading past them would cost more than waiting for the ledger. */
const CROWD = 100;

interface Claim {
  legs: readonly DispatchRow[];
  /** sequence of the record that tells what became of them */
  seq: number;
}

/**
 * Dispatches that are taken, until the ledger shows the record about them: what it lists as due may be stale. Once it
 * has committed that record they are no longer due, and nothing needs to be remembered.
 */
export class Claims {
  readonly #open = new Set<Claim>();
  /** all that is taken: a page of what is due is looked up here, however many requests are under way */
  readonly #taken = new TakenLists();
  readonly #lanes = new LaneCounts();
  #committed = 0;

  /** Takes dispatches before anything is written down about them. Call the answer with that record’s sequence, or 0 for none. */
  take(legs: readonly DispatchRow[]): (seq: number) => void {
    const claim: Claim = { legs, seq: Number.POSITIVE_INFINITY };
    for (const leg of legs) {
      this.#taken.add(leg);
      this.#lanes.add(leg);
    }
    this.#open.add(claim);
    return (seq) => {
      claim.seq = seq;
      this.#letGo();
    };
  }

  commit(offset: number): void {
    this.#committed = Math.max(this.#committed, offset);
    this.#letGo();
  }

  /** Call before reading what is due; the answer tells which of it is free. */
  asOf(): (leg: DispatchKey) => boolean {
    const before = [...this.#open];
    let gone: TakenLists | null | undefined;
    return (leg) => {
      // What was let go while it was being read may be among it.
      if (gone === undefined) gone = this.#letGoOf(before);
      return !this.#taken.has(leg) && !gone?.has(leg);
    };
  }

  /** Is so much of a lane taken that it is better left out? */
  isCrowded(lane: Lane): boolean {
    return this.#lanes.of(lane) > CROWD;
  }

  /** How many dispatches are taken at most, of lanes that are not crowded. */
  taken(): number {
    return this.#lanes.lanes().reduce((sum, { count }) => sum + (count > CROWD ? 0 : count), 0);
  }

  /** Destinations of which something is taken. */
  destinations(): string[] {
    return this.#lanes.lanes().map(({ destination }) => destination);
  }

  /** What of these claims is no longer taken by them; null for nothing. */
  #letGoOf(claims: readonly Claim[]): TakenLists | null {
    const closed = claims.filter((claim) => !this.#open.has(claim));
    if (closed.length === 0) return null;
    const gone = new TakenLists();
    for (const { legs } of closed) for (const leg of legs) gone.add(leg);
    return gone;
  }

  #letGo(): void {
    for (const claim of this.#open) {
      if (claim.seq > this.#committed) continue;
      this.#open.delete(claim);
      for (const leg of claim.legs) {
        this.#taken.remove(leg);
        this.#lanes.add(leg, -1);
      }
    }
  }
}

/** What is taken of one leg to one destination. */
interface Taken extends Pick<DispatchKey, 'destination' | 'leg'> {
  events: EventSet;
  /** how often more those are taken that are so more than once: hardly any */
  again: Map<number, number>;
}

/** Events that are taken, by leg and destination. */
class TakenLists {
  readonly #lists: Taken[] = [];
  /** Most of what is asked for goes where the one before went. */
  #last: Taken | undefined;

  add(leg: DispatchKey): void {
    const { events, again } = this.#of(leg);
    if (events.has(leg.event)) again.set(leg.event, (again.get(leg.event) ?? 0) + 1);
    else events.add(leg.event);
  }

  remove(leg: DispatchKey): void {
    const { events, again } = this.#of(leg);
    const more = again.size === 0 ? 0 : (again.get(leg.event) ?? 0);
    if (more > 1) again.set(leg.event, more - 1);
    else if (more === 1) again.delete(leg.event);
    else events.delete(leg.event);
  }

  has(leg: DispatchKey): boolean {
    return this.#of(leg).events.has(leg.event);
  }

  #of({ destination, leg }: DispatchKey): Taken {
    if (this.#last?.destination === destination && this.#last.leg === leg) return this.#last;
    let list = this.#lists.find((one) => one.destination === destination && one.leg === leg);
    if (!list) {
      list = { destination, leg, events: new EventSet(), again: new Map() };
      this.#lists.push(list);
    }
    this.#last = list;
    return list;
  }
}
