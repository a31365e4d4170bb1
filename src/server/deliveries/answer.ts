import type { DeliveryPoint, DestinationReport, OutcomeReport } from '../../api/deliveries.ts';
import { LAG_BOUNDS, lagQuantile } from '../../event/lag.ts';
import { HOUR, MINUTE } from '../../event/time.ts';
import type { Destination } from '../../spec/spec.ts';
import type { Totals } from '../../store/ledger.ts';
import type { Backlog, DeliveryMinute } from '../../store/outbox.ts';
import { RETURN_CODES } from '../../tiktok/codes.ts';
import type { DestinationState } from '../../transport/destination.ts';
import { REASONS } from '../reasons.ts';

/** The spans that a report may have, hours, with the stretches that its figures are told for. */
export const SPANS: ReadonlyMap<number, number> = new Map([
  [1, MINUTE],
  [6, 5 * MINUTE],
  [24, 15 * MINUTE],
  [168, 2 * HOUR],
]);

const OUTCOMES_MAX = 200;

/** What transport says of a destination. */
export type Standing = Pick<DestinationState, 'state' | 'since' | 'until' | 'why'> & { ratePerSecond: number };

/** A span of whole stretches, UTC ms, the last of which has `now` in it. */
export interface Span {
  from: number;
  /** end of the last stretch */
  to: number;
  stretchMs: number;
}

export function spanOf(hours: number, stretchMs: number, now: number): Span {
  const to = (Math.floor(now / stretchMs) + 1) * stretchMs;
  return { from: to - hours * HOUR, to, stretchMs };
}

/** Each destination as it stands: its state, what waits, and what became of all its api legs so far. */
export function destinationReports(of: {
  destinations: readonly Destination[];
  standing: (id: string) => Standing;
  backlog: readonly Backlog[];
  totals: Totals;
  now: number;
  warnAge: number;
}): DestinationReport[] {
  const { now, warnAge } = of;
  return of.destinations.map(({ id, pixel }) => {
    const { state, why, ratePerSecond, since, until } = of.standing(id);
    const lanes = of.backlog.filter(({ destination }) => destination === id);
    const oldest = Math.min(...lanes.map(({ oldestReceivedAt }) => oldestReceivedAt ?? Number.POSITIVE_INFINITY));
    const ended = (name: string): number =>
      of.totals.dispatches
        .filter((row) => row.destination === id && row.leg === 'api' && row.state === name && !row.draft)
        .reduce((sum, { count }) => sum + count, 0);
    return {
      ...{ id, pixel, state, why, ratePerSecond },
      ...(since === undefined ? {} : { since }),
      ...(until > now ? { until } : {}),
      backlog: {
        held: sum(lanes, ({ held }) => held),
        queued: sum(lanes, ({ queued }) => queued),
        inFlight: sum(lanes, ({ inFlight }) => inFlight),
        money: sum(lanes, (lane) => (lane.money ? waiting(lane) : 0)),
        ...(Number.isFinite(oldest) ? { oldestReceivedAt: oldest } : {}),
        overWarnAge: now - oldest > warnAge,
      },
      ...{ delivered: ended('delivered'), dead: ended('dead'), unknown: ended('unknown') },
    };
  });
}

/** What each destination did in each stretch. What waited at its end follows from what waits now, walked back. */
export function seriesOf(
  ids: readonly string[],
  minutes: readonly DeliveryMinute[],
  backlog: readonly Backlog[],
  span: Span,
): DeliveryPoint[] {
  const stretches = Math.round((span.to - span.from) / span.stretchMs);
  const at = (minute: number): number => Math.floor((minute - span.from) / span.stretchMs);
  return ids.flatMap((id) => {
    const parts = Map.groupBy(
      minutes.filter(({ destination }) => destination === id),
      ({ minute }) => at(minute),
    );
    let waits = sum(backlog, (lane) => (lane.destination === id ? waiting(lane) : 0));
    const points: DeliveryPoint[] = [];
    for (let n = stretches - 1; n >= 0; n--) {
      const own = parts.get(n) ?? [];
      // The two were read one after the other: what came between them may be missing in one.
      points.push(point(id, span.from + n * span.stretchMs, Math.max(0, waits), own));
      waits += sum(own, ({ left }) => left) - sum(own, ({ entered }) => entered);
    }
    return points.reverse();
  });
}

function point(destination: string, at: number, backlog: number, minutes: readonly DeliveryMinute[]): DeliveryPoint {
  const answers = minutes.flatMap((minute) => minute.answers);
  const lags = Array.from({ length: LAG_BOUNDS.length + 1 }, (_, n) => sum(minutes, (minute) => minute.lags[n] ?? 0));
  const [half, most] = [lagQuantile(lags, 0.5), lagQuantile(lags, 0.95)];
  return {
    ...{ destination, at, backlog },
    delivered: sum(answers, ({ outcome, count }) => (outcome === 'accepted' ? count : 0)),
    failed: sum(answers, ({ outcome, count }) => (outcome === 'accepted' ? 0 : count)),
    ...(half === undefined ? {} : { lagP50: toldLag(half) }),
    ...(most === undefined ? {} : { lagP95: toldLag(most) }),
  };
}

/** JSON has no infinity: what no bound holds is told as one ms more than the last. */
function toldLag(bound: number): number {
  return Number.isFinite(bound) ? bound : (LAG_BOUNDS.at(-1) ?? 0) + 1;
}

const MEANINGS = new Map(REASONS.map((reason) => [reason.code, reason]));

/** All answers of the minutes by what they said, most frequent first, with what that means and what to do. */
export function outcomesOf(minutes: readonly DeliveryMinute[]): OutcomeReport[] {
  const found = new Map<string, OutcomeReport>();
  for (const { destination, answers } of minutes)
    for (const { outcome, why, code, http, count } of answers) {
      const key = JSON.stringify([destination, outcome, why, code, http]);
      const known = found.get(key);
      if (known) known.count += count;
      else
        found.set(key, {
          ...{ destination, outcome, why, count, ...meaning(why, code) },
          ...(code === undefined ? {} : { code }),
          ...(http === undefined ? {} : { http }),
        });
    }
  return [...found]
    .sort(byCount)
    .map(([, outcome]) => outcome)
    .slice(0, OUTCOMES_MAX);
}

function byCount([keyA, a]: [string, OutcomeReport], [keyB, b]: [string, OutcomeReport]): number {
  return b.count - a.count || (keyA < keyB ? -1 : 1);
}

/** TikTok's own words for its code come first, then what follows here. */
function meaning(why: string, code: number | undefined): { means: string; next: string } {
  const reason = MEANINGS.get(why);
  const said = code === undefined || code === 0 ? undefined : RETURN_CODES.get(code)?.meaning;
  const means = [said && `TikTok: ${sentence(said)}`, reason?.means].filter(Boolean).join(' ');
  return { means: means || 'A reason that this version does not know.', next: reason?.fix ?? '' };
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function waiting({ held, queued, inFlight }: Backlog): number {
  return held + queued + inFlight;
}

function sum<T>(rows: readonly T[], of: (row: T) => number): number {
  return rows.reduce((all, row) => all + of(row), 0);
}
