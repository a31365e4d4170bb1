import { setTimeout as wait } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';
import { Pool } from 'undici';
import type { Chance } from '../../src/sim/world/random.ts';

/** What became of an event, as far as its senders know. */
export interface Told {
  name: string;
  /** in the journal's words: an event id, an order id or a payment's reference */
  id: string;
  /** must TikTok count it? */
  counts: boolean;
}

interface Message {
  path: string;
  headers: Record<string, string>;
  body: string;
  told: Told[];
  /** what the sender does once this one is taken */
  afterwards?: () => Message;
}

export interface Load {
  /** every record that was acknowledged, by its journal sequence */
  acknowledged: Map<number, Told>;
  /** answers that were neither a receipt nor a broken connection */
  odd: string[];
  /** while the server was up */
  sent: number;
  answered: number;
  upMs: number;
  /** Sends to `url` until `stop` fires; what broke off is kept for the next time. Resolves once nothing is under way. */
  run(url: string, perSecond: number, stop: AbortSignal): Promise<void>;
  /** Sends what was never acknowledged, until all is. */
  finish(url: string): Promise<void>;
}

const NAMES = [
  'Contact',
  'Download',
  'Search',
  'Schedule',
  'SubmitApplication',
  'FindLocation',
  'AddToWishlist',
] as const;
const TICK_MS = 5;

/** Senders that do as good senders do: unique ids, the same ones again until they are acknowledged, and some by mistake. */
export function openLoad(
  keys: {
    secretKey: string;
    webhookSecret: string;
    readReceipt(receipt: string): { first: number; count: number } | undefined;
  },
  chance: Chance,
): Load {
  const acknowledged = new Map<number, Told>();
  const odd: string[] = [];
  const again: Message[] = [];
  const taken: Message[] = [];
  const signer = new Webhook(keys.webhookSecret);
  const bearer = { authorization: `Bearer ${keys.secretKey}`, 'content-type': 'application/json' };
  let made = 0;

  function message(): Message {
    made += 1;
    if (made % 10 === 0) return order(`o-${made}`);
    if (made % 13 === 0 && taken.length > 0) return chance.pick(taken as [Message, ...Message[]]);
    if (made % 29 === 0) return events([{ name: 'Contact', id: `bad-${made}`, counts: false }], { time: 'yesterday' });
    const size = made % 17 === 0 ? 5 : 1;
    return events(
      Array.from({ length: size }, (_, n) => ({ name: chance.pick(NAMES), id: `e-${made}-${n}`, counts: true })),
    );
  }

  function events(told: Told[], more: object = {}): Message {
    const page = { url: 'https://shop.example/' };
    const time = new Date().toISOString();
    const body = told.map(({ name, id }) => ({ event: name, event_id: id, time, page, consent: 'granted', ...more }));
    return { path: '/v1/server/events', headers: bearer, body: JSON.stringify(body), told };
  }

  function order(id: string): Message {
    const contents = [{ content_id: 'sku-1', quantity: 1, price: 59.9 }];
    const page = { url: 'https://shop.example/checkout' };
    const body = {
      order_id: id,
      value: '59.90',
      currency: 'EUR',
      contents,
      page,
      consent: 'granted',
      time: new Date().toISOString(),
    };
    return {
      ...{ path: '/v1/orders', headers: bearer, body: JSON.stringify(body) },
      told: [{ name: 'Purchase', id, counts: true }],
      afterwards: () => payment(id),
    };
  }

  function payment(orderId: string): Message {
    const data = { payment_id: `pay-${orderId}`, order_id: orderId, amount: '59.90', currency: 'EUR' };
    const now = new Date();
    const body = JSON.stringify({ type: 'payment.succeeded', timestamp: now.toISOString(), data });
    const headers = {
      'content-type': 'application/json',
      'webhook-id': `msg-${orderId}`,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
      'webhook-signature': signer.sign(`msg-${orderId}`, now, body),
    };
    return {
      path: '/v1/hooks/standard',
      headers,
      body,
      told: [{ name: 'payment', id: data.payment_id, counts: false }],
    };
  }

  async function send(pool: Pool, sent: Message): Promise<void> {
    const { path, headers, body, told } = sent;
    let status: number;
    let text: string;
    try {
      const answer = await pool.request({ method: 'POST', path, headers, body });
      status = answer.statusCode;
      text = await answer.body.text();
    } catch {
      again.push(sent);
      return;
    }
    const range =
      status === 201 || status === 202
        ? keys.readReceipt((JSON.parse(text) as { receipt: string }).receipt)
        : undefined;
    if (range?.count !== told.length) {
      odd.push(`${path} ${status} ${text}`);
      return;
    }
    load.answered += 1;
    for (const [n, one] of told.entries()) acknowledged.set(range.first + n, one);
    if (taken.length < 1000) taken.push(sent);
    else taken[chance.between(0, 999)] = sent;
    if (sent.afterwards) again.push(sent.afterwards());
  }

  const load: Load = {
    acknowledged,
    odd,
    sent: 0,
    answered: 0,
    upMs: 0,
    async run(url, perSecond, stop) {
      const pool = new Pool(url, { connections: 64 });
      const underWay = new Set<Promise<void>>();
      const startedAt = performance.now();
      // Open loop: the next one leaves on time, whether the last one is answered or not.
      for (let sent = 0; !stop.aborted; await wait(TICK_MS))
        for (; sent < ((performance.now() - startedAt) * perSecond) / 1000 && !stop.aborted; sent++) {
          const sending = send(pool, again.shift() ?? message()).finally(() => underWay.delete(sending));
          underWay.add(sending);
          load.sent += 1;
        }
      load.upMs += performance.now() - startedAt;
      await Promise.all(underWay);
      await pool.destroy();
    },
    async finish(url) {
      const pool = new Pool(url, { connections: 16 });
      while (again.length > 0) await Promise.all(again.splice(0, 200).map((sent) => send(pool, sent)));
      await pool.destroy();
    },
  };
  return load;
}
