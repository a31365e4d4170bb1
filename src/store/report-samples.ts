import type { TestContext } from 'node:test';
import { DAY, HOUR } from '../event/time.ts';
import { creativeNumber } from './creative.ts';
import type { Warehouse } from './warehouse.ts';
import type { FiguresAsked, Sum, WarehouseReports } from './warehouse-reports.ts';
import {
  adReportFact,
  conversionFact,
  creditWrite,
  factsOf,
  placeAt,
  shareOf,
  statementOf,
  touchFact,
} from './warehouse-samples.ts';

export type OpenReports = (t: TestContext) => Promise<{ warehouse: Warehouse; reports: WarehouseReports }>;

export const FIRST = 20_000;
/** A moment of the sample's days, UTC ms. */
export const at = (day: number, hour: number): number => (FIRST + day) * DAY + hour * HOUR;
export const DAYS = { first: FIRST, starts: [at(0, 0), at(1, 0), at(2, 0)], end: at(3, 0) };
export const ASKED: FiguresAsked = {
  ...{ statement: 1, days: DAYS, basis: 'conversion', names: [], currency: 'EUR', narrowed: {} },
};

export const NOTHING = { campaignId: null, campaign: null, adgroupId: null, adgroup: null, adId: null, ad: null };
const BLUE = { campaignId: 'c1', campaign: 'Spring', adgroupId: 'g1', adgroup: 'Shoes', adId: 'a1', ad: 'Blue' };
const RED = { ...BLUE, adId: 'a2', ad: 'Red' };
const MAIL = { ...NOTHING, channel: 'mail / email', campaign: 'News' };
export const GOOGLE = { ...NOTHING, channel: 'google / organic' };

export const TOUCHES = [
  touchFact(1, { ...BLUE, occurredAt: at(0, 10), visitor: 'v1' }),
  touchFact(2, { ...BLUE, occurredAt: at(0, 11), visitor: 'v1', kind: 'view' }),
  touchFact(3, { ...RED, occurredAt: at(1, 9), visitor: 'v2', kind: 'engagedView' }),
  touchFact(4, { ...MAIL, occurredAt: at(1, 10), visitor: 'v3' }),
  touchFact(5, { ...GOOGLE, occurredAt: at(2, 23), visitor: 'v4' }),
  touchFact(6, { ...BLUE, campaign: 'Spring sale', occurredAt: at(2, 1), visitor: 'v2', kind: 'view' }),
];
const of = (touch: number): number => creativeNumber(TOUCHES[touch - 1] as (typeof TOUCHES)[number]);

export const CONVERSIONS = [
  conversionFact(11, { occurredAt: at(0, 12), visitor: 'v1', minor: 1000n, net: 900n }),
  conversionFact(12, { occurredAt: at(1, 12), visitor: 'v2', minor: 3000n, net: 3000n }),
  conversionFact(13, { occurredAt: at(2, 12), visitor: 'v3', minor: 0n, net: 0n, currency: '', name: 'Lead' }),
  conversionFact(14, { occurredAt: at(2, 13), visitor: 'v2', minor: 500n, net: 0n }),
  conversionFact(15, { occurredAt: at(2, 14), visitor: 'v9', minor: 700n, net: 700n }),
  conversionFact(16, { occurredAt: at(2, 15), visitor: 'v9', minor: 9000n, net: 9000n, currency: 'USD' }),
  conversionFact(17, { occurredAt: at(2, 16), visitor: 'v9', confirmed: false }),
];

export const CREDITS = [
  shareOf(11, 1, { creative: of(1), minor: 1000n, net: 900n, touchedDay: FIRST, convertedDay: FIRST }),
  shareOf(12, 1, { creative: of(1), share: 0.25, minor: 750n, net: 750n, touchedDay: FIRST, convertedDay: FIRST + 1 }),
  shareOf(12, 3, {
    ...{ creative: of(3), share: 0.75, kind: 1, minor: 2250n, net: 2250n },
    ...{ touchedDay: FIRST + 1, convertedDay: FIRST + 1 },
  }),
  shareOf(13, 4, { creative: of(4), minor: 0n, net: 0n, touchedDay: FIRST + 1, convertedDay: FIRST + 2 }),
  shareOf(14, 6, { creative: of(6), kind: 2, minor: 500n, net: 0n, touchedDay: FIRST + 2, convertedDay: FIRST + 2 }),
  shareOf(15, 0, {
    ...{ creative: 0, kind: 255, why: 0, minor: 700n, net: 700n },
    ...{ touchedDay: FIRST + 2, convertedDay: FIRST + 2 },
  }),
  shareOf(16, 0, {
    ...{ creative: 0, kind: 255, why: 1, minor: 9000n, net: 9000n },
    ...{ touchedDay: FIRST + 2, convertedDay: FIRST + 2 },
  }),
];

/** Day 20000 is 2024-10-04. */
const REPORTS = [
  adReportFact('c1', { level: 'campaign', day: '2024-10-04', name: 'Spring (old)', spend: 100n, pulledAt: 1 }),
  adReportFact('c1', { level: 'campaign', day: '2024-10-05', name: 'Spring', spend: 50n, pulledAt: 2 }),
  adReportFact('c1', { level: 'campaign', day: '2024-10-05', basis: 'conversion', spend: 50n, conversions: 9 }),
  adReportFact('c1', { level: 'campaign', day: '2024-10-09', spend: 10_000n }),
  adReportFact('c2', { level: 'campaign', day: '2024-10-04', name: 'Asleep', spend: 700n }),
  adReportFact('a1', { level: 'ad', day: '2024-10-04', campaignId: 'c1', adgroupId: 'g1', spend: 60n }),
  adReportFact('a7', { level: 'ad', day: '2024-10-04', campaignId: 'c2', adgroupId: 'g2', spend: 70n }),
];

/** Reports of a warehouse with all of these. */
export async function sample(open: OpenReports, t: TestContext): Promise<WarehouseReports> {
  const { warehouse, reports } = await open(t);
  await warehouse.commit(
    factsOf({ touches: TOUCHES, conversions: CONVERSIONS, adReports: REPORTS }),
    placeAt(1),
    creditWrite(statementOf(1, { timezone: 'UTC' }), CREDITS),
  );
  return reports;
}

export function sum(conversions = 0, minor = 0n, net = 0n): Sum {
  return { conversions, minor, net };
}
