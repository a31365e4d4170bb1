import type { TouchKind } from '../event/fact.ts';

/** How touches share a conversion. `markov` and `shapley` weigh channels by what all journeys say about them. */
export const MODELS = ['last', 'first', 'linear', 'position', 'decay', 'markov', 'shapley'] as const;
export type Model = (typeof MODELS)[number];

/** Which touches may earn, and which of them do. Windows are ms; 0 is off. */
export interface Policy {
  /**
   * A touch may earn from its own instant until exactly this much later, the last millisecond included. A day is
   * 24 hours from the touch, never a day of the calendar (TikTok, "flexible windows", 2022).
   */
  windows: Readonly<Record<TouchKind, number>>;
  /** The first of these kinds that has a touch in its window earns all; the others nothing. Kinds left out never earn. */
  precedence: readonly TouchKind[];
  /** `once`: of conversions of one name, a touch earns the first; TikTok calls both ways EVERY and ONCE */
  count: 'every' | 'once';
  /** ms in which a touch's weight halves in the `decay` model */
  halfLife: number;
}
