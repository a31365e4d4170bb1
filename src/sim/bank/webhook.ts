import { setTimeout as wait } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';
import { retry } from '../http/background.ts';
import { request } from '../http/request.ts';

const REQUEST_MS_MAX = 10_000;
/** The bank's user agent, which must never be taken for a customer's. */
export const BANK_AGENT = 'Touchstone-Pay-Webhooks/1';

export interface Confirmation {
  paymentId: string;
  orderId: string;
  amount: string;
  currency: string;
  shop: string;
  paidAt: number;
}

export interface Delivery {
  at: number;
  /** undefined when nobody answered */
  status: number | undefined;
}

export interface Mail {
  url: string;
  secret: string;
  now(): number;
  from?: string | undefined;
  retryWaitsMs: readonly number[];
}

/** Sends `payment.succeeded` until it is taken; a repeat keeps its id and gets a fresh time and signature. */
export async function sendConfirmation(
  confirmation: Confirmation,
  mail: Mail,
  delivered: (delivery: Delivery) => void,
  signal: AbortSignal,
): Promise<boolean> {
  const body = confirmationBody(confirmation);
  const signer = new Webhook(mail.secret);
  const id = `msg_${confirmation.paymentId}`;
  const attempt = async (): Promise<boolean> => {
    const at = mail.now();
    const sentAt = new Date(at);
    const status = await post(mail, body, signal, {
      'content-type': 'application/json',
      'user-agent': BANK_AGENT,
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at / 1000)),
      'webhook-signature': signer.sign(id, sentAt, body),
    });
    delivered({ at, status });
    return status !== undefined && status >= 200 && status < 300;
  };
  return retry(attempt, mail.retryWaitsMs, signal);
}

function confirmationBody(confirmation: Confirmation): string {
  return JSON.stringify({
    type: 'payment.succeeded',
    timestamp: new Date(confirmation.paidAt).toISOString(),
    data: {
      payment_id: confirmation.paymentId,
      order_id: confirmation.orderId,
      amount: confirmation.amount,
      currency: confirmation.currency,
      shop: confirmation.shop,
    },
  });
}

async function post(
  { url, from }: Mail,
  body: string,
  signal: AbortSignal,
  headers: Record<string, string>,
): Promise<number | undefined> {
  try {
    return (await request({ method: 'POST', url, headers, body, timeoutMs: REQUEST_MS_MAX, from, signal })).status;
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}

/** The confirmation, `times` times, after `delayMs`. */
export async function sendLater(
  send: () => Promise<boolean>,
  times: number,
  delayMs: number,
  signal: AbortSignal,
): Promise<void> {
  await wait(delayMs, undefined, { signal });
  for (let n = 0; n < times; n += 1) await send();
}
