import type { Message } from './message.ts';
import { ORIGIN } from './shop.ts';
import * as standard from './standard.ts';
import * as stripe from './stripe.ts';

/** Messages that say nothing, and what has to become of them. */
export interface Broken {
  messages: Message[];
  quarantined: number;
  refused: number;
}

/** Forged signatures, bodies that have lost a field, topics that nobody knows, an order with a word for its value. */
export function brokenMessages(times: readonly number[]): Broken {
  const messages = times.flatMap((at, index): Message[] => [
    {
      ...{ door: 'stripe', at, facts: [], wants: 401 },
      write: (now) => stripe.signed(payment(`forged-${index}`), 'whsec_somebody-elses-secret', now),
    },
    {
      ...{ door: 'standard', at, facts: [], wants: 401 },
      write(now, keys) {
        const request = standard.signed(`msg_tampered_${index}`, payment(`tampered-${index}`), keys.standard, now);
        return { ...request, body: request.body.replace('"1.00"', '"9.00"') };
      },
    },
    {
      ...{ door: 'standard', at, facts: [], wants: 202 },
      write(now, keys) {
        const body = payment(`half-${index}`).replace('"amount":"1.00",', '');
        return standard.signed(`msg_half_${index}`, body, keys.standard, now);
      },
    },
    {
      ...{ door: 'standard', at, facts: [], wants: 202 },
      write(now, keys) {
        const body = payment(`odd-${index}`).replace('payment.succeeded', 'payment.teleported');
        return standard.signed(`msg_odd_${index}`, body, keys.standard, now);
      },
    },
    {
      ...{ door: 'orders', at, facts: [], wants: 201 },
      write: (_now, keys) => ({
        path: '/v1/orders',
        headers: { 'content-type': 'text/plain;charset=UTF-8', origin: ORIGIN, 'user-agent': 'Mozilla/5.0' },
        body: JSON.stringify({
          ...{ key: keys.write, order_id: `broken-${index}`, value: 'a dozen', currency: 'EUR', consent: 'granted' },
          ...{ visitor: `broken-${index}`, session: 's', page: { url: `${ORIGIN}/checkout` }, contents: [] },
        }),
      }),
    },
  ]);
  return { messages, quarantined: 3 * times.length, refused: 2 * times.length };
}

function payment(id: string): string {
  return JSON.stringify({
    type: 'payment.succeeded',
    data: { payment_id: id, order_id: id, amount: '1.00', currency: 'EUR' },
  });
}
