import fc from 'fast-check';
import type { BookBatch, BookSource } from '../src/attribution/book/batch.ts';
import {
  type ConversionFact,
  type IdentifierKind,
  type LinkFact,
  TOUCH_KINDS,
  type TouchFact,
} from '../src/event/fact.ts';
import { creativeNumber } from '../src/store/creative.ts';
import type {
  CreativeRow,
  CreditColumns,
  CreditWrite,
  ReachColumns,
  Statement,
  TouchColumns,
} from '../src/store/warehouse.ts';
import { DAY, HOUR } from './journeys.ts';

/** One change of what is known: a row that comes or is corrected, or one that goes. */
export type Change =
  | { what: 'touch'; row: TouchFact; was?: number }
  | { what: 'creative'; touch: number; campaignId: string }
  | { what: 'touchGone'; touch: number }
  | { what: 'conversion'; row: ConversionFact }
  | { what: 'refund'; conversion: number; net: bigint }
  | { what: 'conversionGone'; conversion: number }
  | { what: 'link' | 'unlink'; row: LinkFact };

const VISITORS = ['v1', 'v1', 'v2', '~3'];
const visitor = fc.constantFrom(...VISITORS);
/** Few instants, so that rows often meet each other and the ends of windows. */
const times = (min: number, max: number): fc.Arbitrary<number> =>
  fc.integer({ min, max }).map((halves) => halves * 12 * HOUR);
const number = fc.integer({ min: 1, max: 8 });

/** A touch of a campaign that stands for its channel too. */
export function touchFact(
  told: Partial<TouchFact> & { touch: number; occurredAt: number; visitor: string },
): TouchFact {
  return {
    ...{ key: `t${told.touch}`, kind: 'click', source: 'landing', ttclid: null, referrer: null, known: 1 },
    ...{ decidedBy: told.touch, visitorBy: told.touch, channel: 'tiktok / paid' },
    ...{ campaignId: null, campaign: null, adgroupId: null, adgroup: null, adId: null, ad: null, placement: null },
    ...told,
  };
}

export function conversionFact(
  told: Partial<ConversionFact> & { conversion: number; occurredAt: number; visitor: string },
): ConversionFact {
  return {
    ...{ name: 'Purchase', shop: 's', orderId: null, leadId: null, confirmed: true, currency: 'EUR', specVersion: 1 },
    ...{ minor: 100n, net: 100n },
    ...told,
  };
}

const touch = fc
  .record({
    ...{ touch: number, occurredAt: times(0, 12), visitor },
    ...{ kind: fc.constantFrom('click', ...TOUCH_KINDS), channel: fc.constantFrom('a', 'b', 'c') },
    campaignId: fc.constantFrom(null, '1', '2'),
  })
  .map(touchFact);
const conversion = fc
  .record({
    ...{ conversion: fc.integer({ min: 101, max: 105 }), occurredAt: times(4, 18), visitor },
    ...{ name: fc.constantFrom('Purchase', 'Purchase', 'Lead'), confirmed: fc.constantFrom(true, true, false) },
    ...{ minor: fc.bigInt({ min: 0n, max: 10_000n }), net: fc.bigInt({ min: -100n, max: 10_000n }) },
  })
  .map(conversionFact);
const link = fc
  .record({
    visitor,
    kind: fc.constantFrom('email', 'order') as fc.Arbitrary<IdentifierKind>,
    value: fc.constantFrom('1', '2'),
    seq: fc.integer({ min: 1, max: 50 }),
  })
  .map((row): LinkFact => ({ ...row, firstAt: row.seq, lastAt: row.seq }));

