import type { Consent } from '../../event/event.ts';
import { request } from '../http/request.ts';
import type { Asked } from '../http/serve.ts';
import { contentsOf } from './cart.ts';
import { CURRENCY } from './money.ts';
import type { ShopOrder } from './orders.ts';
import { sdkIds } from './register.ts';

const REQUEST_MS_MAX = 5_000;
const METADATA_CHARS_MAX = 500;

/** The payment provider's API, with the shop's key. */
export interface HostedCheckout {
  url: string;
  key: string;
  /** does the shop send the visitor's ids along, as it should? */
  sendsVisitor: boolean;
}

/**
 * Opens a hosted checkout for the order and gives its address. The order's number goes along twice, since the payment
 * does not know the session's, and the SDK's ids once.
 */
export async function openCheckout(
  order: ShopOrder,
  asked: Asked,
  consent: Consent,
  { url, key, sendsVisitor }: HostedCheckout,
): Promise<string> {
  const form = new URLSearchParams({
    mode: 'payment',
    client_reference_id: order.orderId,
    success_url: `${asked.url.origin}/thanks?order=${order.orderId}&session_id={CHECKOUT_SESSION_ID}`,
    cancel_url: `${asked.url.origin}/cart?cancelled=${order.orderId}`,
    'metadata[order_id]': order.orderId,
    'payment_intent_data[metadata][order_id]': order.orderId,
  });
  order.lines.forEach(({ product, quantity }, n) => {
    form.set(`line_items[${n}][quantity]`, String(quantity));
    form.set(`line_items[${n}][price_data][currency]`, CURRENCY.toLowerCase());
    form.set(`line_items[${n}][price_data][unit_amount]`, String(product.priceCents));
    form.set(`line_items[${n}][price_data][product_data][name]`, product.name);
  });
  const contents = JSON.stringify(
    contentsOf(order.lines).map(({ content_id, quantity, price }) => ({ content_id, quantity, price })),
  );
  if (contents.length <= METADATA_CHARS_MAX) form.set('metadata[assay_contents]', contents);
  const { visitor, session } = sdkIds(asked);
  if (sendsVisitor && consent === 'granted' && visitor !== undefined && session !== undefined) {
    form.set('metadata[assay_visitor]', visitor);
    form.set('metadata[assay_session]', session);
  }
  const got = await request({
    method: 'POST',
    url: `${url}/v1/checkout/sessions`,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/x-www-form-urlencoded' },
    body: form.toString(),
    timeoutMs: REQUEST_MS_MAX,
  });
  const { url: payUrl } = JSON.parse(got.text) as { url?: unknown };
  if (got.status !== 200 || typeof payUrl !== 'string')
    throw new Error(`the checkout answered ${got.status}: ${got.text.slice(0, 300)}`);
  return payUrl;
}
