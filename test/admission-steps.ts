import fc from 'fast-check';
import type { Personal } from '../src/event/event.ts';
import { type FactKind, MOVES_MONEY } from '../src/event/order.ts';
import { DAY, MINUTE } from '../src/event/time.ts';
import type { ToldPayment } from '../src/event/told.ts';
import type { Journal, NewRecord } from '../src/store/journal.ts';
import { memoryJournal } from '../src/store/memory/journal.ts';
import {
  answerTold,
  consentTold,
  eventTold,
  factTold,
  hookedOrder,
  leadTold,
  orderTold,
  paymentTold,
  purchaseTold,
  rawRecord,
  replayTold,
  START,
  sentTold,
  specTold,
  testTold,
} from './admission-kit.ts';

/** One thing told, and how much later than the one before. */
export interface Step {
  tell(at: number): NewRecord;
  laterMs: number;
}

/** Whatever may be told of one order, a few events, leads and visitors, by doors and by ourselves, mended specs included. */
export function step(): fc.Arbitrary<Step> {
  const doors = fc.constantFrom('browser', 'server', 'crm') as fc.Arbitrary<'browser' | 'server' | 'crm'>;
  const seq = fc.integer({ min: 1, max: 8 });
  const visitor = fc.constantFrom('v-1', 'v-2');
  const leg = fc.constantFrom('api', 'pixel') as fc.Arbitrary<'api' | 'pixel'>;
  const inputs = fc.constantFrom('accept', 'retry', 'bury', 'park') as fc.Arbitrary<
    'accept' | 'retry' | 'bury' | 'park'
  >;
  const consent = fc.constantFrom('granted', 'denied', 'unknown') as fc.Arbitrary<'granted' | 'denied' | 'unknown'>;
  const order = fc.tuple(
    fc.constantFrom('browser', 'server') as fc.Arbitrary<'browser' | 'server'>,
    visitor,
    consent,
    fc.constantFrom('59.90', '1.00', 'x'),
  );
  const bought = (value: string) => ({ order_id: '77', value, currency: 'EUR', contents: [{ content_id: 'a' }] });
  const tell = fc.oneof<fc.Arbitrary<Step['tell']>[]>(
    fc.tuple(doors, fc.constantFrom('e-1', 'e-2'), consent).map(
      ([door, id, told]) =>
        (at) =>
          eventTold(door, { event_id: id, consent: told, pixel: 'fired' }, at),
    ),
    order.map(
      ([door, who, told, value]) =>
        (at) =>
          orderTold(door, { visitor: who, consent: told, properties: bought(value), capability: `c-${who}` }, at),
    ),
    order.map(
      ([door, who, told, value]) =>
        (at) =>
          purchaseTold(door, { visitor: who, consent: told, properties: bought(value) }, at),
    ),
    fc.tuple(fc.constantFrom('30.00', '59.90'), fc.constantFrom('p-1', 'p-2')).map(
      ([amount, id]) =>
        (at) =>
          paymentTold(amount, id, at),
    ),
    fc
      .tuple(
        fc.constantFrom(...(Object.keys(MOVES_MONEY) as FactKind[])),
        fc.constantFrom('p-2', 'f-1', 'f-2', 'f-3'),
        fc.constantFrom<Partial<ToldPayment>[]>({}, { origin: 'system' }, { draft: true }),
        fc.constantFrom<(Personal | null)[]>(null, { user: { phone: ['b'.repeat(64)] } }),
      )
      .map(([fact, id, more, personal]) => (at) => ({
        ...factTold(fact, id, MOVES_MONEY[fact] ? '59.90 EUR' : '', at, more),
        personal,
      })),
    fc.tuple(visitor, fc.constantFrom('59.90', '70.00')).map(
      ([who, value]) =>
        (at) =>
          hookedOrder({ visitor: who, properties: bought(value) }, at),
    ),
    fc.tuple(seq, leg).map(
      ([event, which]) =>
        (at) =>
          sentTold(event, at, which),
    ),
    fc.tuple(seq, inputs).map(
      ([event, input]) =>
        (at) =>
          answerTold(event, input, at, input === 'retry' ? { dueAt: at, copy: event % 2 > 0 } : {}),
    ),
    fc.tuple(seq, leg).map(
      ([event, which]) =>
        (at) =>
          rawRecord(
            'expired',
            { legs: [{ event, destination: 'main', leg: which, input: 'withhold', why: 'confirmation_expired' }] },
            { receivedAt: at },
          ),
    ),
    fc.tuple(doors, fc.constantFrom('e-1', 'e-3'), visitor, fc.constantFrom({}, { draft: true } as const)).map(
      ([door, id, who, more]) =>
        (at) =>
          eventTold(door, { event_id: id, visitor: who, ...more }, at),
    ),
    fc.tuple(visitor, fc.constantFrom('granted', 'denied') as fc.Arbitrary<'granted' | 'denied'>).map(
      ([who, choice]) =>
        (at) =>
          consentTold(choice, at, who),
    ),
    fc.tuple(doors, fc.constantFrom('new', 'rejected', 'x'), visitor, fc.constantFrom({}, { bot: true } as const)).map(
      ([door, status, who, more]) =>
        (at) =>
          leadTold(door, { status, visitor: who, ...more }, at),
    ),
    fc.constantFrom(0, MINUTE, 2 * DAY).map((lasts) => (at) => testTold(at + lasts, at)),
    fc.tuple(fc.uniqueArray(seq, { maxLength: 3 }), fc.uniqueArray(seq, { maxLength: 3 })).map(
      ([events, records]) =>
        (at) =>
          replayTold(events, records, at),
    ),
    fc
      .constantFrom({}, { endsAt: START + DAY }, { endsAt: START })
      .map(
        (more) => (at) =>
          rawRecord(
            'key',
            { id: 'k-1', role: 'server', name: 'shop', hash: 'h', createdAt: START, ...more },
            { door: 'operator', receivedAt: at },
          ),
      ),
    fc
      .constantFrom('t-1', 't-2')
      .map(
        (touch) => (at) =>
          rawRecord(
            'touch',
            { touch, type: 'click', visitor: 'v-1' },
            { door: 'browser', receivedAt: at, personal: { user: { ttclid: 'c-1' } } },
          ),
      ),
    fc
      .record({ day: fc.constantFrom('2026-07-30', '2026-07-31'), clicks: fc.integer({ min: 1, max: 2 }) })
      .chain((figures) => fc.tuple(fc.constant(figures), fc.constantFrom(START, START + DAY)))
      .map(
        ([figures, pulledAt]) =>
          (at) =>
            rawRecord('adReport', { ...AD_DAY, ...figures, pulledAt }, { door: 'import', receivedAt: at }),
      ),
    fc
      .constantFrom('e-1', 'e-9')
      .map(
        (id) => (at) =>
          rawRecord(
            'foreign',
            { visitor: 'v-1', session: 's', event: 'Contact', event_id: id },
            { door: 'browser', receivedAt: at },
          ),
      ),
    visitor.map(
      (who) => (at) =>
        rawRecord('fired', { capability: `c-${who}`, event_id: 'demo-77' }, { door: 'browser', receivedAt: at }),
    ),
    fc.constantFrom('id: demo', 'pairWithin: 10m', 'confirm: webhook', 'orphans: book').map(
      (field) => (at) =>
        specTold(
          (text) =>
            text.replace(
              field,
              {
                'id: demo': 'id: other',
                'pairWithin: 10m': 'pairWithin: 1s',
                'confirm: webhook': 'confirm: none',
                'orphans: book': 'orphans: send',
              }[field] ?? field,
            ),
          at,
        ),
    ),
  );
  return fc.record({ tell, laterMs: fc.constantFrom(0, 1000, 6 * MINUTE, DAY, 2 * DAY) });
}

const AD_DAY = {
  ...{ level: 'ad', id: '7', basis: 'impression', timezone: 'UTC', spend: '1.00 EUR' },
  ...{ impressions: 9, conversions: 1 },
};

/** A journal in memory of steps. */
export async function written(steps: readonly Step[]): Promise<Journal> {
  const journal = memoryJournal();
  let at = START;
  for (const { tell, laterMs } of steps) {
    at += laterMs;
    await journal.append([tell(at)]);
  }
  return journal;
}
