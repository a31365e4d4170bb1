import type { EventRow } from './event.ts';
import type { MoneyText } from './money.ts';

/**
 * An event as the outbox hands it on: what decides about it as values, and what TikTok gets of it as the JSON that the
 * ledger has. To read that JSON and write it again would cost more than all else that sending takes.
 */
export interface OutgoingEvent
  extends Pick<
    EventRow,
    | 'seq'
    | 'name'
    | 'eventId'
    | 'source'
    | 'namespace'
    | 'origin'
    | 'occurredAt'
    | 'receivedAt'
    | 'consent'
    | 'specVersion'
  > {
  /** what TikTok gets as its value, if any */
  sentValue: MoneyText | undefined;
  limitedDataUse: boolean | undefined;
  /** JSON of the event's fields of these names, and of those in `personal`; undefined where it has none */
  properties: string;
  user: string | undefined;
  page: string | undefined;
  app: string | undefined;
  ad: string | undefined;
  lead: string | undefined;
}

/** The same of an event that has been read. */
export function outgoing(event: EventRow): OutgoingEvent {
  const { personal } = event;
  return {
    seq: event.seq,
    name: event.name,
    eventId: event.eventId,
    source: event.source,
    namespace: event.namespace,
    origin: event.origin,
    occurredAt: event.occurredAt,
    receivedAt: event.receivedAt,
    consent: event.consent,
    specVersion: event.specVersion,
    sentValue: (event.sendValue === undefined ? event.value : event.sendValue) ?? undefined,
    limitedDataUse: event.limitedDataUse,
    properties: JSON.stringify(event.properties),
    user: textOf(personal?.user),
    page: textOf(personal?.page),
    app: textOf(event.app),
    ad: textOf(event.ad),
    lead: textOf(event.lead),
  };
}

function textOf(part: object | undefined): string | undefined {
  return part === undefined ? undefined : JSON.stringify(part);
}
