import { TOUCH_KINDS } from '../../event/fact.ts';
import { DAY } from '../../event/time.ts';
import type { ReachColumns } from '../../store/warehouse.ts';

/** How old a touch may be to be told. */
const REACH = 28 * DAY;

/** For each conversion the latest touch of each kind and its age, however small the window. */
export class ReachRows {
  readonly #columns: ReachColumns;
  /** by kind */
  readonly #touches: Float64Array[];
  readonly #ages: Float64Array[];
  #count = 0;

  /** `rows`: how many there will be, exactly. */
  constructor(rows: number) {
    const column = (): Float64Array => new Float64Array(rows);
    const touches = { click: column(), engagedView: column(), view: column() };
    const ages = { clickAge: column(), engagedViewAge: column(), viewAge: column() };
    this.#columns = { conversion: column(), ...touches, ...ages };
    this.#touches = TOUCH_KINDS.map((kind) => touches[kind]);
    this.#ages = TOUCH_KINDS.map((kind) => ages[`${kind}Age`]);
  }

  /** `latest`: by kind, a place among the touches or -1. */
  add(conversion: number, at: number, latest: Int32Array, touches: { at: Float64Array; touch: Float64Array }): void {
    const row = this.#count++;
    this.#columns.conversion[row] = conversion;
    for (let kind = 0; kind < latest.length; kind++) {
      const place = latest[kind] as number;
      if (place < 0) continue;
      const age = at - (touches.at[place] as number);
      if (age > REACH) continue;
      (this.#touches[kind] as Float64Array)[row] = touches.touch[place] as number;
      (this.#ages[kind] as Float64Array)[row] = age;
    }
  }

  columns(): ReachColumns {
    return this.#columns;
  }
}
