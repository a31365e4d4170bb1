import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { background } from '../http/background.ts';
import { visitorPlan } from './plan.ts';
import { chance } from './random.ts';
import { type Street, visit } from './visit.ts';

export interface WorldOptions {
  seed: number;
  shopUrl: string;
  /** the public door, as a browser or this process reaches it */
  collector: { url: string; writeKey: string; specVersion: number };
  /** where the pixel's beacons go: TikTok's `/api/v2/pixel` */
  pixel?: { url: string; code: string };
  /** business id of the tracking spec */
  business: string;
  /** visitors a second, at most 2 */
  rate: number;
  /** stops by itself after so many visitors */
  visitorsMax?: number;
  pace?: number;
  now(): number;
  newId?(): string;
  log?(line: string): void;
}

export interface World {
  /** visitors who came so far */
  visitors(): number;
  /** resolves when `visitorsMax` visitors came and went */
  done: Promise<void>;
  stop(): Promise<void>;
}

const RATE_MAX = 2;
const INSIDE_MAX = 40;

/** Lets seeded visitors into the shop, one after the other, and never more than fit. */
export function startWorld(options: WorldOptions): World {
  const log = options.log ?? (() => undefined);
  const work = background((cause) => log(`world: ${String(cause)}`));
  const visits = background((cause) => log(`world: a visit broke off: ${String(cause)}`));
  const street: Street = { ...options, pace: options.pace ?? 1, newId: options.newId ?? randomUUID };
  const arrivals = chance(options.seed);
  const meanGapMs = 1_000 / Math.min(RATE_MAX, Math.max(options.rate, 0.01));
  let came = 0;
  let inside = 0;
  const done = Promise.withResolvers<void>();
  const ends = (): void => {
    inside -= 1;
    if (inside === 0 && came === options.visitorsMax) done.resolve();
  };
  work.run(async (signal) => {
    while (came !== options.visitorsMax) {
      if (inside < INSIDE_MAX) {
        const plan = visitorPlan(options.seed, came);
        came += 1;
        inside += 1;
        visits.run((left) => visit(plan, street, left).finally(ends));
      }
      await wait(meanGapMs * (0.5 + arrivals.next()) * street.pace, undefined, { signal });
    }
  });
  return {
    visitors: () => came,
    done: done.promise,
    async stop() {
      await Promise.all([work.stop(), visits.stop()]);
      done.resolve();
    },
  };
}
