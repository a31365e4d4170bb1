import { grown, picked } from './arrays.ts';
import { inOrder } from './in-order.ts';

/** One conversion as the book keeps it. */
export interface ConversionRow {
  conversion: number;
  /** UTC ms */
  at: number;
  visitor: number;
  name: number;
  confirmed: boolean;
  /** minor units */
  minor: bigint;
  net: bigint;
}

/** Is a conversion asked for, by its number and its time, UTC ms? */
export type Wants = (conversion: number, at: number) => boolean;

/** Confirmed conversions in time order, and within a millisecond in the order of their numbers. */
export interface OrderedConversions {
  at: Float64Array;
  visitor: Uint32Array;
  conversion: Float64Array;
  name: Uint32Array;
  minor: BigInt64Array;
  net: BigInt64Array;
}

/** All columns, in the order in which the rows came; `confirmed` is 1 or 0. */
export interface ConversionColumns extends OrderedConversions {
  confirmed: Uint8Array;
}

/** All conversions in columns; a visitor's rows are a chain. Rows that go leave their place to later ones. */
export class ConversionRows {
  #at = new Float64Array(0);
  #visitor = new Uint32Array(0);
  #conversion = new Float64Array(0);
  #name = new Uint32Array(0);
  #minor = new BigInt64Array(0);
  #net = new BigInt64Array(0);
  #confirmed = new Uint8Array(0);
  /** place plus one of the next row of the same visitor, and by visitor that of its first; 0: none */
  #next = new Uint32Array(0);
  #first = new Uint32Array(0);
  #count = 0;
  #free: number[] = [];
  /** by conversion, where it stands; made with the chains when one conversion is asked for */
  #index: Map<number, number> | undefined = new Map();

