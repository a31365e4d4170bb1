import type { Chance } from '../world/random.ts';
import { isWebhook, type Message } from './message.ts';
import { DAY } from './story.ts';

/** What goes wrong between a provider and us: shares of all webhooks. */
const MAIL = { late: 0.055, overtaken: 0.11, twice: 0.16, lateMsMax: 10 * DAY } as const;

/** A message on its way. */
export interface Delivery {
  message: Message;
  /** UTC ms */
  arrivesAt: number;
  fault?: 'late' | 'overtaken' | 'again';
}

/**
 * How the messages of one order arrive. A late one takes hours or days; one that is overtaken comes after the one that
 * was sent after it; one that comes again is the same to the byte, but for the time of its signature.
 */
export function mailed(messages: readonly Message[], draw: Chance): Delivery[] {
  const sent = messages.toSorted((a, b) => a.at - b.at);
  const deliveries = sent.map((message): Delivery => ({ message, arrivesAt: message.at }));
  for (const [index, delivery] of deliveries.entries()) {
    if (!isWebhook(delivery.message)) continue;
    if (draw.in(MAIL.late)) {
      delivery.fault = 'late';
      delivery.arrivesAt += draw.between(3_600_000, MAIL.lateMsMax);
    } else if (draw.in(MAIL.overtaken)) {
      const next = sent[index + 1];
      delivery.fault = 'overtaken';
      // Where nothing of its own order follows, others of the shop do.
      delivery.arrivesAt =
        next && next.at - delivery.message.at < DAY ? next.at + 1 : delivery.message.at + draw.between(60_000, DAY);
    }
  }
  const again = deliveries
    .filter(({ message }) => isWebhook(message) && draw.in(MAIL.twice))
    .map(({ message, arrivesAt }): Delivery => {
      return { message, arrivesAt: arrivesAt + draw.between(1, 3 * DAY), fault: 'again' };
    });
  return [...deliveries, ...again].sort((a, b) => a.arrivesAt - b.arrivesAt);
}
