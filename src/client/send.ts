import { nextTry, type RetryLimits } from './next-try.ts';
import { type Answered, type Refused, type RequestParts, request } from './request.ts';

/** What sending takes from the world around it. */
export interface Around {
  fetch: typeof globalThis.fetch;
  now(): number;
  random(): number;
  /** resolves after `ms`, or as soon as `stopped` fires */
  pause(ms: number, stopped: AbortSignal): Promise<void>;
}

interface GaveUp {
  kind: 'gaveUp';
  why: string;
}
export type Sent = Answered | Refused | GaveUp;

/** Sends until there is an answer that ends it, or too much time has passed. Never rejects. */
export async function send(
  parts: Omit<RequestParts, 'fetch' | 'now'>,
  limits: RetryLimits,
  around: Around,
): Promise<Sent> {
  const since = around.now();
  for (let tries = 1; ; tries++) {
    const outcome = await request({ ...parts, fetch: around.fetch, now: around.now });
    if (outcome.kind !== 'retry') return outcome;
    const waitMs = nextTry(tries, around.now() - since, outcome.afterMs, limits, around.random());
    if (waitMs === undefined) return { kind: 'gaveUp', why: `${outcome.why}, after ${tries} tries` };
    await around.pause(waitMs, parts.stopped);
    if (parts.stopped.aborted) return { kind: 'gaveUp', why: `${outcome.why}; stopped before try ${tries + 1}` };
  }
}

/** The real clock, chance and network. */
export const WORLD: Around = {
  fetch: (...args) => globalThis.fetch(...args),
  now: () => Date.now(),
  random: () => Math.random(),
  pause: (ms, stopped) =>
    new Promise((resolve) => {
      if (stopped.aborted) return resolve();
      const done = (): void => {
        clearTimeout(timer);
        stopped.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      stopped.addEventListener('abort', done);
    }),
};
