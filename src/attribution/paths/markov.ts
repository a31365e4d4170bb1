import { AssayError } from '../../event/error.ts';
import { type ChannelCredit, Credits, type Path } from './path.ts';

/** A removal effect: the part of all conversions that is lost when nobody can step onto the channel any more. */
export interface MarkovCredit extends ChannelCredit {
  removal: number;
}

/**
 * Conversions and value by removal effect. A state is the last `order` channels of a journey; from it lead the steps
 * that the paths took, with their weights, to the next channel, a conversion, or nothing. A channel's removal makes
 * each step onto it end in nothing. Probabilities come from the absorbing chain's equations, not from simulated walks.
 */
export function creditByMarkov(paths: readonly Path[], order: 1 | 2 | 3): MarkovCredit[] {
  const chain = new Chain(order);
  for (const path of paths) chain.add(path);
  const effects = chain.removalEffects();
  const channels = [...new Set(paths.flatMap((path) => path.channels))].sort();
  const removal = channels.map((channel) => effects.get(channel) ?? 0);
  const sum = removal.reduce((total, effect) => total + effect, 0);
  const credits = new Credits(channels);
  const whole = {
    conversions: paths.reduce((total, path) => total + path.conversions, 0),
    value: paths.reduce((total, path) => total + path.value, 0),
  };
  for (const [index, channel] of channels.entries())
    credits.add(channel, sum === 0 ? 0 : (removal[index] as number) / sum, whole);
  return credits.rows().map((row, index) => ({ ...row, removal: removal[index] as number }));
}

interface Step {
  to: number;
  /** the channel that the step leads onto */
  channel: string;
  weight: number;
}

interface State {
  /** by the state that they lead to */
  steps: Map<number, Step>;
  converts: number;
  total: number;
}

/** How journeys go on, by where they were last. It takes paths one by one, and grows with its states alone. */
export class Chain {
  readonly #order: number;
  readonly #numbers = new Map<string, number>();
  readonly #states: State[] = [];
  readonly #channels = new Set<string>();

  constructor(order: 1 | 2 | 3) {
    this.#order = order;
    this.#stateOf([]);
  }

  add({ channels, conversions, nulls }: Pick<Path, 'channels' | 'conversions' | 'nulls'>): void {
    const weight = conversions + nulls;
    if (weight === 0) return;
    let recent: string[] = [];
    let at = 0;
    for (const channel of channels) {
      this.#channels.add(channel);
      recent = [...recent, channel].slice(-this.#order);
      const to = this.#stateOf(recent);
      const state = this.#states[at] as State;
      const step = state.steps.get(to);
      if (step) step.weight += weight;
      else state.steps.set(to, { to, channel, weight });
      state.total += weight;
      at = to;
    }
    const last = this.#states[at] as State;
    last.converts += conversions;
    last.total += weight;
  }

  /** By channel, the part of all conversions that is lost without it. */
  removalEffects(): Map<string, number> {
    const all = conversionProbability(this.#states, undefined);
    return new Map(
      [...this.#channels]
        .sort()
        .map((channel) => [channel, all === 0 ? 0 : 1 - conversionProbability(this.#states, channel) / all]),
    );
  }

  #stateOf(recent: readonly string[]): number {
    const name = JSON.stringify(recent);
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    this.#numbers.set(name, this.#states.length);
    return this.#states.push({ steps: new Map(), converts: 0, total: 0 }) - 1;
  }
}

/** Steps of the iteration until a probability changes by less than this, of the largest one. */
const PRECISION = 1e-15;
const ROUNDS_MAX = 1_000_000;

/** The probability that a journey ends in a conversion, with one channel out of reach. */
function conversionProbability(chain: readonly State[], without: string | undefined): number {
  const rows = chain.map(({ steps, converts, total }) => ({
    direct: total === 0 ? 0 : converts / total,
    steps: [...steps.values()]
      .filter(({ channel }) => channel !== without)
      .map(({ to, weight }) => [to, weight / total] as const),
  }));
  const probability = new Float64Array(chain.length);
  // Gauss-Seidel: every state ends in finite time, so the equations have one solution and each round comes nearer.
  for (let round = 0; round < ROUNDS_MAX; round++) {
    let change = 0;
    for (let at = chain.length - 1; at >= 0; at--) {
      const row = rows[at] as (typeof rows)[number];
      let sum = row.direct;
      let self = 0;
      for (const [to, share] of row.steps)
        if (to === at) self += share;
        else sum += share * (probability[to] as number);
      const next = self === 1 ? 0 : sum / (1 - self);
      change = Math.max(change, Math.abs(next - (probability[at] as number)));
      probability[at] = next;
    }
    if (change <= PRECISION) return probability[0] as number;
  }
  throw new AssayError('markov_unsolved', `the chain of ${chain.length} states does not settle`);
}
