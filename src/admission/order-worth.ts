import type { Door } from '../event/event.ts';
import { type MoneyText, moneyText, storedMoney } from '../event/money.ts';
import type { EntryRow, OrderRow, Teller } from '../event/order.ts';
import type { EventRule } from '../spec/spec.ts';
import { type OrderLife, orderLife } from './order-life.ts';

type Told = NonNullable<OrderRow['told']>;

/** Whose word an observation of this door is. Imports and CRMs speak for the business, as its server does. */
export function tellerOf(door: Door): Teller {
  return door.startsWith('webhook') ? 'webhook' : door === 'browser' ? 'browser' : 'server';
}

/**
 * What each side says that an order is worth, after one more word. Of each side counts what it said of the earliest
 * time, and of one time the lower value: whatever arrives first, the same words stand in the end.
 */
export function withWord(told: Told = {}, teller: Teller, value: MoneyText, at: number): Told {
  const known = told[teller];
  const isFirst = !known || at < known.at || (at === known.at && isLower(value, known.value));
  return isFirst ? { ...told, [teller]: { value, at } } : told;
}

function isLower(a: MoneyText, b: MoneyText): boolean {
  const [one, other] = [storedMoney(a), storedMoney(b)];
  return one.currency === other.currency ? one.minor < other.minor : one.currency < other.currency;
}

/** Where an order stands, by the sum that it was to cost: what was paid beyond that changes its total, and no state. */
export function lifeOf(order: OrderRow, entries: readonly EntryRow[], rule: EventRule): OrderLife {
  const total = order.told === undefined ? order.total : believed(order.told, rule);
  const { total: _total, ...others } = order;
  return orderLife(total === undefined ? others : { ...others, total }, entries);
}

/** What the books say that an order is worth; `byPayment` where the sum of its payments decided that. */
export interface Worth {
  value: MoneyText;
  byPayment?: true;
}

/**
 * The word that the spec believes most. The sum at which an order was paid in full is a webhook's word too, where no
 * webhook told the order itself.
 */
export function worthOfOrder({ told }: OrderRow, full: OrderLife['full'], rule: EventRule): Worth | undefined {
  if (told === undefined) return undefined;
  for (const teller of rule.precedence) {
    const word = told[teller];
    if (word) return { value: word.value };
    if (teller === 'webhook' && full) return { value: moneyText(full.sum), byPayment: true };
  }
  const value = believed(told, rule);
  return value === undefined ? undefined : { value };
}

function believed(told: Told, { precedence }: EventRule): MoneyText | undefined {
  const tellers: readonly Teller[] = [...precedence, 'server', 'webhook', 'browser'];
  const best = tellers.find((teller) => told[teller]);
  return best && told[best]?.value;
}
