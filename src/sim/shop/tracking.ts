import type { Consent, JsonObject } from '../../event/event.ts';
import { type Html, html, scriptLiteral } from '../http/html.ts';
import { type CartLine, contentsOf, countOf, worth } from './cart.ts';
import { amountNumber, CURRENCY } from './money.ts';
import type { Product } from './products.ts';

/** One call of the page to the SDK: `['track', 'ViewContent', {…}]`. */
export type Call = readonly [
  method: 'page' | 'track' | 'identify' | 'consent' | 'order',
  ...args: (string | JsonObject)[],
];

/**
 * The queue stub, the page's calls and the SDK, as a shop's developer pastes them.
 * One call stands on one line, so that a visitor without a browser can read them too.
 */
export function trackingScripts(sdkUrl: string, nonce: string, consent: Consent, calls: readonly Call[]): Html {
  const all: Call[] = [...(consent === 'unknown' ? [] : [['consent', consent] as const]), ['page'], ...calls];
  return html`<script nonce="${nonce}">
window.assay=window.assay||function(){(assay.q=assay.q||[]).push(arguments)};
${all.map((call) => html`assay(${call.map((argument, index) => html`${index > 0 ? ', ' : ''}${scriptLiteral(argument)}`)});\n`)}</script>
<script async nonce="${nonce}" id="assay-sdk" src="${sdkUrl}"></script>`;
}

export function viewContent(product: Product): Call {
  const seen = worth([{ product, quantity: 1 }]);
  return [
    'track',
    'ViewContent',
    { content_id: product.id, content_type: 'product', page_category: product.category, ...seen },
  ];
}

/** What the page knows before the customer chose a quantity; its script adds quantity and value. */
export function addToCart(product: Product): JsonObject {
  return {
    content_id: product.id,
    content_type: 'product',
    content_name: product.name,
    currency: CURRENCY,
    price: amountNumber(product.priceCents),
  };
}

export function initiateCheckout(lines: readonly CartLine[]): Call {
  return ['track', 'InitiateCheckout', { num_items: countOf(lines), step: 'shipping', ...worth(lines) }];
}

export function purchase(orderId: string, lines: readonly CartLine[]): Call {
  return ['track', 'Purchase', { order_id: orderId, ...worth(lines) }];
}

/** The order as a page creates it itself, before it leaves for the bank. */
export function browserOrder(orderId: string, amount: string, lines: readonly CartLine[]): JsonObject {
  return { order_id: orderId, value: amount, currency: CURRENCY, contents: contentsOf(lines) };
}
