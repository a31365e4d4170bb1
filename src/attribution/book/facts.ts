import type { ConversionFact } from '../../event/fact.ts';
import type { TouchColumns } from '../../store/warehouse.ts';
import { type ConversionRow, ConversionRows } from './conversion-rows.ts';
import { Creatives } from './creatives.ts';
import { Numbers } from './numbers.ts';
import type { Taken } from './taken.ts';
import { type TouchRow, TouchRows } from './touch-rows.ts';

/** A visitor's conversions from this time on, UTC ms, may be credited otherwise. */
type Tell = (visitor: number, from: number) => void;

/** Touches and conversions of everybody, as numbers. */
export class Facts {
  readonly visitors: Numbers;
  readonly touches = new TouchRows();
  readonly conversions = new ConversionRows();
  readonly creatives = new Creatives();
  /** of conversions, by their place */
  readonly names: string[] = [];
  /** the largest number of a touch so far: a larger one is new */
  #newest = 0;

  constructor(visitors = new Numbers(), newest = 0) {
    this.visitors = visitors;
    this.#newest = newest;
  }

  get newest(): number {
    return this.#newest;
  }

  /** Takes touches that are new, and whose creatives are known. */
  read({ touch, occurredAt, kind, creative, visitor }: TouchColumns): void {
    const rows = {
      ...{ at: occurredAt, kind, touch },
      visitor: Uint32Array.from(visitor, (name) => this.visitors.of(name)),
      creative: Uint32Array.from(creative, (number) => this.creatives.place(number)),
    };
    this.touches.extend(rows, this.visitors.count);
    for (const number of touch) this.#newest = Math.max(this.#newest, number);
  }

  /** Takes facts in the place of those before, and tells whom that concerns. Gives the conversions whose own row changed. */
  take({ touches, before, conversions, goneConversions }: Taken, tell: Tell): number[] {
    const { touch, visitor } = touches;
    const now = before.touch.length === 0 ? undefined : new Map(touch.map((number, n) => [number, visitor[n]]));
    for (const [n, number] of before.touch.entries()) {
      const was = before.visitor[n] as string;
      if (now?.get(number) !== was) this.#leave(number, was, tell);
    }
    for (let n = 0; n < touch.length; n++)
      this.#touch(
        {
          touch: touch[n] as number,
          at: touches.at[n] as number,
          kind: touches.kind[n] as number,
          creative: touches.creative[n] as number,
          visitor: this.visitors.of(visitor[n] as string),
        },
        tell,
      );
    const changed = goneConversions.filter((conversion) => this.#gone(conversion, tell));
    for (const conversion of conversions) if (this.#convert(conversion, tell)) changed.push(conversion.conversion);
    return changed;
  }

  #leave(touch: number, visitor: string, tell: Tell): void {
    const number = this.visitors.find(visitor);
    const row = number < 0 ? undefined : this.touches.find(number, touch);
    if (!row) return;
    this.touches.remove(number, touch);
    tell(number, row.at);
  }

  #touch(row: TouchRow, tell: Tell): void {
    const { touch, at, visitor, kind, creative } = row;
    // Looking for one that can't be there would walk through all touches of its visitor.
    const known = touch <= this.#newest ? this.touches.find(visitor, touch) : undefined;
    this.#newest = Math.max(this.#newest, touch);
    if (known?.at === at && known.kind === kind) {
      if (known.creative === creative) return;
      this.touches.rename(visitor, touch, creative);
      tell(visitor, at);
      return;
    }
    if (known) this.touches.remove(visitor, touch);
    this.touches.add(row);
    tell(visitor, Math.min(at, known?.at ?? at));
  }

  #gone(conversion: number, tell: Tell): boolean {
    const row = this.conversions.find(conversion);
    if (!row) return false;
    this.conversions.remove(conversion);
    tell(row.visitor, row.at);
    return true;
  }

  #convert(fact: ConversionFact, tell: Tell): boolean {
    const row: ConversionRow = {
      conversion: fact.conversion,
      at: fact.occurredAt,
      visitor: this.visitors.of(fact.visitor),
      name: this.#nameOf(fact.name),
      confirmed: fact.confirmed,
      minor: fact.minor,
      net: fact.net,
    };
    const before = this.conversions.find(fact.conversion);
    const isSame =
      before?.at === row.at &&
      before.visitor === row.visitor &&
      before.name === row.name &&
      before.confirmed === row.confirmed;
    if (isSame && before.minor === row.minor && before.net === row.net) return false;
    this.conversions.put(row);
    if (!isSame) {
      if (before) tell(before.visitor, before.at);
      tell(row.visitor, row.at);
    }
    return true;
  }

  /** The place of a conversion's name; the next one where it is new. */
  #nameOf(name: string): number {
    const known = this.names.indexOf(name);
    return known >= 0 ? known : this.names.push(name) - 1;
  }
}
