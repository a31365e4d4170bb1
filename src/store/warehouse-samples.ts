import type {
  AdReportFact,
  ConversionFact,
  DispatchFact,
  EntryFact,
  EventFact,
  LeadFact,
  LinkFact,
  OrderFact,
  TouchFact,
} from '../event/fact.ts';
import {
  type CreditColumns,
  type CreditRow,
  type CreditWrite,
  type FactBatch,
  noCredits,
  noFacts,
  type Place,
  type ReachColumns,
  type Statement,
} from './warehouse.ts';

/** Plain facts for tests; `more` replaces what the test is about. */
export function eventFact(seq: number, more: Partial<EventFact> = {}): EventFact {
  return {
    ...{ seq, name: 'AddToCart', occurredAt: 900 + seq, receivedAt: 1000 + seq, source: 'web', origin: 'visitor' },
    ...{ visitor: `v${seq}`, session: null, orderId: null, leadId: null, minor: 5990n, currency: 'EUR' },
    ...{ contentId: 'shoe', contents: 1, page: 'shop.example/shoe', door: 'browser', bot: false, specVersion: 1 },
    shows: null,
    ...more,
  };
}

export function conversionFact(conversion: number, more: Partial<ConversionFact> = {}): ConversionFact {
  return {
    ...{ conversion, name: 'Purchase', occurredAt: 900 + conversion, visitor: `v${conversion}`, shop: 'demo' },
    ...{ orderId: `o${conversion}`, leadId: null, confirmed: true, minor: 5990n, net: 5990n, currency: 'EUR' },
    ...{ specVersion: 1 },
    ...more,
  };
}

export function touchFact(touch: number, more: Partial<TouchFact> = {}): TouchFact {
  return {
    ...{ touch, key: `ttclid:c${touch}`, occurredAt: 900 + touch, kind: 'click', source: 'landing' },
    ...{ visitor: `v${touch}`, ttclid: `c${touch}`, referrer: null, known: 2, decidedBy: touch, visitorBy: touch },
    ...{ channel: 'tiktok / paid', campaignId: '1', campaign: 'Spring', adgroupId: null, adgroup: null },
    ...{ adId: null, ad: null, placement: null },
    ...more,
  };
}

export function linkFact(visitor: string, value: string, more: Partial<LinkFact> = {}): LinkFact {
  return { visitor, kind: 'email', value, firstAt: 1000, lastAt: 1000, seq: 1, ...more };
}

export function orderFact(orderId: string, more: Partial<OrderFact> = {}): OrderFact {
  return {
    ...{ shop: 'demo', orderId, status: 'paid', event: 1, createdAt: 1000, confirmedAt: null, visitor: null },
    ...{ currency: 'EUR', total: 5990n, net: 5990n },
    ...more,
  };
}

export function entryFact(orderId: string, reference: string, more: Partial<EntryFact> = {}): EntryFact {
  return {
    ...{ shop: 'demo', orderId, reference, kind: 'payment', provider: 'stripe', occurredAt: 1000 },
    ...{ minor: 5990n, currency: 'EUR' },
    ...more,
  };
}

export function leadFact(leadId: string, more: Partial<LeadFact> = {}): LeadFact {
  return {
    ...{
      leadId,
      status: 'new',
      createdAt: 1000,
      changedAt: 1000,
      visitor: null,
      minor: null,
      currency: null,
      steps: 1,
    },
    ...more,
  };
}

export function dispatchFact(event: number, more: Partial<DispatchFact> = {}): DispatchFact {
  return { event, destination: 'main', leg: 'api', state: 'delivered', why: 'accepted', ...more };
}

export function adReportFact(id: string, more: Partial<AdReportFact> = {}): AdReportFact {
  return {
    ...{ day: '2026-08-01', level: 'ad', id, name: null, campaignId: '1', adgroupId: null, basis: 'impression' },
    ...{ timezone: 'Europe/Berlin', currency: 'EUR', spend: 1234n, impressions: 1000, clicks: 20, conversions: 3 },
    ...{ minor: null, clickConversions: 2, engagedViewConversions: null, viewConversions: 1, pulledAt: 2000 },
    ...more,
  };
}

export function statementOf(statement: number, more: Partial<Statement> = {}): Statement {
  return {
    ...{ statement, role: 'standing', specVersion: 1, model: 'last', count: 'every', timezone: 'Europe/Berlin' },
    windows: { click: 7 * 86_400_000, engagedView: 86_400_000, view: 0 },
    ...{ precedence: ['click', 'engagedView', 'view'], halfLife: 604_800_000, asOf: 5000, change: 1 },
    ...more,
  };
}

/** A conversion that its touch earned whole. */
export function shareOf(conversion: number, touch: number, more: Partial<CreditRow> = {}): CreditRow {
  return {
    ...{ conversion, touch, creative: 100 + touch, kind: 0, why: 255, share: 1, minor: 5990n, net: 5990n },
    ...{ touchedDay: 20000, convertedDay: 20001 },
    ...more,
  };
}

function creditsFrom(shares: readonly CreditRow[]): CreditColumns {
  const columns = noCredits(shares.length);
  for (const [n, share] of shares.entries())
    for (const field of Object.keys(columns) as (keyof CreditRow)[])
      (columns[field] as unknown as (number | bigint)[])[n] = share[field];
  return columns;
}

export function sharesIn(columns: CreditColumns): CreditRow[] {
  const fields = Object.keys(noCredits()) as (keyof CreditRow)[];
  return Array.from(
    columns.conversion,
    (_, n) => Object.fromEntries(fields.map((field) => [field, columns[field][n]])) as unknown as CreditRow,
  );
}

export function reachOf(...conversions: number[]): ReachColumns {
  const column = (of: (conversion: number) => number): Float64Array => Float64Array.from(conversions, of);
  return {
    conversion: column((conversion) => conversion),
    click: column((conversion) => conversion - 1),
    clickAge: column(() => 60_000),
    engagedView: column(() => 0),
    engagedViewAge: column(() => 0),
    view: column(() => 0),
    viewAge: column(() => 0),
  };
}

/** Rows of reach; what is left out was not there. */
export function reachFrom(rows: readonly Partial<Record<keyof ReachColumns, number>>[]): ReachColumns {
  const column = (of: keyof ReachColumns): Float64Array => Float64Array.from(rows, (row) => row[of] ?? 0);
  return {
    conversion: column('conversion'),
    click: column('click'),
    clickAge: column('clickAge'),
    engagedView: column('engagedView'),
    engagedViewAge: column('engagedViewAge'),
    view: column('view'),
    viewAge: column('viewAge'),
  };
}

export function factsOf(some: Partial<Omit<FactBatch, 'gone'>> & { gone?: Partial<FactBatch['gone']> }): FactBatch {
  const none = noFacts();
  return { ...none, ...some, gone: { ...none.gone, ...some.gone } };
}

export function placeAt(change: number): Place {
  return { change, offset: 10 * change, credited: change };
}

/** Credits of a statement, all of them or of those conversions alone. */
export function creditWrite(
  statement: Statement,
  shares: readonly CreditRow[],
  conversions?: readonly number[],
): CreditWrite {
  return {
    statement,
    what: conversions === undefined ? 'all' : 'these',
    conversions: conversions ?? [],
    credits: creditsFrom(shares),
  };
}
