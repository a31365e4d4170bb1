import { documentText } from '../http/document.ts';
import { type Html, html } from '../http/html.ts';
import type { PaymentRequest } from './payment.ts';

function layout(title: string, main: Html): string {
  return documentText({
    title: html`${title} · Touchstone Pay`,
    style: '/bank.css',
    body: html`<header><svg viewBox="0 0 32 32" aria-hidden="true"><rect x="3" y="3" width="26" height="26" rx="8" fill="currentColor"/><path d="M9 21L22 9" stroke="var(--mark)" stroke-width="3.5" stroke-linecap="round"/></svg><b>Touchstone Pay</b><span>Demo bank</span></header>
<main>${main}</main>
<footer>No card is charged here, and what you type stays in your browser.</footer>`,
  });
}

export function payPage(asked: PaymentRequest): string {
  const hidden: [string, string][] = [
    ['order', asked.orderId],
    ['amount', asked.amount],
    ['currency', asked.currency],
    ['shop', asked.shop],
    ['return', asked.returnUrl],
    ['cancel', asked.cancelUrl],
  ];
  // The card fields have no names, so the browser never sends them.
  return layout(
    'Pay',
    html`<section class="due"><p>You pay ${asked.shop}</p><h1>${asked.amount} <small>${asked.currency}</small></h1><p>Order ${asked.orderId}</p></section>
<form method="post" action="/pay">${hidden.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
<label for="card">Card number</label><input id="card" inputmode="numeric" autocomplete="off" value="4242 4242 4242 4242" maxlength="23">
<div class="pair"><div><label for="expiry">Expires</label><input id="expiry" autocomplete="off" value="12 / 31" maxlength="7"></div>
<div><label for="code">Code</label><input id="code" inputmode="numeric" autocomplete="off" value="123" maxlength="4"></div></div>
<button name="action" value="pay">Pay ${asked.amount} ${asked.currency}</button>
<button class="quiet" name="action" value="cancel">Cancel and go back</button></form>`,
  );
}

export function refusedPage(problems: readonly string[]): string {
  return layout(
    'Not possible',
    html`<section class="due"><h1>This payment can't start</h1></section><ul class="problems">${problems.map((problem) => html`<li>${problem}</li>`)}</ul>`,
  );
}
