import { chance, mixSeed } from '../world/random.ts';
import { brokenMessages } from './broken.ts';
import { type Delivery, mailed } from './mail.ts';
import { isWebhook } from './message.ts';
import { payoutMessages, shopMessages } from './shop.ts';
import { shopifyMessages } from './shopify.ts';
import { standardMessages } from './standard.ts';
import { DAY, type Story, storyOf } from './story.ts';
import { stripeMessages } from './stripe.ts';

const TICK_MS = DAY / 2;

/** What arrives at one moment: of each order its own messages, one after the other. */
export interface Tick {
  at: number;
  rows: Delivery[][];
}

/** A month as it will be, from its seed: what happens, and how the world hears of it. */
export interface Plan {
  startsAt: number;
  stories: Story[];
  /** by time; none without a message */
  ticks: Tick[];
  /** messages that say nothing, by what has to become of them */
  broken: { quarantined: number; refused: number };
  /** shares of all webhooks */
  mail: { webhooks: number; late: number; overtaken: number; again: number };
}

export interface Month {
  seed: number;
  orders: number;
  /** orders are placed within so many days; what becomes of them takes longer */
  days?: number;
  /** the clocks stand still while a tick's messages are sent, and then go on by this; half a day unless told */
  tickMs?: number;
}

const STARTS_AT = Date.UTC(2026, 10, 1);

export function planMonth({ seed, orders, days = 30, tickMs = TICK_MS }: Month): Plan {
  const startsAt = STARTS_AT;
  const stories = Array.from({ length: orders }, (_, n) => storyOf(seed, n, { startsAt, days }));
  const rows = stories.map((story) => mailed(messagesOf(story), chance(mixSeed(seed ^ 0x5eed, story.n))));
  const payouts = payoutMessages(stories).map((message): Delivery[] => [{ message, arrivesAt: message.at }]);
  const broken = brokenMessages(spread(startsAt, days, Math.max(1, Math.round(orders / 1000))));
  const others = broken.messages.map((message): Delivery[] => [{ message, arrivesAt: message.at }]);
  const { quarantined, refused } = broken;
  return {
    ...{ startsAt, stories, broken: { quarantined, refused } },
    ticks: ticksOf([...rows, ...payouts, ...others], startsAt, tickMs),
    mail: mailOf(rows.flat()),
  };
}

function messagesOf(story: Story): ReturnType<typeof shopMessages> {
  const told = shopMessages(story);
  switch (story.way) {
    case 'serverAndStripe':
    case 'stripeAlone':
    case 'stripeRenewal':
      return [...told, ...stripeMessages(story)];
    case 'shopify':
    case 'shopifyRenewal':
      return [...told, ...shopifyMessages(story)];
    case 'pageAndService':
      return [...told, ...standardMessages(story)];
    case 'bankTransfer':
      return told;
  }
}

function ticksOf(rows: readonly Delivery[][], startsAt: number, tickMs: number): Tick[] {
  const ticks = new Map<number, Delivery[][]>();
  for (const row of rows)
    for (const [tick, part] of Map.groupBy(row, ({ arrivesAt }) => Math.ceil((arrivesAt - startsAt) / tickMs)))
      ticks.set(tick, [...(ticks.get(tick) ?? []), part]);
  return [...ticks].sort(([a], [b]) => a - b).map(([tick, parts]) => ({ at: startsAt + tick * tickMs, rows: parts }));
}

function spread(startsAt: number, days: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => startsAt + Math.floor(((index + 1) * days * DAY) / (count + 1)));
}

function mailOf(deliveries: readonly Delivery[]): Plan['mail'] {
  const webhooks = deliveries.filter(({ message }) => isWebhook(message));
  const faulty = (wanted: Delivery['fault']): number => webhooks.filter(({ fault }) => fault === wanted).length;
  return {
    webhooks: webhooks.length - faulty('again'),
    ...{ late: faulty('late'), overtaken: faulty('overtaken'), again: faulty('again') },
  };
}
