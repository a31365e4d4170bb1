import type { BrowserBatch, WireEvent } from '../api/wire.ts';

/** A batch of the script with the names of its fields. Any other body stays as it is: its shape is checked after this. */
export function namedBatch(body: unknown): unknown {
  if (!isOfScript(body)) return body;
  const { head, events, time, ...rest } = body;
  return { ...rest, ...named(head), sent_at: time, events: Array.isArray(events) ? events.map(namedEvent) : events };
}

/** The same for an order. */
export function namedOrder(body: unknown): unknown {
  if (!isOfScript(body)) return body;
  const { head, ...rest } = body;
  return { ...rest, ...named(head) };
}

function isOfScript(body: unknown): body is { head: unknown[]; [field: string]: unknown } {
  return typeof body === 'object' && body !== null && 'head' in body && Array.isArray(body.head);
}

function named([consent, spec, ids, page, ad, contacts, ttp]: unknown[]): Fields<BrowserBatch> {
  const { visitor, session } = (ids ?? {}) as { visitor?: unknown; session?: unknown };
  const user = known({ ...(contacts as object), ttp });
  return known({ consent, spec, visitor, session, page, ad, user });
}

function namedEvent(record: unknown): unknown {
  if (!Array.isArray(record) || typeof record[0] !== 'object' || record[0] === null) return record;
  const [properties, event, event_id, pixel, time, limited_data_use] = record as unknown[];
  return known({ event, event_id, pixel, time, properties, limited_data_use } satisfies Fields<WireEvent>);
}

type Fields<T> = { [K in keyof T]?: unknown };

/** What was not known has no field: in a list it is null. */
function known(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value != null));
}
