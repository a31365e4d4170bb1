import type { EventRow } from '../event/event.ts';

/** The subjects under which findings speak of these events and orders. */
export function subjectsOf(events: readonly EventRow[], orderIds: readonly string[]): string[] {
  const ofEvents = events.flatMap((event) => [`event ${event.seq}`, `event ${event.eventId}`]);
  return [...ofEvents, ...orderIds.map((orderId) => `order ${orderId}`)];
}
