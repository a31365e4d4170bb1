import { parentPort } from 'node:worker_threads';
import { planOf } from './plan.ts';
import { sentences } from './sentences.ts';
import { shrunk } from './shrink.ts';
import { openTwinRoom } from './twin-room.ts';
import type { Violation } from './watch.ts';
import { live, type Outcome } from './world.ts';

/** Seeds `from` up to `to`, not included. */
export interface Chunk {
  from: number;
  to: number;
}

/** What came of one seed; a failure comes with the shortest list of steps that still fails. */
export interface Lived {
  seed: number;
  outcome: Outcome;
  failure?: { violation: Violation; steps: string[] };
}

const port = parentPort;
if (!port) throw new Error('seeds are lived through in a worker');
const twin = openTwinRoom();

port.on('message', ({ from, to }: Chunk) => {
  void (async () => {
    const lived: Lived[] = [];
    for (let seed = from; seed < to; seed++) {
      const plan = planOf(seed);
      const outcome = await live(plan, twin);
      lived.push({
        seed,
        outcome,
        ...(outcome.violation ? { failure: await failureOf(seed, outcome.violation) } : {}),
      });
      if (outcome.violation) break;
    }
    port.postMessage(lived);
  })();
});

async function failureOf(seed: number, { invariant }: Violation): Promise<NonNullable<Lived['failure']>> {
  let violation: Violation | undefined;
  const least = await shrunk(planOf(seed), async (candidate) => {
    const again = (await live(candidate, twin)).violation;
    if (again?.invariant !== invariant) return false;
    violation = again;
    return true;
  });
  const last = violation ?? (await live(least, twin)).violation ?? { invariant, what: 'does not fail a second time' };
  return { violation: last, steps: sentences(least) };
}
