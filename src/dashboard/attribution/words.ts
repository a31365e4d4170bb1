import type { AttributionAsked, StatementAnswer } from '../../api/attribution.ts';
import { dayText } from '../../ui/clock.ts';
import { spanText } from '../../ui/duration.ts';
import { partText } from '../../ui/number.ts';
import { reasons } from '../reasons.ts';

type Options = readonly (readonly [value: string, says: string])[];

export const BYS: readonly (readonly [AttributionAsked['by'], string, string])[] = [
  ['campaign', 'Campaign', 'campaigns'],
  ['adgroup', 'Ad group', 'ad groups'],
  ['ad', 'Ad', 'ads'],
  ['channel', 'Channel', 'channels'],
  ['day', 'Day', 'days'],
];

export const MODELS: Options = [
  ['last', 'Last touch'],
  ['first', 'First touch'],
  ['linear', 'Linear'],
  ['position', 'Position 40/20/40'],
  ['decay', 'Time decay'],
  ['markov', 'Markov removal effect'],
  ['shapley', 'Shapley value'],
];

const DAY = ['1d', '1 day'] as const;
const WEEK = ['7d', '7 days'] as const;
const OFF = ['off', 'off'] as const;
export const CLICK_WINDOWS: Options = [DAY, WEEK, ['14d', '14 days'], ['28d', '28 days']];
export const VIEW_WINDOWS: Options = [OFF, DAY, WEEK];
export const COUNTS: Options = [
  ['every', 'every one'],
  ['once', 'once a touch'],
];
export const BASES: Options = [
  ['conversion', 'conversion'],
  ['touch', 'touch'],
];

const KINDS: Readonly<Record<string, string>> = { click: 'click', engagedView: 'engaged view', view: 'view' };

const NOBODY: Readonly<Record<string, string>> = {
  no_touch: 'No touch came before it.',
  outside_windows: 'Touches came before it, and none within its window.',
  counted_once: 'Its touch had earned one of that name already.',
};

export function kindSays(kind: string): string {
  return KINDS[kind] ?? kind;
}

/** Why nobody earned a conversion; a word that is not known stays as it was told. */
export function nobodySays(why: string): string {
  return NOBODY[why] ?? reasons.value.get(why)?.means ?? why;
}

/** `click 7d, engaged view 1d, view off`. */
export function windowsSay({ click, engagedView, view }: StatementAnswer['windows']): string {
  return `click ${click}, engaged view ${engagedView}, view ${view}`;
}

/** Everything that the credits follow from, in one line. */
export function rulesSay({ model, halfLife, windows, precedence, count }: StatementAnswer): string {
  const name = MODELS.find(([value]) => value === model)?.[1] ?? model;
  return [
    model === 'decay' ? `${name} (half in ${halfLife})` : name,
    windowsSay(windows),
    precedence.map(kindSays).join(' before '),
    count === 'once' ? 'a touch earns the first conversion of each name' : 'every conversion counts',
  ].join('; ');
}

export function conversionsSay(value: number): string {
  return value === 1 ? '1 conversion' : `${partText(value)} conversions`;
}

/** `2026-11-22` as `22 Nov 2026`; what is no day stays as it was told. */
export function daySays(day: string): string {
  const at = /^\d{4}-\d\d-\d\d$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
  return Number.isNaN(at) ? day : dayText(at, 'UTC');
}

/** How long before a conversion a touch was; it may have come after. */
export function ageSays(age: number): string {
  if (age === 0) return 'at the same moment';
  return age > 0 ? `${spanText(age)} before` : `${spanText(-age)} after`;
}
