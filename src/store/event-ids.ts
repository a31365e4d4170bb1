import type { Door, EventRow } from '../event/event.ts';
import type { EventKey } from './ledger.ts';

/** The ids by which people look for an event, beside its order id and its sequence. */
export function idsOf(event: EventRow): string[] {
  const ids = [event.eventId, event.visitor, event.session, event.leadId, event.personal?.user?.ttclid];
  return ids.filter((id) => id !== undefined);
}

/** The doors that told the event, each once, in the order of their first word. */
export function doorsOf(event: EventRow): Door[] {
  return [...new Set(event.observations.map((observation) => observation.door))];
}

export function isNamed(event: EventRow, key: EventKey): boolean {
  return event.eventId === key.eventId && event.name === key.name && event.sourceId === key.sourceId;
}
