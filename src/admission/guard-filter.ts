/** Words of 32 bits in a block: 64 bytes, what a processor fetches at once. */
const BLOCK_WORDS = 16;
const BITS_PER_KEY = 16;
/** One bit in each of eight words of a block. Measured: a full filter says "maybe" to 9 of 10,000 unknown keys. */
const PROBES = 8;
const KEYS_MIN = 1024;

/** A Bloom filter in blocks: of a key that was added it says "maybe", of nearly any other "no". Two bytes a key. */
export class GuardFilter {
  readonly #words: Uint32Array;
  readonly #blocks: number;
  /** how many keys it takes */
  readonly room: number;
  #count = 0;

  constructor(keys: number) {
    this.room = Math.max(KEYS_MIN, Math.ceil(keys));
    this.#blocks = Math.ceil((this.room * BITS_PER_KEY) / (BLOCK_WORDS * 32));
    this.#words = new Uint32Array(this.#blocks * BLOCK_WORDS);
  }

  get isFull(): boolean {
    return this.#count >= this.room;
  }

  get bytes(): number {
    return this.#words.byteLength;
  }

  add(key: Uint32Array): void {
    const block = this.#blockOf(key);
    for (let probe = 0; probe < PROBES; probe++) {
      const at = block + wordOf(key, probe);
      this.#words[at] = (this.#words[at] ?? 0) | bitOf(key, probe);
    }
    this.#count++;
  }

  has(key: Uint32Array): boolean {
    const block = this.#blockOf(key);
    for (let probe = 0; probe < PROBES; probe++)
      if (((this.#words[block + wordOf(key, probe)] ?? 0) & bitOf(key, probe)) === 0) return false;
    return true;
  }

  #blockOf([first = 0]: Uint32Array): number {
    return Math.floor((first / 2 ** 32) * this.#blocks) * BLOCK_WORDS;
  }
}

/** Each probe has two words of its block to itself: one bit of the key says which. */
function wordOf(key: Uint32Array, probe: number): number {
  return 2 * probe + (((key[3] ?? 0) >>> (24 + probe)) & 1);
}

function bitOf(key: Uint32Array, probe: number): number {
  const bits = probe < 4 ? (key[1] ?? 0) : (key[2] ?? 0);
  return 1 << ((bits >>> (8 * (probe % 4))) & 31);
}

/** Days of which ids are remembered, those of the guard included. */
export const PAST_DAYS = 28;
const FILTER_DAYS = 7;
const BYTES_MAX = 256 * 2 ** 20;

interface Week {
  filter: GuardFilter;
  first: number;
  last: number;
}

/**
 * The ids of the days that the guard has left behind, in a filter a week or so: few are quick to ask. Two to three
 * bytes an id, and never more than 256 MB: beyond some 100 million ids the oldest are forgotten early.
 */
export class GuardPast {
  #weeks: Week[] = [];
  readonly #bytesMax: number;
  /** Until all days are filled in, nothing can be said of any id. */
  isWhole = true;

  constructor(bytesMax = BYTES_MAX) {
    this.#bytesMax = bytesMax;
  }

  /** `perDay` is how many ids a day of about now has. */
  add(key: Uint32Array, day: number, perDay: number): void {
    const near = this.#weeks.filter(({ first }) => Math.abs(day - first) < FILTER_DAYS);
    const week = near.find(({ filter }) => !filter.isFull) ?? this.#open(day, perDay, near);
    week.last = Math.max(week.last, day);
    week.filter.add(key);
  }

  /** May the id have been told within the last days? */
  has(key: Uint32Array, today: number): boolean {
    if (!this.isWhole) return true;
    return this.#weeks.some(({ filter, last }) => last > today - PAST_DAYS && filter.has(key));
  }

  /** Lets go of what is over. */
  forget(today: number): void {
    this.#weeks = this.#weeks.filter(({ last }) => last > today - PAST_DAYS);
  }

  get bytes(): number {
    return this.#weeks.reduce((sum, { filter }) => sum + filter.bytes, 0);
  }

  /** A week with more ids than were foreseen gets a second filter, twice as large. */
  #open(day: number, perDay: number, full: readonly Week[]): Week {
    const wanted = Math.max(perDay * FILTER_DAYS, ...full.map(({ filter }) => 2 * filter.room));
    const keysMax = Math.floor((this.#bytesMax * 8) / BITS_PER_KEY / 4);
    const week = { filter: new GuardFilter(Math.min(wanted, keysMax)), first: day, last: day };
    this.#weeks = [...this.#weeks, week].sort((a, b) => b.last - a.last);
    while (this.bytes > this.#bytesMax) this.#weeks.pop();
    return week;
  }
}
