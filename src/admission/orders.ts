import { add, moneyText, storedMoney } from '../event/money.ts';
import type { OrderRow } from '../event/order.ts';
import type { Reason } from '../event/reason.ts';
import type { ToldOrder } from '../event/told.ts';
import { ruleFor } from '../spec/default.ts';
import type { JournalRecord } from '../store/journal.ts';
import type { Context } from './context.ts';
import { codes, newEvent, tellAgain } from './events.ts';
import { openLegs, releaseLegs } from './legs.ts';
import type { Draft } from './normalise.ts';

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
  if (draft.rule.confirm === 'none' || (draft.rule.confirm === 'server' && byServer))
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
  context.working.verdict(record, 'admitted', ['first_observation', ...draft.notes], event.seq);
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
  const sameVisitor = draft.visitor === undefined || order.visitor === undefined || draft.visitor === order.visitor;
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
      properties: {},
      notes: [...draft.notes, 'other_visitor'],
    };
    tellAgain(record, stranger, known, context, Number.POSITIVE_INFINITY);
    return order;
  }
  if (!takesOver) {
    tellAgain(record, draft, known, context, Number.POSITIVE_INFINITY);
    const capabilities = [...new Set([...order.capabilities, ...capabilityOf(record)])].slice(0, CAPABILITIES_MAX);
    const consent = draft.consent === 'unknown' ? order.consent : draft.consent;
    // An order that a server told without its visitor belongs to the first page that names it.
    const visitor = order.visitor ?? draft.visitor;
    return { ...order, capabilities, consent, ...(visitor === undefined ? {} : { visitor }) };
  }
  const first = known.observations[0];
  if (first && known.value !== undefined && draft.value !== undefined && known.value !== draft.value)
    context.working.difference(known, 'value', draft.value, known.value, first.seq, record.door);
  const fresh = newEvent(record, draft, context);
  const event = { ...fresh, seq: known.seq, receivedAt: known.receivedAt, observations: known.observations };
  context.working.putEvent(sameVisitor ? { ...event, personal: merged(known.personal, draft.personal) } : event);
  tellAgain(record, draft, context.working.event(known.seq) ?? event, context, Number.POSITIVE_INFINITY);
  return {
    ...order,
    ...visitorOf(record, draft),
    capabilities: sameVisitor ? [...order.capabilities, ...capabilityOf(record)] : capabilityOf(record),
  };
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
  const next: OrderRow = { ...order, status: full ? 'paid' : 'partlyPaid' };
  context.working.putOrder(next);
  if (rule.confirm === 'webhook' && (full || rule.confirmAt === 'firstPayment')) confirm(next, at, context);
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
