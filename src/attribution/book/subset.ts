import { type ConversionRow, type ConversionRows, inTimeOrder } from './conversion-rows.ts';
import { inOrder } from './in-order.ts';
import type { TouchRow, TouchRows } from './touch-rows.ts';
import type { Columns } from './walk.ts';

/** Everybody of one person, by number. */
export type Ring = readonly number[];

/** The ring that a visitor stands in. */
export function ringOf(next: Uint32Array, home: number): Ring {
  const ring = [home];
  for (let visitor = next[home] as number; visitor !== home; visitor = next[visitor] as number) ring.push(visitor);
  return ring;
}

/** Some people's touches, and conversions of theirs, as columns: each person stands there as one visitor. */
export function subset(
  people: readonly { ring: Ring; conversions: readonly ConversionRow[] }[],
  touches: TouchRows,
): Columns {
  const touchRows: TouchRow[] = [];
  const conversionRows: ConversionRow[] = [];
  for (const [person, { ring, conversions }] of people.entries()) {
    for (const visitor of ring) for (const row of touches.of(visitor)) touchRows.push({ ...row, visitor: person });
    for (const row of conversions) conversionRows.push({ ...row, visitor: person });
  }
  const places = inOrder(
    Float64Array.from(touchRows, ({ at }) => at),
    Float64Array.from(touchRows, ({ touch }) => touch),
  );
  const ordered = places ? Array.from(places, (place) => touchRows[place] as TouchRow) : touchRows;
  const visitor = Uint32Array.from(ordered, (row) => row.visitor);
  const newest = new Uint32Array(people.length);
  const previous = new Uint32Array(ordered.length);
  for (const [row, of] of visitor.entries()) {
    previous[row] = newest[of] as number;
    newest[of] = row + 1;
  }
  return {
    touches: {
      at: Float64Array.from(ordered, ({ at }) => at),
      visitor,
      kind: Uint8Array.from(ordered, ({ kind }) => kind),
      touch: Float64Array.from(ordered, ({ touch }) => touch),
      creative: Uint32Array.from(ordered, ({ creative }) => creative),
      previous: () => previous,
    },
    conversions: inTimeOrder({
      at: Float64Array.from(conversionRows, ({ at }) => at),
      visitor: Uint32Array.from(conversionRows, (row) => row.visitor),
      conversion: Float64Array.from(conversionRows, ({ conversion }) => conversion),
      name: Uint32Array.from(conversionRows, ({ name }) => name),
      minor: BigInt64Array.from(conversionRows, ({ minor }) => minor),
      net: BigInt64Array.from(conversionRows, ({ net }) => net),
    }),
    next: Uint32Array.from(people, (_, person) => person),
  };
}

/** A person's confirmed conversions. */
export function confirmedOf(ring: Ring, conversions: ConversionRows): ConversionRow[] {
  return ring.flatMap((visitor) => [...conversions.of(visitor)].filter(({ confirmed }) => confirmed));
}
