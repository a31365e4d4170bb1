import type { DispatchRow } from '../event/dispatch.ts';
import type { DispatchKey } from '../event/told.ts';
import type { Lane } from '../store/ledger.ts';

/** With more than this of a lane taken, reading past them would cost more than waiting for the ledger. */
const CROWD = 100;

interface Claim {
  keys: ReadonlySet<string>;
  lanes: ReadonlyMap<string, number>;
  /** sequence of the record that tells what became of them */
  seq: number;
}

/**
 * Dispatches that are taken, until the ledger shows the record about them: what it lists as due may be stale. Once it
 * has committed that record they are no longer due, and nothing needs to be remembered.
 */
export class Claims {
  readonly #open = new Set<Claim>();
  #committed = 0;

  /** Takes dispatches before anything is written down about them. Call the answer with that record’s sequence, or 0 for none. */
  take(legs: readonly DispatchRow[]): (seq: number) => void {
    const lanes = new Map<string, number>();
    for (const leg of legs) lanes.set(laneName(leg), (lanes.get(laneName(leg)) ?? 0) + 1);
    const claim: Claim = { keys: new Set(legs.map(keyOf)), lanes, seq: Number.POSITIVE_INFINITY };
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
    const open = [...this.#open];
    return (leg) => !open.some(({ keys }) => keys.has(keyOf(leg)));
  }

  /** Is so much of a lane taken that it is better left out? */
  isCrowded(lane: Lane): boolean {
    const name = laneName(lane);
    return [...this.#open].reduce((sum, { lanes }) => sum + (lanes.get(name) ?? 0), 0) > CROWD;
  }

  /** Destinations of which something is taken. */
  destinations(): string[] {
    return [...this.#open].flatMap(({ lanes }) => [...lanes.keys()].map((name) => name.slice(1)));
  }

  #letGo(): void {
    for (const claim of this.#open) if (claim.seq <= this.#committed) this.#open.delete(claim);
  }
}

function laneName({ destination, money }: Lane): string {
  return (money ? '$' : '-') + destination;
}

export function keyOf(leg: DispatchKey): string {
  return `${leg.event}/${leg.destination}/${leg.leg}`;
}
