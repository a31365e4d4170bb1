import type { DeliveryPoint, DestinationStateName } from '../../api/deliveries.ts';
import { spanText } from '../../ui/duration.ts';

interface StateWords {
  /** what the state means for what is to be sent */
  means: string;
  /** what a person does about it; empty: nothing */
  next: string;
}

const STATES: Readonly<Record<DestinationStateName, StateWords>> = {
  healthy: { means: 'It takes events.', next: '' },
  throttled: { means: 'TikTok asked for fewer requests. Everything is kept, and it goes on by itself.', next: '' },
  paused: {
    means:
      'Its token, permission or endpoint is wrong. Everything is kept, and it goes on by itself once that is mended.',
    next: 'Renew the token in its environment variable; assay doctor tells more.',
  },
  open: {
    means: 'Requests fail one after the other, so none is made for now. Everything is kept; a trial request follows.',
    next: '',
  },
  halfOpen: { means: 'A trial request tells whether it takes events again.', next: '' },
};

/** The words of a destination's state; one that is not known stands for itself. */
export function stateWords(state: string): StateWords {
  return (STATES as Readonly<Record<string, StateWords>>)[state] ?? { means: '', next: '' };
}

/** Marks of the scale of lags, ms. The last is the bound of the last class that has one. */
export const LAG_MARKS: readonly number[] = [
  ...[10, 100, 1000, 10_000],
  ...[60_000, 600_000, 3_600_000, 43_200_000, 172_800_000],
];

const LAST_BOUND = LAG_MARKS.at(-1) ?? 0;

/** Lags are counted in classes: this is the bound of the one it falls in. */
export function lagText(ms: number | undefined): string {
  if (ms === undefined) return 'none';
  if (ms > LAST_BOUND) return `over ${spanText(LAST_BOUND)}`;
  return ms < 1000 ? `${ms} ms` : spanText(ms);
}

/** The newest point at which anything was delivered. */
export function lastLag(points: readonly DeliveryPoint[]): DeliveryPoint | undefined {
  return points.filter(({ lagP50 }) => lagP50 !== undefined).at(-1);
}

/** `last hour`, `last 7 days`. */
export const SPANS: readonly (readonly [hours: string, says: string])[] = [
  ['1', 'last hour'],
  ['6', 'last 6 hours'],
  ['24', 'last 24 hours'],
  ['168', 'last 7 days'],
];

export const KINDS: Readonly<Record<string, { says: string; badge: string; means: string }>> = {
  dead: { says: 'Given up', badge: 'dead', means: 'It was given up: TikTok refused it, or it may not leave any more.' },
  unknown: { says: 'May have arrived', badge: 'unknown', means: 'Whether TikTok took a copy is not known.' },
  record: {
    says: 'Quarantined record',
    badge: 'quarantined',
    means: 'A record that broke a rule, and became no event.',
  },
};

const FORECASTS: Readonly<Record<string, string>> = {
  willCount: 'will count',
  willMerge: 'will merge with the copy it has',
  willBeDropped: 'will be dropped as a repeat',
  wouldCountTwice: 'would count twice',
  unknown: 'can’t be told',
};

export function forecastText(forecast: string): string {
  return FORECASTS[forecast] ?? forecast;
}
