import type { TraceDispatch, TraceEvent } from '../api/answers.ts';
import type { DispatchRow } from '../event/dispatch.ts';
import type { EventRow, JsonObject } from '../event/event.ts';
import { ruleFor } from '../spec/default.ts';
import type { Spec } from '../spec/spec.ts';
import { sourceIdOf, trackItem, trackRequest } from '../tiktok/body.ts';
import { firstCopy } from '../transport/pick.ts';
import { normalisedEvent } from '../transport/view.ts';
import { legsDiffer } from './legs-differ.ts';
import { forecastSays, legSays } from './says.ts';
import { hopsOf, type TraceAround } from './trace-hops.ts';

/** One event with its legs, its way, and what each destination gets. */
export function traceEvent(event: EventRow, spec: Spec, around: TraceAround): TraceEvent {
  const legs = around.lineage.dispatches.filter((leg) => leg.event === event.seq);
  const differences = around.lineage.differences.filter((row) => row.event === event.seq);
  return {
    seq: event.seq,
    event: event.name,
    eventId: event.eventId,
    sourceId: event.sourceId,
    source: event.source,
    occurredAt: event.occurredAt,
    ...(event.value === undefined ? {} : { value: event.value }),
    ...(event.orderId === undefined ? {} : { orderId: event.orderId }),
    ...(event.leadId === undefined ? {} : { leadId: event.leadId }),
    ...(event.visitor === undefined ? {} : { visitor: event.visitor }),
    ...(event.session === undefined ? {} : { session: event.session }),
    ...(event.namespace === 'draft' ? { draft: true } : {}),
    consent: event.consent,
    specVersion: event.specVersion,
    matchKeys: Object.keys(event.personal?.user ?? {}),
    observations: event.observations,
    dispatches: legs.map((leg) => traceDispatch(leg, legs, spec, around)),
    legsDiffer: legsDiffer(event, legs, differences, ruleFor(spec, event.name).guarded),
    hops: hopsOf(event, legs, spec, around),
    normalised: normalisedEvent(event),
    requests: requestsOf(event, spec, around),
  };
}

function traceDispatch(
  leg: DispatchRow,
  legs: readonly DispatchRow[],
  spec: Spec,
  { now, clock }: TraceAround,
): TraceDispatch {
  const { destination, state, why, dueAt, expiresAt, attempts, code, message, requestId } = leg;
  return {
    destination,
    leg: leg.leg,
    state,
    why,
    attempts,
    says: legSays(leg, clock, legs, spec.delivery.merge),
    ...forecastSays(firstCopy(legs, destination), leg.leg, now, spec.delivery, clock),
    ...(dueAt === undefined ? {} : { dueAt }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(code === undefined ? {} : { code }),
    ...(message === undefined ? {} : { message }),
    ...(requestId === undefined ? {} : { requestId }),
  };
}

/** The request for this event alone, to every destination that has a place for its source. */
function requestsOf(event: EventRow, spec: Spec, { testCode }: TraceAround): TraceEvent['requests'] {
  return spec.destinations.flatMap((target) => {
    const sourceId = sourceIdOf(target, event.source);
    if (sourceId === null) return [];
    const item = trackItem(event, target.eventNames, spec.delivery.freeKeys);
    const coded = { ...target, testCode: testCode(event, target) };
    const request = trackRequest(coded, event.source, sourceId, [item]) as unknown as JsonObject;
    return [{ destination: target.id, event: item.event, request }];
  });
}
