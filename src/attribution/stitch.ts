/** What two visitors may have in common. An address and a browser are never among them: whole offices share those. */
export type IdentifierKind = 'ttclid' | 'external_id' | 'email' | 'phone' | 'order' | 'lead';

/** One record in which a visitor came with an identifier. Contacts are hashes. */
export interface Link {
  visitor: string;
  kind: IdentifierKind;
  value: string;
  /** UTC ms of the record */
  at: number;
  /** sequence of the record: the evidence */
  seq: number;
}

/** Why two visitors are one person: an identifier that both came with, and the first record of either. */
export interface Tie {
  kind: IdentifierKind;
  value: string;
  visitors: { visitor: string; at: number; seq: number }[];
}

/** An identifier that ties more visitors than one person has, such as a shop's tablet: it ties nobody. */
export interface Shared {
  kind: IdentifierKind;
  value: string;
  visitors: number;
}

/**
 * Who is who. Visitors that came with the same identifier are one person, and so on through all they share; nothing else
 * joins them. The outcome depends on the links that are there now, never on the order in which they came or went.
 */
export class Stitching {
  readonly #visitorsMax: number;
  /** by identifier, its visitors with their links by sequence */
  readonly #identifiers = new Map<string, Map<string, Map<number, Link>>>();
  readonly #keys = new Map<string, Set<string>>();
  readonly #people = new Map<string, Set<string>>();

  /** `visitorsMax`: an identifier of more visitors than this ties none of them. */
  constructor(visitorsMax: number) {
    this.#visitorsMax = visitorsMax;
  }

  /** Takes a link in. The visitors whose person changed by it; of a link that was known, none. */
  add(link: Link): ReadonlySet<string> {
    const key = keyOf(link);
    const visitors = this.#identifiers.get(key) ?? new Map<string, Map<number, Link>>();
    this.#identifiers.set(key, visitors);
    const known = visitors.get(link.visitor);
    if (known) {
      known.set(link.seq, link);
      return new Set();
    }
    visitors.set(link.visitor, new Map([[link.seq, link]]));
    const keys = this.#keys.get(link.visitor) ?? new Set();
    this.#keys.set(link.visitor, keys.add(key));
    if (!this.#people.has(link.visitor)) this.#people.set(link.visitor, new Set([link.visitor]));
    if (visitors.size <= this.#visitorsMax) return this.#join(visitors.keys());
    // From here on it ties nobody; those it did tie may come apart.
    return visitors.size === this.#visitorsMax + 1 ? this.#again(visitors.keys()) : new Set();
  }

  /** Takes a link out, such as one that was erased or corrected. The visitors whose person changed by it. */
  remove(link: Link): ReadonlySet<string> {
    const key = keyOf(link);
    const visitors = this.#identifiers.get(key);
    const links = visitors?.get(link.visitor);
    if (!visitors || !links?.delete(link.seq) || links.size > 0) return new Set();
    const all = [...visitors.keys()];
    visitors.delete(link.visitor);
    if (visitors.size === 0) this.#identifiers.delete(key);
    this.#keys.get(link.visitor)?.delete(key);
    return this.#again(all);
  }

  /** All visitors of the person that a visitor is, itself included. */
  person(visitor: string): ReadonlySet<string> {
    return this.#people.get(visitor) ?? new Set([visitor]);
  }

  /** What ties the visitors of a person, with the evidence, in a fixed order. */
  ties(visitor: string): Tie[] {
    const keys = new Set([...this.person(visitor)].flatMap((one) => [...(this.#keys.get(one) ?? [])]));
    return [...keys]
      .sort()
      .map((key) => this.#identifiers.get(key) as Map<string, Map<number, Link>>)
      .filter((visitors) => visitors.size > 1 && visitors.size <= this.#visitorsMax)
      .map((visitors) => {
        const firsts = [...visitors.values()].map(
          (links) => [...links.values()].sort((a, b) => a.seq - b.seq)[0] as Link,
        );
        firsts.sort((a, b) => a.seq - b.seq || (a.visitor < b.visitor ? -1 : 1));
        const { kind, value } = firsts[0] as Link;
        return { kind, value, visitors: firsts.map((link) => ({ visitor: link.visitor, at: link.at, seq: link.seq })) };
      });
  }

  /** Identifiers that tie nobody because too many came with them. */
  shared(): Shared[] {
    return [...this.#identifiers.values()]
      .filter((visitors) => visitors.size > this.#visitorsMax)
      .map((visitors) => {
        const [links] = visitors.values();
        const [{ kind, value }] = [...(links as Map<number, Link>).values()] as [Link];
        return { kind, value, visitors: visitors.size };
      });
  }

  /** Makes one person of all that these visitors are; the smaller ones join the largest. */
  #join(visitors: Iterable<string>): ReadonlySet<string> {
    const people = [...new Set([...visitors].map((visitor) => this.#people.get(visitor) as Set<string>))];
    if (people.length < 2) return new Set();
    const [whole, ...others] = people.sort((a, b) => b.size - a.size) as [Set<string>, ...Set<string>[]];
    for (const person of others)
      for (const visitor of person) {
        whole.add(visitor);
        this.#people.set(visitor, whole);
      }
    return whole;
  }

  /** Finds out anew who is who among the visitors of these people. */
  #again(visitors: Iterable<string>): ReadonlySet<string> {
    const all = new Set([...visitors].flatMap((visitor) => [...this.person(visitor)]));
    const before = new Map([...all].map((visitor) => [visitor, this.person(visitor).size]));
    const left = new Set(all);
    for (const start of all) {
      if (!left.delete(start)) continue;
      const person = new Set([start]);
      for (const visitor of person)
        for (const key of this.#keys.get(visitor) ?? []) {
          const tied = this.#identifiers.get(key) as Map<string, unknown>;
          if (tied.size > this.#visitorsMax) continue;
          for (const other of tied.keys()) if (left.delete(other)) person.add(other);
        }
      for (const visitor of person) this.#people.set(visitor, person);
    }
    return new Set([...all].filter((visitor) => before.get(visitor) !== this.person(visitor).size));
  }
}

function keyOf({ kind, value }: Link): string {
  return `${kind}\n${value}`;
}