const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ what: fc.constant('touch' as const), row: touch }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('touch' as const), row: touch, was: number }) },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constant('creative' as const),
      touch: number,
      campaignId: fc.constantFrom('1', '2'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('touchGone' as const), touch: number }) },
  { weight: 4, arbitrary: fc.record({ what: fc.constant('conversion' as const), row: conversion }) },
  {
    weight: 2,
    arbitrary: fc.record({
      ...{ what: fc.constant('refund' as const), conversion: fc.integer({ min: 101, max: 105 }) },
      net: fc.bigInt({ min: 0n, max: 99n }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      what: fc.constant('conversionGone' as const),
      conversion: fc.integer({ min: 101, max: 105 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ what: fc.constantFrom('link', 'unlink'), row: link }) },
);

/** What becomes known of a few visitors in steps: touches late and corrected, orders confirmed and refunded, ties that come and go. */
export const histories: fc.Arbitrary<Change[][]> = fc.array(fc.array(change, { maxLength: 6, size: 'max' }), {
  ...{ minLength: 4, maxLength: 12, size: 'max' },
});

/** All that is known, as a warehouse has it. */
export class Known implements BookSource {
  readonly touchRows = new Map<number, TouchFact>();
  readonly conversionRows = new Map<number, ConversionFact>();
  readonly links = new Map<string, LinkFact>();
  change = 0;

  /** Takes the changes, and tells them as the tailer tells a book. Of identifiers that are known, new links are enough. */
  take(changes: readonly Change[], knows: (identifier: LinkFact) => boolean = () => false): BookBatch {
    const before = new Map<number, TouchFact>();
    const touched = new Set<number>();
    const converted = new Set<number>();
    const linked = new Set<string>();
    const identifiers = new Set<string>();
    const unlinks = new Map<string, LinkFact>();
    const leave = (one: number): void => {
      const row = this.touchRows.get(one);
      if (row && !before.has(one) && !touched.has(one)) before.set(one, row);
      this.touchRows.delete(one);
    };
    for (const one of changes)
      switch (one.what) {
        case 'touch':
          if (one.was !== undefined) leave(one.was);
          leave(one.row.touch);
          this.touchRows.set(one.row.touch, one.row);
          touched.add(one.row.touch);
          break;
        case 'creative': {
          const row = this.touchRows.get(one.touch);
          if (!row) break;
          leave(one.touch);
          this.touchRows.set(one.touch, { ...row, campaignId: one.campaignId });
          touched.add(one.touch);
          break;
        }
        case 'touchGone':
          leave(one.touch);
          break;
        case 'conversion':
          this.conversionRows.set(one.row.conversion, one.row);
          converted.add(one.row.conversion);
          break;
        case 'refund': {
          const row = this.conversionRows.get(one.conversion);
          if (row) this.conversionRows.set(one.conversion, { ...row, net: one.net });
          converted.add(one.conversion);
          break;
        }
        case 'conversionGone':
          this.conversionRows.delete(one.conversion);
          converted.add(one.conversion);
          break;
        case 'link':
        case 'unlink': {
          const key = `${one.row.visitor} ${one.row.kind} ${one.row.value}`;
          if (one.what === 'link') {
            unlinks.delete(key);
            this.links.set(key, one.row);
            linked.add(key);
            identifiers.add(`${one.row.kind} ${one.row.value}`);
          } else if (this.links.delete(key)) unlinks.set(key, one.row);
          break;
        }
      }
    this.change++;
    return {
      touches: [...touched].flatMap((one) => this.touchRows.get(one) ?? []),
      touchesBefore: [...before.values()],
      conversions: [...converted].flatMap((one) => this.conversionRows.get(one) ?? []),
      goneConversions: [...converted].filter((one) => !this.conversionRows.has(one)),
      links: [...this.links].flatMap(([key, row]) =>
        linked.has(key) || (identifiers.has(`${row.kind} ${row.value}`) && !knows(row)) ? [row] : [],
      ),
      unlinks: [...unlinks.values()],
    };
  }

  place(): Promise<{ change: number; offset: number; credited: number }> {
    return Promise.resolve({ change: this.change, offset: 0, credited: this.change });
  }

  async *touchColumns(): AsyncGenerator<TouchColumns> {
    const rows = [...this.touchRows.values()];
    for (const some of [rows.slice(0, rows.length >> 1), rows.slice(rows.length >> 1)])
      yield {
        touch: Float64Array.from(some, ({ touch }) => touch),
        occurredAt: Float64Array.from(some, ({ occurredAt }) => occurredAt),
        kind: Uint8Array.from(some, ({ kind }) => TOUCH_KINDS.indexOf(kind)),
        creative: Float64Array.from(some, creativeNumber),
        visitor: some.map(({ visitor }) => visitor),
      };
  }

  creatives(): Promise<CreativeRow[]> {
    return Promise.resolve([...this.touchRows.values()].map((row) => ({ ...row, creative: creativeNumber(row) })));
  }

  async *conversions(after: number): AsyncGenerator<ConversionFact[]> {
    const rows = [...this.conversionRows.values()].filter((row) => row.conversion > after);
    yield rows.sort((a, b) => a.conversion - b.conversion);
  }

  async *ties(): AsyncGenerator<LinkFact[]> {
    yield [...this.links.values()];
  }
}

export const STATEMENT: Statement = {
  ...{ statement: 1, role: 'standing', specVersion: 1, model: 'last', count: 'every', timezone: 'Europe/Berlin' },
  windows: { click: 7 * DAY, engagedView: DAY, view: DAY },
  precedence: ['click', 'engagedView', 'view'],
  ...{ halfLife: 7 * DAY, asOf: 0, change: 0 },
};

type Rows = Map<number, Record<string, number | bigint>[]>;

/** Rows of columns by their conversion. */
export function byConversion(columns: CreditColumns | ReachColumns): Rows {
  const all = Object.entries(columns) as [string, Float64Array][];
  const rows = [...columns.conversion.keys()].map((row) =>
    Object.fromEntries(all.map(([name, column]) => [name, column[row] as number])),
  );
  return Map.groupBy(rows, (row) => row['conversion'] as number);
}

/** Credits as a warehouse has them after what was written. */
export class Standing {
  credits: Rows = new Map();
  reach: Rows = new Map();

  write({ what, conversions, credits, reach }: CreditWrite): void {
    if (what === 'all') {
      this.credits.clear();
      this.reach.clear();
    }
    for (const conversion of conversions) {
      this.credits.delete(conversion);
      this.reach.delete(conversion);
    }
    for (const [conversion, rows] of byConversion(credits)) this.credits.set(conversion, rows);
    if (reach) for (const [conversion, rows] of byConversion(reach)) this.reach.set(conversion, rows);
  }

  /** In the order of the conversions' numbers. */
  shown(): unknown {
    const inOrder = (rows: Rows): unknown => [...rows].sort(([a], [b]) => a - b);
    return { credits: inOrder(this.credits), reach: inOrder(this.reach) };
  }
}
