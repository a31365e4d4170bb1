import type { Door, EventRow } from '../event/event.ts';
import { add, type Money, moneyText, storedMoney } from '../event/money.ts';
import type { EntryRow, OrderRow } from '../event/order.ts';
import type { Reason } from '../event/reason.ts';
import type { ToldOrder } from '../event/told.ts';
import { ruleFor } from '../spec/default.ts';
import type { JournalRecord } from '../store/journal.ts';
import { worthOf } from './amount.ts';
import type { Context } from './context.ts';
import { codes, hintsOf, newEvent, tellAgain } from './events.ts';
import { tellFindings } from './inspect.ts';
import { confirmationOf, openLegs, releaseLegs } from './legs.ts';
import type { Draft } from './normalise.ts';
import { COMPARED, copyState, settleValue } from './settle.ts';

/** More capabilities than this for one order are not kept: each is a creation told again. */
const CAPABILITIES_MAX = 16;

/** An order told before its payment, or its Purchase told by a page or server. One order id is one event, for ever. */
export function tellOrder(record: JournalRecord, draft: Draft & { orderId: string }, context: Context): void {
  if (draft.problems.length > 0) {
    context.working.verdict(record, 'quarantined', codes(draft), undefined, draft.problems);
    return;
  }
  const shop = context.spec.business.id;
  const order = context.working.order(shop, draft.orderId);
  const known = order?.event === undefined ? undefined : context.working.event(order.event);
  const next = order && known ? toldAgain(record, draft, order, context) : created(record, draft, order, context);
  if (!next) return;
  context.working.putOrder(next);
  confirmIfPaid(next, record.receivedAt, context);
  const byServer = record.door === 'server' && record.kind === 'event';
  const event = next.event === undefined ? undefined : context.working.event(next.event);
  const by = event && confirmationOf(event, draft.rule);
  if (by === 'none' || (by === 'server' && byServer))
    confirm(context.working.order(shop, draft.orderId) ?? next, record.receivedAt, context);
}

function created(
  record: JournalRecord,
  draft: Draft & { orderId: string },
  orphan: OrderRow | undefined,
  context: Context,
): OrderRow | undefined {
  const event = newEvent(record, draft, context);
  if (openLegs(event, draft, record, context) === 0) {
    context.working.verdict(record, 'quarantined', ['no_destination']);
    return undefined;
  }
  context.working.putEvent(event);
  context.working.verdict(record, 'admitted', ['first_observation', ...draft.notes], event.seq, hintsOf(draft));
  tellFindings(draft, record.receivedAt, context);
  return {
    shop: context.spec.business.id,
    orderId: draft.orderId,
    status: orphan && orphan.status !== 'orphan' ? orphan.status : 'created',
    event: event.seq,
    createdAt: draft.occurredAt,
    ...visitorOf(record, draft),
    capabilities: capabilityOf(record),
  };
}

/**
 * A creation or a page's Purchase for an order that exists. A server's creation beats a browser's; a page of another
 * visitor gets no capability and is noted as a clash.
 */
function toldAgain(record: JournalRecord, draft: Draft, order: OrderRow, context: Context): OrderRow {
  const known = context.working.event(order.event as number);
  if (!known) return order;
  // A server may tell an order without its visitor; a page that names none is a stranger to an order that has one.
  const sameVisitor =
    order.visitor === undefined ||
    draft.visitor === order.visitor ||
    (draft.visitor === undefined && record.door !== 'browser');
  const takesOver =
    record.kind === 'order' &&
    record.door === 'server' &&
    order.createdBy === 'browser' &&
    known.frozenAt === undefined;
  if (!sameVisitor && record.kind === 'order')
    context.working.finding(
      'order_clash',
      `order ${order.orderId}`,
      takesOver ? 'a browser had created it for another visitor' : 'another visitor tried to create it again',
      record.receivedAt,
    );
  if (!sameVisitor && !takesOver) {
    // Nothing of a stranger's record may reach the order: not its context, not its consent.
    const stranger: Draft = {
      ...draft,
      personal: null,
      consent: 'unknown',
      notes: [...draft.notes, 'other_visitor'],
    };
    tellAgain(record, stranger, known, context, Number.POSITIVE_INFINITY, 'known');
    return order;
  }
  const believe = sameVisitor ? 'declared' : 'new';
  tellAgain(record, draft, known, context, Number.POSITIVE_INFINITY, believe);
  const told = context.working.event(known.seq) ?? known;
  if (!takesOver) {
    const capabilities = [...new Set([...order.capabilities, ...capabilityOf(record)])].slice(0, CAPABILITIES_MAX);
    const consent = draft.consent === 'unknown' ? order.consent : draft.consent;
    // An order that a server told without its visitor belongs to the first page that names it.
    const visitor = order.visitor ?? draft.visitor;
    return withTotal({ ...order, capabilities, consent, ...(visitor === undefined ? {} : { visitor }) }, told);
  }
  const event = takenOver(told, newEvent(record, draft, context), sameVisitor);
  context.working.putEvent(event);
  const capabilities = sameVisitor ? [...order.capabilities, ...capabilityOf(record)] : capabilityOf(record);
  return withTotal({ ...order, ...visitorOf(record, draft), capabilities }, event);
}

