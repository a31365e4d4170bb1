import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Chunk, Lived } from './seed-worker.ts';
import type { Outcome } from './world.ts';

const WORKERS = 2;
const CHUNK = 10;

/** What many seeds came to together. */
export interface Sum extends Omit<Outcome, 'violation' | 'onDisk'> {
  seeds: number;
  onDisk: number;
  seconds: number;
  failures: (NonNullable<Lived['failure']> & { seed: number })[];
}

/** Lives through `seeds` seeds from `from` on, in two threads. The first failure ends it. */
export async function runSeeds(from: number, seeds: number, tell: (sum: Sum) => void = () => {}): Promise<Sum> {
  const startedAt = performance.now();
  const sum: Sum = {
    ...{ seeds: 0, onDisk: 0, seconds: 0, told: 0, arrivals: 0, requests: 0, crashes: 0 },
    ...{ faults: {}, ends: {}, failures: [] },
  };
  let next = from;
  const chunk = (): Chunk | undefined => {
    if (sum.failures.length > 0 || next >= from + seeds) return undefined;
    const to = Math.min(next + CHUNK, from + seeds);
    const given = { from: next, to };
    next = to;
    return given;
  };
  const work = async (): Promise<void> => {
    // A world's rows die with it: with room for them the collector seldom has to look.
    const resourceLimits = { maxYoungGenerationSizeMb: 128 };
    const worker = new Worker(new URL('./seed-worker.ts', import.meta.url), { resourceLimits });
    try {
      for (let given = chunk(); given; given = chunk()) {
        const [lived] = (await asked(worker, given)) as [Lived[]];
        for (const one of lived) add(sum, one);
        sum.seconds = (performance.now() - startedAt) / 1000;
        tell(sum);
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, work));
  return sum;
}

/** `once` rejects when the worker fails. */
function asked(worker: Worker, chunk: Chunk): Promise<unknown[]> {
  const answer = once(worker, 'message');
  worker.postMessage(chunk);
  return answer;
}

function add(sum: Sum, { seed, outcome, failure }: Lived): void {
  sum.seeds++;
  sum.onDisk += Number(outcome.onDisk);
  for (const figure of ['told', 'arrivals', 'requests', 'crashes'] as const) sum[figure] += outcome[figure];
  for (const part of ['faults', 'ends'] as const)
    for (const [name, count] of Object.entries(outcome[part])) sum[part][name] = (sum[part][name] ?? 0) + count;
  if (failure) sum.failures.push({ seed, ...failure });
}
