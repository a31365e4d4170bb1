import type { Fact, Story } from './story.ts';

/** The doors that the month goes through. */
type Door = 'events' | 'orders' | 'entries' | 'import' | 'stripe' | 'shopify' | 'standard';

/** One request, as its sender writes it when it sends it: bodies are made late, because a month of them is large. */
export interface Request {
  path: string;
  headers: Record<string, string>;
  body: string;
}

/** Keys and secrets that the senders hold. */
export interface Keys {
  write: string;
  secret: string;
  stripe: string;
  shopify: string;
  standard: string;
}

export interface Message {
  door: Door;
  /** when its sender would send it, UTC ms */
  at: number;
  /** the order that it makes known, if any */
  order?: Story;
  /** the facts that it tells */
  facts: readonly Fact[];
  /** a page or server that creates an order is answered with its capability */
  creates?: Story;
  /** the status that it has to be answered with */
  wants: number;
  /** `now` is when it is sent, which signatures and clocks tell */
  write(now: number, keys: Keys): Request;
}

/** A provider's webhook: it may be late, come twice, or be overtaken. */
export const isWebhook = ({ door }: Message): boolean => door === 'stripe' || door === 'shopify' || door === 'standard';

export const seconds = (at: number): number => Math.floor(at / 1000);
