import type { EventRow } from '../event/event.ts';

/** The leads of these events, and what else may be one by its id. */
export function leadIdsOf(events: readonly EventRow[], ids: readonly string[]): string[] {
  return [...new Set([...ids, ...events.flatMap((event) => event.leadId ?? [])])];
}

/** The subjects under which findings speak of these events, orders and leads. */
export function subjectsOf(
  events: readonly EventRow[],
  orderIds: readonly string[],
  leadIds: readonly string[],
): string[] {
  const ofEvents = events.flatMap((event) => [`event ${event.seq}`, `event ${event.eventId}`]);
  return [...ofEvents, ...orderIds.map((orderId) => `order ${orderId}`), ...leadIds.map((leadId) => `lead ${leadId}`)];
}
