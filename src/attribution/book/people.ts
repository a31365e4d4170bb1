import type { LinkFact } from '../../event/fact.ts';
import type { FactBatch, SharedIdentifier } from '../../store/warehouse.ts';
import { type LinkKey, Stitching } from '../stitch.ts';
import { grown } from './arrays.ts';
import type { Numbers } from './numbers.ts';

/**
 * Who is one person, by number: each visitor leads to the next of the same person, the last back to the first. Ties are kept
 * for identifiers that more than one visitor came with, which are few.
 */
export class People {
  readonly #visitors: Numbers;
  readonly #stitching: Stitching;
  #next: Uint32Array<ArrayBuffer>;
  #count: number;
  #sharedChanged = false;

  /** `next`: the rings of another time, whose ties are added before any other. */
  constructor(visitors: Numbers, visitorsMax: number, next: Uint32Array<ArrayBuffer> = new Uint32Array(0)) {
    this.#visitors = visitors;
    this.#stitching = new Stitching(visitorsMax);
    this.#next = next;
    this.#count = next.length;
  }

  /** Links come with all others of their identifier, unless that one is known. */
  add(links: readonly LinkFact[]): void {
    const byIdentifier = Map.groupBy(links, ({ kind, value }) => `${kind}\n${value}`);
    for (const same of byIdentifier.values()) {
      const isTie = same.some(({ visitor }) => visitor !== same[0]?.visitor);
      if (!isTie && !this.#stitching.has(same[0] as LinkFact)) continue;
      for (const link of same) this.#stitching.add(link);
    }
    this.#sharedChanged ||= links.length > 0;
  }

  remove(links: readonly LinkKey[]): void {
    for (const link of links) this.#stitching.remove(link);
    this.#sharedChanged ||= links.length > 0;
  }

  /** Closes the rings of people that changed since the last time, and names everybody of them with the person's name: the smallest visitor. */
  settle(): FactBatch['people'] {
    const people: FactBatch['people'] = [];
    for (const person of this.#stitching.changes()) {
      const name = [...person].reduce((least, one) => (one < least ? one : least));
      this.join(person);
      for (const visitor of person) people.push({ visitor, person: name });
    }
    return people;
  }

  /** Makes one ring of visitors, each of whom leaves the one that it was in. */
  join(person: Iterable<string>): void {
    const ring = Array.from(person, (one) => this.#visitors.of(one));
    this.#room();
    for (const [at, one] of ring.entries()) this.#next[one] = ring[(at + 1) % ring.length] as number;
  }

  /** All identifiers that tie nobody, if that may have changed since the last time. */
  shared(): SharedIdentifier[] | undefined {
    if (!this.#sharedChanged) return undefined;
    this.#sharedChanged = false;
    return this.#stitching.shared();
  }

  /** Is the identifier one that more than one visitor came with? */
  knows(identifier: Pick<LinkFact, 'kind' | 'value'>): boolean {
    return this.#stitching.has(identifier);
  }

  person(visitor: string): ReadonlySet<string> {
    return this.#stitching.person(visitor);
  }

  /** The rings, of all visitors that have a number. */
  next(): Uint32Array {
    this.#room();
    return this.#next.subarray(0, this.#count);
  }

  get bytes(): number {
    return this.#next.byteLength;
  }

  #room(): void {
    this.#next = grown(this.#next, this.#visitors.count);
    for (; this.#count < this.#visitors.count; this.#count++) this.#next[this.#count] = this.#count;
  }
}
