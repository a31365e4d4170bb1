import { setTimeout as wait } from 'node:timers/promises';
import type { Json, JsonObject } from '../../event/event.ts';
import { request } from '../http/request.ts';
import type { VisitorPlan } from './plan.ts';
import { batch, beacon, type Context, hashedContacts } from './wire.ts';

/** Doors that visitors speak to, and the surroundings they live in. */
export interface Doors {
  collector: { url: string; writeKey: string; specVersion: number };
  /** absent: nobody listens for the pixel */
  pixel?: { url: string; code: string };
  /** business id, the prefix of order event ids */
  business: string;
  now(): number;
  newId(): string;
}

const REQUEST_MS_MAX = 5_000;
const POLL_SECONDS = 25;
const AGAIN_MS = 1_000;
const ONCE_MS = 30 * 60_000;
const GUARDED = new Set(['Purchase', 'Lead', 'CompleteRegistration', 'Subscribe']);

/** What the SDK would do in one visitor's pages, spoken over the real doors: batches, beacons, handouts. */
export class PageSdk {
  readonly #plan: VisitorPlan;
  readonly #doors: Doors;
  readonly #leaves: AbortSignal;
  readonly #signal: AbortSignal;
  readonly #once = new Map<string, { id: string; at: number }>();
  readonly #asked = new Set<string>();
  #lostAnswer: boolean;
  /** handouts that this visitor's pages still wait for */
  readonly waiting: Promise<void>[] = [];

  /** `leaves`: the visitor closes the page, and what is on its way still arrives; `signal` ends everything. */
  constructor(plan: VisitorPlan, doors: Doors, leaves: AbortSignal, signal: AbortSignal) {
    this.#plan = plan;
    this.#doors = doors;
    this.#leaves = AbortSignal.any([leaves, signal]);
    this.#signal = signal;
    this.#lostAnswer = plan.flaky;
  }

