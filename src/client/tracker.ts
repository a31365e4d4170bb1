import { settle } from './batches.ts';
import { ClientError } from './error.ts';
import type { Limits } from './options.ts';
import { bodyOf, fits, isFull, type Told, takeBatch, type Waiting } from './queue.ts';
import type { Sent } from './send.ts';

export interface Tracker {
  /** Takes an event in; the promise is the collector's word on it. */
  add(eventId: string, event: object): Promise<Told>;
  /** Sends what waits now; resolves when all of it is told or has failed. */
  flush(): Promise<void>;
  /** events that are not told yet */
  size(): number;
}

/** Gathers events into requests, one request at a time, so that the collector hears them in their order. */
export function openTracker(around: {
  limits: Limits;
  post(text: string): Promise<Sent>;
  failed(error: ClientError): void;
  stopped: AbortSignal;
}): Tracker {
  const { limits, post, failed, stopped } = around;
  const queue: Waiting[] = [];
  /** what waits and what is on its way */
  const open = new Set<Promise<Told>>();
  let queuedBytes = 0;
  let bytes = 0;
  let lingering: ReturnType<typeof setTimeout> | undefined;
  let running = false;

  async function run(): Promise<void> {
    clearTimeout(lingering);
    lingering = undefined;
    if (running) return;
    running = true;
    while (queue.length > 0) {
      const batch = takeBatch(queue, limits);
      queuedBytes -= sum(batch);
      await deliver(batch);
    }
    running = false;
  }

  async function deliver(batch: Waiting[]): Promise<void> {
    const settled = settle(batch, await post(bodyOf(batch)), stopped.aborted);
    for (const { waiting, told } of settled.told) waiting.resolve(told);
    for (const { waiting, error } of settled.failed) {
      for (const one of waiting) one.reject(error);
      failed(error);
    }
    settled.warned.forEach(failed);
    for (const part of settled.again) await deliver(part);
  }

  return {
    add(eventId, event) {
      const refused = (error: ClientError): Promise<never> => {
        failed(error);
        return Promise.reject(error);
      };
      let text: string;
      try {
        text = JSON.stringify(event);
      } catch (cause) {
        return refused(new ClientError('not_json', [eventId], { cause }));
      }
      const length = Buffer.byteLength(text);
      if (!fits(length, limits)) return refused(new ClientError('too_large', [eventId], { why: `${length} bytes` }));
      if (open.size >= limits.queueEvents || bytes + length > limits.queueBytes)
        return refused(new ClientError('queue_full', [eventId], { why: `${open.size} events wait` }));
      bytes += length;
      queuedBytes += length;
      const told = new Promise<Told>((resolve, reject) => {
        queue.push({ eventId, text, bytes: length, resolve, reject });
      });
      open.add(told);
      const settled = (): void => {
        open.delete(told);
        bytes -= length;
      };
      told.then(settled, settled);
      if (isFull(queue, queuedBytes, limits)) void run();
      else if (!running) lingering ??= setTimeout(run, limits.lingerMs);
      return told;
    },
    async flush() {
      const now = [...open];
      void run();
      await Promise.allSettled(now);
    },
    size: () => open.size,
  };
}

function sum(batch: readonly Waiting[]): number {
  return batch.reduce((bytes, one) => bytes + one.bytes, 0);
}
