/** What a shop asks the bank to collect, and where the customer goes afterwards. */
export interface PaymentRequest {
  orderId: string;
  /** major units as text, passed on digit for digit */
  amount: string;
  currency: string;
  shop: string;
  returnUrl: string;
  cancelUrl: string;
}

/** Reads a payment request from a query or a form; the list says everything that is wrong with it. */
export function readPaymentRequest(
  fields: URLSearchParams,
  returnHosts: readonly string[],
): { ok: true; value: PaymentRequest } | { ok: false; problems: string[] } {
  const problems: string[] = [];
  const field = (name: string, form: RegExp, says: string): string => {
    const text = fields.get(name) ?? '';
    if (!form.test(text)) problems.push(says);
    return text;
  };
  const back = (name: string): string => {
    const url = allowedReturn(fields.get(name) ?? '', returnHosts);
    if (url === undefined) problems.push(`${name} is not an address of a shop that this bank knows`);
    return url ?? '';
  };
  const value = {
    orderId: field('order', /^[\w.:#/-]{1,64}$/, 'order must be 1 to 64 letters, digits or . : # / - _'),
    amount: field('amount', /^\d{1,9}(\.\d{1,3})?$/, 'amount must be a plain number such as 59.90'),
    currency: field('currency', /^[A-Z]{3}$/, 'currency must be three capital letters'),
    shop: field('shop', /^[^\p{Cc}]{1,60}$/u, 'shop must be 1 to 60 characters'),
    returnUrl: back('return'),
    cancelUrl: back('cancel'),
  };
  return problems.length === 0 ? { ok: true, value } : { ok: false, problems };
}

/** The address when its host is a known shop's; anybody else's would make the bank an open redirect. */
export function allowedReturn(text: string, returnHosts: readonly string[]): string | undefined {
  const url = text.length <= 1_024 ? URL.parse(text) : null;
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) return undefined;
  if (url.username !== '' || url.password !== '') return undefined;
  return returnHosts.includes(url.hostname) ? url.href : undefined;
}
