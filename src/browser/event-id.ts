import { shop } from './config.ts';

/** The id of the order or lead that a guarded event is about. */
export function businessId({ order_id, lead_id }: { order_id?: string; lead_id?: string }): string | undefined {
  return order_id ? `${shop}-${order_id}` : lead_id && `${lead_id}-new`;
}
