import type { FactKind } from '../../event/order.ts';
import { type Books, type Difference, netsText } from './books.ts';
import type { Plan } from './plan.ts';

import type { Truth } from './truth.ts';

/** What really was, and what was made of it. */
export interface Line {
  of: string;
  truth: string;
  books: string;
}

/** The two books side by side. */
export function sideBySide({ orders, nets }: Truth, books: Books, broken: Plan['broken']): Line[] {
  const truths = [...orders.values()];
  const booked = [...books.orders.values()];
  const counted = truths.filter((order) => order.counted);
  const purchases = [...books.purchases.values()];
  const line = (of: string, truth: number | string, made: number | string): Line => ({
    ...{ of, truth: String(truth), books: String(made) },
  });
  const statuses = new Set([...truths, ...booked].map(({ status }) => status));
  const currencies = new Set([...nets.keys(), ...books.nets.keys()]);
  const times = (from: ReadonlyMap<string, bigint>, currency: string): string =>
    netsText(new Map([...from].filter(([code]) => code === currency)));
  return [
    line('orders', truths.length, booked.length),
    ...[...statuses].sort().map((one) =>
      line(
        `  ${one}`,
        count(truths, ({ status }) => status === one),
        count(booked, ({ status }) => status === one),
      ),
    ),
    ...[...currencies].sort().map((currency) => line('net', times(nets, currency), times(books.nets, currency))),
    line(
      'Purchases at TikTok',
      counted.length,
      purchases.reduce((sum, { times: counts }) => sum + counts, 0),
    ),
    line(
      '  counted more than once',
      0,
      count(purchases, ({ times: counts }) => counts > 1),
    ),
    line(
      '  of orders never paid in full',
      0,
      count([...books.purchases.keys()], (id) => !orders.get(id)?.isConfirmed),
    ),
    line(
      '  with the page’s pixel',
      count(truths, ({ fires }) => fires),
      count(purchases, ({ fired }) => fired > 0),
    ),
    line('quarantined', broken.quarantined, books.verdicts['quarantined'] ?? 0),
    line('refused', broken.refused, books.verdicts['refused'] ?? 0),
  ];
}

/** Shares of the month, in hundredths: what it was made of. */
export function sharesOf({ stories, mail }: Pick<Plan, 'stories' | 'mail'>, { orders }: Truth): Record<string, number> {
  const of = (part: number, whole: number): number => Math.round((10_000 * part) / whole) / 100;
  const having = (...kinds: FactKind[]): number =>
    of(
      count(stories, ({ facts }) => kinds.every((wanted) => facts.some(({ kind }) => kind === wanted))),
      stories.length,
    );
  return {
    'refunded, whole or part': having('refund'),
    'refunds that failed': having('refundReversed'),
    'charged back': having('chargeback'),
    'chargebacks reversed': having('chargebackReversed'),
    'cancelled after a payment': having('payment', 'cancellation'),
    'undone before release': of(
      count([...orders.values()], ({ isUndone }) => isUndone),
      stories.length,
    ),
    'paid in parts': of(
      count(stories, ({ inParts }) => inParts),
      stories.length,
    ),
    'not paid in full': of(
      count([...orders.values()], ({ isConfirmed }) => !isConfirmed),
      stories.length,
    ),
    'webhooks late by up to 10 days': of(mail.late, mail.webhooks),
    'webhooks overtaken': of(mail.overtaken, mail.webhooks),
    'webhooks that came again': of(mail.again, mail.webhooks),
  };
}

/** The first differences as text, each on a line; empty where there is none. */
export function differenceText(differences: readonly Difference[], max = 20): string {
  const lines = differences
    .slice(0, max)
    .map(
      ({ of, what, truth, books }) => `${of}: ${what} is ${truth || 'nothing'}, and ${books || 'nothing'} in the books`,
    );
  if (differences.length > max) lines.push(`… and ${differences.length - max} more`);
  return lines.join('\n');
}

function count<T>(all: readonly T[], fits: (one: T) => boolean): number {
  return all.reduce((sum, one) => sum + Number(fits(one)), 0);
}
