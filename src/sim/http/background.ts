import { setTimeout as wait } from 'node:timers/promises';

/** Work that outlives the request that caused it and ends with its owner. */
export interface Background {
  signal: AbortSignal;
  /** starts a task; what it throws after `stop` is expected, before that it goes to `failed` */
  run(task: (signal: AbortSignal) => Promise<void>): void;
  /** tells every task to end and waits until it did */
  stop(): Promise<void>;
}

export function background(failed: (cause: unknown) => void): Background {
  const controller = new AbortController();
  const running = new Set<Promise<void>>();
  return {
    signal: controller.signal,
    run(task) {
      if (controller.signal.aborted) return;
      const done = task(controller.signal)
        .catch((cause: unknown) => {
          if (!controller.signal.aborted) failed(cause);
        })
        .finally(() => running.delete(done));
      running.add(done);
    },
    async stop() {
      controller.abort();
      await Promise.all(running);
    },
  };
}

/** Tries until `attempt` is true, pausing as `waitsMs` says; false when the pauses are used up. */
export async function retry(
  attempt: () => Promise<boolean>,
  waitsMs: readonly number[],
  signal: AbortSignal,
): Promise<boolean> {
  for (const waitMs of waitsMs) {
    if (await attempt()) return true;
    await wait(waitMs, undefined, { signal });
  }
  return attempt();
}
