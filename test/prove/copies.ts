import { MINUTE, SECOND } from '../../src/event/time.ts';
import type { TrackItem } from '../../src/tiktok/body.ts';
import type { Facts } from './facts.ts';
import type { Plan } from './plan.ts';
import type { Kept } from './twin-room.ts';
import { ACCOUNTS, type DestinationId } from './variant.ts';
import type { Leaving } from './watch.ts';

/** The oracle's own list of names that TikTok changed. */
const NOW_CALLED: Readonly<Record<string, string>> = { CompletePayment: 'Purchase', SubmitForm: 'Lead' };
/** Clocks jump by so much at most, each of both. */
const JUMP_MS = 10 * MINUTE;
const DRAFT = /^draft-/;
const SOURCES = new Map(Object.entries(ACCOUNTS).map(([id, { pixel }]) => [pixel, id as DestinationId]));
const DELAY_MS = { '0s': 0, '5s': 5 * SECOND, '60s': MINUTE } as const;

/** Every copy that left or came to the twin, and whether it was right to. */
export class Copies {
  readonly #plan: Plan;
  readonly #facts: Facts;
  readonly #blame: (invariant: number, what: string) => void;
  readonly #kept = new Map<string, Kept[]>();
  /** `event time` of what left, by source and id */
  readonly #frozen = new Map<string, string>();
  readonly #orders = new Map<string, number>();
  /** keys of events that a page fired again, of which nobody could know */
  readonly #excused = new Set<string>();
  readonly #slackMs: number;
  readonly #delayMs: number;

  constructor(plan: Plan, facts: Facts, blame: (invariant: number, what: string) => void) {
    this.#plan = plan;
    this.#facts = facts;
    this.#blame = blame;
    this.#slackMs = plan.acts.some((act) => act.do === 'clock') ? 2 * JUMP_MS : 0;
    const variants = plan.acts.flatMap((act) => (act.do === 'activate' ? [act.variant] : []));
    this.#delayMs = Math.min(...[plan.variant, ...variants].map(({ delay }) => DELAY_MS[delay]));
  }

  /** One event of a request, on its way: its key and time are those of its first leg. */
  left(source: string, { event, event_id: id, event_time: time }: TrackItem): void {
    const key = `${source} ${id}`;
    const first = this.#frozen.get(key) ?? `${event} ${time}`;
    this.#frozen.set(key, first);
    if (first !== `${event} ${time}`)
      this.#blame(5, `${id} left for ${source} as ${first}, and again as ${event} ${time}`);
    if (!this.#facts.ids.has(id)) this.#blame(5, `${event} left for ${source} under the id ${id}, which nobody told`);
  }

  arrived(copy: Kept, leaving: Leaving): void {
    const { channel, outcome, source, eventId, test } = copy;
    const name = nowCalled(copy.event);
    const key = keyOf(source, name, eventId);
    if (DRAFT.test(eventId) || test !== null) {
      this.#kept.set(key, [...(this.#kept.get(key) ?? []), copy]);
      this.#draftArrived(copy, leaving);
      return;
    }
    const earlier = this.#kept.get(key) ?? [];
    this.#kept.set(key, [...earlier, copy]);
    const isAgain = outcome === 'counted_again' || (outcome === 'counted' && earlier.length > 0);
    if (isAgain && this.#couldNotKnow(copy, earlier, leaving)) this.#excused.add(key);
    else if (isAgain)
      this.#blame(6, `${name} ${eventId} came to ${source} by ${channel} when TikTok counts it a second time`);
    if (name === 'Purchase') this.#purchaseArrived(copy, earlier, leaving, isAgain);
  }

  #purchaseArrived(copy: Kept, earlier: readonly Kept[], leaving: Leaving, isAgain: boolean): void {
    const { source, channel, outcome, eventId } = copy;
    const order = eventId.replace(/^demo-/, '');
    const { guarded } = this.#plan.variant;
    const key = `${source} ${order}`;
    if (outcome === 'counted' || outcome === 'counted_again') {
      const times = (this.#orders.get(key) ?? 0) + 1;
      this.#orders.set(key, times);
      if (times > 1 && !isAgain) this.#blame(3, `order ${order} is counted ${times} times at ${source}`);
    }
    if (!guarded) return;
    const since = this.#facts.confirmedAt.get(order);
    if (since === undefined) this.#blame(3, `order ${order} came to ${source} by ${channel}, and is not confirmed`);
    else if (leaving.real < since + this.#delayMs - this.#slackMs)
      this.#blame(
        3,
        `order ${order} left ${leaving.real - since} ms after its confirmation, and waits ${this.#delayMs} ms`,
      );
    if (channel === 'pixel') this.#handedOut(copy, earlier, order);
  }

  /** The page's copy of a guarded event. */
  #handedOut(copy: Kept, earlier: readonly Kept[], order: string): void {
    const { source } = copy;
    const api = earlier.find((other) => other.channel === 'api');
    if (!api)
      return void this.#blame(4, `the page fired order ${order} at ${source} before TikTok had accepted the api leg`);
    if (earlier.some((other) => other.channel === 'pixel'))
      this.#blame(4, `order ${order} was handed out twice at ${source}`);
    if (told(api) !== told(copy))
      this.#blame(4, `the legs of order ${order} differ at ${source}: ${told(api)}, ${told(copy)}`);
  }

  #draftArrived({ channel, outcome, source, eventId, event, test }: Kept, { ours }: Leaving): void {
    const name = `${event} ${eventId}`;
    if (!DRAFT.test(eventId)) return void this.#blame(12, `${name}, a live event, came to ${source} as a test`);
    if (channel === 'pixel') return void this.#blame(12, `${name}, a draft, was fired by a page`);
    if (outcome !== 'test' || test === null)
      return void this.#blame(12, `${name}, a draft, came to ${source} without a test code`);
    const destination = SOURCES.get(source);
    const mine = this.#facts.tests.filter((one) => one.code === test && one.destination === destination);
    const isOpen = mine.some(({ from, until }) => ours >= from - this.#slackMs && ours < until + this.#slackMs);
    if (!isOpen) this.#blame(12, `${name}, a draft, left for ${source} with ${test}, and no such session was open`);
  }

  /** Only copies that no record told of could be unknown to us: those that a page fired by itself. */
  #couldNotKnow({ channel, eventId }: Kept, earlier: readonly Kept[], { real }: Leaving): boolean {
    if (channel === 'pixel') return !this.#plan.variant.guarded || !eventId.startsWith('demo-');
    return (
      earlier.every((other) => other.channel === 'pixel') &&
      (this.#facts.firedAt.get(eventId) ?? Number.POSITIVE_INFINITY) >= real
    );
  }

  hasAccepted(source: string, name: string, eventId: string): boolean {
    const kept = this.#kept.get(keyOf(source, name, eventId)) ?? [];
    return kept.some(({ channel }) => channel === 'api');
  }

  counted(source: string, name: string, eventId: string): number {
    const key = keyOf(source, name, eventId);
    if (this.#excused.has(key)) return 1;
    const kept = this.#kept.get(key) ?? [];
    return kept.filter(({ outcome }) => outcome === 'counted' || outcome === 'counted_again').length;
  }
}

function nowCalled(event: string): string {
  return NOW_CALLED[event] ?? event;
}

function keyOf(source: string, name: string, eventId: string): string {
  return `${source} ${name} ${eventId}`;
}

/** What both legs must tell alike. */
function told({ event, body }: Kept): string {
  const { value, currency, order_id: order } = (body['properties'] ?? {}) as Record<string, unknown>;
  return [event, order, value, currency].join(' ');
}
