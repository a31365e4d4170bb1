import { Guard } from '../src/admission/guard.ts';
import { words } from './body.ts';
import type { GuardMemory } from './result.ts';

/** From so many ids on, a constant no longer hides in the division. */
const FROM_IDS = 1_000_000;
const SAMPLES = 200;
const TOLD = 4;

/**
 * Fills one day's guard and looks at its memory on the way, between growths as well as right after them. The process
 * has to be started with --expose-gc, so that only what is held is counted.
 */
export function measureGuard(ids: number): GuardMemory {
  const word = words(1);
  const key = new Uint32Array(4);
  const now = Date.now();
  const guard = new Guard();
  const start = memory();
  const all: GuardMemory['samples'] = [];
  const step = ids / SAMPLES;
  const from = Math.min(FROM_IDS, ids / 10);
  let early: { ids: number; resident: number } | undefined;
  for (let n = 1; n <= ids; n++) {
    for (let at = 0; at < 4; at++) key[at] = word();
    guard.add(key, n, 'server', now);
    if (n % step !== 0 || n < from) continue;
    const { held, resident } = memory();
    early ??= { ids: n, resident };
    // The process's own start-up is a constant, and the first sample is where it ends.
    const residentBytesPerId = n < 2 * from ? 0 : (resident - early.resident) / (n - early.ids);
    all.push({ ids: n, bytesPerId: (held - start.held) / n, residentBytesPerId });
  }
  if (guard.size !== ids) throw new Error(`the guard knows ${guard.size} of ${ids} ids`);
  const worst = all.reduce((a, b) => (b.bytesPerId > a.bytesPerId ? b : a));
  return {
    ids,
    constantBytes: start.held,
    bytesPerId: worst.bytesPerId,
    worstAt: worst.ids,
    residentBytesPerId: Math.max(...all.map((sample) => sample.residentBytesPerId)),
    samples: all.filter(({ ids: n }) => n % (ids / TOLD) === 0 || n === from),
  };
}

function memory(): { held: number; resident: number } {
  globalThis.gc?.();
  const { arrayBuffers, heapUsed, rss } = process.memoryUsage();
  return { held: arrayBuffers + heapUsed, resident: rss };
}

if (import.meta.main) console.log(JSON.stringify(measureGuard(Number(process.argv[2]))));
