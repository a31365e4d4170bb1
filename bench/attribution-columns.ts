import { Facts } from '../src/attribution/book/facts.ts';
import { Numbers } from '../src/attribution/book/numbers.ts';
import { SavedBook } from '../src/attribution/book/saved.ts';
import { creativeNumber } from '../src/store/creative.ts';
import { CREATIVES, type Data, ringOf } from './attribution-data.ts';
import { bookIn, CHANGE, creativeOf, minorOf, visitorName } from './attribution-store.ts';

/**
 * Saves the columns of a book as the book itself does once it has read all rows of the store. Without names nobody can be found
 * in it, as nobody is when everybody is credited: so that a hundred million touches are there within minutes.
 */
export function saveBook(folder: string, data: Data, { isNamed }: { isNamed: boolean }): void {
  const visitors = isNamed ? named(data.person.length) : new Numbers(unnamed(data.person.length));
  const facts = new Facts(visitors, data.touch.length);
  facts.names.push('Purchase');
  for (let ad = 0; ad < CREATIVES; ad++) {
    const creative = creativeOf(ad);
    facts.creatives.add(creativeNumber(creative), creative.channel);
  }
  facts.touches.extend(
    {
      ...{ at: data.touchAt, visitor: data.touchVisitor, kind: data.touchKind },
      ...{ touch: new Float64Array(data.touch), creative: new Uint32Array(data.creative) },
    },
    visitors.count,
  );
  const rows = data.conversionAt.length;
  const minor = BigInt64Array.from({ length: rows }, (_, n) => BigInt(minorOf(n + 1)));
  facts.conversions.load({
    ...{ at: data.conversionAt, visitor: data.conversionVisitor, name: new Uint32Array(rows), minor, net: minor },
    ...{ conversion: Float64Array.from(minor, (_, n) => n + 1), confirmed: new Uint8Array(rows).fill(1) },
  });
  const saved = new SavedBook(bookIn(folder).folder);
  saved.save(facts, ringOf(data), CHANGE);
  if (!saved.isThere) throw new Error('the disk takes no columns');
}

function named(visitors: number): Numbers {
  const numbers = new Numbers();
  for (let visitor = 0; visitor < visitors; visitor++) numbers.of(visitorName(visitor));
  return numbers;
}

/** Keys that differ. */
function unnamed(visitors: number): Uint32Array<ArrayBuffer> {
  const keys = new Uint32Array(4 * visitors);
  for (let visitor = 0; visitor < visitors; visitor++) {
    keys[4 * visitor] = Math.imul(visitor, 0x9e3779b1);
    keys[4 * visitor + 1] = visitor;
  }
  return keys;
}
