import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { Consent } from '../../event/event.ts';
import { type Background, background } from '../http/background.ts';
import { decoded, setCookie } from '../http/cookies.ts';
import { type Answer, type Asked, redirect, serve } from '../http/serve.ts';
import { type CartLine, cartText, countOf, quantityOf, readCart, totalCents, withQuantity } from './cart.ts';
import { type Contact, NOBODY, readContact } from './contact.ts';
import { type HostedCheckout, openCheckout } from './hosted.ts';
import { layout, type Page } from './layout.ts';
import { amountText, CURRENCY } from './money.ts';
import { Orders, type ShopOrder } from './orders.ts';
import {
  cartPage,
  checkoutPage,
  homePage,
  missingPage,
  payPage,
  productPage,
  strangerPage,
  thanksPage,
} from './pages.ts';
import { productOf } from './products.ts';
import { customerNumber, orderBody, registerOrder } from './register.ts';

export interface ShopOptions {
  port: number;
  hostName: string;
  /** `publicUrl` as the browser reaches it, `serverUrl` as this process does */
  collector: { publicUrl: string; serverUrl: string; secretKey: string };
  payPageUrl: string;
  /** customers pay at a hosted checkout of this provider, and not at the bank's page */
  hosted?: HostedCheckout;
  now(): number;
  /** who tells the collector of a new order; `provider` leaves that to the payment's webhook */
  createdBy: 'server' | 'browser' | 'provider';
  /** does the thank-you page track a Purchase too, as most shops do? */
  trackOnThanks: boolean;
  /** origins that the pixel talks to */
  pixelOrigins?: readonly string[];
  liveUrl?: string;
  firstOrder?: number;
  /** awaited before a customer who came back from paying gets the thank-you page */
  whenBack?(orderId: string): Promise<void>;
  log?(line: string): void;
}

export interface Shop {
  url: string;
  stop(): Promise<void>;
}

const HOUR_S = 3_600;
const YEAR_S = 365 * 24 * HOUR_S;
/** A customer waits for the collector this long at most; the order goes on without it. */
const COLLECTOR_WAIT_MS = 1_500;
const CSS = readFileSync(new URL('./page/shop.css', import.meta.url), 'utf8');
const SCRIPT = readFileSync(new URL('./page/shop.js', import.meta.url), 'utf8');

/** A small shop that uses the SDK the way a real one does, behind a strict Content-Security-Policy. */
export async function startShop(options: ShopOptions): Promise<Shop> {
  const log = options.log ?? (() => undefined);
  const work = background((cause) => log(`shop: ${String(cause)}`));
  const orders = new Orders(options.firstOrder ?? 10_045);
  const door = await serve(options.port, options.hostName, (asked) => answer(asked, { options, orders, work, log }));
  return {
    url: door.url,
    async stop() {
      await door.stop();
      await work.stop();
    },
  };
}

interface Counter {
  options: ShopOptions;
  orders: Orders;
  work: Background;
  log(line: string): void;
}

function answer(asked: Asked, counter: Counter): Answer | Promise<Answer> {
  const { pathname, searchParams } = asked.url;
  const cart = readCart(asked.cookies.get('nugget_cart') ?? '');
  const show = (page: Page, status = 200, cookies: string[] = []): Answer =>
    shown(page, status, cookies, asked, counter.options, cart);
  const named = (searchParams.get('order') ?? '').slice(0, 40);
  switch (`${asked.method} ${pathname}`) {
    case 'GET /':
      return show(homePage());
    case 'GET /shop.css':
      return asset(CSS, 'text/css');
    case 'GET /shop.js':
      return asset(SCRIPT, 'text/javascript');
    case 'GET /cart':
      return show(cartPage(cart, searchParams.has('cancelled')));
    case 'GET /checkout':
      return cart.length === 0 ? redirect('/cart') : show(checkoutPage(cart, NOBODY, {}));
    case 'GET /pay':
      return withOwnOrder(asked, counter, named, show, (order) =>
        show(
          payPage(order, order.payUrl ?? payUrl(order, asked.url.origin, counter.options), counter.options.createdBy),
        ),
      );
    case 'GET /thanks':
      return withOwnOrder(asked, counter, named, show, async (order) => {
        await counter.options.whenBack?.(order.orderId);
        return shown(
          thanksPage(order, counter.options.trackOnThanks),
          200,
          [setCookie('nugget_cart', '', 0)],
          asked,
          counter.options,
          [],
        );
      });
    case 'POST /consent':
      return choose(new URLSearchParams(asked.body), asked);
    case 'POST /cart/add':
    case 'POST /cart/update':
      return changeCart(new URLSearchParams(asked.body), cart, pathname === '/cart/add');
    case 'POST /checkout': {
      const { contact, problems } = readContact(new URLSearchParams(asked.body));
      if (cart.length === 0) return redirect('/cart');
      if (Object.keys(problems).length > 0) return show(checkoutPage(cart, contact, problems), 422);
      return placeOrder(asked, counter, cart, contact);
    }
  }
  const product = asked.method === 'GET' && pathname.startsWith('/product/') ? productOf(pathname.slice(9)) : undefined;
  return product ? show(productPage(product)) : show(missingPage((decoded(pathname) ?? pathname).slice(0, 80)), 404);
}

