import type { Door, EventRow } from '../event/event.ts';
import type { OrderRow } from '../event/order.ts';
import type { Reason } from '../event/reason.ts';
import type { ToldOrder } from '../event/told.ts';
import type { JournalRecord } from '../store/journal.ts';
import { confirm, settleOrder } from './confirm.ts';
import type { Context } from './context.ts';
import { codes, hintsOf, newEvent, tellAgain } from './events.ts';
import { asAddition, isHooked, withVisitor, wordOfHook } from './hooked-orders.ts';
import { tellFindings } from './inspect.ts';
import { confirmationOf, hasLeft, openLegs } from './legs.ts';
import { lostSince, lostToHook, withLost } from './lost-session.ts';
import type { Draft } from './normalise.ts';
import { withClick } from './order-click.ts';
import { tellerOf, withWord } from './order-worth.ts';
import { callOffSale } from './orphans.ts';
import { COMPARED } from './settle.ts';

/** More capabilities than this for one order are not kept: each is a creation told again. */
const CAPABILITIES_MAX = 16;

/**
 * An order told before its payment, or its Purchase told by a page or server, or the order as a provider knows it. One
 * order id is one event, for ever.
 */
export function tellOrder(record: JournalRecord, told: Draft & { orderId: string }, context: Context): void {
  const shop = context.spec.business.id;
  const order = context.working.order(shop, told.orderId);
  const own = isHooked(record) && order?.createdAt !== undefined ? asAddition(told) : told;
  const draft = withClick(record, own, context);
  if (draft.problems.length > 0) {
    context.working.verdict(record, 'quarantined', codes(draft), undefined, draft.problems);
    return;
  }
  const sold = order?.event === undefined ? undefined : context.working.event(order.event);
  const known = sold && order?.createdAt === undefined ? callOffSale(sold, record.receivedAt, context) : sold;
  const next =
    order && known
      ? toldAgain(record, draft, order, known, context)
      : created(
          record,
          isHooked(record) ? withClick(record, withVisitor(draft, context), context) : draft,
          order,
          context,
        );
  if (!next) return;
  settleOrder(next, record.receivedAt, context);
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
  const lost = isHooked(record) ? lostToHook(record, draft.visitor, context) : undefined;
  const event = newEvent(record, draft, context);
  if (openLegs(event, draft, record, context) === 0) {
    context.working.verdict(record, 'quarantined', ['no_destination']);
    return undefined;
  }
  if (lost) draft.notes.push('session_lost');
  context.working.putEvent(event);
  context.working.verdict(record, 'admitted', ['first_observation', ...draft.notes], event.seq, hintsOf(draft));
  tellFindings(draft, record.receivedAt, context);
  const order: OrderRow = {
    shop: context.spec.business.id,
    orderId: draft.orderId,
    status: orphan?.status ?? 'created',
    event: event.seq,
    createdAt: draft.occurredAt,
    ...visitorOf(record, draft),
    capabilities: capabilityOf(record),
  };
  return withLost(order, lost, context);
}

/**
 * A creation or a page's Purchase for an order that exists. A server's creation beats a browser's; a page of another
 * visitor gets no capability and is noted as a clash.
 */
