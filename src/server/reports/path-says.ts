import type { Credited } from '../../attribution/credit.ts';
import type { Touch } from '../../attribution/journey.ts';
import type { Policy } from '../../attribution/policy.ts';
import type { TouchKind } from '../../event/fact.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../event/time.ts';
import { windowText } from './asked.ts';

const KIND: Readonly<Record<TouchKind, string>> = { click: 'click', engagedView: 'engaged view', view: 'view' };

/** What became of a conversion, in a sentence without its full stop. */
export function conversionSays(credited: Credited, policy: Policy): string {
  if (credited.kind === null)
    switch (credited.why) {
      case 'no_touch':
        return 'nobody earned it: no touch of this person is known before it';
      case 'outside_windows':
        return `nobody earned it: no touch before it was still in its window (${windowsSay(policy)})`;
      case 'counted_once':
        return `nobody earned it: its touch has earned a ${credited.conversion.name} before, and each touch counts one`;
    }
  const { kind, shares, conversion } = credited;
  const [only] = shares;
  if (only && shares.length === 1)
    return `earned by one ${KIND[kind]}, ${agoText(conversion.at - only.touch.at)} before`;
  return `shared by ${shares.length} touches: ${KIND[kind]}s in their window of ${windowText(policy.windows[kind])}`;
}

/** Why one touch earned what it did, or nothing. */
export function touchSays(touch: Touch, credited: Credited, policy: Policy, model: string): string {
  const { conversion } = credited;
  const age = conversion.at - touch.at;
  const window = policy.windows[touch.kind];
  if (age < 0) return `came ${agoText(-age)} after the conversion`;
  if (!policy.precedence.includes(touch.kind)) return `a ${KIND[touch.kind]} never earns by these rules`;
  if (window === 0) return `the window of ${KIND[touch.kind]}s is off`;
  if (age > window)
    return `its window of ${windowText(window)} had closed ${agoText(age - window)} before the conversion`;
  if (credited.kind === null) return `in its window, but it has earned a ${conversion.name} before`;
  if (credited.kind !== touch.kind) return `in its window, but a ${KIND[credited.kind]} in its window comes first`;
  const share = credited.shares.find((one) => one.touch.id === touch.id)?.share ?? 0;
  if (share === 0) return nothingSays(touch, model);
  if (credited.shares.length === 1) return allSays(touch, model, window);
  return `earns ${percent(share)} of it by the model ${model}: one of ${credited.shares.length} ${KIND[touch.kind]}s in their window`;
}

function allSays({ kind }: Touch, model: string, window: number): string {
  const which = model === 'last' ? 'last ' : model === 'first' ? 'first ' : 'only ';
  return `earns it: the ${which}${KIND[kind]} before it, within ${windowText(window)}`;
}

function nothingSays({ kind }: Touch, model: string): string {
  switch (model) {
    case 'last':
      return `in its window, but a later ${KIND[kind]} is nearer to the conversion`;
    case 'first':
      return `in its window, but an earlier ${KIND[kind]} came first`;
    default:
      return `in its window, and its share is nothing by the model ${model}`;
  }
}

function windowsSay({ precedence, windows }: Policy): string {
  return precedence.map((kind) => `${KIND[kind]} ${windowText(windows[kind])}`).join(', ');
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1).replace(/\.0$/, '')} %`;
}

/** `2 days 3 hours`, `45 seconds`: two units at most. */
export function agoText(ms: number): string {
  if (ms < SECOND) return `${ms} ms`;
  const units: [size: number, name: string][] = [
    [DAY, 'day'],
    [HOUR, 'hour'],
    [MINUTE, 'minute'],
    [SECOND, 'second'],
  ];
  const first = units.findIndex(([size]) => ms >= size);
  const parts: string[] = [];
  let rest = ms;
  for (const [size, name] of units.slice(first, first + 2)) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count} ${name}${count === 1 ? '' : 's'}`);
  }
  return parts.join(' ');
}
