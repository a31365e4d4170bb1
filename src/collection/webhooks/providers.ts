import { hubspot } from './hubspot.ts';
import { paypal } from './paypal.ts';
import { pipedrive } from './pipedrive.ts';
import type { Provider } from './provider.ts';
import { shopify } from './shopify.ts';
import { standard } from './standard.ts';
import { stripe } from './stripe.ts';
import { woocommerce } from './woocommerce.ts';

/** Every provider whose webhooks are understood, by the name in the address of its door. */
export const PROVIDERS: ReadonlyMap<string, Provider> = new Map(
  [standard, shopify, woocommerce, stripe, paypal, hubspot, pipedrive].map((provider) => [provider.name, provider]),
);
