import { TOUCHES_MAX } from '../credit.ts';
import { Chain } from '../paths/markov.ts';
import type { Policy } from '../policy.ts';
import type { ChannelWeights } from '../shares.ts';
import type { Creatives } from './creatives.ts';
import { type Columns, earningKinds, walk } from './walk.ts';

/**
 * What each channel weighs in the model `markov`: its removal effect, of order 1, over all journeys. A credited conversion is the
 * path of the touches that share it; a person without any conversion is a path to nothing, of the touches of the strongest
 * kind that the person had.
 */
export function channelWeights(columns: Columns, creatives: Creatives, policy: Policy): ChannelWeights {
  const paths = new Map<string, { channels: string[]; conversions: number; nulls: number }>();
  const { touches } = columns;
  const count = (places: readonly number[], outcome: 'conversions' | 'nulls'): void => {
    const channels = places.map((place) => creatives.channel(touches.creative[place] as number));
    const key = JSON.stringify(channels);
    const path = paths.get(key) ?? { channels, conversions: 0, nulls: 0 };
    paths.set(key, path);
    path[outcome]++;
  };
  walk(columns, policy, (_, { kind }, sharing) => {
    if (kind >= 0) count(sharing(), 'conversions');
  });
  for (const places of withoutConversion(columns, earningKinds(policy))) count(places, 'nulls');
  const chain = new Chain(1);
  for (const path of paths.values()) chain.add(path);
  return chain.removalEffects();
}

/** The touches of each person who never converted, of the strongest kind there is; people in the order of their last touch. */
function* withoutConversion({ touches, conversions, next }: Columns, kinds: readonly number[]): Generator<number[]> {
  const converted = new Uint8Array(next.length);
  for (const home of conversions.visitor) for (const visitor of person(next, home)) converted[visitor] = 1;
  const newest = new Int32Array(next.length).fill(-1);
  const previous = touches.previous();
  for (let place = 0; place < touches.visitor.length; place++) newest[touches.visitor[place] as number] = place;
  for (let place = 0; place < touches.visitor.length; place++) {
    const home = touches.visitor[place] as number;
    if (newest[home] !== place || converted[home] === 1) continue;
    const visitors = person(next, home);
    if (visitors.some((visitor) => (newest[visitor] as number) > place)) continue;
    const places: number[] = [];
    for (const visitor of visitors)
      for (let at = newest[visitor] as number; at >= 0; at = (previous[at] as number) - 1) places.push(at);
    const strongest = kinds.find((kind) => places.some((at) => touches.kind[at] === kind));
    if (strongest === undefined) continue;
    const path = places.filter((at) => touches.kind[at] === strongest).sort((a, b) => a - b);
    yield path.slice(-TOUCHES_MAX);
  }
}

function person(next: Uint32Array, home: number): number[] {
  const visitors = [home];
  for (let visitor = next[home] as number; visitor !== home; visitor = next[visitor] as number) visitors.push(visitor);
  return visitors;
}
