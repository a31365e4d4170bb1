import type { Spec } from '../spec/spec.ts';
import type { Reading } from '../tiktok/answer.ts';
import { type DestinationState, HEALTHY, settled, tried } from './destination.ts';
import { answeredWell, openRate, type Rate, readyAt, spent, throttled } from './rate.ts';

/** Requests at once that a destination begins with, and comes back to when it fails. */
export const PLACES_MIN = 4;

type Limits = Pick<Spec['delivery'], 'rate' | 'atOnce'>;

/** One destination as the loop sees it: its state, its rate and its places for requests. Times are UTC ms. */
export class Outlet {
  readonly id: string;
  state: DestinationState = HEALTHY;
  /** places that are taken, by requests and by searches, and requests that are under way */
  taken = 0;
  flying = 0;
  #rate: Rate;
  #places = PLACES_MIN;
  readonly #limits: () => Limits;

  constructor(id: string, limits: () => Limits, now: number) {
    this.id = id;
    this.#limits = limits;
    this.#rate = openRate(limits().rate, now);
  }

  get ratePerSecond(): number {
    return this.#rate.perSecond;
  }

  /** Has it a place for another batch? Money may take one more, and one that is not well gets one request at a time. */
  hasRoom(money: boolean, now: number): boolean {
    if (this.state.state !== 'healthy') return this.mayTry(now);
    return this.taken < this.#most() + (money ? 1 : 0) && this.mayTry(now);
  }

  /** How many batches have room now. */
  free(now: number): number {
    if (!this.hasRoom(true, now)) return 0;
    return this.state.state === 'healthy' ? Math.max(1, this.#most() - this.taken) : 1;
  }

  /** May one more request leave, whatever places there are? */
  mayTry(now: number): boolean {
    if (now < this.state.until || readyAt(this.#rate, now) > now) return false;
    return this.state.state === 'healthy' || this.flying === 0;
  }

  /** Is at least half of its places free again? */
  isRoomy(): boolean {
    return this.taken * 2 <= this.#most();
  }

  /** When it takes something again, where that is only a matter of time. */
  nextAt(now: number): number | undefined {
    const at = Math.max(this.state.until, readyAt(this.#rate, now));
    return at > now ? at : undefined;
  }

  /** Has it as many requests and searches under way as it may? */
  isFull(): boolean {
    return this.taken >= this.#most();
  }

  /** A request leaves; `settle` or `stay` ends it. */
  leave(now: number): void {
    this.flying++;
    this.#rate = spent(this.#rate, this.#limits().rate, now);
    this.state = tried(this.state);
  }

  /** What was to leave did not. */
  stay(): void {
    this.flying--;
  }

  /** A request came back. */
  settle(readings: readonly Reading[], sentAt: number, now: number, chance: number): void {
    const old = this.state;
    const wasFull = this.isFull();
    this.flying--;
    this.state = settled(old, readings, sentAt, now, chance);
    if (this.state.throttles > old.throttles) this.#rate = throttled(this.#rate, now);
    else if (isGood(readings)) this.#rate = answeredWell(this.#rate, sentAt);
    if (this.state.state !== 'healthy' || this.state.failures > 0) this.#places = PLACES_MIN;
    else if (wasFull) this.#places++;
  }

  #most(): number {
    const { atOnce } = this.#limits();
    this.#places = Math.min(this.#places, Math.max(atOnce, 1));
    return Math.min(this.#places, atOnce);
  }
}

/** An answer that TikTok had to work for, whatever it thinks of the events. */
function isGood(readings: readonly Reading[]): boolean {
  return readings.some(
    ({ outcome, why }) => outcome === 'accepted' || outcome === 'refused' || why === 'batch_refused',
  );
}
