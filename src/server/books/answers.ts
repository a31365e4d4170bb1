import type { LeadAnswer, LeadsAnswer, MoneyAnswer, OrderAnswer, OrdersAnswer } from '../../api/books.ts';
import type { DispatchRow } from '../../event/dispatch.ts';
import type { LeadRow } from '../../event/lead.ts';
import { lostSessionSays } from '../../event/lost-session.ts';
import type { MoneyText } from '../../event/money.ts';
import { DAY } from '../../event/time.ts';
import type { Spec } from '../../spec/spec.ts';
import { orderedAt } from '../../store/book-order.ts';
import type { LeadsAsked, OrdersAsked, OrderWithEntries } from '../../store/books.ts';
import type { LedgerReader } from '../../store/ledger.ts';
import { type BookAsked, cursor } from './asked.ts';

export async function ordersAnswer(
  reader: Pick<LedgerReader, 'orders' | 'orderTotals' | 'orderMarks' | 'load'>,
  { asked, limit }: BookAsked<OrdersAsked>,
): Promise<Pick<OrdersAnswer, 'totals' | 'marks' | 'orders' | 'next'>> {
  // One more than asked for says whether there is another page.
  const found = await reader.orders(asked, limit + 1);
  const page = found.slice(0, limit);
  const last = found.length > limit ? page.at(-1) : undefined;
  return {
    totals: (await reader.orderTotals()).map(({ status, count, total, net }) => ({
      ...{ status, count, total: moneyAnswer(total), net: moneyAnswer(net) },
    })),
    marks: await reader.orderMarks(),
    orders: await orderAnswers(reader, page),
    ...(last ? { next: cursor(orderedAt(last.order, last.entries), last.order.orderId, last.order.shop) } : {}),
  };
}

/** Orders with what became of the copies of their Purchases. */
export async function orderAnswers(
  reader: Pick<LedgerReader, 'load'>,
  orders: readonly OrderWithEntries[],
): Promise<OrderAnswer[]> {
  const events = orders.flatMap(({ order }) => order.event ?? []);
  const { dispatches } = await reader.load({ events, orders: [] });
  const legs = Map.groupBy(dispatches, ({ event }) => event);
  return orders.map((one) => orderAnswer(one, legs.get(one.order.event ?? 0) ?? []));
}

function orderAnswer({ order, entries }: OrderWithEntries, dispatches: readonly DispatchRow[]): OrderAnswer {
  return {
    order_id: order.orderId,
    shop: order.shop,
    status: order.status,
    createdAt: order.createdAt ?? null,
    createdBy: order.createdBy ?? null,
    confirmedAt: order.confirmedAt ?? null,
    origin: order.origin ?? 'visitor',
    total: moneyAnswer(order.total),
    net: moneyAnswer(order.net),
    otherNets: (order.otherNets ?? []).map(partsOf),
    visitor: order.visitor ?? null,
    lostSession: order.lostSession ? { says: lostSessionSays(order.lostSession), ...order.lostSession } : null,
    legs: dispatches.map(({ destination, leg, state, why }) => ({ destination, leg, state, why })),
    entries: entries.map(({ reference, kind, amount, provider, occurredAt, seq }) => ({
      ...{ reference, fact: kind, amount: moneyAnswer(amount), provider: provider ?? null, occurredAt, seq },
    })),
  };
}

/** Who does not call within a day loses most leads, and after a month hardly one is won. */
const AGEING_DAYS = [1, 3, 7, 30];

export async function leadsAnswer(
  reader: Pick<LedgerReader, 'leads' | 'leadTotals' | 'leadAges'>,
  { asked, limit }: BookAsked<LeadsAsked>,
  spec: Spec,
  asOf: number,
): Promise<Pick<LeadsAnswer, 'ladder' | 'totals' | 'ageingDays' | 'ageing' | 'leads' | 'next'>> {
  const found = await reader.leads(asked, limit + 1);
  const page = found.slice(0, limit);
  const last = found.length > limit ? page.at(-1) : undefined;
  return {
    ladder: ladderOf(spec),
    totals: (await reader.leadTotals()).map(({ status, count, value }) => ({
      ...{ status, count, value: moneyAnswer(value) },
    })),
    ageingDays: AGEING_DAYS,
    ageing: await reader.leadAges(
      asOf,
      AGEING_DAYS.map((days) => days * DAY),
    ),
    leads: page.map(leadAnswer),
    ...(last ? { next: cursor(last.createdAt, last.leadId) } : {}),
  };
}

/** The steps that have a value, then those that only have an event. */
function ladderOf({ leads: { ladder, events } }: Spec): LeadsAnswer['ladder'] {
  const statuses = new Set([...Object.keys(ladder), ...Object.keys(events)]);
  return [...statuses].map((status) => ({
    status,
    value: moneyAnswer(ladder[status]),
    event: events[status] ?? null,
  }));
}

function leadAnswer(lead: LeadRow): LeadAnswer {
  const { leadId, status, value, createdAt, changedAt, source, visitor, properties, steps } = lead;
  return {
    ...{ lead_id: leadId, status, value: moneyAnswer(value), createdAt, changedAt, source },
    ...{ visitor: visitor ?? null, properties, steps },
  };
}

function moneyAnswer(text: MoneyText | null | undefined): MoneyAnswer | null {
  return text === undefined || text === null ? null : partsOf(text);
}

function partsOf(text: MoneyText): MoneyAnswer {
  const [amount = '', currency = ''] = text.split(' ');
  return { amount, currency };
}