function withOwnOrder(
  asked: Asked,
  counter: Counter,
  orderId: string,
  show: (page: Page, status: number) => Answer,
  then: (order: ShopOrder) => Answer | Promise<Answer>,
): Answer | Promise<Answer> {
  const order = counter.orders.ownedBy(asked.cookies.get('nugget_session'), orderId);
  return order ? then(order) : show(strangerPage(orderId), 404);
}

async function placeOrder(asked: Asked, counter: Counter, cart: CartLine[], contact: Contact): Promise<Answer> {
  const { options, orders, work, log } = counter;
  const owner = asked.cookies.get('nugget_session') ?? randomUUID();
  const order = orders.place({
    owner,
    customer: customerNumber(contact.email),
    lines: cart,
    totalCents: totalCents(cart),
    contact,
    placedAt: options.now(),
  });
  if (options.createdBy === 'server') {
    const body = orderBody(order, asked, consentOf(asked));
    const known = Promise.withResolvers<void>();
    work.run((signal) => registerOrder(order, body, options.collector, log, signal).finally(known.resolve));
    await Promise.race([known.promise, wait(COLLECTOR_WAIT_MS, undefined, { ref: false })]);
  }
  if (options.hosted) order.payUrl = await openCheckout(order, asked, consentOf(asked), options.hosted);
  return redirect(`/pay?order=${order.orderId}`, { 'set-cookie': setCookie('nugget_session', owner, 24 * HOUR_S) });
}

function payUrl(order: ShopOrder, shopUrl: string, options: ShopOptions): string {
  const url = new URL(options.payPageUrl);
  url.searchParams.set('order', order.orderId);
  url.searchParams.set('amount', amountText(order.totalCents));
  url.searchParams.set('currency', CURRENCY);
  url.searchParams.set('shop', 'Nugget & Co');
  url.searchParams.set('return', `${shopUrl}/thanks?order=${order.orderId}`);
  url.searchParams.set('cancel', `${shopUrl}/cart?cancelled=${order.orderId}`);
  return url.href;
}

function changeCart(form: URLSearchParams, cart: CartLine[], adding: boolean): Answer {
  const product = productOf(form.get('product') ?? '');
  const quantity = form.has('remove') ? 0 : quantityOf(form.get('quantity') ?? '');
  const changed = product ? withQuantity(cart, product, (before) => (adding ? before + quantity : quantity)) : cart;
  return redirect('/cart', { 'set-cookie': setCookie('nugget_cart', cartText(changed), 30 * 24 * HOUR_S) });
}

/** Remembers the choice. The click id is kept after a yes only, and forgotten with a no. */
function choose(form: URLSearchParams, asked: Asked): Answer {
  const choice = form.get('choice') === 'granted' ? 'granted' : 'denied';
  const ttclid = clickId(form.get('ttclid'));
  const cookies = [setCookie('nugget_consent', choice, YEAR_S)];
  if (choice === 'denied') cookies.push(setCookie('ttclid', '', 0));
  else if (ttclid !== '') cookies.push(setCookie('ttclid', ttclid, 30 * 24 * HOUR_S, false));
  return redirect(backTo(asked), { 'set-cookie': cookies });
}

/** The page of ours that a form was sent from; home when that is not known. */
function backTo(asked: Asked): string {
  const from = URL.parse(asked.headers.referer ?? '');
  return from?.origin === asked.url.origin ? asked.url.origin + from.pathname + from.search : '/';
}

function clickId(text: string | null): string {
  return text !== null && text.length <= 1_024 ? text : '';
}

function consentOf(asked: Asked): Consent {
  const choice = asked.cookies.get('nugget_consent');
  return choice === 'granted' || choice === 'denied' ? choice : 'unknown';
}

function shown(
  page: Page,
  status: number,
  cookies: string[],
  asked: Asked,
  options: ShopOptions,
  cart: readonly CartLine[],
): Answer {
  const nonce = randomUUID();
  const consent = consentOf(asked);
  const ttclid = clickId(asked.url.searchParams.get('ttclid'));
  const keep = consent === 'granted' && ttclid !== '' ? [setCookie('ttclid', ttclid, 30 * 24 * HOUR_S, false)] : [];
  const sdkUrl = `${options.collector.publicUrl}/a.js`;
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'strict-origin-when-cross-origin',
      'content-security-policy': policy(nonce, options),
      'set-cookie': [...cookies, ...keep],
    },
    body: layout(page, { nonce, consent, cartCount: countOf(cart), ttclid, sdkUrl, liveUrl: options.liveUrl }),
  };
}

function policy(nonce: string, options: ShopOptions): string {
  const pixel = (options.pixelOrigins ?? ['https://analytics.tiktok.com']).join(' ');
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'`,
    "style-src 'self'",
    `img-src 'self' data: ${pixel}`,
    `connect-src 'self' ${options.collector.publicUrl} ${pixel}`,
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ');
}

function asset(text: string, type: string): Answer {
  return {
    status: 200,
    headers: { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-cache' },
    body: text,
  };
}
