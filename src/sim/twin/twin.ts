import type { Json } from '../../event/event.ts';
import { type Fault, type FaultChannel, takeFault } from './faults.ts';
import { parseJson } from './json.ts';
import { DEFAULT_PIXELS, type Pixel } from './pixels.ts';
import type { RefusedIds } from './refused-ids.ts';
import { openStore, type Store } from './store.ts';
import { initialSwitches, type Switches } from './switches.ts';

export interface Surroundings {
  /** real time, UTC ms */
  now(): number;
  random(): number;
}

/** The twin's state: what it received, how it is set, and a clock that can be moved. */
export interface Twin {
  readonly store: Store;
  readonly switches: Switches;
  readonly pixels: readonly Pixel[];
  readonly refusedIds: RefusedIds;
  readonly offsetMs: number;
  /** the twin's own time, UTC ms */
  now(): number;
  faults(): readonly Fault[];
  requestId(): string;
  /** The fault that the next request over the channel meets; it is then used up by one. */
  takeFault(channel: FaultChannel): Fault | undefined;
  /** Counts a request; false when it is one too many in this second. */
  admit(): boolean;
  change(part: {
    switches?: Switches;
    faults?: readonly Fault[];
    pixels?: readonly Pixel[];
    refusedIds?: RefusedIds;
    offsetMs?: number;
  }): void;
  /** As on the first day. */
  reset(): void;
}

export function openTwin(dir: string | undefined, { now: realNow, random }: Surroundings): Twin {
  const store = openStore(dir);
  let settings = readSettings(store);
  let second = { at: 0, requests: 0 };
  const now = () => realNow() + settings.offsetMs;
  const change: Twin['change'] = (part) => {
    settings = { ...settings, ...part };
    for (const [name, value] of Object.entries(part)) store.writeSetting(name, JSON.stringify(value));
  };

  return {
    store,
    get switches() {
      return settings.switches;
    },
    get pixels() {
      return settings.pixels;
    },
    get refusedIds() {
      return settings.refusedIds;
    },
    get offsetMs() {
      return settings.offsetMs;
    },
    now,
    change,
    faults() {
      return settings.faults.filter((fault) => fault.untilNow === null || now() < fault.untilNow);
    },
    requestId() {
      const stamp = new Date(now()).toISOString().replace(/\D/g, '').slice(0, 14);
      const tail = Array.from({ length: 20 }, () => Math.floor(random() * 16).toString(16)).join('');
      return `${stamp}${tail.toUpperCase()}`;
    },
    takeFault(channel) {
      if (settings.faults.length === 0) return undefined;
      const { fault, left } = takeFault(settings.faults, channel, now());
      change({ faults: left });
      return fault;
    },
    admit() {
      const at = Math.floor(now() / 1000);
      second = second.at === at ? { at, requests: second.requests + 1 } : { at, requests: 1 };
      return settings.switches.qpsLimit === null || second.requests <= settings.switches.qpsLimit;
    },
    reset() {
      store.clear();
      second = { at: 0, requests: 0 };
      settings = readSettings(store);
    },
  };
}

function readSettings(store: Store) {
  const read = <T>(name: string, otherwise: T): T => {
    const found: Json | undefined = parseJson(store.readSetting(name) ?? 'null');
    return found === null || found === undefined ? otherwise : (found as T);
  };
  return {
    offsetMs: read('offsetMs', 0),
    switches: { ...initialSwitches(), ...read('switches', {}) },
    faults: read<readonly Fault[]>('faults', []),
    pixels: read<readonly Pixel[]>('pixels', DEFAULT_PIXELS),
    refusedIds: read<RefusedIds>('refusedIds', {}),
  };
}
