import { documentText } from '../http/document.ts';
import { type Html, html } from '../http/html.ts';
import type { CheckoutSession } from './session.ts';

function layout(title: string, main: Html): string {
  return documentText({
    title: html`${title} · Quill Checkout`,
    style: '/checkout.css',
    body: html`<main>${main}</main>
<footer><b>Quill Checkout</b> Demo. No card is charged here, and what you type stays in your browser.</footer>`,
  });
}

export function checkoutPage(session: CheckoutSession): string {
  const { id, lines, total, currency } = session;
  const price = (minor: number): string => priceText(minor, currency);
  // The card fields have no names, so the browser never sends them.
  return layout(
    'Pay',
    html`<section class="order" aria-label="Order"><a class="back" href="${session.cancelUrl}">← Back to ${new URL(session.cancelUrl).hostname}</a>
<p>Order ${session.reference}</p><h1>${price(total)}</h1>
<ul>${lines.map(({ name, quantity, unitAmount }) => html`<li><span>${quantity} × ${name}</span><span>${price(unitAmount * quantity)}</span></li>`)}</ul></section>
<form method="post" action="/c/pay/${id}"><h2>Pay by card</h2>
<label for="card">Card number</label><input id="card" inputmode="numeric" autocomplete="off" value="4242 4242 4242 4242" maxlength="23">
<div class="pair"><div><label for="expiry">Expires</label><input id="expiry" autocomplete="off" value="12 / 31" maxlength="7"></div>
<div><label for="code">Code</label><input id="code" inputmode="numeric" autocomplete="off" value="123" maxlength="4"></div></div>
<button>Pay ${price(total)}</button></form>`,
  );
}

export function donePage(session: CheckoutSession, backUrl: string): string {
  return layout(
    'Paid',
    html`<section class="order"><h1>Paid</h1><p>Order ${session.reference} is paid already.</p><a class="back" href="${backUrl}">On to the shop</a></section>`,
  );
}

export function missingPage(): string {
  return layout(
    'Not found',
    html`<section class="order"><h1>There is no such checkout</h1><p>Its address may have been cut, or it is too old.</p></section>`,
  );
}

/** `€37.80`: whole minor units as a person reads them, by the currency's own digits. */
export function priceText(minor: number, currency: string): string {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  const text = String(minor).padStart(digits + 1, '0');
  const major = digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
  return format.format(major as `${number}`);
}
