import type { JsonObject } from '../../event/event.ts';
import { fill, judge, type Outcome } from './dedup.ts';
import { diagnose, type Receipt } from './diagnostics.ts';
import { objectAt, textAt } from './json.ts';
import { currentName, isPageview } from './names.ts';
import type { Store, Tally } from './store.ts';
import type { Switches } from './switches.ts';

/** Keeps one event that arrived: counts, merges or drops it, or lays it beside the others as a test event. */
export function receive(store: Store, switches: Switches, receipt: Receipt): Outcome | 'test' {
  const { at, channel, body } = receipt;
  if (receipt.test !== undefined) return arrive(store, receipt, store.insertTally(newTally(receipt)), 'test');
  for (const issue of diagnose(receipt))
    store.insertIssue({
      ...issue,
      at,
      event: textAt(body, 'event') ?? '',
      channel,
      eventId: textAt(body, 'event_id') ?? null,
    });

  const known = findKnown(store, switches, receipt);
  const outcome = judge(known, at, channel, switches);
  if (!known || outcome === 'counted' || outcome === 'counted_again')
    return arrive(store, receipt, store.insertTally(newTally(receipt)), outcome);
  const kept = outcome === 'merged' ? fill(parsed(known), body, switches.mergeConflict) : parsed(known);
  store.updateTally({
    ...known,
    ...figures(kept),
    body: JSON.stringify(kept),
    channels: [...new Set([...known.channels, channel])],
    merged: known.merged + Number(outcome === 'merged'),
    dropped: known.dropped + Number(outcome === 'dropped'),
  });
  return arrive(store, receipt, known.id, outcome);
}

function arrive<T extends Outcome | 'test'>(store: Store, receipt: Receipt, tally: number, outcome: T): T {
  const { at, channel, requestId, raw } = receipt;
  store.insertArrival({ tally, at, channel, outcome, requestId, body: JSON.stringify(raw) });
  return outcome;
}

/** The counted event that this one is a copy of. */
function findKnown(store: Store, switches: Switches, { sourceId, channel, at, body }: Receipt): Tally | undefined {
  const event = textAt(body, 'event') ?? '';
  const eventId = textAt(body, 'event_id');
  const column = switches.nameAliasing ? 'name' : 'event';
  const key = switches.nameAliasing ? currentName(event) : event;
  if (eventId !== undefined) {
    const known = store.findByEventId(sourceId, column, key, eventId);
    if (known) return known;
  }
  const ttp = textAt(objectAt(body, 'user'), 'ttp');
  if (!switches.ttpFallback || ttp === undefined || isPageview(event)) return undefined;
  // Only a browser and a server copy are compared so, and only where an event id is missing.
  return store
    .findByTtp(sourceId, column, key, ttp)
    .filter((tally) => !tally.channels.includes(channel) && at - tally.firstAt <= switches.dropMs)
    .find((tally) => eventId === undefined || tally.eventId === null);
}

function newTally({ sourceId, at, channel, test, body }: Receipt): Omit<Tally, 'id'> {
  const event = textAt(body, 'event') ?? '';
  return {
    sourceId,
    event,
    name: currentName(event),
    eventId: textAt(body, 'event_id') ?? null,
    test: test ?? null,
    firstAt: at,
    channels: [channel],
    merged: 0,
    dropped: 0,
    ...figures(body),
    body: JSON.stringify(body),
  };
}

/** What lists and sums need of a body. */
function figures(body: JsonObject): Pick<Tally, 'orderId' | 'ttp' | 'value' | 'currency'> {
  const properties = objectAt(body, 'properties');
  const { value } = properties;
  return {
    orderId: textAt(properties, 'order_id') ?? null,
    ttp: textAt(objectAt(body, 'user'), 'ttp') ?? null,
    value: typeof value === 'number' || typeof value === 'string' ? String(value) : null,
    currency: textAt(properties, 'currency') ?? null,
  };
}

function parsed(tally: Tally): JsonObject {
  return JSON.parse(tally.body) as JsonObject;
}
