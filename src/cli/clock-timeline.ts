import type { Leg } from '../event/event.ts';
import { MINUTE } from '../event/time.ts';
import { type ClockLimits, type Copy, type Forecast, forecast } from '../tiktok/clocks.ts';

/** From `from` on, UTC ms, TikTok treats a copy like this. */
export interface Span {
  from: number;
  forecast: Forecast;
}

/** How long TikTok itself may go on merging, which is longer than we promise. */
const TIKTOK_MERGES = 5 * MINUTE;

/** What becomes of a copy by `leg`, from the first copy on: one span for each change of the forecast. */
export function timeline(first: Copy, leg: Leg, limits: ClockLimits): Span[] {
  const [from, to] = first.at;
  // The instants at which a limit is passed; the forecast itself says what follows.
  const instants = [from, from + limits.merge + 1, to + TIKTOK_MERGES + 1, from + limits.drop + 1];
  const spans: Span[] = [];
  for (const at of instants.sort((a, b) => a - b)) {
    const next = forecast(first, leg, at, limits);
    if (spans.at(-1)?.forecast !== next) spans.push({ from: at, forecast: next });
  }
  return spans;
}

/** The span that holds `now`, and when it ends; undefined before the first copy. */
export function spanAt(spans: readonly Span[], now: number): { span: Span; until?: number } | undefined {
  const index = spans.findLastIndex((span) => span.from <= now);
  const span = spans[index];
  if (!span) return undefined;
  const next = spans[index + 1];
  return next ? { span, until: next.from } : { span };
}
