import type { EntryRow, OrderRow } from '../event/order.ts';
import type { OrderMark, OrdersAsked } from './books.ts';

type Marked = Pick<OrderRow, 'shop' | 'total' | 'net' | 'otherNets' | 'lostSession'>;

/**
 * What a list of orders can be narrowed to besides status, id and time: `shop demo`, each `currency EUR` in which money
 * was due or moved, each `provider stripe` that told a fact, and `session lost`.
 */
export function orderMarks(
  { shop, total, net, otherNets = [], lostSession }: Marked,
  providers: Iterable<string>,
): string[] {
  const money = [total, net, ...otherNets].flatMap((text) => text?.split(' ')[1] ?? []);
  return [
    `shop ${shop}`,
    ...[...new Set(money)].sort().map((currency) => `currency ${currency}`),
    ...[...new Set(providers)].sort().map((provider) => `provider ${provider}`),
    ...(lostSession ? ['session lost'] : []),
  ];
}

/** Who told the facts of an order. */
export function providersOf(entries: readonly EntryRow[]): string[] {
  return entries.flatMap(({ provider }) => provider ?? []);
}

/** The marks that an order must have to be on the list. */
export function askedMarks({ shop, currency, provider, session }: OrdersAsked): string[] {
  return Object.entries({ shop, currency, provider, session }).flatMap(([kind, name]) =>
    name === undefined ? [] : [`${kind} ${name}`],
  );
}

/** `currency EUR` as it is told to readers. */
export function readMark(mark: string, orders: number): OrderMark {
  const blank = mark.indexOf(' ');
  return { kind: mark.slice(0, blank) as OrderMark['kind'], name: mark.slice(blank + 1), orders };
}
