import type { DispatchRow } from '../event/dispatch.ts';
import type { DispatchKey } from '../event/told.ts';
import type { Lane } from '../store/ledger.ts';
import { LaneCounts } from './lanes.ts';

/** With more than this of a lane taken, reading past them would cost more than waiting for the ledger. */
export const CROWD = 100;

interface Claim {
  legs: readonly DispatchKey[];
  lanes: LaneCounts;
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
  readonly #taken = new Taken();
  #committed = 0;

  /** Takes dispatches before anything is written down about them. Call the answer with that record’s sequence, or 0 for none. */
  take(legs: readonly DispatchRow[]): (seq: number) => void {
    const claim: Claim = { legs, lanes: new LaneCounts(), seq: Number.POSITIVE_INFINITY };
    for (const leg of legs) {
      this.#taken.add(leg, 1);
      claim.lanes.add(leg);
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
    let gone: Taken | undefined;
    return (leg) => {
      // What was let go while it was being read may be among it.
      if (!gone) {
        gone = new Taken();
        for (const claim of before) if (!this.#open.has(claim)) for (const one of claim.legs) gone.add(one, 1);
      }
      return !this.#taken.has(leg) && !gone.has(leg);
    };
  }

  /** Is so much of a lane taken that it is better left out? */
  isCrowded(lane: Lane): boolean {
    return [...this.#open].reduce((sum, { lanes }) => sum + lanes.of(lane), 0) > CROWD;
  }

  /** Destinations of which something is taken. */
  destinations(): string[] {
    return [...this.#open].flatMap(({ lanes }) => lanes.lanes().map(({ destination }) => destination));
  }

  #letGo(): void {
    for (const claim of this.#open) {
      if (claim.seq > this.#committed) continue;
      this.#open.delete(claim);
      for (const leg of claim.legs) this.#taken.add(leg, -1);
    }
  }
}

/** How often each event is taken, by leg and destination. */
class Taken {
  readonly #counts = { api: new Map<string, Map<number, number>>(), pixel: new Map<string, Map<number, number>>() };

  add({ leg, destination, event }: DispatchKey, by: number): void {
    let events = this.#counts[leg].get(destination);
    if (!events) {
      events = new Map();
      this.#counts[leg].set(destination, events);
    }
    const count = (events.get(event) ?? 0) + by;
    if (count === 0) events.delete(event);
    else events.set(event, count);
  }

  has({ leg, destination, event }: DispatchKey): boolean {
    return this.#counts[leg].get(destination)?.has(event) === true;
  }
}