/** The event under the server's creation: all of it is the server's, but what the same visitor's page told better. */
function takenOver(told: EventRow, fresh: EventRow, sameVisitor: boolean): EventRow {
  const { seq, receivedAt, observations, deciders } = told;
  const kept = { seq, receivedAt, observations, ...(deciders ? { deciders } : {}) };
  if (!sameVisitor) return { ...fresh, ...kept };
  const { value: _value, sendValue: _send, rate: _rate, ...context } = fresh;
  const properties = { ...told.properties, ...fresh.properties };
  for (const field of COMPARED) if (told.properties[field] !== undefined) properties[field] = told.properties[field];
  return { ...told, ...context, ...kept, properties, personal: merged(told.personal, fresh.personal) };
}

/** An order is worth what its event is in our books. */
function withTotal(order: OrderRow, { value }: EventRow): OrderRow {
  return value === undefined ? order : { ...order, total: value };
}

function merged(old: OrderRow['personal'], told: OrderRow['personal']): OrderRow['personal'] {
  return { user: { ...old?.user, ...told?.user }, page: { ...old?.page, ...told?.page } };
}

/** What an order keeps of the visitor at the act. */
function visitorOf(
  record: JournalRecord,
  draft: Draft,
): Pick<OrderRow, 'createdBy' | 'consent' | 'properties' | 'personal'> & Partial<OrderRow> {
  return {
    createdBy: record.door === 'server' ? 'server' : 'browser',
    consent: draft.consent,
    properties: draft.properties,
    personal: draft.personal,
    ...(draft.visitor === undefined ? {} : { visitor: draft.visitor }),
    ...(draft.session === undefined ? {} : { session: draft.session }),
    ...(draft.value === undefined ? {} : { total: draft.value }),
  };
}

function capabilityOf(record: JournalRecord): string[] {
  const { capability } = record.body as Partial<ToldOrder>;
  return record.kind === 'order' && capability !== undefined ? [capability] : [];
}

/** Sums the payments and confirms the order when the spec's rule is met. */
export function confirmIfPaid(order: OrderRow, at: number, context: Context): void {
  const rule = ruleFor(context.spec, 'Purchase');
  const payments = context.working.entries(order).filter((entry) => entry.kind === 'payment');
  if (!order.total || order.event === undefined || payments.length === 0) return;
  const total = storedMoney(order.total);
  const paid = payments
    .map((entry) => storedMoney(entry.amount))
    .filter((amount) => amount.currency === total.currency)
    .reduce(add, { minor: 0n, currency: total.currency });
  if (payments.some((entry) => !entry.amount.endsWith(` ${total.currency}`)))
    context.working.finding(
      'payment_currency',
      `order ${order.orderId}`,
      `was paid in another currency than ${moneyText(total)}`,
      at,
    );
  const full = paid.minor >= total.minor;
  const believed = full && order.status !== 'paid' ? paidInFull(order, paid, payments.at(-1), context) : order;
  const next: OrderRow = { ...believed, status: full ? 'paid' : 'partlyPaid' };
  context.working.putOrder(next);
  const event = context.working.event(order.event);
  if (event && confirmationOf(event, rule) === 'webhook' && (full || rule.confirmAt === 'firstPayment'))
    confirm(next, at, context);
}

/** The sum at which an order became paid is the payment provider's word about its value. */
function paidInFull(order: OrderRow, paid: Money, last: EntryRow | undefined, context: Context): OrderRow {
  const event = order.event === undefined ? undefined : context.working.event(order.event);
  if (!event || !last) return order;
  const rule = ruleFor(context.spec, event.name);
  const door: Door = `webhook:${last.provider ?? 'payment'}`;
  const row = { ...event };
  const copy = copyState(event, rule, false, context);
  settleValue(row, worthOf(paid, context.spec), { door, seq: last.seq, rule, copy, believe: 'declared' }, context);
  context.working.putEvent(row);
  return withTotal(order, row);
}

/** The confirmation rule holds: from now the delay runs. Happens once. */
function confirm(order: OrderRow, at: number, context: Context): void {
  const event = order.event === undefined ? undefined : context.working.event(order.event);
  const rule = ruleFor(context.spec, 'Purchase');
  if (order.confirmedAt !== undefined || !event) return;
  const confirmed = rule.timeOf === 'confirmed' && event.frozenAt === undefined ? { ...event, occurredAt: at } : event;
  context.working.putEvent(confirmed);
  context.working.putOrder({ ...order, confirmedAt: at });
  releaseLegs(confirmed, rule, at, context);
}

export const ORDER_REASONS: Reason[] = [
  {
    code: 'other_visitor',
    with: 'note',
    means: 'Another visitor’s page told this order; nothing of it was taken over.',
    fix: 'See the finding order_clash if the page tried to create the order.',
  },
];
