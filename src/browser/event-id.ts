import type { JsonObject } from '../event/event.ts';
import { read, write } from './drawer.ts';

/** The id of the order or lead that a guarded event is about. */
export function businessId(
  shop: string,
  { order_id, lead_id }: { order_id?: string; lead_id?: string },
): string | undefined {
  return order_id ? `${shop}-${order_id}` : lead_id && `${lead_id}-new`;
}

/** The id of an earlier act with the same keys, which the spec counts once within a time; else this id, remembered. */
export function onceId(
  name: string,
  { oncePer, within }: { oncePer?: string[]; within?: number },
  properties: JsonObject,
  id: string,
): string {
  const keys = oncePer?.map((key) => properties[key]);
  // Without its keys nothing tells one act from another.
  if (!keys || keys.includes(undefined)) return id;
  const cell = JSON.stringify([name, keys]);
  return read<string>(cell) ?? write(cell, id, within as number);
}
