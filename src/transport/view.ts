import type { EventRow, JsonObject } from '../event/event.ts';
import type { Spec } from '../spec/spec.ts';
import { sourceIdOf, type TrackRequest, trackItem, trackRequest } from '../tiktok/body.ts';

/** An event as people read it: the normalised form of what was told, contacts as hashes. */
export function normalisedEvent(event: EventRow): JsonObject {
  return JSON.parse(
    JSON.stringify({
      event: event.name,
      event_id: event.eventId,
      time: new Date(event.occurredAt).toISOString(),
      source: event.source,
      source_id: event.sourceId,
      order_id: event.orderId,
      lead_id: event.leadId,
      visitor: event.visitor,
      session: event.session,
      value: event.value,
      sent_value: event.sendValue,
      rate: event.rate,
      consent: event.consent,
      draft: event.namespace === 'draft' || undefined,
      bot: event.bot,
      limited_data_use: event.limitedDataUse,
      user: event.personal?.user,
      page: event.personal?.page,
      properties: event.properties,
      app: event.app,
      ad: event.ad,
      lead: event.lead,
      spec: event.specVersion,
    }),
  ) as JsonObject;
}

/** The request for this event alone, to the first destination that has a place for its source; null where none has. */
export function requestOf(event: EventRow, spec: Spec): TrackRequest | null {
  for (const target of spec.destinations) {
    const sourceId = sourceIdOf(target, event.source);
    if (sourceId === null) continue;
    const item = trackItem(event, target.eventNames, spec.delivery.freeKeys);
    return trackRequest(target, event.source, sourceId, [item]);
  }
  return null;
}
