import { randomInt } from 'node:crypto';
import { start } from './children.ts';
import type { Running } from './contestants.ts';
import type { LoadLine, LoadOrder, LoadReport } from './order.ts';
import { busy, type Thread, threadsOf } from './threads.ts';

/** What one window of load came to. */
export interface Shot {
  report: LoadReport;
  eventsPerSecond: number;
  /** the server's main thread, as a share of a core */
  mainShare: number;
  /** all threads that did anything, the busiest first */
  threads: { name: string; share: number; microsecondsPerEvent: number }[];
  /** the load process, as a share of a core */
  loadShare: number;
}

const CONNECTIONS = 64;
const IDLE_SHARE = 0.02;

/** Loads a server from a process of its own. `answered` is told a few times a second how many requests were. */
export async function shoot(
  at: Running,
  order: Partial<LoadOrder> & Pick<LoadOrder, 'eventsPerRequest' | 'seconds'>,
  on: { answered?(requests: number): void; ended?(): void } = {},
): Promise<Shot> {
  const whole: LoadOrder = {
    ...{ port: at.port, path: at.path, key: at.key },
    ...{ connections: CONNECTIONS, warmSeconds: 1, seed: randomInt(2 ** 32) },
    ...order,
  };
  const child = start('load.ts', { args: [JSON.stringify(whole)] });
  let before: Thread[] = [];
  let after: Thread[] = [];
  let report: LoadReport | undefined;
  child.lines.on('line', (text) => {
    const line = JSON.parse(text) as LoadLine;
    if ('begin' in line) before = threadsOf(at.pid);
    else if ('end' in line) {
      after = threadsOf(at.pid);
      on.ended?.();
    } else if ('answered' in line) on.answered?.(line.answered);
    else report = line.report;
  });
  const code = await child.ended;
  if (!report) throw new Error(`the load process ended with code ${code} and without a report`);
  if (report.refused > 0) throw new Error(`${report.refused} of ${report.requestsInAll} requests were refused`);
  const events = report.requests * whole.eventsPerRequest;
  const threads = busy(before, after, report.seconds);
  return {
    report,
    eventsPerSecond: events / report.seconds,
    mainShare: threads.find(({ id }) => id === at.pid)?.share ?? 0,
    threads: threads
      .filter(({ share }) => share > IDLE_SHARE)
      .map(({ id, name, share, seconds }) => ({
        name: id === at.pid ? 'main' : name,
        share,
        microsecondsPerEvent: (seconds / events) * 1e6,
      })),
    loadShare: report.cpuSeconds / report.seconds,
  };
}
