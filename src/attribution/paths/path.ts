/** What one sequence of channels brought: how often it ended in a conversion, what those were worth, how often in none. */
export interface Path {
  channels: readonly string[];
  conversions: number;
  value: number;
  nulls: number;
}

/** What one channel earned. Over all channels the sums are those of the paths. */
export interface ChannelCredit {
  channel: string;
  conversions: number;
  value: number;
}

/** Sums by channel, in the order of the alphabet, so that the order of the paths leaves no trace. */
export class Credits {
  readonly #sums = new Map<string, { conversions: number; value: number }>();

  constructor(channels: Iterable<string>) {
    for (const channel of [...new Set(channels)].sort()) this.#sums.set(channel, { conversions: 0, value: 0 });
  }

  add(channel: string, share: number, { conversions, value }: Pick<Path, 'conversions' | 'value'>): void {
    const sum = this.#sums.get(channel);
    if (!sum) return;
    sum.conversions += share * conversions;
    sum.value += share * value;
  }

  rows(): ChannelCredit[] {
    return [...this.#sums].map(([channel, sum]) => ({ channel, ...sum }));
  }
}
