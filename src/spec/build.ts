import { parseDuration } from '../event/time.ts';
import { parseShare } from './kinds.ts';
import { GUARDED_EVENTS } from './names.ts';
import type { TrackingFile } from './shape.ts';
import type { WrittenEvent } from './shape-event.ts';
import type { EventRule, Rate } from './spec.ts';
import type { Meaning } from './version.ts';

/** The spec that a sound file means: durations in milliseconds, shares between 0 and 1. */
export function buildSpec(file: TrackingFile, rates: Rate[]): Meaning {
  const {
    business,
    sites,
    destinations,
    consent,
    leads,
    money,
    taxonomy,
    attribution,
    freeze,
    pages,
    delivery,
    scenarios,
  } = file;
  return {
    business,
    sites: {
      ...sites,
      domains: sites.domains ?? [...new Set(sites.origins.map((origin) => new URL(origin).hostname))],
    },
    destinations,
    consent,
    events: Object.fromEntries(Object.entries(file.events).map(([name, event]) => [name, eventRule(name, event)])),
    leads,
    money: { ...money, rates, contentsTolerance: fraction(money.contentsTolerance) },
    taxonomy,
    pairWithin: ms(file.pairWithin),
    attribution: {
      ...attribution,
      click: ms(attribution.click),
      engagedView: ms(attribution.engagedView),
      view: ms(attribution.view),
      halfLife: ms(attribution.halfLife),
    },
    viewThrough: { marketing: fraction(file.viewThrough.marketing), finance: fraction(file.viewThrough.finance) },
    freeze,
    pages,
    delivery: {
      linger: ms(delivery.linger),
      firstRetry: ms(delivery.firstRetry),
      factor: delivery.factor,
      ceiling: ms(delivery.ceiling),
      giveUp: ms(delivery.giveUp),
      merge: ms(delivery.merge),
      drop: ms(delivery.drop),
      keep: ms(delivery.keep),
      warnAge: ms(delivery.warnAge),
      maxAge: ms(delivery.maxAge),
      clockTolerance: ms(delivery.clockTolerance),
      freeKeys: delivery.freeKeys,
      batch: delivery.batch,
      atOnce: delivery.atOnce,
      rate: delivery.rate,
    },
    health: {
      duplicates: { warn: fraction(file.health.duplicates.warn), fail: fraction(file.health.duplicates.fail) },
      sourceBalance: { min: fraction(file.health.sourceBalance.min) },
    },
    retention: { personal: ms(file.retention.personal), journal: ms(file.retention.journal) },
    scenarios,
  };
}

function eventRule(name: string, event: WrittenEvent): EventRule {
  return {
    ...event,
    guarded: event.guarded ?? GUARDED_EVENTS.includes(name),
    within: ms(event.within),
    confirmWithin: ms(event.confirmWithin),
    delay: ms(event.delay),
  };
}

// The reader has replaced every unreadable text before it comes here.
function ms(text: string): number {
  return parseDuration(text) ?? Number.NaN;
}

function fraction(share: string | number): number {
  return typeof share === 'number' ? share : (parseShare(share) ?? Number.NaN);
}
