import type { WireOrder } from '../api/wire.ts';
import type { JsonObject } from '../event/event.ts';
import { pickUp } from './carry.ts';
import { cleanProperties } from './clean.ts';
import { attempt, now, within } from './client.ts';
import { decide, recall } from './consent.ts';
import { type Contacts, hashContacts } from './contacts.ts';
import { openOrder } from './handout.ts';
import { head } from './head.ts';
import { tellLead } from './lead.ts';
import { observe } from './observe.ts';
import { arrive } from './page.ts';
import { usePixel } from './pixel.ts';
import { act } from './turn.ts';
import { limited, setContacts, setLimited } from './visit.ts';
import { watchWindow } from './watch.ts';

/** An order as the page knows it. With `handout` the shop's server placed it and the page only waits for its word. */
export type Order =
  | ({ order_id: string } & Pick<WireOrder, 'value' | 'currency' | 'contents' | 'properties'>)
  | { order_id: string; handout: string };

export interface Methods {
  /** Tells of the page view, once an address; later addresses of the same load are followed. */
  page(): void;
  /** Tells of an event. `event_id` is for an id that the shop's server made. */
  track(name: string, properties?: JsonObject, options?: { event_id?: string }): void;
  /** Adds contacts to what follows; they are hashed before they leave the page. */
  identify(contacts: Contacts): void;
  /** The visitor's choice. Without it, and after a no, nothing is stored or sent where the spec requires consent. */
  consent(choice: 'granted' | 'denied'): void;
  /** Marks what follows: TikTok is to use it on the site's behalf only, where a state's law gives the visitor that right. */
  limitedDataUse(on: boolean): void;
  /** Places an order before the visitor goes to pay. Settled when the collector has it, or after three seconds. */
  order(order: Order): Promise<unknown>;
  /** Tells of a new lead and gives its id, made here unless given; the form takes it along as `lead_id`. */
  lead(properties?: JsonObject, form?: HTMLFormElement): string;
}

type Call = { [M in keyof Methods]: [method: M, ...args: Parameters<Methods[M]>] }[keyof Methods];

/** `assay.track('AddToCart', …)` and `assay('track', 'AddToCart', …)` are the same. */
export type Assay = Methods & ((...call: Call) => unknown);

const ORDER_WAIT_MS = 3000;

type Bound = { [name: string]: unknown; bind(self: null, name: string): unknown };

/** Starts collection in this page, and tells of the page view. */
export function begin(): void {
  recall();
  attempt(pickUp);
  watchWindow();
  attempt(arrive);
}

const methods: Methods = {
  page: arrive,
  track(name, properties, options) {
    observe(name, cleanProperties(properties), options?.event_id);
  },
  identify(plain) {
    void act(async () => {
      const contacts = await hashContacts(plain);
      setContacts(contacts);
      usePixel(() => ttq.identify(contacts));
    });
  },
  consent: decide,
  limitedDataUse: setLimited,
  order: (order) =>
    within(
      ORDER_WAIT_MS,
      // In a list, since the calls that follow wait neither for the collector nor for a handout.
      act(() => [
        openOrder(
          order.order_id,
          // Spec and ad go along: the order's event is told by this body alone.
          (order as { handout?: string }).handout ??
            ({
              ...cleanProperties(order),
              head: head(),
              time: now(),
              limited_data_use: limited,
            } as unknown as WireOrder),
        ),
      ])?.then(([placed]) => placed),
    ),
  lead: (properties, form) => tellLead(cleanProperties(properties), form),
};

/** What a page calls; it never throws. */
export const assay = ((name: keyof Methods, ...args: unknown[]) =>
  attempt(() => (methods[name] as (...args: unknown[]) => unknown)(...args))) as unknown as Assay & Bound;
for (const name in methods) assay[name] = assay.bind(null, name);
