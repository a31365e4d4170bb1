import type { ScriptEvent, ScriptState } from '../api/wire.ts';
import type { RuleParts } from '../event/client-spec.ts';
import type { JsonObject } from '../event/event.ts';
import { now } from './client.ts';
import { freeKeys, pixels, rules } from './config.ts';
import { read, write } from './drawer.ts';
import { businessId } from './event-id.ts';
import { sessionId } from './head.ts';
import { fire, pixelState } from './pixel.ts';
import { enqueue } from './queue.ts';
import { randomId } from './random-id.ts';
import { act } from './turn.ts';
import { limited } from './visit.ts';

const told: Record<string, boolean> = {};

/** Tells the collector of an event, and TikTok's pixel where the rule of the event lets it fire at once. */
export function observe(event: string, properties: JsonObject, ownId?: string, silent?: unknown): void {
  const [leg, withinSeconds, oncePer, names]: Partial<RuleParts> = rules[event] ?? [];
  const newId = (leg === 1 && businessId(properties as { order_id?: string })) || ownId || randomId();
  const keys = oncePer?.map((name) => ({ ...properties, session: sessionId() })[name]);
  // Without its keys nothing tells one act from another.
  const cell = keys && !keys.includes(undefined) && `assay:${JSON.stringify([event, keys])}`;
  // The id of an earlier act with the same keys, which the spec counts once within a time; else this id, remembered.
  const event_id = cell ? (read<string>(cell) ?? write(cell, newId, withinSeconds as number)) : newId;
  // A reload tells of the same act again; a page that calls twice does not.
  if (told[event + event_id]) return;
  told[event + event_id] = true;
  const time = now();
  const limited_data_use = limited;
  void act(() => {
    const fires = !leg && event_id === newId && !silent;
    // TikTok's own page view has no id; the code's script tells it once it is there.
    if (fires && event !== 'Pageview')
      for (const code of pixels)
        fire(names?.[code] ?? event, { ...freeKeys, ...properties, limited_data_use }, event_id, code);
    const pixel = fires && (pixelState as ScriptState);
    enqueue([properties, event, event_id, pixel, time, limited_data_use] satisfies ScriptEvent);
  });
}
