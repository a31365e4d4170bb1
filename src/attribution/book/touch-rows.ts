import { grown } from './arrays.ts';
import { inOrder } from './in-order.ts';

/** One touch as the book keeps it: numbers only. */
export interface TouchRow {
  touch: number;
  /** UTC ms */
  at: number;
  visitor: number;
  /** place in TOUCH_KINDS */
  kind: number;
  /** its place among the creatives of the book */
  creative: number;
}

/** Touches in time order, and within a millisecond in the order of their numbers. */
export interface OrderedTouches {
  at: Float64Array;
  visitor: Uint32Array;
  kind: Uint8Array;
  touch: Float64Array;
  creative: Uint32Array;
  /** by touch, place plus one of the same visitor's touch before; 0: none */
  previous(): Uint32Array;
}

/** Stands for the kind of a row that is gone, until the rows are put in order. */
const GONE = 255;

/**
 * All touches in columns: 29 bytes a row. The first rows are in time order, those that came since are behind them; a visitor's
 * rows are a chain from the newest row to the oldest.
 */
export class TouchRows {
  #at = new Float64Array(0);
  #visitor = new Uint32Array(0);
  #kind = new Uint8Array(0);
  #touch = new Float64Array(0);
  #creative = new Uint32Array(0);
  #previous = new Uint32Array(0);
  /** by visitor, the place of its newest row plus one */
  #newest = new Uint32Array(0);
  #count = 0;
  /** rows before this one are in order, but for those in `#gone` */
  #ordered = 0;
  #gone: number[] = [];
  /** Are the rows in their visitors' chains? Not before somebody asks for one visitor's. */
  #isChained = true;
  #visitors = 0;
  /** rows before this one stand where `changedFrom` was asked for last */
  #changedFrom = 0;

  get count(): number {
    return this.#count - this.#gone.length;
  }

