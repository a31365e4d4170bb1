import type { EntryRow } from '../event/order.ts';

/** The payment that an entry belongs to, `<provider>:<its id there>`; undefined where its source named none. */
export function paymentOf({
  payment,
  kind,
  provider,
  reference,
}: Pick<EntryRow, 'payment' | 'kind' | 'provider' | 'reference'>): string | undefined {
  if (payment !== undefined) return payment;
  return kind === 'payment' && provider !== undefined ? `${provider}:${reference}` : undefined;
}