  get #places(): Map<number, number> {
    return this.#index ?? this.#indexed();
  }

  find(conversion: number): ConversionRow | undefined {
    const place = this.#places.get(conversion);
    return place === undefined ? undefined : this.#row(place);
  }

  put(row: ConversionRow): void {
    const known = this.#places.get(row.conversion);
    if (known !== undefined && this.#visitor[known] === row.visitor) {
      this.#write(known, row);
      return;
    }
    this.remove(row.conversion);
    const place = this.#free.pop() ?? this.#count++;
    this.#room(row.visitor);
    this.#write(place, row);
    this.#link(place, row.visitor);
    this.#places.set(row.conversion, place);
  }

  remove(conversion: number): void {
    const place = this.#places.get(conversion);
    if (place === undefined) return;
    this.#places.delete(conversion);
    this.#free.push(place);
    const visitor = this.#visitor[place] as number;
    const after = this.#next[place] as number;
    let at = this.#first[visitor] as number;
    if (at === place + 1) this.#first[visitor] = after;
    else {
      while (this.#next[at - 1] !== place + 1) at = this.#next[at - 1] as number;
      this.#next[at - 1] = after;
    }
  }

  has(visitor: number): boolean {
    this.#index ??= this.#indexed();
    return (this.#first[visitor] ?? 0) > 0;
  }

  /** Adds a visitor's confirmed conversions to a list, in no order; `wants`: only those of which it says so. */
  addConfirmed(list: ConversionRow[], visitor: number, wants?: Wants): void {
    this.#index ??= this.#indexed();
    for (let next = this.#first[visitor] ?? 0; next > 0; next = this.#next[next - 1] as number) {
      const place = next - 1;
      if (this.#confirmed[place] === 0) continue;
      if (!wants || wants(this.#conversion[place] as number, this.#at[place] as number)) list.push(this.#row(place));
    }
  }

  /** The confirmed ones, as they are now: good until the next row comes. */
  ordered(): OrderedConversions {
    const confirmed = this.#confirmed.subarray(0, this.#count);
    // So they mostly are, and need not be copied.
    if (this.#free.length === 0 && !confirmed.includes(0)) return inTimeOrder(this.#whole());
    return this.#orderedConfirmed();
  }

  #whole(): OrderedConversions {
    const count = this.#count;
    return {
      at: this.#at.subarray(0, count),
      visitor: this.#visitor.subarray(0, count),
      conversion: this.#conversion.subarray(0, count),
      name: this.#name.subarray(0, count),
      minor: this.#minor.subarray(0, count),
      net: this.#net.subarray(0, count),
    };
  }

  #orderedConfirmed(): OrderedConversions {
    const places = this.#all();
    let confirmed = 0;
    for (const place of places) if (this.#confirmed[place] === 1) places[confirmed++] = place;
    return inTimeOrder(this.#columns(places.subarray(0, confirmed)));
  }

  columns(): ConversionColumns {
    const places = this.#all();
    return { ...this.#columns(places), confirmed: picked(this.#confirmed, places) };
  }

  /** Takes the columns over; each conversion is there once. */
  load(columns: ConversionColumns): void {
    this.#at = columns.at as Float64Array<ArrayBuffer>;
    this.#visitor = columns.visitor as Uint32Array<ArrayBuffer>;
    this.#conversion = columns.conversion as Float64Array<ArrayBuffer>;
    this.#name = columns.name as Uint32Array<ArrayBuffer>;
    this.#minor = columns.minor as BigInt64Array<ArrayBuffer>;
    this.#net = columns.net as BigInt64Array<ArrayBuffer>;
    this.#confirmed = columns.confirmed as Uint8Array<ArrayBuffer>;
    this.#count = columns.at.length;
    this.#index = undefined;
  }

  #indexed(): Map<number, number> {
    const index = new Map<number, number>();
    this.#index = index;
    this.#next = new Uint32Array(this.#at.length);
    const visitors = this.#visitor.subarray(0, this.#count).reduce((most, visitor) => Math.max(most, visitor + 1), 0);
    this.#first = new Uint32Array(visitors);
    for (let place = 0; place < this.#count; place++) {
      index.set(this.#conversion[place] as number, place);
      this.#link(place, this.#visitor[place] as number);
    }
    return index;
  }

  #columns(places: Uint32Array): OrderedConversions {
    return pickedRows(
      {
        ...{ at: this.#at, visitor: this.#visitor, conversion: this.#conversion, name: this.#name },
        ...{ minor: this.#minor, net: this.#net },
      },
      places,
    );
  }

  #all(): Uint32Array {
    const places = new Uint32Array(this.#index?.size ?? this.#count);
    let row = 0;
    if (this.#index) for (const place of this.#index.values()) places[row++] = place;
    else for (; row < this.#count; row++) places[row] = row;
    return places;
  }

  #row(place: number): ConversionRow {
    return {
      conversion: this.#conversion[place] as number,
      at: this.#at[place] as number,
      visitor: this.#visitor[place] as number,
      name: this.#name[place] as number,
      confirmed: this.#confirmed[place] === 1,
      minor: this.#minor[place] as bigint,
      net: this.#net[place] as bigint,
    };
  }

  #room(visitor: number): void {
    const rows = this.#count;
    this.#at = grown(this.#at, rows);
    this.#visitor = grown(this.#visitor, rows);
    this.#conversion = grown(this.#conversion, rows);
    this.#name = grown(this.#name, rows);
    this.#minor = grown(this.#minor, rows);
    this.#net = grown(this.#net, rows);
    this.#confirmed = grown(this.#confirmed, rows);
    this.#next = grown(this.#next, rows);
    this.#first = grown(this.#first, visitor + 1);
  }

  #write(place: number, row: ConversionRow): void {
    this.#at[place] = row.at;
    this.#visitor[place] = row.visitor;
    this.#conversion[place] = row.conversion;
    this.#name[place] = row.name;
    this.#minor[place] = row.minor;
    this.#net[place] = row.net;
    this.#confirmed[place] = row.confirmed ? 1 : 0;
  }

  #link(place: number, visitor: number): void {
    this.#next[place] = this.#first[visitor] as number;
    this.#first[visitor] = place + 1;
  }
}

/** Rows of columns in time order; the columns themselves where they are. */
export function inTimeOrder(columns: OrderedConversions): OrderedConversions {
  const places = inOrder(columns.at, columns.conversion);
  return places ? pickedRows(columns, places) : columns;
}

function pickedRows(columns: OrderedConversions, places: Uint32Array): OrderedConversions {
  return {
    at: picked(columns.at, places),
    visitor: picked(columns.visitor, places),
    conversion: picked(columns.conversion, places),
    name: picked(columns.name, places),
    minor: picked(columns.minor, places),
    net: picked(columns.net, places),
  };
}
