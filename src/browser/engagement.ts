import type { BrowserReport } from '../api/wire.ts';
import { now } from './client.ts';
import { flush, report } from './queue.ts';
import { act } from './turn.ts';

type Use = [seen: number, typed: number, submitted: number, interactions: number, ...figures: number[]];

/** How the present page is used, as `PageUse` has it after its first. What counts for nobody may throw into `watch`. */
let use: Use | undefined;
const SEEN = 0;
const TYPED = 1;
const SUBMITTED = 2;
const INTERACTIONS = 3;
const SCROLL = 4;
const TTFB_MS = 5;
const LCP_MS = 6;

/** Begins to count for a page. Only the first of a load was fetched and painted by the browser. */
export function enter(before?: string): void {
  use = [0, 0, 0, 0, 0];
  see();
  if (!before) watchSpeed(use);
}

/** Tells how the page was used, once, and sends what waits, since it is hidden or left. */
export function leave(): void {
  if (use) {
    scrolled();
    report(['engagement', now(), ...use] as BrowserReport);
    use = undefined;
  }
  void act(flush);
}

/** The page came into view, or went. */
export function see(): void {
  if (document.hidden) leave();
  else (use as Use)[SEEN] ||= now();
}

export function scrolled(): void {
  const page = use as Use;
  page[SCROLL] = Math.max(page[SCROLL] as number, (scrollY + innerHeight) / document.documentElement.scrollHeight);
}

/** A press, or a key: only that there was one, never which. */
export function acted({ key, target }: Partial<KeyboardEvent>): void {
  (use as Use)[INTERACTIONS]++;
  if (key && (target as HTMLInputElement).form) (use as Use)[TYPED] ||= now();
}

export function submitted(): void {
  (use as Use)[SUBMITTED] = now();
}

function watchSpeed(page: Use): void {
  page[TTFB_MS] = (performance.getEntriesByType('navigation')[0] as PerformanceNavigationTiming).responseStart;
  new PerformanceObserver((list) => {
    page[LCP_MS] = (list.getEntries().pop() as PerformanceEntry).startTime;
  }).observe({ type: 'largest-contentful-paint', buffered: true });
}
