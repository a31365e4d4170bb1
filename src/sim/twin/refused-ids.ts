import type { Json } from '../../event/event.ts';
import { isObject } from './json.ts';

/** Events that the Events API refuses whatever they hold: event id → return code. */
export type RefusedIds = Readonly<Record<string, number>>;

/** Refused ids from the control API, or everything that is wrong with them. */
export function parseRefusedIds(body: Json | undefined): RefusedIds | string[] {
  if (!isObject(body)) return ['the body must be a JSON object of event ids with their return codes'];
  const problems = Object.entries(body)
    .filter(([, code]) => !(Number.isSafeInteger(code) && Number(code) > 0))
    .map(([id]) => `${id}: must be a return code other than 0`);
  return problems.length > 0 ? problems : (body as RefusedIds);
}
