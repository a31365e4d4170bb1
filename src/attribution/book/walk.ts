import { TOUCH_KINDS } from '../../event/fact.ts';
import { NO_CREDIT } from '../../store/warehouse.ts';
import { TOUCHES_MAX } from '../credit.ts';
import { eachLatest } from '../pass.ts';
import type { Policy } from '../policy.ts';
import type { OrderedConversions } from './conversion-rows.ts';
import type { OrderedTouches } from './touch-rows.ts';

/** What is credited at once: touches and conversions in time order, and the rings of who is who, as `lastTouches` takes them. */
export interface Columns {
  touches: OrderedTouches;
  conversions: OrderedConversions;
  next: Uint32Array;
}

/** What became of a conversion: `kind` is the place in TOUCH_KINDS of what earned it, or -1, and then `why` the place in NO_CREDIT. */
export interface Outcome {
  kind: number;
  why: number;
  /** place of the last touch of that kind */
  last: number;
  /** by kind, the place of its latest touch however old, or -1 */
  latest: Int32Array;
}

const [NO_TOUCH, OUTSIDE_WINDOWS, COUNTED_ONCE] = NO_CREDIT.map((_, place) => place) as [number, number, number];

/**
 * What `credit` decides of each conversion, for all of them in one pass in time. Tells the outcome, which is the same object
 * each time, and a function that finds the places of all touches that share the conversion, the earliest first.
 */
export function walk(
  { touches, conversions, next }: Columns,
  policy: Policy,
  tell: (n: number, outcome: Outcome, sharing: () => number[]) => void,
): void {
  const kinds = earningKinds(policy);
  const windows = TOUCH_KINDS.map((kind) => policy.windows[kind]);
  const names = conversions.name.reduce((most, name) => Math.max(most, name), 0) + 1;
  const earned = new Set<number>();
  let outcome: Outcome | undefined;
  let at = 0;
  let home = 0;
  let previous: Uint32Array | undefined;
  let of: (visitor: number) => number = () => -1;
  const sharing = (): number[] => {
    const { kind } = outcome as Outcome;
    const from = at - (windows[kind] as number);
    const places: number[] = [];
    previous ??= touches.previous();
    let visitor = home;
    do {
      let found = 0;
      for (let place = of(visitor); place >= 0 && found < TOUCHES_MAX; place = (previous[place] as number) - 1) {
        if ((touches.at[place] as number) < from) break;
        if (touches.kind[place] === kind) found = places.push(place);
      }
      visitor = next[visitor] as number;
    } while (visitor !== home);
    return places.sort((a, b) => a - b).slice(-TOUCHES_MAX);
  };
  eachLatest(touches, conversions, next, (n, latest, ofVisitor) => {
    outcome ??= { kind: -1, why: NO_TOUCH, last: -1, latest };
    at = conversions.at[n] as number;
    home = conversions.visitor[n] as number;
    of = ofVisitor;
    outcome.kind = -1;
    outcome.why = isNone(latest) ? NO_TOUCH : OUTSIDE_WINDOWS;
    for (let place = 0; place < kinds.length; place++) {
      const kind = kinds[place] as number;
      const last = latest[kind] as number;
      if (last < 0 || at - (touches.at[last] as number) > (windows[kind] as number)) continue;
      outcome.kind = kind;
      outcome.last = last;
      break;
    }
    if (policy.count === 'once' && outcome.kind >= 0) {
      const key = outcome.last * names + (conversions.name[n] as number);
      if (earned.has(key)) {
        outcome.kind = -1;
        outcome.why = COUNTED_ONCE;
      }
      earned.add(key);
    }
    tell(n, outcome, sharing);
  });
}

function isNone(latest: Int32Array): boolean {
  for (let kind = 0; kind < latest.length; kind++) if ((latest[kind] as number) >= 0) return false;
  return true;
}

/** Kinds that may earn under a policy, the first one first, by their places. */
export function earningKinds(policy: Pick<Policy, 'windows' | 'precedence'>): number[] {
  return policy.precedence.filter((kind) => policy.windows[kind] > 0).map((kind) => TOUCH_KINDS.indexOf(kind));
}
