import type { Door, EventRow } from '../event/event.ts';
import { type MoneyText, moneyText, storedMoney } from '../event/money.ts';
import type { EntryRow, OrderRow } from '../event/order.ts';
import type { Reason } from '../event/reason.ts';
import { ruleFor } from '../spec/default.ts';
import type { EventRule } from '../spec/spec.ts';
import { worthOf } from './amount.ts';
import { shopOf } from './consents.ts';
import type { Context } from './context.ts';
import { confirmationOf, releaseLegs, withholdLegs } from './legs.ts';
import type { OrderLife } from './order-life.ts';
import { lifeOf, worthOfOrder } from './order-worth.ts';
import { copyState, deciderOf, settleValue } from './settle.ts';

/**
 * Brings an order's row in line with its facts, and its legs with the row: confirmed where the spec's rule holds, kept
 * back where nothing should count any more.
 */
export function settleOrder(order: OrderRow, at: number, context: Context): void {
  const { working, spec } = context;
  const entries = working.entries(order);
  const rule = ruleFor(spec, 'Purchase');
  const life = lifeOf(order, entries, rule);
  const event = order.event === undefined ? undefined : working.event(order.event);
  const next = withLife(event ? valued(order, event, life, context) : order, life, event, entries);
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
export function whyKept(order: OrderRow, { working, spec }: Context): string | undefined {
  const entries = working.entries(order);
  const rule = ruleFor(spec, 'Purchase');
  const life = lifeOf(order, entries, rule);
  const isCancelled = entries.some(({ kind }) => kind === 'cancellation');
  // A part that was paid back undoes nothing while the rest is awaited: a refund may overtake the payment before it.
  const isOpen = order.createdAt !== undefined && order.confirmedAt === undefined;
  const isAwaited = isOpen && rule.confirm === 'webhook' && !isConfirmed(life, rule);
  if (life.isUndone && (isCancelled || !isAwaited)) return 'order_cancelled';
  if (isRenewal(order, entries) && rule.renewals === 'book') return 'origin_system';
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

/** The order, and its event, with the value that follows from all that was told of it. */
function valued(order: OrderRow, event: EventRow, { full }: OrderLife, context: Context): OrderRow {
  const rule = ruleFor(context.spec, 'Purchase');
  const worth = worthOfOrder(order, full, rule);
  if (!worth) return order;
  const paid = full && { value: moneyText(full.sum), door: hookOf(full.by), seq: full.by.seq };
  const decider = worth.byPayment && paid ? paid : { door: deciderOf(event, 'value'), seq: event.seq };
  const row = { ...event };
  const say = (value: MoneyText, by: { door: Door; seq: number }, believe: 'new' | 'known'): void =>
    settleValue(
      row,
      worthOf(storedMoney(value), context.spec),
      { ...by, rule, copy: copyState(event, rule, false, context), believe },
      context,
    );
  if (event.value !== worth.value) say(worth.value, decider, 'new');
  // What was paid beyond a word that is believed more is written down.
  if (paid && paid.value !== worth.value) say(paid.value, paid, 'known');
  if (event.value !== worth.value) context.working.putEvent(row);
  return { ...order, total: worth.value };
}

function hookOf({ provider }: EntryRow): Door {
  return `webhook:${provider ?? 'payment'}`;
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
