import type { Problem } from '../event/problem.ts';

/** One event that waits, already written down as JSON so that later changes to the object change nothing. */
export interface Waiting {
  eventId: string;
  text: string;
  bytes: number;
  resolve(told: Told): void;
  reject(error: Error): void;
}

/** What the collector said of one event. */
export interface Told {
  event_id: string;
  receipt: string;
  /** only where verdicts were asked for and there was one in time */
  verdict?: string;
  reasons?: string[];
  /** what to mend, where the verdict is quarantined or refused */
  problems?: Problem[];
}

export interface BatchLimits {
  batchEvents: number;
  batchBytes: number;
}

/** `{"events":[` and `]}` */
const AROUND_BYTES = 13;

/** Takes the next request's worth off the front: at least one, at most what the limits allow. */
export function takeBatch(queue: Waiting[], limits: BatchLimits): Waiting[] {
  let bytes = AROUND_BYTES;
  let count = 0;
  for (const waiting of queue) {
    bytes += waiting.bytes + 1;
    if (count > 0 && (count >= limits.batchEvents || bytes > limits.batchBytes)) break;
    count++;
  }
  return queue.splice(0, count);
}

/** Is there enough for a full request? */
export function isFull(queue: readonly Waiting[], bytes: number, limits: BatchLimits): boolean {
  return queue.length >= limits.batchEvents || bytes + queue.length + AROUND_BYTES >= limits.batchBytes;
}

export function bodyOf(batch: readonly Waiting[]): string {
  return `{"events":[${batch.map(({ text }) => text).join(',')}]}`;
}

/** Could one event of this size ever leave? */
export function fits(bytes: number, limits: BatchLimits): boolean {
  return bytes + AROUND_BYTES <= limits.batchBytes;
}
