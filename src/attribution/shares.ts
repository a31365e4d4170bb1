import { AssayError } from '../event/error.ts';
import type { Touch } from './journey.ts';
import { shares as byPlace } from './paths/rules.ts';
import type { Model, Policy } from './policy.ts';

/** What each channel weighs, such as its removal effect; all that are not named weigh nothing. */
export type ChannelWeights = ReadonlyMap<string, number>;

/** The share of each of `touches`, which are in time order and at least one. They add up to 1. */
export function sharesOf(
  touches: readonly Pick<Touch, 'at' | 'channel'>[],
  policy: Policy,
  model: Model,
  weights: ChannelWeights | undefined,
): number[] {
  switch (model) {
    case 'first':
    case 'last':
    case 'linear':
    case 'position':
      return byPlace(model, touches.length);
    case 'decay':
      // Counted from the last touch, so that an old journey's weights do not all vanish.
      return normal(touches.map(({ at }) => 2 ** ((at - (touches.at(-1) as { at: number }).at) / policy.halfLife)));
    case 'markov': {
      if (!weights) throw new AssayError('weights_missing', 'a Markov share needs the channels’ removal effects');
      return normal(touches.map(({ channel }) => weights.get(channel) ?? 0));
    }
    case 'shapley': {
      const counts = new Map<string, number>();
      for (const { channel } of touches) counts.set(channel, (counts.get(channel) ?? 0) + 1);
      return normal(touches.map(({ channel }) => 1 / (counts.get(channel) as number)));
    }
  }
}

/** Channels that weigh nothing share alike: somebody earned it. */
function normal(weights: readonly number[]): number[] {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => (sum === 0 ? 1 / weights.length : weight / sum));
}
