import type { DispatchRow } from '../event/dispatch.ts';
import type { Door, EventRow } from '../event/event.ts';
import type { TouchRow } from '../event/touch.ts';
import type { EventKey } from './known.ts';

/** The ids by which people look for an event, beside its order id and its sequence. */
export function idsOf(event: EventRow): string[] {
  const ids = [event.eventId, event.visitor, event.session, event.leadId, event.personal?.user?.ttclid];
  return ids.filter((id) => id !== undefined);
}

/** The ids by which a touch is found. */
export function touchIdsOf(touch: TouchRow): string[] {
  return [touch.touch, touch.visitor, touch.session, touch.personal?.user?.ttclid].filter((id) => id !== undefined);
}

/** The ids of events that lead to their touches. */
export function touchesOf(events: readonly EventRow[], ids: readonly string[]): string[] {
  const told = events.flatMap((event) => [event.visitor, event.session, event.personal?.user?.ttclid]);
  return [...new Set([...ids, ...told.filter((id) => id !== undefined)])];
}

/** Has the leg not ended, so that a withdrawn consent still matters? An attempt under way may come to nothing. */
export function isWaiting({ state }: Pick<DispatchRow, 'state'>): boolean {
  return state === 'held' || state === 'queued' || state === 'inFlight';
}

/** The doors that told the event, each once, in the order of their first word. */
export function doorsOf(event: EventRow): Door[] {
  return [...new Set(event.observations.map((observation) => observation.door))];
}

/** Does the event know the page that a visitor was on, so that it can stand for what is told without one? */
export function isContext(event: EventRow): boolean {
  return event.namespace === 'live' && event.personal?.page?.url !== undefined;
}

/** Does the event know the click on an ad that its visitor came by? */
export function hasClick(event: EventRow): boolean {
  return event.namespace === 'live' && event.personal?.user?.ttclid !== undefined;
}

/** Of a visitor's newest events this many are looked at for a click. */
export const CLICK_EVENTS_MAX = 100;

export function isNamed(event: EventRow, key: EventKey): boolean {
  return event.eventId === key.eventId && event.name === key.name && event.sourceId === key.sourceId;
}
