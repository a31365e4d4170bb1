/** Milliseconds. */
export interface RetryLimits {
  firstRetryMs: number;
  ceilingMs: number;
  giveUpMs: number;
}

/**
 * How long to wait before the next try, or undefined to give up. The waits double up to the ceiling, with up to half
 * of each left to chance, so that a restarted collector is not met by everybody at once.
 */
export function nextTry(
  tries: number,
  sinceMs: number,
  afterMs: number | undefined,
  limits: RetryLimits,
  chance: number,
): number | undefined {
  const full = Math.min(limits.ceilingMs, limits.firstRetryMs * 2 ** Math.min(tries - 1, 30));
  const waitMs = Math.max(Math.round(full * (0.5 + chance / 2)), afterMs ?? 0);
  return sinceMs + waitMs > limits.giveUpMs ? undefined : waitMs;
}

const AFTER_MS_MAX = 5 * 60_000;

/** Milliseconds of a `Retry-After` header: seconds or an HTTP date, at most five minutes. */
export function retryAfterMs(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  const text = header.trim();
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isFinite(ms) ? Math.min(Math.max(0, ms), AFTER_MS_MAX) : undefined;
}
