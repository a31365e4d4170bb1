import type { Door, EventRow } from '../event/event.ts';
import type { MoneyText } from '../event/money.ts';
import type { EntryRow, OrderRow } from '../event/order.ts';
import type { Reason } from '../event/reason.ts';
import { ruleFor } from '../spec/default.ts';
import type { EventRule } from '../spec/spec.ts';
import { worthOf } from './amount.ts';
import { shopOf } from './consents.ts';
import type { Context } from './context.ts';
import { confirmationOf, releaseLegs, withholdLegs } from './legs.ts';
import { type OrderLife, orderLife } from './order-life.ts';
import { copyState, settleValue } from './settle.ts';

/** Is the order paid in full by what is known of it so far? */
export function isPaid(order: OrderRow, { working }: Context): boolean {
  return orderLife(order, working.entries(order)).full !== undefined;
}

/**
 * Brings an order's row in line with its facts, and its legs with the row: confirmed where the spec's rule holds, kept
 * back where nothing should count any more. `wasPaid`: it was paid in full before this record.
 */
export function settleOrder(order: OrderRow, wasPaid: boolean, at: number, context: Context): void {
  const { working, spec } = context;
  const entries = working.entries(order);
  const life = orderLife(order, entries);
  const event = order.event === undefined ? undefined : working.event(order.event);
  const rule = ruleFor(spec, 'Purchase');
  const believed = event && life.full && !wasPaid ? paidInFull(order, event, life.full, context) : order;
  const next = withLife(believed, life, event, entries);
  working.putOrder(next);
  if (next.total !== undefined && entries.some((entry) => isForeign(entry, next.total)))
    working.finding(
      'payment_currency',
      `order ${order.orderId}`,
      `was paid in another currency than ${next.total}`,
      at,
    );
  if (!event) return;
  const why = whyKept(next, context);
  if (why) withholdLegs(event, why, at, context);
  else if (confirmationOf(event, rule) === 'webhook' && isConfirmed(life, rule)) confirm(next, at, context);
}

/** The confirmation rule holds: from now the delay runs. Happens once, and never to an order that is to stay here. */
export function confirm(order: OrderRow, at: number, context: Context): void {
  const event = order.event === undefined ? undefined : context.working.event(order.event);
  const rule = ruleFor(context.spec, 'Purchase');
  if (order.confirmedAt !== undefined || order.createdAt === undefined || !event || whyKept(order, context)) return;
  // With `timeOf: confirmed` TikTok's event time, the end of the attribution window and the day of the conversion are
  // all read from the event, so they are one instant.
  const confirmed = rule.timeOf === 'confirmed' && event.frozenAt === undefined ? { ...event, occurredAt: at } : event;
  context.working.putEvent(confirmed);
  context.working.putOrder({ ...order, confirmedAt: at });
  releaseLegs(confirmed, rule, at, context);
}

/** An attempt that brought nothing to TikTok is not repeated for an order that was undone meanwhile. */
export function withholdUndone(event: EventRow, at: number, context: Context): void {
  const order = event.orderId === undefined ? undefined : context.working.order(shopOf(event), event.orderId);
  const why = order?.event === event.seq ? whyKept(order, context) : undefined;
  if (why) withholdLegs(event, why, at, context);
}

/** Why nothing of the order is to leave, whatever confirms it. */
function whyKept(order: OrderRow, { working, spec }: Context): string | undefined {
  const entries = working.entries(order);
  if (orderLife(order, entries).isUndone) return 'order_cancelled';
  if (isRenewal(order, entries) && ruleFor(spec, 'Purchase').renewals === 'book') return 'origin_system';
  return undefined;
}

function isConfirmed({ full, paid }: OrderLife, { confirmAt }: EventRule): boolean {
  return full !== undefined || (confirmAt === 'firstPayment' && paid !== undefined && paid.minor > 0n);
}

/** Did the payer's money move in another currency than the order's? A provider's fee may well be in another. */
function isForeign({ kind, amount }: EntryRow, total: MoneyText | undefined): boolean {
  return kind !== 'fee' && amount !== undefined && amount.slice(-3) !== total?.slice(-3);
}

/** Do only machines know of the order? What a page or the shop's server told was placed by somebody. */
function isRenewal({ createdBy }: OrderRow, entries: readonly EntryRow[]): boolean {
  if (createdBy !== undefined && createdBy !== 'webhook') return false;
  return entries.length > 0 && entries.every(({ origin }) => origin === 'system');
}

/** The sum at which an order became paid is the payment provider's word about its value. */
function paidInFull(
  order: OrderRow,
  event: EventRow,
  { sum, by }: NonNullable<OrderLife['full']>,
  context: Context,
): OrderRow {
  const rule = ruleFor(context.spec, event.name);
  const door: Door = `webhook:${by.provider ?? 'payment'}`;
  const row = { ...event };
  const copy = copyState(event, rule, false, context);
  settleValue(row, worthOf(sum, context.spec), { door, seq: by.seq, rule, copy, believe: 'declared' }, context);
  context.working.putEvent(row);
  return row.value === undefined ? order : { ...order, total: row.value };
}

function withLife(
  { net: _net, otherNets: _others, origin: _origin, ...order }: OrderRow,
  { status, net, otherNets }: OrderLife,
  event: EventRow | undefined,
  entries: readonly EntryRow[],
): OrderRow {
  const isSystem = event?.origin === 'system' || isRenewal(order, entries);
  return {
    ...order,
    status,
    ...(net === undefined ? {} : { net }),
    ...(otherNets === undefined ? {} : { otherNets }),
    ...(isSystem ? { origin: 'system' } : {}),
  };
}

export const CONFIRM_REASONS: Reason[] = [
  {
    code: 'order_cancelled',
    with: 'withheld',
    means: 'The order was cancelled, or paid back whole, before a copy had left. It stays in the books.',
    fix: '',
  },
];
