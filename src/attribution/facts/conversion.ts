import type { EventRow } from '../../event/event.ts';
import type { ConversionFact } from '../../event/fact.ts';
import { storedMoney } from '../../event/money.ts';
import type { OrderRow } from '../../event/order.ts';
import { ruleFor } from '../../spec/default.ts';
import type { Spec } from '../../spec/spec.ts';

/** The part of the spec that says what is counted. */
export type Counting = Pick<Spec, 'attribution' | 'events'>;

/** The shop of an event's order. */
export function shopOf({ sourceId }: Pick<EventRow, 'sourceId'>): string {
  return sourceId.slice(0, sourceId.indexOf('/'));
}

/** The event as the business counts it, if it does. `order` is the one with the event's order id. */
export function conversionOf(row: EventRow, order: OrderRow | undefined, spec: Counting): ConversionFact | undefined {
  if (row.namespace !== 'live' || !spec.attribution.conversions.includes(row.name)) return undefined;
  const own = order?.event === row.seq ? order : undefined;
  // Anybody may call himself a bot's name, and no bot pays.
  if (row.bot && own?.confirmedAt === undefined) return undefined;
  const rule = ruleFor(spec as Spec, row.name);
  const worth = own?.total ?? row.value;
  const { minor, currency } =
    worth === undefined ? { minor: 0n, currency: own?.net?.slice(-3) ?? '' } : storedMoney(worth);
  return {
    conversion: row.seq,
    name: row.name,
    occurredAt: row.occurredAt,
    visitor: row.visitor ?? own?.visitor ?? `~${row.seq}`,
    shop: row.orderId === undefined ? null : shopOf(row),
    orderId: row.orderId ?? null,
    leadId: row.leadId ?? null,
    confirmed: own === undefined || rule.confirm === 'none' || own.confirmedAt !== undefined,
    minor,
    net: own === undefined ? minor : netIn(own, currency),
    currency,
    specVersion: row.specVersion,
  };
}

/** What is left of the order's money in that currency; nobody adds two. */
function netIn({ net }: OrderRow, currency: string): bigint {
  if (net === undefined) return 0n;
  const left = storedMoney(net);
  return left.currency === currency ? left.minor : 0n;
}
