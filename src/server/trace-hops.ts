import type { Hop, HopKind } from '../api/answers.ts';
import type { AttemptRow, DispatchRow } from '../event/dispatch.ts';
import type { EventRow } from '../event/event.ts';
import { lostSessionSays } from '../event/lost-session.ts';
import type { EntryRow, FactKind } from '../event/order.ts';
import type { TouchRow } from '../event/touch.ts';
import { ruleFor } from '../spec/default.ts';
import type { Destination, Spec } from '../spec/spec.ts';
import type { VerdictRow } from '../store/effects.ts';
import type { Lineage } from '../store/ledger.ts';
import { type ClockWords, differenceSays, legSays, meaning, waitSays } from './says.ts';

/** What every part of a trace is told with. */
export interface TraceAround {
  lineage: Lineage;
  now: number;
  clock: ClockWords;
  /** the code that an event goes to a destination with */
  testCode(event: EventRow, target: Destination): string | null;
}

/** Of many touches the last ones before the event say enough; the whole list stands beside. */
const TOUCHES_BEFORE_MAX = 10;
/** A record is late from here on; less is the network. */
const LATE_MS = 2000;

/** The order of steps that share a millisecond. */
const ORDER: readonly HopKind[] = [
  'touch',
  'consent',
  'observation',
  'lead',
  'payment',
  'order',
  'replay',
  'attempt',
  'dispatch',
  'handout',
  'pixel',
  'difference',
  'finding',
];

