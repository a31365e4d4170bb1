import type { Lane } from '../store/outbox.ts';

export interface Count extends Lane {
  count: number;
}

/** A count for each lane. */
export class LaneCounts {
  readonly #counts: Count[] = [];
  /** Most that is counted is in the lane of what came before. */
  #last: Count | undefined;

  add(lane: Lane, by = 1): void {
    let last = this.#last;
    if (last?.destination !== lane.destination || last.money !== lane.money) {
      last = this.#find(lane);
      if (!last) {
        last = { destination: lane.destination, money: lane.money, count: 0 };
        this.#counts.push(last);
      }
      this.#last = last;
    }
    last.count += by;
  }

  of(lane: Lane): number {
    return this.#find(lane)?.count ?? 0;
  }

  /** Lanes with a count. */
  lanes(): Count[] {
    return this.#counts.filter(({ count }) => count > 0);
  }

  #find({ destination, money }: Lane): Count | undefined {
    return this.#counts.find((one) => one.destination === destination && one.money === money);
  }
}
