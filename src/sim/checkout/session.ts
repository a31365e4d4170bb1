import { randomBytes } from 'node:crypto';
import { allowedReturn } from '../bank/payment.ts';

const LINES_MAX = 20;
const METADATA_MAX = 50;
const METADATA_CHARS_MAX = 500;

/** One hosted checkout: what the shop's server asked for, and how far the customer is. Amounts are whole minor units. */
export interface CheckoutSession {
  id: string;
  paymentIntent: string;
  charge: string;
  /** the shop's own number, which comes back with every event */
  reference: string;
  metadata: Metadata;
  /** what the payment itself carries along */
  paymentMetadata: Metadata;
  lines: readonly { name: string; quantity: number; unitAmount: number }[];
  currency: string;
  total: number;
  successUrl: string;
  cancelUrl: string;
  /** UTC ms */
  createdAt: number;
  /** UTC ms; absent while it is open */
  paidAt?: number;
}

type Metadata = Readonly<Record<string, string>>;

/**
 * Reads what a shop's server posts, fields in brackets: `line_items[0][price_data][unit_amount]`. The list says
 * everything that is wrong with it.
 */
export function readSession(
  form: URLSearchParams,
  now: number,
  returnHosts: readonly string[],
): { ok: true; value: CheckoutSession } | { ok: false; problems: string[] } {
  const problems: string[] = [];
  const back = (name: string): string => {
    const url = allowedReturn(form.get(name) ?? '', returnHosts);
    if (url === undefined) problems.push(`${name} is not an address of a shop that has an account here`);
    return url ?? '';
  };
  if (form.get('mode') !== 'payment') problems.push('mode must be payment');
  const lines = linesOf(form);
  const currencies = new Set(lines.map(({ currency }) => currency));
  const [currency = ''] = currencies;
  if (lines.length === 0 || lines.length > LINES_MAX) problems.push(`line_items must have 1 to ${LINES_MAX} lines`);
  if (currencies.size > 1 || !/^[a-z]{3}$/.test(currency)) problems.push('all lines need one currency, such as eur');
  for (const { unitAmount, quantity } of lines)
    if (!isCount(unitAmount, 99_999_999) || !isCount(quantity, 999))
      problems.push('unit_amount and quantity must be whole numbers');
  const metadata = metadataOf(form, 'metadata');
  const paymentMetadata = metadataOf(form, 'payment_intent_data[metadata]');
  for (const given of [metadata, paymentMetadata])
    if (
      Object.keys(given).length > METADATA_MAX ||
      Object.values(given).some((text) => text.length > METADATA_CHARS_MAX)
    )
      problems.push(`metadata has at most ${METADATA_MAX} values of ${METADATA_CHARS_MAX} characters`);
  const value: CheckoutSession = {
    id: `cs_live_${randomBytes(24).toString('hex')}`,
    paymentIntent: `pi_${randomBytes(12).toString('hex')}`,
    charge: `ch_${randomBytes(12).toString('hex')}`,
    reference: (form.get('client_reference_id') ?? '').slice(0, 200),
    metadata,
    paymentMetadata,
    lines: lines.map(({ name, quantity, unitAmount }) => ({ name, quantity, unitAmount })),
    currency,
    total: lines.reduce((sum, { unitAmount, quantity }) => sum + unitAmount * quantity, 0),
    successUrl: back('success_url'),
    cancelUrl: back('cancel_url'),
    createdAt: now,
  };
  return problems.length === 0 ? { ok: true, value } : { ok: false, problems };
}

/** Where the customer goes afterwards. The address may ask for the session's id. */
export function returnUrl({ successUrl, id }: CheckoutSession): string {
  // The braces were written as `%7B` and `%7D` when the address was read.
  return successUrl.replace(/(?:\{|%7B)CHECKOUT_SESSION_ID(?:\}|%7D)/gi, id);
}

function linesOf(form: URLSearchParams): { name: string; quantity: number; unitAmount: number; currency: string }[] {
  const lines = [];
  for (let n = 0; n <= LINES_MAX && form.has(`line_items[${n}][quantity]`); n += 1) {
    const field = (name: string): string => form.get(`line_items[${n}]${name}`) ?? '';
    lines.push({
      name: field('[price_data][product_data][name]').slice(0, 200),
      quantity: Number(field('[quantity]')),
      unitAmount: Number(field('[price_data][unit_amount]')),
      currency: field('[price_data][currency]'),
    });
  }
  return lines;
}

function metadataOf(form: URLSearchParams, prefix: string): Metadata {
  const found = [...form].filter(([name]) => name.startsWith(`${prefix}[`) && name.endsWith(']'));
  return Object.fromEntries(found.map(([name, value]) => [name.slice(prefix.length + 1, -1), value]));
}

function isCount(number: number, max: number): boolean {
  return Number.isSafeInteger(number) && number > 0 && number <= max;
}