/** The way of an event in time order: contact with ads, records, money, legs, attempts, and what did not agree. */
export function hopsOf(event: EventRow, legs: readonly DispatchRow[], spec: Spec, around: TraceAround): Hop[] {
  const { lineage } = around;
  const facts = factsOf(event, lineage);
  const hops: Hop[] = [
    ...touchHops(event, lineage.touches),
    ...lineage.verdicts
      .filter((verdict) => verdict.event === event.seq || facts.has(verdict.seq) || isBefore(verdict, event))
      .map((verdict) => recordHop(verdict, event, facts.get(verdict.seq))),
    ...confirmedHops(event, around),
    ...lostHops(event, around),
    ...lineage.attempts.filter((attempt) => attempt.event === event.seq).flatMap(attemptHops),
    ...legs.flatMap(replayHops),
    ...legs.map((leg) => legHop(leg, legs, spec, around)),
    ...differenceHops(event, spec, around),
    ...lineage.findings
      // That one is told where it happened.
      .filter(({ subject, check }) => isAbout(subject, event) && check !== 'session_lost')
      .map(
        (finding): Hop => ({
          at: finding.firstSeenAt,
          kind: 'finding',
          reasons: [],
          says: `${finding.subject}: ${finding.what} (${finding.times}×).`,
        }),
      ),
  ];
  return hops.sort((a, b) => a.at - b.at || ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
}

/** A verdict from before the record was let in: it belonged to no event. */
function isBefore({ seq, event: of }: VerdictRow, event: EventRow): boolean {
  return of === undefined && event.observations.some((seen) => seen.seq === seq);
}

/** The facts of the order whose Purchase the event is, by sequence: those too that came before anybody told the order. */
function factsOf(event: EventRow, { orders, entries }: Lineage): ReadonlyMap<number, EntryRow> {
  const order = orders.find((row) => row.orderId === event.orderId && row.event === event.seq);
  const own = order ? entries.filter((row) => row.orderId === order.orderId && row.shop === order.shop) : [];
  return new Map(own.map((entry) => [entry.seq, entry]));
}

function touchHops(event: EventRow, touches: readonly TouchRow[]): Hop[] {
  const ttclid = event.personal?.user?.ttclid;
  const own = touches.filter(
    (touch) =>
      touch.at <= event.receivedAt &&
      ((touch.visitor !== undefined && touch.visitor === event.visitor) ||
        (touch.session !== undefined && touch.session === event.session) ||
        (ttclid !== undefined && touch.personal?.user?.ttclid === ttclid)),
  );
  return own.slice(-TOUCHES_BEFORE_MAX).map((touch) => {
    const { at, seq, personal } = touch;
    const clicked = personal?.user?.ttclid;
    const detail = { touch: touch.touch, ...touch.ad, ...(clicked === undefined ? {} : { ttclid: clicked }) };
    return { at, kind: 'touch', seq, reasons: [], says: touchSays(touch), detail };
  });
}

function touchSays({ type, target, door }: TouchRow): string {
  const did = { click: 'clicked', engagedView: 'watched', view: 'saw' }[type];
  const went = target === undefined ? '' : ` and went to ${target}`;
  return `The visitor ${did} an ad${went}${door === 'import' ? ', as an import tells' : ''}.`;
}

function recordHop(verdict: VerdictRow, event: EventRow, entry: EntryRow | undefined): Hop {
  const seen = event.observations.find((row) => row.seq === verdict.seq);
  const late = verdict.at - (entry ?? seen ?? { occurredAt: verdict.at }).occurredAt;
  const { kind, says } = recordWords(verdict, event, entry);
  const lateSays = late > LATE_MS && !verdict.again ? `, ${waitSays(late)} after it happened` : '';
  return {
    at: verdict.at,
    kind,
    seq: verdict.seq,
    door: verdict.door,
    verdict: verdict.verdict,
    reasons: verdict.reasons,
    says: `${says}${lateSays}${verdict.again ? `; judged again, as ${askerOf(verdict.again)} wanted` : ''}.`,
    ...(seen
      ? {
          detail: {
            occurredAt: new Date(seen.occurredAt).toISOString(),
            receivedAt: new Date(seen.receivedAt).toISOString(),
          },
        }
      : {}),
  };
}

function recordWords(
  verdict: VerdictRow,
  event: EventRow,
  entry: EntryRow | undefined,
): { kind: HopKind; says: string } {
  if (entry) return { kind: 'payment', says: factSays(entry) };
  switch (verdict.kind) {
    case 'order':
      return { kind: 'order', says: 'The order was told before its payment' };
    case 'payment':
      return { kind: 'payment', says: 'A fact of the order was told again' };
    case 'lead':
      return { kind: 'lead', says: `A step of the lead was told: ${statusOf(event)}` };
    case 'fired':
      return { kind: 'pixel', says: 'The page reports that it fired its handout' };
    case 'consent':
      return { kind: 'consent', says: 'The visitor changed the choice about ads' };
    default:
      return { kind: 'observation', says: `${event.name} was told` };
  }
}

/** Money that moved, or what became of the order. */
function factSays({ kind, amount = '', reference }: EntryRow): string {
  return `${FACTS[kind](amount)}, reference ${reference}`;
}

const FACTS: Readonly<Record<FactKind, (amount: string) => string>> = {
  payment: (amount) => `Payment of ${amount}`,
  refund: (amount) => `Refund of ${amount}`,
  refundReversed: (amount) => `A refund failed, and ${amount} came back`,
  fee: (amount) => `Fee of ${amount}`,
  feeReturned: (amount) => `A fee of ${amount} was given back`,
  chargeback: (amount) => `The payer’s bank took ${amount} back`,
  chargebackReversed: (amount) => `The payer’s bank gave ${amount} back`,
  pending: () => 'The provider waits for the money',
  cancellation: () => 'The order was cancelled',
  dispute: () => 'The payer disputes a payment',
  disputeWon: () => 'The dispute was decided for the shop',
  disputeLost: () => 'The dispute was decided for the payer',
};

function statusOf(event: EventRow): string {
  const status = event.lead?.['status'];
  return typeof status === 'string' ? status : event.name;
}

function confirmedHops(event: EventRow, { lineage }: TraceAround): Hop[] {
  const order = lineage.orders.find((row) => row.orderId === event.orderId && row.event === event.seq);
  if (order?.confirmedAt === undefined) return [];
  return [{ at: order.confirmedAt, kind: 'order', reasons: [], says: 'The order is confirmed.' }];
}

function lostHops(event: EventRow, { lineage }: TraceAround): Hop[] {
  const lost = lineage.orders.find((row) => row.orderId === event.orderId && row.event === event.seq)?.lostSession;
  if (!lost) return [];
  const door = lineage.verdicts.find(({ seq }) => seq === lost.seq)?.door;
  const says = lostSessionSays(lost);
  return [
    {
      ...{ at: lost.at, kind: 'finding', seq: lost.seq, reasons: ['session_lost'] },
      ...(door === undefined ? {} : { door }),
      says: `${capital(says)}.`,
    },
  ];
}

function legHop(leg: DispatchRow, legs: readonly DispatchRow[], spec: Spec, { clock }: TraceAround): Hop {
  return {
    at: leg.changedAt,
    kind: leg.leg === 'pixel' && (leg.state === 'queued' || leg.state === 'inFlight') ? 'handout' : 'dispatch',
    leg: leg.leg,
    destination: leg.destination,
    state: leg.state,
    reasons: [leg.why],
    says: legSays(leg, clock, legs, spec.delivery.merge),
  };
}

/** Each time that an operator wanted the leg tried again. */
function replayHops({ leg, destination, replays = [] }: DispatchRow): Hop[] {
  return replays.map((replay): Hop => {
    const asked = `${askerOf(replay)} wanted it tried again`;
    return {
      ...{ at: replay.at, kind: 'replay', seq: replay.seq, leg, destination },
      reasons: [replay.why ?? 'replayed'],
      says: replay.why === undefined ? `${capital(asked)}.` : `${capital(asked)}; refused: ${meaning(replay.why)}`,
    };
  });
}

function askerOf({ by }: { by?: string }): string {
  return by === undefined ? 'an operator' : `the operator ${by}`;
}

function capital(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

function differenceHops(event: EventRow, spec: Spec, { lineage }: TraceAround): Hop[] {
  const { precedence } = ruleFor(spec, event.name);
  return lineage.differences
    .filter((row) => row.event === event.seq)
    .map((row) => {
      const verdict = lineage.verdicts.find(({ seq }) => seq === row.seq);
      return {
        at: verdict?.at ?? event.receivedAt,
        kind: 'difference',
        seq: row.seq,
        ...(verdict ? { door: verdict.door } : {}),
        reasons: [],
        says: differenceSays(row, verdict?.door, precedence, event),
      };
    });
}

function isAbout(subject: string, event: EventRow): boolean {
  const ids = [`event ${event.seq}`, `event ${event.eventId}`, `order ${event.orderId}`, `lead ${event.leadId}`];
  return ids.includes(subject);
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
