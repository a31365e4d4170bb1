import { setTimeout as wait } from 'node:timers/promises';
import type { JsonObject } from '../../event/event.ts';
import { worth } from '../shop/cart.ts';
import { productOf } from '../shop/products.ts';
import { SDK_COOKIE } from '../shop/register.ts';
import { addToCart } from '../shop/tracking.ts';
import { type Doors, PageSdk } from './page-sdk.ts';
import type { Act, VisitorPlan } from './plan.ts';
import { type Opened, Tab } from './tab.ts';
import { adParameters, type Context, callsOf } from './wire.ts';

export interface Street extends Doors {
  shopUrl: string;
  /** stretches every pause: 1 is real life, 0 is at once */
  pace: number;
}

/** Walks one visitor through the shop: pages, forms and cookies by the shop's doors, the rest as the SDK would. */
export async function visit(plan: VisitorPlan, street: Street, signal: AbortSignal): Promise<void> {
  const left = new AbortController();
  const walk = new Walk(plan, street, left.signal, signal);
  try {
    for (const step of plan.steps) {
      await wait(step.afterMs * street.pace, undefined, { signal });
      await walk.act(step);
    }
  } finally {
    left.abort();
    await Promise.all(walk.sdk.waiting);
  }
}

class Walk {
  readonly sdk: PageSdk;
  readonly #plan: VisitorPlan;
  readonly #street: Street;
  readonly #tab: Tab;
  readonly #leaves: AbortSignal;
  readonly #context: Context;
  /** calls of this page that wait for a yes */
  #held: [string, ...unknown[]][] = [];
  #payUrl = '';
  #thanksUrl = '';

  constructor(plan: VisitorPlan, street: Street, leaves: AbortSignal, signal: AbortSignal) {
    this.#plan = plan;
    this.#street = street;
    this.#leaves = AbortSignal.any([leaves, signal]);
    this.#tab = new Tab(plan, signal);
    this.sdk = new PageSdk(plan, street, leaves, signal);
    this.#context = {
      visitor: plan.visitor,
      session: plan.session,
      ttp: plan.ttp,
      ttclid: undefined,
      userAgent: plan.userAgent,
      consent: 'unknown',
      url: street.shopUrl,
      referrer: plan.referrer,
      ad: {},
      contacts: {},
    };
  }

  async act(act: Act): Promise<void> {
    switch (act.do) {
      case 'open':
        return this.#arrive(await this.#tab.open(this.#street.shopUrl + act.path));
      case 'consent':
        return this.#choose(act.choice);
      case 'add':
        return this.#add(act.product, act.quantity);
      case 'order':
        return this.#order({ ...act.person });
      case 'pay':
      case 'cancel':
        return this.#bank(act.do);
      case 'reload':
        return this.#thanksUrl === '' ? undefined : this.#arrive(await this.#tab.open(this.#thanksUrl));
      case 'forge':
        return this.sdk.run(
          [['track', 'Purchase', { order_id: act.orderId, value: 999, currency: 'EUR', contents: [] }]],
          this.#context,
        );
      case 'linger':
        await Promise.race([Promise.all(this.sdk.waiting), wait(act.forMs, undefined, { signal: this.#leaves })]);
    }
  }

  async #arrive(opened: Opened): Promise<void> {
    const { url } = opened;
    this.#context.url = url.href;
    this.#context.referrer = this.#tab.referrer;
    this.#context.ttclid = url.searchParams.get('ttclid') ?? this.#context.ttclid;
    this.#context.ad = { ...this.#context.ad, ...adParameters(url) };
    this.#tab.referrer = url.href;
    this.#held = [];
    const calls = callsOf(opened.text).filter(([method]) => method !== 'consent');
    if (this.#context.consent === 'granted') await this.sdk.run(calls, this.#context);
    else if (this.#context.consent === 'unknown') this.#held = calls;
  }

  async #choose(choice: 'granted' | 'denied'): Promise<void> {
    const here = new URL(this.#context.url);
    await this.#tab.open(`${this.#street.shopUrl}/consent`, { choice, ttclid: here.searchParams.get('ttclid') ?? '' });
    this.#context.consent = choice;
    if (choice === 'denied') {
      this.#held = [];
      return;
    }
    const jar = this.#tab.cookiesOf(here);
    jar.set(SDK_COOKIE, `${this.#plan.visitor}.${this.#plan.session}`);
    jar.set('_ttp', this.#plan.ttp);
    await this.sdk.run(this.#held.splice(0), this.#context);
  }

  async #add(id: string, quantity: number): Promise<void> {
    const product = productOf(id);
    if (!product) return;
    if (this.#context.consent === 'granted') {
      const properties: JsonObject = { ...addToCart(product), quantity, ...worth([{ product, quantity }]) };
      delete properties['price'];
      await this.sdk.run([['track', 'AddToCart', properties]], this.#context);
    }
    await this.#arrive(
      await this.#tab.open(`${this.#street.shopUrl}/cart/add`, { product: id, quantity: String(quantity) }),
    );
  }

  async #order(person: Record<string, string>): Promise<void> {
    const opened = await this.#tab.open(`${this.#street.shopUrl}/checkout`, person);
    await this.#arrive(opened);
    const link = /<a[^>]* id="pay" href="([^"]*)"(?: data-order="([^"]*)")?/.exec(opened.text);
    this.#payUrl = unescaped(link?.[1] ?? '');
    if (link?.[2] !== undefined && this.#context.consent === 'granted')
      await this.sdk.order(JSON.parse(unescaped(link[2])) as JsonObject, this.#context);
  }

  async #bank(action: 'pay' | 'cancel'): Promise<void> {
    if (this.#payUrl === '') return;
    const url = new URL(this.#payUrl);
    await this.#tab.open(url.href);
    const back = await this.#tab.open(url.origin + url.pathname, { ...Object.fromEntries(url.searchParams), action });
    if (action === 'pay') this.#thanksUrl = back.url.href;
    await this.#arrive(back);
  }
}

const CHARACTERS: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" };

/** An attribute's text as the shop's pages escape it. */
function unescaped(text: string): string {
  return text.replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => CHARACTERS[entity] ?? entity);
}
