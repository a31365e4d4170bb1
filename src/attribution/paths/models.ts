import { creditByMarkov } from './markov.ts';
import type { ChannelCredit, Path } from './path.ts';
import { creditByRule, creditByShapley } from './rules.ts';

export const PATH_MODELS = ['first', 'last', 'linear', 'position', 'decay', 'markov', 'shapley'] as const;
export type PathModel = (typeof PATH_MODELS)[number];

/** What each channel earns by a model; `order` is Markov's memory, in touches. */
export function creditPaths(told: readonly Path[], model: PathModel, order: 1 | 2 | 3 = 1): ChannelCredit[] {
  const paths = merged(told);
  switch (model) {
    case 'markov':
      return creditByMarkov(paths, order);
    case 'shapley':
      return creditByShapley(paths);
    case 'first':
    case 'last':
    case 'linear':
    case 'position':
    case 'decay':
      return creditByRule(paths, model);
  }
}

/** One path for each sequence of channels, in the order of the alphabet: sums of floats depend on their order. */
function merged(told: readonly Path[]): Path[] {
  const named = told.map((path) => ({ path, name: JSON.stringify(path.channels) }));
  named.sort(
    (a, b) => compare(a.name, b.name) || a.path.conversions - b.path.conversions || a.path.value - b.path.value,
  );
  const paths: { name: string; path: Path }[] = [];
  for (const { path, name } of named) {
    const last = paths.at(-1);
    if (last?.name === name)
      last.path = {
        channels: path.channels,
        conversions: last.path.conversions + path.conversions,
        value: last.path.value + path.value,
        nulls: last.path.nulls + path.nulls,
      };
    else paths.push({ name, path });
  }
  return paths.map(({ path }) => path);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
