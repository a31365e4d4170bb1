import { onEmptyStore } from './acked.ts';
import type { Running } from './contestants.ts';
import { type Bench, settleDisk } from './folders.ts';
import type { Latency } from './order.ts';
import { type Latencies, median } from './result.ts';
import { shoot } from './shoot.ts';

const VERDICT_EVENTS_A_REQUEST = 10;
/** One request in so many waits for its verdicts. */
const VERDICT_EVERY = 10;
const CONNECTIONS = 256;
/** Of what our own door acknowledges at most. */
const DOOR_SHARE = 0.4;

/** Latencies at fixed rates: from a request to its verdicts, and of the door beside the bare server's. */
export async function measureLatencies(bench: Bench, bare: Running, committed: number): Promise<Latencies> {
  const { latencySeconds: seconds, stepSeconds, warmSeconds, repeats } = bench.plan;
  const eventsPerSecond = committed / 2;
  const verdicts: Latency[] = [];
  for (let n = 0; n < repeats; n++) {
    bench.say(`latency: verdicts at ${Math.round(eventsPerSecond)} events/s, ${n + 1} of ${repeats}`);
    const order = {
      ...{ eventsPerRequest: VERDICT_EVENTS_A_REQUEST, rate: eventsPerSecond / VERDICT_EVENTS_A_REQUEST },
      ...{ verdictEvery: VERDICT_EVERY, connections: CONNECTIONS, seconds, warmSeconds },
    };
    const { report } = await quietly(() => onEmptyStore(bench, (assay) => shoot(assay, order)));
    verdicts.push(report.verdictMs);
  }

  bench.say('latency: how much the door takes at one event a request');
  const fastest = await quietly(() =>
    onEmptyStore(bench, (assay) => shoot(assay, { eventsPerRequest: 1, seconds: stepSeconds, warmSeconds })),
  );
  const rate = fastest.eventsPerSecond * DOOR_SHARE;
  const order = { eventsPerRequest: 1, rate, connections: CONNECTIONS, seconds, warmSeconds };
  const doors = { bare: [] as Latency[], assay: [] as Latency[] };
  for (let n = 0; n < repeats; n++) {
    bench.say(`latency: the door at ${Math.round(rate)} requests/s, ${n + 1} of ${repeats}`);
    doors.bare.push((await quietly(() => shoot(bare, order))).report.ackMs);
    doors.assay.push((await quietly(() => onEmptyStore(bench, (assay) => shoot(assay, order)))).report.ackMs);
  }
  return {
    verdict: { eventsPerSecond, ms: middle(verdicts) },
    door: { requestsPerSecond: rate, bare: middle(doors.bare), assay: middle(doors.assay) },
  };
}

function quietly<T>(run: () => Promise<T>): Promise<T> {
  settleDisk();
  return run();
}

/** Medians over windows; the largest of all. */
function middle(list: readonly Latency[]): Latency {
  return {
    p50: median(list.map(({ p50 }) => p50)),
    p99: median(list.map(({ p99 }) => p99)),
    max: Math.max(...list.map(({ max }) => max)),
    count: list.reduce((sum, { count }) => sum + count, 0),
  };
}
