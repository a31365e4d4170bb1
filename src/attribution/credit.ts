import type { TouchKind } from '../event/fact.ts';
import { type Conversion, inTime, type Journey, type Touch } from './journey.ts';
import type { Model, Policy } from './policy.ts';
import { type ChannelWeights, sharesOf } from './shares.ts';

/** What became of one conversion. The shares of a credited one add up to 1. */
export type Credited =
  | { conversion: Conversion; kind: TouchKind; shares: { touch: Touch; share: number }[] }
  | { conversion: Conversion; kind: null; why: NoCredit };

/**
 * Of more touches in the window than this, the latest share: nobody touches so many ads, and what does must not make a
 * million shares.
 */
export const TOUCHES_MAX = 1000;

/** Why nothing was earned: no touch at all before it, none in its window, or the touch has earned one of that name. */
type NoCredit = 'no_touch' | 'outside_windows' | 'counted_once';

/**
 * Who earned the conversions of one person, in their order. Depends on nothing but its arguments, so that a figure can
 * be computed again by whoever doubts it. `weights` are needed by the models that weigh channels.
 */
export function credit(journey: Journey, policy: Policy, model: Model, weights?: ChannelWeights): Credited[] {
  const touches = inTime(journey.touches);
  const earned = new Set<string>();
  return inTime(journey.conversions).map((conversion): Credited => {
    const before = touches.filter((touch) => touch.at <= conversion.at);
    if (before.length === 0) return { conversion, kind: null, why: 'no_touch' };
    const strongest = policy.precedence
      .map((kind) => ({
        kind,
        touches: before.filter((touch) => touch.kind === kind && isIn(touch, conversion, policy)),
      }))
      .find((tier) => tier.touches.length > 0);
    if (!strongest) return { conversion, kind: null, why: 'outside_windows' };
    const { kind } = strongest;
    const able = strongest.touches.slice(-TOUCHES_MAX);
    if (policy.count === 'once') {
      const key = `${conversion.name}\n${able.at(-1)?.id}`;
      if (earned.has(key)) return { conversion, kind: null, why: 'counted_once' };
      earned.add(key);
    }
    const shares = sharesOf(able, policy, model, weights);
    return {
      conversion,
      kind,
      shares: able.flatMap((touch, place) => {
        const share = shares[place] as number;
        return share === 0 ? [] : [{ touch, share }];
      }),
    };
  });
}

/** Is the touch's window of its own kind still open at the conversion? */
function isIn(touch: Pick<Touch, 'at' | 'kind'>, conversion: Pick<Conversion, 'at'>, { windows }: Policy): boolean {
  const age = conversion.at - touch.at;
  return windows[touch.kind] > 0 && age >= 0 && age <= windows[touch.kind];
}
