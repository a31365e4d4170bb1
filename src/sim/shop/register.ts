import { createHash } from 'node:crypto';
import type { Consent, JsonObject } from '../../event/event.ts';
import { retry } from '../http/background.ts';
import { type Got, request } from '../http/request.ts';
import type { Asked } from '../http/serve.ts';
import { contentsOf } from './cart.ts';
import { amountText, CURRENCY } from './money.ts';
import type { ShopOrder } from './orders.ts';

const REQUEST_MS_MAX = 2_000;
const RETRY_WAITS_MS = [500, 1_000, 2_000, 4_000, 8_000, 16_000];

/** The SDK's cookie, by which a shop's server says whose order it is: `visitor.session`. */
export const SDK_COOKIE = '_assay';

export interface OrderDoor {
  serverUrl: string;
  secretKey: string;
}

/** Creates the order at the collector, again while it is away, and keeps the handout's capability with the order. */
export async function registerOrder(
  order: ShopOrder,
  body: JsonObject,
  door: OrderDoor,
  log: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const attempt = async (): Promise<boolean> => {
    const got = await send(body, door, signal);
    if (got === undefined || got.status >= 500 || got.status === 429) return false;
    const handout = got.status < 300 ? handoutOf(got.text) : undefined;
    if (handout === undefined)
      log(`order ${order.orderId}: the collector answered ${got.status}: ${got.text.slice(0, 300)}`);
    else order.handout = handout;
    return true;
  };
  if (!(await retry(attempt, RETRY_WAITS_MS, signal)))
    log(`order ${order.orderId}: the collector could not be reached`);
}

async function send(body: JsonObject, door: OrderDoor, signal: AbortSignal): Promise<Got | undefined> {
  try {
    return await request({
      method: 'POST',
      url: `${door.serverUrl}/v1/orders`,
      headers: { authorization: `Bearer ${door.secretKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      timeoutMs: REQUEST_MS_MAX,
      signal,
    });
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}

function handoutOf(text: string): string | undefined {
  try {
    const answer: unknown = JSON.parse(text);
    const handout = answer && typeof answer === 'object' && 'handout' in answer ? answer.handout : undefined;
    return typeof handout === 'string' ? handout : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The order with the visitor's own context at the act. Without a yes only the books' side goes out:
 * no contact, no cookie, no address of the visitor leaves the shop.
 */
export function orderBody(order: ShopOrder, asked: Asked, consent: Consent): JsonObject {
  const books = {
    order_id: order.orderId,
    value: amountText(order.totalCents),
    currency: CURRENCY,
    contents: contentsOf(order.lines),
    time: new Date(order.placedAt).toISOString(),
    consent,
  };
  if (consent !== 'granted') return books;
  const locale = /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*/.exec(asked.headers['accept-language'] ?? '')?.[0];
  const referrer = asked.headers.referer?.slice(0, 2_048);
  return {
    ...books,
    user: present({
      email: order.contact.email,
      phone: order.contact.phone,
      external_id: order.customer,
      ttclid: cookie(asked, 'ttclid'),
      ttp: cookie(asked, '_ttp'),
      ip: asked.ip,
      user_agent: asked.headers['user-agent']?.slice(0, 512),
      locale,
    }),
    page: present({ url: asked.url.href, referrer }),
    ...present({ ...sdkIds(asked) }),
  };
}

/** Visitor and session, as the SDK's cookie has them. */
export function sdkIds(asked: Asked): { visitor: string | undefined; session: string | undefined } {
  const [visitor, session] = cookie(asked, SDK_COOKIE)?.split('.') ?? [];
  return { visitor, session };
}

function cookie(asked: Asked, name: string): string | undefined {
  return asked.cookies.get(name)?.slice(0, 1_024);
}

/** Fields that have a value. */
function present(fields: Record<string, string | undefined>): Record<string, string> {
  const entries = Object.entries(fields).filter((entry): entry is [string, string] => (entry[1] ?? '') !== '');
  return Object.fromEntries(entries);
}

/** The shop's number for a customer: the same address, the same number. */
export function customerNumber(email: string): string {
  return `nc-${createHash('sha256').update(`nugget ${email.toLowerCase()}`).digest('hex').slice(0, 12)}`;
}
