import type { Consent, EventRow, Namespace, Origin, Source } from '../../event/event.ts';
import { JsonCells, stringEnd, valueEnd } from '../../event/json-text.ts';
import type { OutgoingEvent } from '../../event/outgoing.ts';

/**
 * What transport needs of a stored event, cut out of its texts. It gives what `outgoing` would give of the event that
 * `readEventDoc` reads, in a third of the time.
 */
export function readOutgoing(seq: number, doc: string, personal: string | null): OutgoingEvent {
  // In the order of the document’s cells.
  const cells = new JsonCells(doc);
  cells.skip();
  const name = cells.text() ?? '';
  const eventId = cells.text() ?? '';
  const source = cells.text() as Source;
  const namespace = cells.text() as Namespace;
  const origin = cells.text() as Origin;
  const occurredAt = Number(cells.json());
  const receivedAt = Number(cells.json());
  const consent = cells.text() as Consent;
  const specVersion = Number(cells.json());
  cells.skip();
  const properties = cells.json() ?? '{}';
  const value = cells.json();
  cells.skip(4);
  const sendValue = cells.json();
  cells.skip();
  const app = cells.json();
  const ad = cells.json();
  const lead = cells.json();
  const limitedDataUse = cells.json();
  const { user, page } = partsOf(personal);
  return {
    seq,
    name,
    eventId,
    source,
    namespace,
    origin,
    occurredAt,
    receivedAt,
    consent,
    specVersion,
    sentValue: moneyOf(sendValue === undefined ? value : sendValue),
    limitedDataUse: limitedDataUse === undefined ? undefined : limitedDataUse === 'true',
    properties,
    user,
    page,
    app,
    ad,
    lead,
  };
}

/** Money as text; a number stands for a value that is none. */
function moneyOf(json: string | undefined): EventRow['value'] {
  return json?.startsWith('"') ? (JSON.parse(json) as string) : undefined;
}

/** The members of an event’s personal text. */
function partsOf(text: string | null): Pick<OutgoingEvent, 'user' | 'page'> {
  const parts: Pick<OutgoingEvent, 'user' | 'page'> = { user: undefined, page: undefined };
  if (text === null) return parts;
  for (let at = 1; at < text.length - 1; ) {
    const from = stringEnd(text, at) + 1;
    const end = valueEnd(text, from);
    if (text.startsWith('"user"', at)) parts.user = text.slice(from, end);
    else if (text.startsWith('"page"', at)) parts.page = text.slice(from, end);
    at = end + 1;
  }
  return parts;
}
