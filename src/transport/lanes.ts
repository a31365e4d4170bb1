import type { Lane } from '../store/ledger.ts';

/** A count for each lane; thousands are counted a second, so no name is made for one. */
export class LaneCounts {
  readonly #counts = [new Map<string, number>(), new Map<string, number>()] as const;

  add({ destination, money }: Lane): void {
    const counts = this.#counts[money ? 1 : 0];
    counts.set(destination, (counts.get(destination) ?? 0) + 1);
  }

  of({ destination, money }: Lane): number {
    return this.#counts[money ? 1 : 0].get(destination) ?? 0;
  }

  /** Lanes with a count. */
  lanes(): Lane[] {
    return [false, true].flatMap((money) =>
      [...this.#counts[money ? 1 : 0].keys()].map((destination) => ({ destination, money })),
    );
  }
}