  /** One page load, or what it held back until the visitor agreed. */
  async run(calls: readonly [string, ...unknown[]][], context: Context): Promise<void> {
    const events: Json[] = [];
    for (const [method, first, second] of calls) {
      if (method === 'identify') context.contacts = hashedContacts(asObject(first));
      if (method === 'page') events.push(await this.#event('Pageview', {}, context));
      if (method === 'track' && typeof first === 'string')
        events.push(await this.#event(first, asObject(second), context));
      if (method === 'order') this.#remember(asObject(first)['handout'], context);
    }
    if (this.#doors.pixel && calls.some(([method]) => method === 'page')) events.push(['pixel', 'loaded']);
    if (events.length > 0) await this.#post(context, events);
  }

  /** An order that the page itself creates; the answer's handout is waited for. */
  async order(order: JsonObject, context: Context): Promise<void> {
    const { visitor, session, consent } = context;
    const user = {
      ...context.contacts,
      ...(context.ttclid === undefined ? {} : { ttclid: context.ttclid }),
      ttp: context.ttp,
    };
    const body = {
      ...order,
      key: this.#doors.collector.writeKey,
      time: this.#seconds(),
      user,
      page: { url: context.url },
      visitor,
      session,
      consent,
    };
    const text = await this.#send(`${this.#doors.collector.url}/v1/orders`, context, JSON.stringify(body));
    this.#remember(asObject(parsed(text))['handout'], context);
  }

  async #event(event: string, given: JsonObject, context: Context): Promise<JsonObject> {
    const properties = { ...given };
    // The shop's page is right; an old tag elsewhere still sends what was enough years ago.
    if (this.#plan.oldTag && event === 'ViewContent') delete properties['page_category'];
    const { id, again } = this.#idOf(event, properties);
    const guarded = GUARDED.has(event);
    const fires = !guarded && !again && this.#doors.pixel !== undefined;
    if (fires) await this.#fire(event, event === 'Pageview' ? undefined : id, properties, context);
    return {
      event,
      event_id: id,
      time: this.#seconds(),
      properties,
      pixel: fires && 'loaded',
    };
  }

  /** Orders carry their number; the same product or step in one session keeps its id for half an hour. */
  #idOf(event: string, properties: JsonObject): { id: string; again: boolean } {
    if (event === 'Purchase') return { id: `${this.#doors.business}-${String(properties['order_id'])}`, again: false };
    const key =
      event === 'ViewContent'
        ? properties['content_id']
        : event === 'InitiateCheckout'
          ? properties['step']
          : undefined;
    const at = this.#doors.now();
    const known = key === undefined ? undefined : this.#once.get(`${event} ${String(key)}`);
    if (known && at - known.at < ONCE_MS) return { id: known.id, again: true };
    const id = this.#doors.newId();
    if (key !== undefined) this.#once.set(`${event} ${String(key)}`, { id, at });
    return { id, again: false };
  }

  #remember(handout: unknown, context: Context): void {
    if (typeof handout !== 'string' || this.#asked.has(handout)) return;
    this.#asked.add(handout);
    this.waiting.push(this.#await(handout, { ...context }));
  }

  /** Asks until the word comes, fires once, and tells. A visitor who leaves just stops asking. */
  async #await(handout: string, context: Context): Promise<void> {
    try {
      for (;;) {
        const askedAt = this.#doors.now();
        const url = `${this.#doors.collector.url}/v1/handouts/${encodeURIComponent(handout)}?wait=${POLL_SECONDS}`;
        const got = await request({
          method: 'GET',
          url,
          headers: this.#headers(context),
          timeoutMs: (POLL_SECONDS + 5) * 1_000,
          signal: this.#leaves,
        });
        const answer = asObject(parsed(got.text));
        if (answer['fire'] === true) return await this.#fireHandout(handout, answer, this.#doors.now(), context);
        if (got.status === 404 || (got.status < 300 && answer['again'] !== true)) return;
        // An answer that came at once must not turn into a hammer.
        if (this.#doors.now() - askedAt < AGAIN_MS) await wait(AGAIN_MS, undefined, { signal: this.#leaves });
      }
    } catch {
      // The collector went away, or the visitor did: a page has nobody to tell.
    }
  }

  async #fireHandout(handout: string, answer: JsonObject, answeredAt: number, context: Context): Promise<void> {
    const { event, event_id: eventId, fire_in: fireInMs } = answer;
    if (!this.#doors.pixel || typeof event !== 'string' || typeof eventId !== 'string' || typeof fireInMs !== 'number')
      return;
    if (this.#doors.now() - answeredAt >= fireInMs) return;
    await this.#fire(event, eventId, asObject(answer['properties']), context);
    await this.#post(context, [['fired', handout, eventId, this.#seconds()]]);
  }

  async #fire(event: string, eventId: string | undefined, properties: JsonObject, context: Context): Promise<void> {
    const { pixel } = this.#doors;
    if (!pixel) return;
    await this.#send(
      pixel.url,
      context,
      beacon(context, pixel.code, this.#doors.now(), this.#doors.newId(), event, eventId, properties),
    );
  }

  async #post(context: Context, events: readonly Json[]): Promise<void> {
    const { collector } = this.#doors;
    const body = batch(context, collector, this.#doors.now(), events);
    await this.#send(`${collector.url}/v1/events`, context, body);
    if (!this.#lostAnswer || events.every(Array.isArray)) return;
    this.#lostAnswer = false;
    await this.#send(`${collector.url}/v1/events`, context, body);
  }

  async #send(url: string, context: Context, body: string): Promise<string> {
    const headers = { ...this.#headers(context), 'content-type': 'text/plain;charset=UTF-8' };
    const got = await request({ method: 'POST', url, headers, body, timeoutMs: REQUEST_MS_MAX, signal: this.#signal });
    return got.text;
  }

  #headers(context: Context): Record<string, string> {
    const origin = new URL(context.url).origin;
    return { 'user-agent': context.userAgent, 'accept-language': 'en-GB,en;q=0.9', origin, referer: `${origin}/` };
  }

  #seconds(): number {
    return this.#doors.now() / 1000;
  }
}

function asObject(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
