import type { DispatchRow } from '../event/dispatch.ts';
import type { EventRow, JsonObject } from '../event/event.ts';
import type { Spec } from '../spec/spec.ts';
import type { Journal } from '../store/journal.ts';
import type { LedgerReader } from '../store/ledger.ts';
import { propertiesOf } from '../tiktok/body.ts';
import { nameFor } from '../tiktok/names.ts';
import { record } from './record.ts';

/** A handout with less time than this is not given: the page has to receive and act on it. */
const MARGIN_MS = 2_000;

/** Commits come hundreds of times a second; a page that waits need not look at each. */
const WAKE_MS_MIN = 100;

/** An order that was only just told is in the ledger after this, unless it was never told. */
const UNKNOWN_WAIT_MS_MAX = 1000;

/** What a page hears: fire within `fire_in` ms, or why not, and whether to ask again. */
export type HandoutAnswer =
  | {
      fire: true;
      event: string;
      event_id: string;
      pixel: string;
      properties: JsonObject;
      fire_before: number;
      fire_in: number;
      again: boolean;
    }
  | { fire: false; why: string; again: boolean };

export type HandoutStep =
  | { do: 'give'; leg: DispatchRow; fireBefore: number; more: boolean }
  | { do: 'wait'; why: string }
  | { do: 'refuse'; why: string };

/**
 * May the page fire now? Each destination’s handout is given in its turn. Pure: `given` are legs whose handout is
 * already on its way to a page.
 */
export function handoutStep(legs: readonly DispatchRow[], given: ReadonlySet<string>, now: number): HandoutStep {
  const pixels = legs.filter((leg) => leg.leg === 'pixel');
  const [open, ...others] = pixels.filter(
    (leg) => leg.state === 'queued' && (leg.expiresAt ?? 0) - now > MARGIN_MS && !given.has(legKey(leg)),
  );
  const held = pixels.find((leg) => leg.state === 'held');
  if (open)
    return {
      do: 'give',
      leg: open,
      fireBefore: open.expiresAt ?? now,
      more: others.length > 0 || held !== undefined,
    };
  if (held) return { do: 'wait', why: held.why };
  const last = pixels.at(-1);
  if (!last) return { do: 'refuse', why: 'no_pixel_leg' };
  if (last.state !== 'queued') return { do: 'refuse', why: last.why };
  return { do: 'refuse', why: given.has(legKey(last)) ? 'handed_out' : 'handout_expired' };
}

export interface Handouts {
  /** `hash` is the capability's SHA-256; undefined when nobody knows it */
  ask(hash: string, waitMs: number, gone: AbortSignal): Promise<HandoutAnswer | undefined>;
  /** the ledger has committed: waiting pages look again */
  wake(): void;
}

/** Long-polled handouts. A handout is a journal record before the page hears of it, and is given once. */
export function openHandouts(around: {
  reader: LedgerReader;
  journal: Pick<Journal, 'append'>;
  specOf(version: number): Spec;
  now(): number;
}): Handouts {
  const given = new Set<string>();
  const sleepers = new Set<() => void>();
  let wokenAt = Number.NEGATIVE_INFINITY;
  let waking: NodeJS.Timeout | undefined;

  async function ask(hash: string): Promise<{ answer: HandoutAnswer | undefined; wait: boolean }> {
    const known = await around.reader.capability(hash);
    if (!known?.event) return { answer: undefined, wait: true };
    const now = around.now();
    const step = handoutStep(known.dispatches, given, now);
    if (step.do !== 'give')
      return { answer: { fire: false, why: step.why, again: step.do === 'wait' }, wait: step.do === 'wait' };
    return { answer: await give(known.event, step), wait: false };
  }

  async function give(event: EventRow, step: Extract<HandoutStep, { do: 'give' }>): Promise<HandoutAnswer> {
    const { leg, fireBefore, more } = step;
    given.add(legKey(leg));
    const at = around.now();
    const send = { event: leg.event, destination: leg.destination, leg: leg.leg, n: leg.attempts + 1 };
    await around.journal.append([record('handout', 'answer', { sends: [send], at }, at)]);
    const spec = around.specOf(event.specVersion);
    const target = spec.destinations.find((candidate) => candidate.id === leg.destination);
    const left = fireBefore - around.now();
    if (!target || left <= 0) return { fire: false, why: 'handout_expired', again: more };
    return {
      fire: true,
      event: nameFor(event.name, event.source, target.eventNames),
      event_id: event.eventId,
      pixel: target.pixel,
      properties: propertiesOf(event, spec.delivery.freeKeys),
      fire_before: fireBefore,
      fire_in: left,
      again: more,
    };
  }

  function wakeAll(): void {
    waking = undefined;
    wokenAt = performance.now();
    for (const end of [...sleepers]) end();
  }

  return {
    async ask(hash, waitMs, gone) {
      const from = performance.now();
      for (;;) {
        const { answer, wait } = await ask(hash);
        const left = from + (answer ? waitMs : Math.min(waitMs, UNKNOWN_WAIT_MS_MAX)) - performance.now();
        if (!wait || left <= 0 || gone.aborted) return answer;
        await new Promise<void>((resolve) => {
          const end = (): void => {
            clearTimeout(timer);
            sleepers.delete(end);
            gone.removeEventListener('abort', end);
            resolve();
          };
          const timer = setTimeout(end, left);
          sleepers.add(end);
          gone.addEventListener('abort', end);
        });
        // A page that is gone can't fire: the handout is kept for the next one.
        if (gone.aborted) return answer;
      }
    },
    wake() {
      if (sleepers.size === 0 || waking !== undefined) return;
      const since = performance.now() - wokenAt;
      if (since >= WAKE_MS_MIN) wakeAll();
      else waking = setTimeout(wakeAll, WAKE_MS_MIN - since);
    },
  };
}

function legKey(leg: DispatchRow): string {
  return `${leg.event}/${leg.destination}`;
}