  get bytes(): number {
    const columns = [this.#at, this.#visitor, this.#kind, this.#touch, this.#creative, this.#previous, this.#newest];
    return columns.reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  add({ touch, at, visitor, kind, creative }: TouchRow): void {
    this.#chained();
    const row = this.#count++;
    if (row === this.#at.length) this.#room(this.#count);
    if (visitor >= this.#newest.length) this.#newest = grown(this.#newest, visitor + 1);
    this.#at[row] = at;
    this.#visitor[row] = visitor;
    this.#kind[row] = kind;
    this.#touch[row] = touch;
    this.#creative[row] = creative;
    this.#previous[row] = this.#newest[visitor] as number;
    this.#newest[visitor] = row + 1;
  }

  /** The row of a touch among those of a visitor, or undefined. */
  find(visitor: number, touch: number): TouchRow | undefined {
    const row = this.#row(visitor, touch);
    return row === undefined ? undefined : this.#read(row);
  }

  remove(visitor: number, touch: number): void {
    const row = this.#row(visitor, touch);
    if (row === undefined) return;
    this.#kind[row] = GONE;
    this.#gone.push(row);
  }

  /** Puts another creative in the place of a touch's own. */
  rename(visitor: number, touch: number, creative: number): void {
    const row = this.#row(visitor, touch);
    if (row === undefined) return;
    this.#creative[row] = creative;
    this.#changedFrom = Math.min(this.#changedFrom, row);
  }

  /** Adds a visitor's touches to a list, in no order. */
  addTo(list: TouchRow[], visitor: number): void {
    for (let row = this.#first(visitor); row >= 0; row = (this.#previous[row] as number) - 1)
      if (this.#kind[row] !== GONE) list.push(this.#read(row));
  }

  /** Puts all rows in order: late ones are merged in, and only from the first of them on is anything moved. */
  ordered(): OrderedTouches {
    this.#merge();
    const count = this.#count;
    return {
      at: this.#at.subarray(0, count),
      visitor: this.#visitor.subarray(0, count),
      kind: this.#kind.subarray(0, count),
      touch: this.#touch.subarray(0, count),
      creative: this.#creative.subarray(0, count),
      previous: () => this.#chained().subarray(0, count),
    };
  }

  /** Adds rows, in any order. `visitors`: how many there are now. */
  extend(rows: Omit<OrderedTouches, 'previous'>, visitors: number): void {
    const [from, count] = [this.#count, this.#count + rows.at.length];
    const extended = <T extends Float64Array | Uint32Array | Uint8Array>(column: T, more: ArrayLike<number>): T => {
      const longer = grown(column, count);
      longer.set(more, from);
      return longer;
    };
    this.#at = extended(this.#at, rows.at);
    this.#visitor = extended(this.#visitor, rows.visitor);
    this.#kind = extended(this.#kind, rows.kind);
    this.#touch = extended(this.#touch, rows.touch);
    this.#creative = extended(this.#creative, rows.creative);
    this.#count = count;
    this.#visitors = visitors;
    this.#isChained = false;
  }

  /** Takes the columns over; they are in order. `visitors`: how many there are. */
  load(columns: Omit<OrderedTouches, 'previous'>, visitors: number): void {
    this.#at = columns.at as Float64Array<ArrayBuffer>;
    this.#visitor = columns.visitor as Uint32Array<ArrayBuffer>;
    this.#kind = columns.kind as Uint8Array<ArrayBuffer>;
    this.#touch = columns.touch as Float64Array<ArrayBuffer>;
    this.#creative = columns.creative as Uint32Array<ArrayBuffer>;
    this.#count = columns.at.length;
    this.#ordered = this.#count;
    this.#changedFrom = this.#count;
    this.#visitors = visitors;
    this.#isChained = false;
  }

  /** The first row, in order, that is another than when this was asked last. */
  changedFrom(): number {
    this.#merge();
    const first = this.#changedFrom;
    this.#changedFrom = this.#count;
    return first;
  }

  /** Puts all rows into their chains, unless they are there. */
  #chained(): Uint32Array {
    if (!this.#isChained) {
      this.#previous = new Uint32Array(this.#at.length);
      this.#newest = new Uint32Array(this.#visitors);
      this.#chain(0);
      this.#isChained = true;
    }
    return this.#previous;
  }

  #first(visitor: number): number {
    this.#chained();
    return (this.#newest[visitor] ?? 0) - 1;
  }

  #row(visitor: number, touch: number): number | undefined {
    for (let row = this.#first(visitor); row >= 0; row = (this.#previous[row] as number) - 1)
      if (this.#touch[row] === touch && this.#kind[row] !== GONE) return row;
    return undefined;
  }

  #read(row: number): TouchRow {
    return {
      touch: this.#touch[row] as number,
      at: this.#at[row] as number,
      visitor: this.#visitor[row] as number,
      kind: this.#kind[row] as number,
      creative: this.#creative[row] as number,
    };
  }

  #room(rows: number): void {
    this.#at = grown(this.#at, rows);
    this.#visitor = grown(this.#visitor, rows);
    this.#kind = grown(this.#kind, rows);
    this.#touch = grown(this.#touch, rows);
    this.#creative = grown(this.#creative, rows);
    this.#previous = grown(this.#previous, rows);
  }

  #merge(): void {
    const from = this.#firstOutOfPlace();
    if (from < this.#count) {
      if (this.#isChained) this.#unchain(from);
      const at = this.#at.subarray(from, this.#count);
      const places = inOrder(at, this.#touch.subarray(from, this.#count)) ?? Uint32Array.from(at.keys());
      const kept = this.#gone.length === 0 ? places : places.filter((row) => this.#kind[from + row] !== GONE);
      for (const column of [this.#at, this.#visitor, this.#kind, this.#touch, this.#creative]) {
        const old = column.slice(from, this.#count);
        for (let row = 0; row < kept.length; row++) column[from + row] = old[kept[row] as number] as number;
      }
      this.#count = from + kept.length;
      this.#gone = [];
      if (this.#isChained) this.#chain(from);
    }
    this.#changedFrom = Math.min(this.#changedFrom, from, this.#ordered);
    this.#ordered = this.#count;
  }

  /** The first row behind which another one belongs, or that is gone. */
  #firstOutOfPlace(): number {
    let from = this.#count;
    for (const row of this.#gone) from = Math.min(from, row);
    for (let row = Math.max(1, this.#ordered); row < this.#count; row++)
      if (this.#isBefore(row, row - 1)) from = Math.min(from, this.#placeFor(row, Math.min(from, this.#ordered)));
    return from;
  }

  /** Where in the first `high` rows, which are in order, a row belongs. */
  #placeFor(row: number, high: number): number {
    let low = 0;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#isBefore(row, middle)) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #isBefore(a: number, b: number): boolean {
    const [at, touch] = [this.#at, this.#touch];
    return (at[a] as number) < (at[b] as number) || (at[a] === at[b] && (touch[a] as number) < (touch[b] as number));
  }

  /** Takes the rows from this one on out of their chains. */
  #unchain(from: number): void {
    for (let row = from; row < this.#count; row++) {
      const visitor = this.#visitor[row] as number;
      while ((this.#newest[visitor] as number) > from)
        this.#newest[visitor] = this.#previous[(this.#newest[visitor] as number) - 1] as number;
    }
  }

  #chain(from: number): void {
    const [visitors, previous, newest] = [this.#visitor, this.#previous, this.#newest];
    for (let row = from; row < this.#count; row++) {
      const visitor = visitors[row] as number;
      previous[row] = newest[visitor] as number;
      newest[visitor] = row + 1;
    }
  }
}
