import type { Hop, TraceAnswer, TraceDispatch, TraceEvent } from '../api/answers.ts';
import type { AttemptRow, DispatchRow } from '../event/dispatch.ts';
import type { EventRow, JsonObject } from '../event/event.ts';
import type { EntryRow, OrderRow } from '../event/order.ts';
import type { Spec } from '../spec/spec.ts';
import type { LedgerReader, Lineage } from '../store/ledger.ts';
import { normalisedEvent, requestOf } from '../transport/view.ts';
import { legSays, waitSays } from './says.ts';

const EVENTS_MAX = 50;

/** Everything known about one id, in time order; undefined when nothing is. */
export async function trace(
  reader: LedgerReader,
  id: string,
  specOf: (version: number) => Spec,
  asOf: number,
): Promise<TraceAnswer | undefined> {
  const found = await reader.find(id, EVENTS_MAX + 1);
  const lineage = await reader.lineage(found.slice(0, EVENTS_MAX), [id]);
  const { timezone } = specOf(0).business;
  const orderId = lineage.events.length === 1 ? (lineage.events[0]?.orderId ?? id) : id;
  const order = lineage.orders.find((row) => row.orderId === orderId);
  const events = lineage.events.map((event) => traceEvent(event, lineage, specOf(event.specVersion), timezone));
  if (events.length === 0 && !order) return undefined;
  const answer: TraceAnswer = { id, asOf, timezone, events: events.reverse(), cut: found.length > EVENTS_MAX };
  return order ? { ...answer, order: traceOrder(order, lineage.entries) } : answer;
}

function traceOrder(order: OrderRow, entries: readonly EntryRow[]): NonNullable<TraceAnswer['order']> {
  return {
    orderId: order.orderId,
    status: order.status,
    ...(order.total === undefined ? {} : { total: order.total }),
    ...(order.createdAt === undefined ? {} : { createdAt: order.createdAt }),
    ...(order.createdBy === undefined ? {} : { createdBy: order.createdBy }),
    ...(order.confirmedAt === undefined ? {} : { confirmedAt: order.confirmedAt }),
    entries: entries
      .filter((entry) => entry.orderId === order.orderId)
      .map(({ reference, kind, amount, occurredAt }) => ({ reference, kind, amount, occurredAt })),
  };
}

function traceEvent(event: EventRow, lineage: Lineage, spec: Spec, timezone: string): TraceEvent {
  const legs = lineage.dispatches.filter((leg) => leg.event === event.seq);
  const request = requestOf(event, spec);
  return {
    seq: event.seq,
    event: event.name,
    eventId: event.eventId,
    sourceId: event.sourceId,
    source: event.source,
    occurredAt: event.occurredAt,
    ...(event.value === undefined ? {} : { value: event.value }),
    ...(event.orderId === undefined ? {} : { orderId: event.orderId }),
    ...(event.visitor === undefined ? {} : { visitor: event.visitor }),
    ...(event.session === undefined ? {} : { session: event.session }),
    consent: event.consent,
    specVersion: event.specVersion,
    matchKeys: Object.keys(event.personal?.user ?? {}),
    observations: event.observations,
    dispatches: legs.map((leg) => traceDispatch(leg, timezone)),
    hops: hopsOf(event, legs, lineage, timezone),
    normalised: normalisedEvent(event),
    ...(request ? { request: request as unknown as JsonObject } : {}),
  };
}

