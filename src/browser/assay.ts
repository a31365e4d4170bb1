import type { WireOrder } from '../api/wire.ts';
import type { ClientConfig } from '../event/client-spec.ts';
import type { Consent, JsonObject } from '../event/event.ts';
import { cleanProperties } from './clean.ts';
import { attempt, client, now, pause } from './client.ts';
import { type Contacts, hashContacts } from './contacts.ts';
import { isOpen, read, setOpen, write } from './drawer.ts';
import { businessId, onceId } from './event-id.ts';
import { openOrder, resumeOrders } from './handout.ts';
import { head, sessionId, setCookie, visit } from './head.ts';
import { type Landing, readLanding } from './landing.ts';
import { callPixel, pixelState, settlePixel, startPixel } from './pixel.ts';
import { enqueue, flush } from './queue.ts';
import { randomId } from './random-id.ts';

export type { ClientConfig, Contacts };

/** An order as the page knows it. With `handout` the shop's server placed it and the page only waits for its word. */
export type Order =
  | Pick<WireOrder, 'order_id' | 'value' | 'currency' | 'contents' | 'properties'>
  | { order_id: string; handout: string };

export interface Methods {
  /** Tells of the page view, once a page load. */
  page(): void;
  /** Tells of an event. `event_id` is for an id that the shop's server made. */
  track(name: string, properties?: JsonObject, options?: { event_id?: string }): void;
  /** Adds contacts to what follows; they are hashed before they leave the page. */
  identify(contacts: Contacts): void;
  /** The visitor's choice. Without it, and after a no, nothing is stored or sent where the spec requires consent. */
  consent(choice: 'granted' | 'denied'): void;
  /** Places an order before the visitor goes to pay. Settled when the collector has it, or after three seconds. */
  order(order: Order): Promise<void>;
  /** Tells of a new lead and gives its id, made here unless given. */
  lead(lead?: JsonObject): string;
}

type Call = { [M in keyof Methods]: [method: M, ...args: Parameters<Methods[M]>] }[keyof Methods];

/** `assay.track('AddToCart', …)` and `assay('track', 'AddToCart', …)` are the same. */
export type Assay = Methods & ((...call: Call) => unknown);

const CALLS_MAX = 64;
const ORDER_WAIT_MS = 3000;
/** 30 days */
const LANDING_MS = 2_592_000_000;
// The choice outlives a closed drawer, so that nobody is asked twice.
const CONSENT_KEY = 'assay.consent';

const told: Record<string, boolean> = {};
const pageId = randomId();
const waiting: (() => unknown)[] = [];
let turn: Promise<unknown> = Promise.resolve();
let start: () => void;

type Rule = Partial<ClientConfig['events'][string]>;

type Bound = { [name: string]: unknown; bind(self: null, name: string): unknown };

/** Starts collection in this page; what it returns never throws. `nonce` is that of the page's security policy. */
export function load(config: ClientConfig, nonce = ''): Assay {
  Object.assign(client, config);
  const landing = readLanding(location, document.referrer);
  start = () => {
    setOpen(true);
    // A new click or ad takes the place of the earlier ad; only a new click that of the click id.
    if (Object.keys(landing)[0]) write('ad', { ttclid: read<Landing>('ad')?.ttclid, ...landing }, LANDING_MS);
    if (!pixelState) {
      startPixel(nonce);
      resumeOrders();
    }
    flush();
    for (const step of waiting.splice(0)) void act(step);
  };
  visit.consent = (attempt(() => localStorage.getItem(CONSENT_KEY)) ?? 'unknown') as Consent;
  if (visit.consent === 'granted' || (visit.consent === 'unknown' && config.consent === 'none')) start();
  addEventListener('pagehide', () => {
    settlePixel('unknown');
    flush(true);
  });
  addEventListener('visibilitychange', () => flush());

  const assay = ((name: keyof Methods, ...args: unknown[]) =>
    attempt(() => (methods[name] as (...args: unknown[]) => unknown)(...args))) as unknown as Assay & Bound;
  for (const name in methods) assay[name] = assay.bind(null, name);
  return assay;
}

/** Acts in the order of the calls, if and when the visitor allows it. */
function act(step: () => unknown): Promise<unknown> | undefined {
  if (isOpen) {
    turn = turn.then(() => isOpen && step()).catch(() => {});
    return turn;
  }
  if (visit.consent === 'unknown' && waiting.length < CALLS_MAX) waiting.push(step);
  return undefined;
}

function observe(event: string, properties: JsonObject, ownId?: string): void {
  const rule: Rule = client.events[event] ?? {};
  const knownId = (rule.guarded && businessId(client.shop, properties as { order_id?: string })) || ownId;
  // A reload tells of the same order again; a page that calls twice does not.
  if (knownId && told[event + knownId]) return;
  told[event + knownId] = true;
  const newId = knownId ?? randomId();
  const event_id = onceId(event, rule, { ...properties, session: sessionId() }, newId);
  const time = now();
  void act(() => {
    const fires = rule.pixel !== false && !rule.guarded && event_id === newId;
    if (fires && event === 'Pageview') callPixel('page');
    else if (fires) callPixel('track', event, properties, { event_id });
    const leg = rule.guarded ? 'waits' : !fires ? 'none' : pixelState === 'loadFailed' ? 'failed' : 'fired';
    enqueue('events', { event, properties, event_id, pixel: leg, time });
  });
}

const methods: Methods = {
  page() {
    observe('Pageview', {}, pageId);
  },
  track(name, properties, options) {
    observe(name, cleanProperties(properties), options?.event_id);
  },
  identify(plain) {
    void act(async () => {
      const contacts = await hashContacts(plain);
      visit.contacts = contacts;
      callPixel('identify', {
        sha256_email: contacts.email,
        sha256_phone_number: contacts.phone,
        external_id: contacts.external_id,
      });
    });
  },
  consent(choice) {
    visit.consent = choice;
    attempt(() => localStorage.setItem(CONSENT_KEY, choice));
    if (choice === 'granted') {
      start();
      callPixel('grantConsent');
    } else {
      waiting.splice(0);
      setOpen(false);
      setCookie('', 0);
      callPixel('revokeConsent');
    }
  },
  async order(order) {
    // The calls that follow must not wait for the collector, or for a handout.
    const placed = new Promise<void>((done) => {
      const step = (): void => {
        // Spec and ad go along: the order's event is told by this body alone.
        const body = { ...cleanProperties(order), ...head(), key: client.key, time: now() } as unknown as WireOrder;
        done(openOrder(order.order_id, 'handout' in order ? order : { body }));
      };
      if (!act(step)) done();
    });
    await Promise.race([placed, pause(ORDER_WAIT_MS)]);
  },
  lead(lead) {
    const properties = { lead_id: randomId(), ...cleanProperties(lead) };
    observe('Lead', properties);
    return properties.lead_id;
  },
};
