import { TOUCH_KINDS } from '../event/fact.ts';
import type { Policy } from './policy.ts';

/** Touches in time order; of one millisecond in the order of their ids. */
export interface TouchColumns {
  /** UTC ms */
  at: Float64Array;
  /** number of the visitor, or whatever the touch was seen by */
  visitor: Uint32Array;
  /** place in TOUCH_KINDS */
  kind: Uint8Array;
}

/** Conversions in time order. */
export interface ConversionColumns {
  at: Float64Array;
  visitor: Uint32Array;
}

/** Of each conversion the place of the touch that earned it, or -1. */
export type LastTouches = Int32Array;

/** How many kinds there are: the width of what `eachLatest` tells. */
const KINDS = TOUCH_KINDS.length;

/**
 * Last touch for all conversions in one pass over all touches: what `credit` says of each person by the model `last` and
 * `every`, at the speed of memory. `next` leads from each visitor to the next of the same person, and from the last back
 * to the first; who is nobody else leads to itself. Touches are kept by visitor, and people are looked up where they
 * convert: conversions are few, and a look-up for each touch would take three times as long as the touch.
 */
export function lastTouches(
  touches: TouchColumns,
  conversions: ConversionColumns,
  next: Uint32Array,
  policy: Pick<Policy, 'windows' | 'precedence'>,
): LastTouches {
  const kinds = policy.precedence.filter((kind) => policy.windows[kind] > 0);
  const rank = Int8Array.from(TOUCH_KINDS, (kind) => kinds.indexOf(kind));
  const windows = Float64Array.from(kinds, (kind) => policy.windows[kind]);
  const earned = new Int32Array(conversions.at.length).fill(-1);
  const width = Math.max(1, kinds.length);
  eachConversion(touches, conversions, next, rank, width, (n, last) => {
    const time = conversions.at[n] as number;
    const home = conversions.visitor[n] as number;
    for (let place = 0; place < width; place++) {
      const touch = latest(last, next, home, width, place);
      if (touch >= 0 && time - (touches.at[touch] as number) <= (windows[place] as number)) {
        earned[n] = touch;
        break;
      }
    }
  });
  return earned;
}

/**
 * Tells for each conversion, in its order, the latest touch of each kind by anybody of its person, however old: places in
 * `touches`, or -1, in the order of TOUCH_KINDS. `found` is filled anew for each. `of(visitor)` is the latest touch of one visitor.
 */
export function eachLatest(
  touches: TouchColumns,
  conversions: ConversionColumns,
  next: Uint32Array,
  tell: (n: number, found: Int32Array, of: (visitor: number) => number) => void,
): void {
  const rank = Int8Array.from(TOUCH_KINDS, (_, place) => place);
  const found = new Int32Array(KINDS);
  let now: Int32Array = found;
  const of = (visitor: number): number => {
    let touch = -1;
    for (let place = 0; place < KINDS; place++) touch = Math.max(touch, now[visitor * KINDS + place] as number);
    return touch;
  };
  eachConversion(touches, conversions, next, rank, KINDS, (n, last) => {
    now = last;
    const home = conversions.visitor[n] as number;
    for (let place = 0; place < KINDS; place++) found[place] = latest(last, next, home, KINDS, place);
    tell(n, found, of);
  });
}

/** Walks through touches and conversions in time; `last` has the latest touch of each visitor and kind as of conversion `n`. */
function eachConversion(
  { at, visitor, kind }: TouchColumns,
  conversions: ConversionColumns,
  next: Uint32Array,
  rank: Int8Array,
  width: number,
  tell: (n: number, last: Int32Array) => void,
): void {
  // The last touches of a visitor stand side by side, in one line of the processor's cache.
  const last = new Int32Array(next.length * width).fill(-1);
  const count = at.length;
  let read = 0;
  for (let n = 0; n < conversions.at.length; n++) {
    const time = conversions.at[n] as number;
    for (; read < count && (at[read] as number) <= time; read++) {
      const place = rank[kind[read] as number] as number;
      if (place >= 0) last[(visitor[read] as number) * width + place] = read;
    }
    tell(n, last);
  }
}

/** The last touch of one kind by any visitor of a person: the later one has the higher number. */
function latest(last: Int32Array, next: Uint32Array, home: number, width: number, place: number): number {
  let found = last[home * width + place] as number;
  for (let visitor = next[home] as number; visitor !== home; visitor = next[visitor] as number)
    found = Math.max(found, last[visitor * width + place] as number);
  return found;
}
