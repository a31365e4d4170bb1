import type { JsonObject } from '../../event/event.ts';
import { isObject } from './json.ts';

export type Channel = 'api' | 'pixel';

export type Outcome = 'counted' | 'merged' | 'dropped' | 'counted_again';

/** An event already counted: when its first copy came, and over which channels copies came since. */
export interface Known {
  firstAt: number;
  channels: readonly Channel[];
}

export interface Windows {
  mergeMs: number;
  dropMs: number;
  /** which copies merge: only one over a channel not seen yet, or any */
  mergeScope: 'pixelAndApi' | 'anyCopy';
}

/** What becomes of a copy that arrives now. Both windows run from the first arrival and include their last millisecond. */
export function judge(known: Known | undefined, at: number, channel: Channel, windows: Windows): Outcome {
  if (!known) return 'counted';
  const age = at - known.firstAt;
  if (age > windows.dropMs) return 'counted_again';
  const mergeable = windows.mergeScope === 'anyCopy' || !known.channels.includes(channel);
  return mergeable && age <= windows.mergeMs ? 'merged' : 'dropped';
}

/** The kept body with the fields it lacked taken from the later one; where both have a value, `wins` decides. */
export function fill(kept: JsonObject, later: JsonObject, wins: 'first' | 'last'): JsonObject {
  const out: JsonObject = { ...kept };
  for (const [key, value] of Object.entries(later)) {
    const own = out[key];
    if (value === null) continue;
    if (own === undefined || own === null) out[key] = value;
    else if (isObject(own) && isObject(value)) out[key] = fill(own, value, wins);
    else if (wins === 'last') out[key] = value;
  }
  return out;
}