function traceDispatch(leg: DispatchRow, timezone: string): TraceDispatch {
  const { destination, state, why, dueAt, expiresAt, attempts, code, message, requestId } = leg;
  return {
    destination,
    leg: leg.leg,
    state,
    why,
    attempts,
    says: legSays(leg, timezone),
    ...(dueAt === undefined ? {} : { dueAt }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(code === undefined ? {} : { code }),
    ...(message === undefined ? {} : { message }),
    ...(requestId === undefined ? {} : { requestId }),
  };
}

function hopsOf(event: EventRow, legs: readonly DispatchRow[], lineage: Lineage, timezone: string): Hop[] {
  const order = lineage.orders.find((row) => row.orderId === event.orderId);
  const entries = lineage.entries.filter((entry) => entry.orderId === event.orderId);
  const hops: Hop[] = [
    ...observationHops(event, lineage, entries),
    ...(order?.confirmedAt === undefined
      ? []
      : [
          {
            at: order.confirmedAt,
            kind: 'order',
            reasons: [],
            says: `The order is confirmed (${order.status}).`,
          } satisfies Hop,
        ]),
    ...lineage.attempts.filter((attempt) => attempt.event === event.seq).flatMap(attemptHops),
    ...legs.map(
      (leg): Hop => ({
        at: leg.changedAt,
        kind: leg.leg === 'pixel' && (leg.state === 'queued' || leg.state === 'inFlight') ? 'handout' : 'dispatch',
        leg: leg.leg,
        destination: leg.destination,
        state: leg.state,
        reasons: [leg.why],
        says: legSays(leg, timezone),
      }),
    ),
    ...lineage.differences
      .filter((row) => row.event === event.seq)
      .map(
        (row): Hop => ({
          at: lineage.verdicts.find((verdict) => verdict.seq === row.seq)?.at ?? event.receivedAt,
          kind: 'difference',
          seq: row.seq,
          reasons: [],
          says: `Another observation says ${row.field} ${row.told}; ${row.kept} was kept, as ${row.decidedBy} told it.`,
        }),
      ),
    ...lineage.findings.map(
      (finding): Hop => ({
        at: finding.firstSeenAt,
        kind: 'finding',
        reasons: [],
        says: `${finding.subject}: ${finding.what} (${finding.times}×).`,
      }),
    ),
  ];
  return hops.sort((a, b) => a.at - b.at || rank(a) - rank(b));
}

function rank(hop: Hop): number {
  return [
    'observation',
    'payment',
    'order',
    'attempt',
    'dispatch',
    'handout',
    'pixel',
    'difference',
    'finding',
  ].indexOf(hop.kind);
}

function observationHops(event: EventRow, lineage: Lineage, entries: readonly EntryRow[]): Hop[] {
  return lineage.verdicts
    .filter((verdict) => verdict.event === event.seq)
    .map((verdict): Hop => {
      const entry = entries.find((row) => row.seq === verdict.seq);
      const seen = event.observations.find((row) => row.seq === verdict.seq);
      const late =
        seen && seen.receivedAt - seen.occurredAt > 2000
          ? `, ${waitSays(seen.receivedAt - seen.occurredAt)} after it happened`
          : '';
      const what = entry
        ? `Payment of ${entry.amount}, reference ${entry.reference}`
        : verdict.kind === 'order'
          ? 'The order was told before its payment'
          : verdict.kind === 'fired'
            ? 'The page reports that it fired its handout'
            : `${event.name} was told`;
      return {
        at: verdict.at,
        kind: entry
          ? 'payment'
          : verdict.kind === 'order'
            ? 'order'
            : verdict.kind === 'fired'
              ? 'pixel'
              : 'observation',
        seq: verdict.seq,
        door: verdict.door,
        verdict: verdict.verdict,
        reasons: verdict.reasons,
        says: `${what}${late}.`,
        ...(seen
          ? {
              detail: {
                occurredAt: new Date(seen.occurredAt).toISOString(),
                receivedAt: new Date(seen.receivedAt).toISOString(),
              },
            }
          : {}),
      };
    });
}

function attemptHops(attempt: AttemptRow): Hop[] {
  const base = { kind: 'attempt', leg: attempt.leg, destination: attempt.destination } as const;
  const sent: Hop = {
    ...base,
    at: attempt.sentAt,
    reasons: [],
    says: attempt.leg === 'pixel' ? 'The page was told to fire the pixel.' : `Attempt ${attempt.n} left for TikTok.`,
  };
  if (attempt.answeredAt === undefined || attempt.leg === 'pixel') return [sent];
  const says =
    attempt.code === undefined
      ? `No answer of TikTok's own${attempt.http ? ` (HTTP ${attempt.http})` : ''}`
      : `TikTok answered ${attempt.code}`;
  return [
    sent,
    {
      ...base,
      at: attempt.answeredAt,
      reasons: [],
      says: `${says}: ${attempt.outcome ?? 'unknown'}.`,
      ...(attempt.code === undefined ? {} : { code: attempt.code }),
      ...(attempt.message === undefined ? {} : { message: attempt.message }),
      ...(attempt.requestId === undefined ? {} : { requestId: attempt.requestId }),
    },
  ];
}
