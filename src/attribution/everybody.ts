import type { FactBatch, SharedIdentifier, Warehouse } from '../store/warehouse.ts';
import type { Book } from './book/book.ts';

/** Who is who, and what ties nobody, of all visitors at once: `visitorsMax` as the book has it. */
export async function everybody(
  warehouse: Pick<Warehouse, 'ties'>,
  book: Pick<Book, 'personOf'>,
  visitorsMax: number,
): Promise<Required<Pick<FactBatch, 'people' | 'shared' | 'everybody'>>> {
  const visitors = new Set<string>();
  const identifiers = new Map<string, SharedIdentifier>();
  for await (const links of warehouse.ties())
    for (const { visitor, kind, value } of links) {
      visitors.add(visitor);
      const key = `${kind}:${value}`;
      const known = identifiers.get(key) ?? { kind, value, visitors: 0 };
      identifiers.set(key, { ...known, visitors: known.visitors + 1 });
    }
  return {
    people: [...visitors].flatMap((visitor) => {
      const [person] = book.personOf(visitor);
      return person === undefined || person === visitor ? [] : { visitor, person };
    }),
    shared: [...identifiers.values()].filter((one) => one.visitors > visitorsMax),
    everybody: true,
  };
}
