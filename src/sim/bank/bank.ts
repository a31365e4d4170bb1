import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Background, background } from '../http/background.ts';
import { json, paymentPage } from '../http/payment-pages.ts';
import { type Answer, type Asked, redirect, serve } from '../http/serve.ts';
import { payPage, refusedPage } from './pages.ts';
import { readPaymentRequest } from './payment.ts';
import { type Confirmation, type Delivery, sendConfirmation, sendLater } from './webhook.ts';

export interface BankOptions {
  port: number;
  hostName: string;
  webhookUrl: string;
  /** Standard Webhooks secret: `whsec_` and base64 */
  webhookSecret: string;
  /** address of this machine that webhooks leave from */
  webhookFrom?: string;
  /** asked once a payment: how late the webhook leaves */
  delayMs(): number;
  now(): number;
  /** `before`: the webhook is out before the customer returns; `after` (default): once `delayMs` passed */
  confirm?: 'before' | 'after';
  /** how often each confirmation is sent: 0 never, 2 twice; default 1 */
  times?(): number;
  /** host names that customers may be sent back to; default `shop.localhost` */
  returnHosts?: readonly string[];
  /** pauses between tries of a webhook that was not taken */
  retryWaitsMs?: readonly number[];
  log?(line: string): void;
}

interface Payment extends Confirmation {
  deliveries: Delivery[];
}

export interface Bank {
  url: string;
  /** the last payments, oldest first */
  payments: readonly Payment[];
  stop(): Promise<void>;
}

const PAYMENTS_MAX = 1_000;
const RETRY_WAITS_MS = [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000];
const CSS = readFileSync(new URL('./page/bank.css', import.meta.url), 'utf8');

/** A payment page that sends the customer back at once and tells the collector when it gets round to it. */
export async function startBank(options: BankOptions): Promise<Bank> {
  const log = options.log ?? (() => undefined);
  const work = background((cause) => log(`bank: ${String(cause)}`));
  const payments: Payment[] = [];
  const desk: Desk = { options, work, payments };
  const door = await serve(options.port, options.hostName, (asked) => answer(asked, desk));
  return {
    url: door.url,
    payments,
    async stop() {
      await door.stop();
      await work.stop();
    },
  };
}

interface Desk {
  options: BankOptions;
  work: Background;
  payments: Payment[];
}

function answer(asked: Asked, desk: Desk): Answer | Promise<Answer> {
  switch (`${asked.method} ${asked.url.pathname}`) {
    case 'GET /pay':
      return show(asked.url.searchParams, desk);
    case 'POST /pay':
      return pay(new URLSearchParams(asked.body), desk);
    case 'POST /bank/webhooks':
      return sendNow(asked, desk);
    case 'GET /bank.css':
      return {
        status: 200,
        headers: { 'content-type': 'text/css; charset=utf-8', 'cache-control': 'no-cache' },
        body: CSS,
      };
  }
  return paymentPage(404, refusedPage(['There is no such page at this bank.']));
}

function show(query: URLSearchParams, desk: Desk): Answer {
  const read = readPaymentRequest(query, returnHosts(desk));
  if (!read.ok) return paymentPage(400, refusedPage(read.problems));
  const returns = new Set([new URL(read.value.returnUrl).origin, new URL(read.value.cancelUrl).origin]);
  return paymentPage(200, payPage(read.value), [...returns].join(' '));
}

async function pay(form: URLSearchParams, desk: Desk): Promise<Answer> {
  const read = readPaymentRequest(form, returnHosts(desk));
  if (!read.ok) return paymentPage(400, refusedPage(read.problems));
  const { orderId, amount, currency, shop, returnUrl, cancelUrl } = read.value;
  if (form.get('action') !== 'pay') return redirect(cancelUrl);
  // A form that is sent twice pays once.
  if (desk.payments.some((payment) => payment.orderId === orderId && payment.shop === shop)) return redirect(returnUrl);
  const payment = book({ orderId, amount, currency, shop }, desk);
  const times = desk.options.times?.() ?? 1;
  if (desk.options.confirm === 'before') {
    const tried = Promise.withResolvers<void>();
    confirmLater(payment, times, 0, desk, tried.resolve);
    if (times > 0) await tried.promise;
  } else confirmLater(payment, times, desk.options.delayMs(), desk);
  return redirect(returnUrl);
}

function book(paid: Pick<Confirmation, 'orderId' | 'amount' | 'currency' | 'shop'>, desk: Desk): Payment {
  const paymentId = `pay_${randomUUID().replaceAll('-', '')}`;
  const payment = { ...paid, paymentId, paidAt: desk.options.now(), deliveries: [] };
  desk.payments.push(payment);
  if (desk.payments.length > PAYMENTS_MAX) desk.payments.shift();
  return payment;
}

function confirmLater(
  payment: Payment,
  times: number,
  delayMs: number,
  desk: Desk,
  tried: () => void = () => undefined,
): void {
  const { options, work } = desk;
  const mail = {
    url: options.webhookUrl,
    secret: options.webhookSecret,
    now: () => options.now(),
    from: options.webhookFrom,
    retryWaitsMs: options.retryWaitsMs ?? RETRY_WAITS_MS,
  };
  const delivered = (delivery: Delivery): void => {
    payment.deliveries.push(delivery);
    tried();
  };
  work.run((signal) =>
    sendLater(() => sendConfirmation(payment, mail, delivered, signal), times, delayMs, signal).finally(tried),
  );
}

/** For tests and demos: a confirmation at once, of a new payment or (with `payment_id`) of an old one again. */
async function sendNow(asked: Asked, desk: Desk): Promise<Answer> {
  // A form of a foreign page can't send this type without asking first, and nobody here says yes.
  if (asked.headers['content-type']?.split(';')[0] !== 'application/json')
    return json(415, { error: 'send application/json' });
  const wanted = readWanted(asked.body);
  if (!wanted)
    return json(400, { error: 'give order_id, amount such as "59.90", currency and perhaps shop or payment_id' });
  const known = desk.payments.find((payment) => payment.paymentId === wanted.paymentId);
  if (wanted.paymentId !== undefined && !known) return json(404, { error: 'no such payment' });
  const payment = known ?? book(wanted, desk);
  const tried = Promise.withResolvers<void>();
  confirmLater(payment, 1, 0, desk, tried.resolve);
  await tried.promise;
  return json(200, { payment_id: payment.paymentId, status: payment.deliveries.at(-1)?.status ?? null });
}

interface Wanted {
  orderId: string;
  amount: string;
  currency: string;
  shop: string;
  paymentId: string | undefined;
}

function readWanted(body: string): Wanted | undefined {
  try {
    const given: unknown = JSON.parse(body);
    if (typeof given !== 'object' || given === null) return undefined;
    const fields = new Map(Object.entries(given));
    const text = (name: string): string | undefined => {
      const value: unknown = fields.get(name);
      return typeof value === 'string' && value.length <= 64 ? value : undefined;
    };
    const wanted = {
      orderId: text('order_id') ?? '',
      amount: text('amount') ?? '',
      currency: text('currency') ?? 'EUR',
      shop: text('shop') ?? 'Nugget & Co',
      paymentId: text('payment_id'),
    };
    const complete = wanted.orderId !== '' && wanted.amount !== '';
    return complete || wanted.paymentId !== undefined ? wanted : undefined;
  } catch {
    return undefined;
  }
}

function returnHosts(desk: Desk): readonly string[] {
  return desk.options.returnHosts ?? ['shop.localhost'];
}
