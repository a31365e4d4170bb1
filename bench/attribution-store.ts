import { hash } from 'node:crypto';
import { join } from 'node:path';
import type { ConversionFact, Creative, TouchFact } from '../src/event/fact.ts';
import type { Statement } from '../src/store/warehouse.ts';
import { CLICK_MS, CREATIVES, SPAN_MS, START, VIEW_MS } from './attribution-data.ts';

/** How the book of a store is opened: its columns lie beside the warehouse. */
export function bookIn(folder: string): { visitorsMax: number; folder: string } {
  return { visitorsMax: 10, folder: join(folder, 'columns-of-book') };
}

/** What a visitor is known by; the tables' SQL makes the same of its number. */
export function visitorName(visitor: number): string {
  return hash('md5', String(visitor));
}

/** The ledger's change that the store holds. */
export const CHANGE = 1;

export const STATEMENT: Statement = {
  ...{ statement: 1, role: 'standing', specVersion: 1, model: 'last', count: 'every', halfLife: CLICK_MS },
  ...{ windows: { click: CLICK_MS, engagedView: 0, view: VIEW_MS }, precedence: ['click', 'engagedView', 'view'] },
  ...{ timezone: 'Europe/Berlin', asOf: START + SPAN_MS, change: CHANGE },
};

/** An ad of one of twenty campaigns, each with five ad groups. */
export function creativeOf(n: number): Creative {
  const [campaign, adgroup] = [n % (CREATIVES / 25), n % (CREATIVES / 5)];
  return {
    ...{ channel: 'tiktok / paid', campaignId: `18412${campaign}`, campaign: `Campaign ${campaign}` },
    ...{ adgroupId: `18413${adgroup}`, adgroup: `Group ${adgroup}`, adId: `18414${n}`, ad: `Ad ${n}`, placement: null },
  };
}

/** The order's value in cents; what the tables hold for it, too. */
export function minorOf(conversion: number): number {
  return 1000 + ((conversion * 7919) % 20_000);
}

export function touchFact(
  touch: number,
  occurredAt: number,
  kind: TouchFact['kind'],
  visitor: string,
  ad: number,
): TouchFact {
  const ttclid = kind === 'click' ? `E.C.P.${touch}` : null;
  return {
    ...{ touch, key: ttclid === null ? `touch:${touch}` : `click:${ttclid}`, occurredAt, kind, source: 'landing' },
    ...{ visitor, ttclid, referrer: null, known: 6, decidedBy: touch, visitorBy: touch, ...creativeOf(ad) },
  };
}

export function conversionFact(conversion: number, occurredAt: number, visitor: string): ConversionFact {
  const minor = BigInt(minorOf(conversion));
  return {
    ...{ conversion, name: 'Purchase', occurredAt, visitor, shop: 'demo', orderId: `${conversion}`, leadId: null },
    ...{ confirmed: true, minor, net: minor, currency: 'EUR', specVersion: 1 },
  };
}
