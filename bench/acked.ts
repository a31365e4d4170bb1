import { rmSync } from 'node:fs';
import { type Running, type RunningAssay, startAssay } from './contestants.ts';
import type { FilledServers } from './fill.ts';
import { type Bench, settleDisk } from './folders.ts';
import { type AckedRow, SIZES, windows } from './result.ts';
import { type Shot, shoot } from './shoot.ts';

type Contestant = 'bare' | 'empty' | 'known' | 'usual';

/**
 * Acknowledged events: each contestant has a window in each round, so that what the machine does besides falls on all.
 * The empty store is a new one each time; a store is left to commit its verdicts before the next contestant's turn.
 */
export async function measureAcked(bench: Bench, bare: Running, filled?: FilledServers): Promise<AckedRow[]> {
  const names: Contestant[] = filled ? ['bare', 'empty', 'known', 'usual'] : ['bare', 'empty'];
  const shots = new Map<string, Shot[]>();
  for (let round = 0; round < bench.plan.repeats; round++)
    for (const events of SIZES)
      for (const name of names) {
        bench.say(`acknowledged: round ${round + 1} of ${bench.plan.repeats}, ${events} a request, ${name}`);
        const shot = await window(bench, name, events, bare, filled);
        shots.set(`${name} ${events}`, [...(shots.get(`${name} ${events}`) ?? []), shot]);
      }
  const of = (name: Contestant, events: number): ReturnType<typeof windows> =>
    windows(shots.get(`${name} ${events}`) ?? []);
  return SIZES.map((events) => ({
    events,
    bare: of('bare', events),
    empty: of('empty', events),
    ...(filled ? { known: of('known', events), usual: of('usual', events) } : {}),
  }));
}

async function window(
  bench: Bench,
  name: Contestant,
  events: number,
  bare: Running,
  filled?: FilledServers,
): Promise<Shot> {
  const order = { eventsPerRequest: events, seconds: bench.plan.windowSeconds, warmSeconds: bench.plan.warmSeconds };
  settleDisk();
  if (name === 'empty') return onEmptyStore(bench, (assay) => shoot(assay, order));
  if (name === 'bare' || !filled) return shoot(bare, order);
  const shot = await shoot(name === 'known' ? filled.assay : filled.usual, order);
  await filled.assay.settle();
  bench.note(filled.assay);
  return shot;
}

/** Does something with a server of an empty store, and throws both away. */
export async function onEmptyStore<T>(bench: Bench, run: (assay: RunningAssay) => Promise<T>): Promise<T> {
  const folder = bench.folder();
  const assay = await startAssay(folder);
  try {
    return await run(assay);
  } finally {
    bench.note(assay);
    // What it has not decided yet nobody will ask for.
    await assay.close('SIGKILL');
    rmSync(folder, { recursive: true });
  }
}
