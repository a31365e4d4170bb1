import { type ConversionRow, type ConversionRows, inTimeOrder, type Wants } from './conversion-rows.ts';
import { inOrder } from './in-order.ts';
import type { OrderedTouches, TouchRow, TouchRows } from './touch-rows.ts';
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
    const first = touchRows.length;
    for (const visitor of ring) touches.addTo(touchRows, visitor);
    for (let row = first; row < touchRows.length; row++) (touchRows[row] as TouchRow).visitor = person;
    for (const row of conversions) conversionRows.push({ ...row, visitor: person });
  }
  return {
    touches: orderedTouches(touchRows, people.length),
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

/** A person's confirmed conversions; `wants`: only those of which it says so. */
export function confirmedOf(ring: Ring, conversions: ConversionRows, wants?: Wants): ConversionRow[] {
  const rows: ConversionRow[] = [];
  for (const visitor of ring) conversions.addConfirmed(rows, visitor, wants);
  return rows;
}

function orderedTouches(rows: readonly TouchRow[], visitors: number): OrderedTouches {
  const count = rows.length;
  const places = inOrder(
    Float64Array.from(rows, ({ at }) => at),
    Float64Array.from(rows, ({ touch }) => touch),
  );
  const columns = {
    at: new Float64Array(count),
    visitor: new Uint32Array(count),
    kind: new Uint8Array(count),
    touch: new Float64Array(count),
    creative: new Uint32Array(count),
  };
  const newest = new Uint32Array(visitors);
  const previous = new Uint32Array(count);
  for (let place = 0; place < count; place++) {
    const { at, visitor, kind, touch, creative } = rows[places ? (places[place] as number) : place] as TouchRow;
    columns.at[place] = at;
    columns.visitor[place] = visitor;
    columns.kind[place] = kind;
    columns.touch[place] = touch;
    columns.creative[place] = creative;
    previous[place] = newest[visitor] as number;
    newest[visitor] = place + 1;
  }
  return { ...columns, previous: () => previous };
}
