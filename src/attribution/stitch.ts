import type { IdentifierKind, LinkFact } from '../event/fact.ts';
import type { SharedIdentifier } from '../store/warehouse.ts';

/** Why two visitors are one person: an identifier that both came with, and the first record of either. */
export interface Tie {
  kind: IdentifierKind;
  value: string;
  visitors: { visitor: string; at: number; seq: number }[];
}

/** What a link is known by. */
export type LinkKey = Pick<LinkFact, 'visitor' | 'kind' | 'value'>;

/**
 * Who is who. Visitors that came with the same identifier are one person, and so on through all they share; nothing else
 * joins them. The outcome depends on the links that are there now, never on the order in which they came or went.
 */
export class Stitching {
  readonly #visitorsMax: number;
  /** by identifier, its visitors with their links */
  readonly #identifiers = new Map<string, Map<string, LinkFact>>();
  readonly #keys = new Map<string, Set<string>>();
  readonly #people = new Map<string, Set<string>>();
  /** identifiers of more visitors than tie */
  readonly #shared = new Set<string>();
  /** somebody of each person that changed */
  readonly #changed = new Set<string>();

  /** `visitorsMax`: an identifier of more visitors than this ties none of them. */
  constructor(visitorsMax: number) {
    this.#visitorsMax = visitorsMax;
  }

  has({ kind, value }: Pick<LinkFact, 'kind' | 'value'>): boolean {
    return this.#identifiers.has(keyOf(kind, value));
  }

  /** Takes a link in. */
  add(link: LinkFact): void {
    const key = keyOf(link.kind, link.value);
    const visitors = this.#identifiers.get(key) ?? new Map<string, LinkFact>();
    this.#identifiers.set(key, visitors);
    const isKnown = visitors.has(link.visitor);
    visitors.set(link.visitor, link);
    if (isKnown) return;
    const keys = this.#keys.get(link.visitor) ?? new Set();
    this.#keys.set(link.visitor, keys.add(key));
    if (!this.#people.has(link.visitor)) this.#people.set(link.visitor, new Set([link.visitor]));
    if (this.#shared.has(key)) return;
    if (visitors.size <= this.#visitorsMax) {
      this.#join(visitors.keys());
      return;
    }
    // From here on it ties nobody; those it did tie may come apart.
    this.#shared.add(key);
    this.#again(visitors.keys());
  }

  /** Takes a link out, such as one that was erased or corrected. */
  remove({ visitor, kind, value }: LinkKey): void {
    const key = keyOf(kind, value);
    const visitors = this.#identifiers.get(key);
    if (!visitors?.delete(visitor)) return;
    if (visitors.size === 0) this.#identifiers.delete(key);
    this.#keys.get(visitor)?.delete(key);
    if (visitors.size > this.#visitorsMax) return;
    this.#shared.delete(key);
    this.#again([...visitors.keys(), visitor]);
  }

  /** All visitors of the person that a visitor is, itself included. */
  person(visitor: string): ReadonlySet<string> {
    return this.#people.get(visitor) ?? new Set([visitor]);
  }

  /** The people that others joined, or that came apart, since this was asked last. */
  changes(): ReadonlySet<ReadonlySet<string>> {
    const people = new Set([...this.#changed].map((visitor) => this.person(visitor)));
    this.#changed.clear();
    return people;
  }

  /** What ties the visitors of a person, with the evidence, in a fixed order. */
  ties(visitor: string): Tie[] {
    const keys = new Set([...this.person(visitor)].flatMap((one) => [...(this.#keys.get(one) ?? [])]));
    return [...keys]
      .sort()
      .map((key) => [...(this.#identifiers.get(key) as Map<string, LinkFact>).values()])
      .filter((links) => links.length > 1 && links.length <= this.#visitorsMax)
      .map((links) => {
        links.sort((a, b) => a.seq - b.seq || (a.visitor < b.visitor ? -1 : 1));
        const { kind, value } = links[0] as LinkFact;
        return {
          kind,
          value,
          visitors: links.map(({ visitor: of, firstAt, seq }) => ({ visitor: of, at: firstAt, seq })),
        };
      });
  }

  /** Identifiers that tie nobody because too many came with them, in a fixed order. */
  shared(): SharedIdentifier[] {
    return [...this.#shared].sort().map((key) => {
      const visitors = this.#identifiers.get(key) as Map<string, LinkFact>;
      const [{ kind, value }] = visitors.values() as Iterable<LinkFact> as [LinkFact];
      return { kind, value, visitors: visitors.size };
    });
  }

  /** Makes one person of all that these visitors are; the smaller ones join the largest. */
  #join(visitors: Iterable<string>): void {
    const people = [...new Set([...visitors].map((visitor) => this.#people.get(visitor) as Set<string>))];
    const [whole, ...others] = people.sort((a, b) => b.size - a.size) as [Set<string>, ...Set<string>[]];
    for (const person of others)
      for (const visitor of person) {
        whole.add(visitor);
        this.#people.set(visitor, whole);
      }
    if (others.length > 0) this.#note(whole);
  }

  /** Finds out anew who is who among the visitors of these people. */
  #again(visitors: Iterable<string>): void {
    const left = new Set([...visitors].flatMap((visitor) => [...this.person(visitor)]));
    for (const start of left) {
      left.delete(start);
      const person = new Set([start]);
      for (const visitor of person)
        for (const key of this.#keys.get(visitor) ?? []) {
          if (this.#shared.has(key)) continue;
          const tied = this.#identifiers.get(key) as Map<string, unknown>;
          for (const other of tied.keys()) if (left.delete(other)) person.add(other);
        }
      for (const visitor of person) this.#people.set(visitor, person);
      this.#note(person);
    }
  }

  #note(person: ReadonlySet<string>): void {
    const [somebody] = person;
    this.#changed.add(somebody as string);
  }
}

function keyOf(kind: IdentifierKind, value: string): string {
  return `${kind}\n${value}`;
}
