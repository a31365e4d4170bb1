import { readFileSync } from 'node:fs';
import { background } from '../http/background.ts';
import { json, paymentPage } from '../http/payment-pages.ts';
import { type Answer, type Asked, redirect, serve } from '../http/serve.ts';
import { checkoutPage, donePage, missingPage } from './pages.ts';
import { type CheckoutSession, readSession, returnUrl } from './session.ts';
import { type Endpoint, paidEvents, sendEvent } from './webhook.ts';

export interface CheckoutOptions {
  port: number;
  hostName: string;
  /** what shops' servers authorize with */
  apiKey: string;
  endpoint: Endpoint;
  /** host names that customers may be sent back to; default `shop.localhost` */
  returnHosts?: readonly string[];
  /**
   * Asked once a payment, and awaited before the customer is sent back: when its events leave. By default at once, and
   * nobody waits for them.
   */
  confirm?(session: CheckoutSession, send: () => Promise<void>): Promise<void> | void;
  log?(line: string): void;
}

export interface Checkout {
  url: string;
  /** the last sessions, oldest first */
  sessions: readonly CheckoutSession[];
  /** The customer approves the payment elsewhere, such as in a bank's app. */
  pay(session: CheckoutSession): Promise<void>;
  /** The events of a paid session, once more if they were sent before; statuses that came back. */
  send(session: CheckoutSession): Promise<(number | undefined)[]>;
  stop(): Promise<void>;
}

const SESSIONS_MAX = 1_000;
const CSS = readFileSync(new URL('./page/checkout.css', import.meta.url), 'utf8');

/**
 * A hosted checkout on an origin of its own, with the API and the events of Stripe's: the shop's server opens a session
 * there and sends the customer to it; the page knows nothing of the shop's script.
 */
export async function startCheckout(options: CheckoutOptions): Promise<Checkout> {
  const log = options.log ?? (() => undefined);
  const work = background((cause) => log(`checkout: ${String(cause)}`));
  const sessions: CheckoutSession[] = [];

  async function send(session: CheckoutSession): Promise<(number | undefined)[]> {
    const statuses = [];
    for (const told of paidEvents(session)) statuses.push(await sendEvent(told, options.endpoint));
    return statuses;
  }

  async function pay(session: CheckoutSession): Promise<void> {
    // A form that is sent twice pays once.
    if (session.paidAt !== undefined) return;
    session.paidAt = options.endpoint.now();
    const tell = async (): Promise<void> => void (await send(session));
    if (options.confirm) await options.confirm(session, tell);
    else work.run(tell);
  }

  async function answer(asked: Asked): Promise<Answer> {
    const { pathname } = asked.url;
    if (asked.method === 'GET' && pathname === '/checkout.css') return asset(CSS);
    if (asked.method === 'POST' && pathname === '/v1/checkout/sessions') return open(asked);
    const session = sessions.find(({ id }) => pathname === `/c/pay/${id}`);
    if (!session) return paymentPage(404, missingPage());
    const back = returnUrl(session);
    if (asked.method === 'POST') {
      await pay(session);
      return redirect(back);
    }
    return session.paidAt === undefined
      ? paymentPage(200, checkoutPage(session), new URL(back).origin)
      : paymentPage(200, donePage(session, back));
  }

  function open(asked: Asked): Answer {
    if (asked.headers.authorization !== `Bearer ${options.apiKey}`)
      return json(401, { error: { message: 'the key is not one of ours' } });
    const hosts = options.returnHosts ?? ['shop.localhost'];
    const read = readSession(new URLSearchParams(asked.body), options.endpoint.now(), hosts);
    if (!read.ok) return json(400, { error: { message: read.problems.join('; ') } });
    sessions.push(read.value);
    if (sessions.length > SESSIONS_MAX) sessions.shift();
    const { id, reference } = read.value;
    const url = `${door.url}/c/pay/${id}`;
    return json(200, { id, object: 'checkout.session', client_reference_id: reference, status: 'open', url });
  }

  const door = await serve(options.port, options.hostName, answer);
  return {
    url: door.url,
    sessions,
    pay,
    send,
    async stop() {
      await door.stop();
      await work.stop();
    },
  };
}

function asset(text: string): Answer {
  return {
    status: 200,
    headers: { 'content-type': 'text/css; charset=utf-8', 'cache-control': 'no-cache' },
    body: text,
  };
}
