import type { BrowserReport, PageUse } from '../api/wire.ts';
import { looksLikeContact } from '../contacts/scrub.ts';
import type { JsonObject, Personal } from '../event/event.ts';
import { DAY, HOUR } from '../event/time.ts';
import type { ToldConsent, ToldEngagement, ToldFired, ToldForeign, ToldPixel } from '../event/told.ts';
import type { NewRecord, RecordKind } from '../store/journal.ts';
import { capabilityOf } from './capability.ts';
import { type Receipt, withoutContact } from './tell.ts';

/** Longer than this nobody looks at one page load. */
const VISIBLE_MS_MAX = DAY;
const LOAD_MS_MAX = HOUR;
const FOREIGN_CHARS_MAX = 200;
const INTERACTIONS_MAX = 1_000_000;

/** The record of what a page at this address tells beside events. */
export function reportRecord(
  report: BrowserReport,
  who: { visitor: string; session: string },
  receipt: Receipt,
  page: string | undefined,
): NewRecord {
  const record = (kind: RecordKind, told: object): NewRecord => ({
    kind,
    ...receipt,
    body: told as JsonObject,
    personal: null,
  });
  switch (report[0]) {
    case 'pixel':
      return record('pixel', { state: report[1], ...who } satisfies ToldPixel);
    case 'fired':
      return { ...record('fired', { ...fired(report), ...who }), personal: siteOnly(page) };
    case 'consent':
      return record('consent', { ...who, choice: report[1] } satisfies ToldConsent);
    case 'engagement':
      return record('engagement', engagement(report, who));
    case 'foreign':
      return record('foreign', foreign(report, who));
  }
}

function fired([, handout, event_id, time, pixel]: Extract<BrowserReport, ['fired', ...unknown[]]>): ToldFired {
  return {
    capability: capabilityOf(handout),
    event_id: withoutContact(event_id),
    time,
    ...(pixel === undefined ? {} : { pixel: withoutContact(pixel) }),
  };
}

/** Of the address, which may be long, its site: where the page stood is all that it says. */
function siteOnly(page: string | undefined): Personal | null {
  const url = page === undefined ? undefined : URL.parse(page)?.origin;
  return url?.startsWith('http') ? { page: { url } } : null;
}

function engagement([, ...use]: ['engagement', ...PageUse], who: { visitor: string; session: string }): ToldEngagement {
  const [left, seen, typed, submitted, interactions, scroll, ttfb, lcp] = use;
  const passed = (from: number, to: number): number => whole((to - from) * 1000, VISIBLE_MS_MAX);
  return {
    ...who,
    visible_ms: seen ? passed(seen, left) : 0,
    scroll: Math.round(between(scroll ?? 0, 1) * 1000) / 1000,
    interactions: whole(interactions, INTERACTIONS_MAX),
    ...(typed && submitted >= typed ? { form_ms: passed(typed, submitted) } : {}),
    ...(ttfb == null ? {} : { ttfb_ms: whole(ttfb, LOAD_MS_MAX) }),
    ...(lcp == null ? {} : { lcp_ms: whole(lcp, LOAD_MS_MAX) }),
  };
}

function foreign(
  [, name, id]: Extract<BrowserReport, ['foreign', ...unknown[]]>,
  who: { visitor: string; session: string },
): ToldForeign {
  const event = foreignText(name) || '(unnamed)';
  return {
    ...who,
    event: looksLikeContact(event) ? '(removed)' : event,
    // A list has null for what is undefined.
    ...(id == null ? {} : { event_id: withoutContact(foreignText(id)) }),
  };
}

/** What another tag told may be anything. */
function foreignText(value: unknown): string {
  return typeof value === 'object' ? '' : String(value ?? '').slice(0, FOREIGN_CHARS_MAX);
}

function between(value: number, max: number): number {
  return Math.min(max, Math.max(0, value));
}

function whole(value: number, max: number): number {
  return Math.round(between(value, max));
}
