import type { DispatchRow } from '../event/dispatch.ts';
import type { CopyAt, EventRow, Leg } from '../event/event.ts';
import { type ClockLimits, type Copy, type Forecast, forecast } from '../tiktok/clocks.ts';

/** What is supposed to be different. Times are ms. */
export interface Scenario {
  /** api copies leave so much later than they did */
  delay?: number;
  /** `random`: each copy has an id of its own; `order`: the order's id, where there is one */
  ids?: 'random' | 'order';
  /** `off`: no pixel copy; `first`: the pixel fires when the page tells the event, and waits for nothing */
  pixel?: 'off' | 'first';
  /** TikTok can't be reached by the server, UTC ms: api copies of that time leave at its end */
  outage?: { from: number; to: number };
}

/** A copy on its way to TikTok. */
export interface SupposedCopy {
  leg: Leg;
  /** when it arrives, UTC ms */
  at: CopyAt;
  /** copies with one id are repeats to TikTok */
  id: string;
}

/** Copies of one act of a visitor, by what TikTok makes of them. */
export interface Outcomes {
  count: number;
  merge: number;
  drop: number;
  /** merged or dropped: between our promise and TikTok's own limit */
  either: number;
  /** counted although the same act was counted before */
  twice: number;
}

export const NO_OUTCOMES: Outcomes = { count: 0, merge: 0, drop: 0, either: 0, twice: 0 };

/** The copies of an event at one destination as they left, or as they would have left. */
export function copiesOf(
  event: EventRow,
  legs: readonly DispatchRow[],
  guarded: boolean,
  scenario: Scenario,
): SupposedCopy[] {
  const copies: Omit<SupposedCopy, 'id'>[] = [];
  const api = legs.find(({ leg }) => leg === 'api')?.copyAt;
  const later = api === undefined ? 0 : laterBy(api[0], scenario);
  if (api) copies.push({ leg: 'api', at: moved(api, later) });
  const pixel = legs.find(({ leg }) => leg === 'pixel');
  const told = event.observations.filter(({ door }) => door === 'browser').map(({ receivedAt }) => receivedAt);
  if (scenario.pixel !== 'off' && pixel) {
    if (guarded && scenario.pixel !== 'first') {
      // The page is told to fire only after TikTok took the api copy, so it moves along.
      if (pixel.copyAt) copies.push({ leg: 'pixel', at: moved(pixel.copyAt, later) });
    } else if (pixel.copyAt || scenario.pixel === 'first') {
      const fired = guarded || told.length > 0 ? told : (pixel.copyAt ?? []).slice(0, 1);
      for (const at of fired) copies.push({ leg: 'pixel', at: [at, at] });
    }
  }
  const own = scenario.ids === 'order' && event.orderId !== undefined ? `order ${event.orderId}` : event.eventId;
  return copies.map((copy, n) => ({ ...copy, id: scenario.ids === 'random' ? `${event.seq} ${n}` : own }));
}

function laterBy(at: number, { delay = 0, outage }: Scenario): number {
  const left = at + delay;
  return outage && left >= outage.from && left < outage.to ? outage.to - at : delay;
}

function moved([from, to]: CopyAt, ms: number): CopyAt {
  return [from + ms, to + ms];
}

/** What TikTok makes of all copies of one act: those with one id are one event to it, for as long as it remembers. */
export function outcomesOf(copies: readonly SupposedCopy[], limits: ClockLimits): Outcomes {
  const outcomes = { ...NO_OUTCOMES };
  const firsts = new Map<string, Copy>();
  for (const { leg, at, id } of [...copies].sort((a, b) => a.at[0] - b.at[0])) {
    const first = firsts.get(id);
    const said = forecast(first, leg, at[0], limits);
    // Forgotten or never seen: TikTok counts it, and remembers it from here on.
    if (said === 'willCount' || said === 'wouldCountTwice') firsts.set(id, { leg, at });
    outcomes[outcomeOf(said, outcomes.count > 0)]++;
  }
  return outcomes;
}

function outcomeOf(said: Forecast, counted: boolean): keyof Outcomes {
  switch (said) {
    case 'willCount':
      return counted ? 'twice' : 'count';
    case 'wouldCountTwice':
      return 'twice';
    case 'willMerge':
      return 'merge';
    case 'willBeDropped':
      return 'drop';
    case 'unknown':
      return 'either';
  }
}
