import type { RuleParts } from '../event/client-spec.ts';
import type { JsonObject } from '../event/event.ts';
import { shop } from './config.ts';
import { read, write } from './drawer.ts';
import { sessionId } from './head.ts';

/** The id of the order or lead that a guarded event is about. */
export function businessId({ order_id, lead_id }: { order_id?: string; lead_id?: string }): string | undefined {
  return order_id ? `${shop}-${order_id}` : lead_id && `${lead_id}-new`;
}

/** The id of an earlier act with the same keys, which the spec counts once within a time; else this id, remembered. */
export function onceId(
  event: string,
  [, withinMs, oncePer]: Partial<RuleParts>,
  properties: JsonObject,
  id: string,
): string {
  const keys = oncePer?.map((name) => ({ ...properties, session: sessionId() })[name]);
  // Without its keys nothing tells one act from another.
  if (!keys || keys.includes(undefined)) return id;
  const cell = `assay:${JSON.stringify([event, keys])}`;
  return read<string>(cell) ?? write(cell, id, withinMs as number);
}