function toldAgain(record: JournalRecord, draft: Draft, before: OrderRow, known: EventRow, context: Context): OrderRow {
  const order = comparedWith(record, draft, before, known, context);
  if (order.createdAt === undefined) {
    // Its payment went to TikTok as a sale of its own: whoever tells the order now joins that one.
    tellAgain(record, draft, known, context, Number.POSITIVE_INFINITY);
    return { ...order, createdAt: draft.occurredAt, ...visitorOf(record, draft), capabilities: capabilityOf(record) };
  }
  if (isHooked(record)) {
    tellAgain(record, wordOfHook(draft, known), known, context, Number.POSITIVE_INFINITY);
    return { ...order, ...wordOf(record, draft, order.told) };
  }
  // A server may tell an order without its visitor; a page that names none is a stranger to an order that has one.
  const sameVisitor =
    order.visitor === undefined ||
    draft.visitor === order.visitor ||
    (draft.visitor === undefined && record.door !== 'browser');
  const takesOver =
    record.kind === 'order' && record.door === 'server' && order.createdBy !== 'server' && known.frozenAt === undefined;
  if (!sameVisitor && record.kind === 'order')
    context.working.finding(
      'order_clash',
      `order ${order.orderId}`,
      takesOver
        ? `a ${order.createdBy} had created it for another visitor`
        : 'another visitor tried to create it again',
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
    const word = wordOf(record, draft, order.told);
    return { ...order, capabilities, consent, ...(visitor === undefined ? {} : { visitor }), ...word };
  }
  const fresh = newEvent(record, draft, context);
  // A confirmation that gave the event its time stands.
  if (order.confirmedAt !== undefined && draft.rule.timeOf === 'confirmed') fresh.occurredAt = told.occurredAt;
  const event = { ...takenOver(told, fresh, sameVisitor), ...frozenOf(told, context) };
  context.working.putEvent(event);
  const capabilities = sameVisitor ? [...order.capabilities, ...capabilityOf(record)] : capabilityOf(record);
  const word = wordOf(record, draft, sameVisitor ? order.told : undefined);
  const { lostSession, ...taken } = order;
  // Told by a webhook first, the order now has its visitor, and nothing of it has left without.
  const isFound = order.createdBy === 'webhook' && draft.visitor !== undefined;
  const mark = lostSession && !isFound ? { lostSession } : {};
  return { ...taken, ...mark, ...visitorOf(record, draft), ...word, capabilities };
}

/** The order, with the mark that its visitor was lost where this record shows it for the first time. */
function comparedWith(
  record: JournalRecord,
  draft: Draft,
  order: OrderRow,
  known: EventRow,
  context: Context,
): OrderRow {
  // Two creations that differ are a clash: neither says that it is the other's return.
  if (record.kind === 'order' && !isHooked(record)) return order;
  const told = { ...draft, page: draft.personal?.page?.url, at: draft.occurredAt };
  const next = withLost(order, lostSince(record, told, order, known, context.spec), context);
  if (next !== order) draft.notes.push('session_lost');
  return next;
}

/** What TikTok knows the event by, where a page has fired it: its names, which are its spec's, and its time. */
function frozenOf({ seq, specVersion, occurredAt }: EventRow, { working }: Context): Partial<EventRow> {
  return working.legs(seq).some(hasLeft) ? { specVersion, occurredAt } : {};
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

/** What this observation says that the order is worth, beside what others said; its total follows from all of it. */
function wordOf(
  { door }: JournalRecord,
  { value, occurredAt }: Draft,
  told: OrderRow['told'],
): Pick<OrderRow, 'told'> | undefined {
  return value === undefined ? undefined : { told: withWord(told, tellerOf(door), value, occurredAt) };
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
    createdBy: creatorOf(record.door),
    consent: draft.consent,
    properties: draft.properties,
    personal: draft.personal,
    ...(draft.visitor === undefined ? {} : { visitor: draft.visitor }),
    ...(draft.session === undefined ? {} : { session: draft.session }),
    ...wordOf(record, draft, undefined),
  };
}

/** Imports and CRMs speak for the business, as its server does. */
function creatorOf(door: Door): NonNullable<OrderRow['createdBy']> {
  if (door === 'browser') return 'browser';
  return door.startsWith('webhook:') ? 'webhook' : 'server';
}

function capabilityOf(record: JournalRecord): string[] {
  const { capability } = record.body as Partial<ToldOrder>;
  return record.kind === 'order' && capability !== undefined ? [capability] : [];
}

export const ORDER_REASONS: Reason[] = [
  {
    code: 'other_visitor',
    with: 'note',
    means: 'Another visitor’s page told this order; nothing of it was taken over.',
    fix: 'See the finding order_clash if the page tried to create the order.',
  },
];
