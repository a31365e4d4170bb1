import { type ChannelCredit, Credits, type Path } from './path.ts';

/** A rule gives each touch of a path its share; the shares of one path add up to 1. */
export type Rule = 'first' | 'last' | 'linear' | 'position' | 'decay';

/** Shares by place, for a path of `touches` ≥ 1. `position` is 40/20/40, and 50/50 for two; `decay` halves with each step back. */
export function shares(rule: Rule, touches: number): number[] {
  const at = (share: (place: number) => number): number[] =>
    Array.from({ length: touches }, (_, place) => share(place));
  switch (rule) {
    case 'first':
      return at((place) => (place === 0 ? 1 : 0));
    case 'last':
      return at((place) => (place === touches - 1 ? 1 : 0));
    case 'linear':
      return at(() => 1 / touches);
    case 'position':
      if (touches < 3) return at(() => 1 / touches);
      return at((place) => (place === 0 || place === touches - 1 ? 0.4 : 0.2 / (touches - 2)));
    case 'decay': {
      // The sum of 1, 1/2, 1/4 … in closed form.
      const all = 2 - 2 ** (1 - touches);
      return at((place) => 2 ** (place + 1 - touches) / all);
    }
  }
}

/** What a rule gives each channel. A touch that stands twice in a path earns twice. */
export function creditByRule(paths: readonly Path[], rule: Rule): ChannelCredit[] {
  const credits = new Credits(paths.flatMap(({ channels }) => channels));
  for (const path of paths)
    for (const [place, share] of shares(rule, path.channels.length).entries())
      credits.add(path.channels[place] as string, share, path);
  return credits.rows();
}

/**
 * The Shapley value of the game in which a set of channels wins what the paths that need no other channel brought. That
 * game is a sum of one game a path, in which all its distinct channels are needed: each gets an equal share, exactly.
 */
export function creditByShapley(paths: readonly Path[]): ChannelCredit[] {
  const credits = new Credits(paths.flatMap(({ channels }) => channels));
  for (const path of paths) {
    const distinct = new Set(path.channels);
    for (const channel of distinct) credits.add(channel, 1 / distinct.size, path);
  }
  return credits.rows();
}
