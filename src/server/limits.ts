import type { Reason } from '../event/reason.ts';

/** So many a second, for as long as anybody likes; a burst may go faster until it has used up its own. */
export interface Rate {
  aSecond: number;
  burst: number;
}

/** Who may ask how fast. Each answer is the wait in whole seconds, 0 for none: a refused sender loses nothing. */
export interface Limits {
  /** one request of a visitor's address */
  address(address: string): number;
  /** one request by a secret key; everybody knows the write key, so one visitor could use it up for all */
  key(id: string): number;
  /** the address gave a secret key that is none of ours */
  wrongKey(address: string): void;
  /** how long an address that gave too many of them waits */
  barred(address: string): number;
  /** may any address be barred? Without, nobody's need be looked up */
  suspects(): boolean;
}

/** Addresses remembered at once: some 5 MB. One that is forgotten starts with its whole burst. */
const ADDRESSES_MAX = 50_000;
/** A server with a wrong key in one of its jobs stays below; who guesses does not. */
const WRONG_KEYS: Rate = { aSecond: 1, burst: 30 };

export function openLimits(around: { rateAddress: Rate | null; rateKey: Rate | null; now(): number }): Limits {
  const { rateAddress, rateKey, now } = around;
  const addresses = rateAddress && new Buckets(rateAddress, ADDRESSES_MAX);
  const keys = rateKey && new Buckets(rateKey, ADDRESSES_MAX);
  const wrong = new Buckets(WRONG_KEYS, ADDRESSES_MAX);
  let suspectsUntil = 0;
  return {
    address: (address) => addresses?.take(networkOf(address), now()) ?? 0,
    key: (id) => keys?.take(id, now()) ?? 0,
    wrongKey(address) {
      wrong.take(networkOf(address), now());
      suspectsUntil = now() + (WRONG_KEYS.burst / WRONG_KEYS.aSecond) * 1000;
    },
    barred: (address) => wrong.wait(networkOf(address), now()),
    suspects: () => now() < suspectsUntil,
  };
}

interface Bucket {
  tokens: number;
  /** UTC ms when `tokens` was true */
  at: number;
}

/** Token buckets, one a name; beyond `max` the oldest goes. */
export class Buckets {
  readonly #rate: Rate;
  readonly #max: number;
  readonly #all = new Map<string, Bucket>();

  constructor(rate: Rate, max: number) {
    this.#rate = rate;
    this.#max = max;
  }

  /** Takes a token; or the seconds until there is one, and takes none. */
  take(name: string, now: number): number {
    const bucket = this.#all.get(name);
    if (!bucket) {
      this.#keep(name, { tokens: this.#rate.burst - 1, at: now });
      return 0;
    }
    this.#fill(bucket, now);
    if (bucket.tokens < 1) return this.#secondsTo(bucket);
    bucket.tokens -= 1;
    return 0;
  }

  /** The seconds until there is a token. */
  wait(name: string, now: number): number {
    const bucket = this.#all.get(name);
    if (!bucket) return 0;
    this.#fill(bucket, now);
    return bucket.tokens < 1 ? this.#secondsTo(bucket) : 0;
  }

  #keep(name: string, bucket: Bucket): void {
    if (this.#all.size >= this.#max) {
      const oldest = this.#all.keys().next();
      if (!oldest.done) this.#all.delete(oldest.value);
    }
    this.#all.set(name, bucket);
  }

  #fill(bucket: Bucket, now: number): void {
    // A clock that was set back gives nothing and takes nothing.
    const passed = Math.max(0, now - bucket.at) / 1000;
    bucket.tokens = Math.min(this.#rate.burst, bucket.tokens + passed * this.#rate.aSecond);
    bucket.at = now;
  }

  #secondsTo(bucket: Bucket): number {
    return Math.max(1, Math.ceil((1 - bucket.tokens) / this.#rate.aSecond));
  }
}

/** What one subscriber has: an IPv4 address, or the /64 of an IPv6 address, within which anybody may pick others. */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address;
  const [left = '', right] = (address.split('%')[0] ?? '').split('::');
  const [first, last] = [left, right ?? ''].map((groups) => groups.split(':').filter(Boolean)) as [string[], string[]];
  const zeros = right === undefined ? 0 : Math.max(0, 8 - first.length - last.length);
  const groups = [...first, ...new Array<string>(zeros).fill('0'), ...last].slice(0, 4);
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}

export const LIMIT_REASONS: Reason[] = [
  {
    code: 'rate_limited',
    with: 'refused',
    means: 'An address or a key asked faster than the settings allow; it was told to come again.',
    fix: 'Nothing, if it was a flood. Else raise ASSAY_RATE_ADDRESS or ASSAY_RATE_KEY; behind a proxy that ASSAY_TRUSTED_PROXIES does not name, all visitors share one address.',
  },
];
