import fc from 'fast-check';
import type { Personal } from '../src/event/event.ts';
import { DAY, MINUTE } from '../src/event/time.ts';
import type { ToldEvent, ToldTouch } from '../src/event/told.ts';
import type { WarehouseRows } from '../src/store/memory/warehouse-rows.ts';
import { eventTold, leadTold, orderTold, purchaseTold, rawRecord } from './admission-kit.ts';
import { type Step, step } from './admission-steps.ts';

const SHOP = 'https://shop.example/';

/**
 * Steps in which some visitors come by ads and other links, are seen again by other doors, tell contacts, and buy: beside all
 * that else may be told.
 */
export function visits(): fc.Arbitrary<Step[]> {
  return fc.array(fc.oneof({ weight: 3, arbitrary: visit() }, { weight: 2, arbitrary: step() }), {
    minLength: 1,
    maxLength: 40,
  });
}

function visit(): fc.Arbitrary<Step> {
  const visitor = fc.constantFrom(undefined, 'v-1', 'v-2', 'v-3');
  const session = fc.constantFrom(undefined, 's-1', 's-2');
  const who = fc.record({ visitor, session }).map(known);
  const user = fc
    .record({
      ttclid: fc.constantFrom<(string | undefined)[]>(undefined, undefined, 'A', 'B'),
      email: fc.constantFrom<(string[] | undefined)[]>(undefined, ['e1'.repeat(32)], ['e2'.repeat(32)]),
      external_id: fc.constantFrom<(string[] | undefined)[]>(undefined, ['c3'.repeat(32)]),
    })
    .map(known);
  const parameters = fc.constantFrom('', 'utm_source=tiktok&utm_campaign=Spring', 'utm_source=mail&utm_medium=email');
  const page = fc
    .record({
      url: fc.tuple(parameters, fc.constantFrom('', '&ttclid=A')).map(([query, click]) => `${SHOP}?${query}${click}`),
      referrer: fc.constantFrom(undefined, 'https://www.google.com/', SHOP),
    })
    .map(known);
  const personal = fc
    .record({ user, page: fc.option(page, { nil: undefined }) })
    .map((some) => known(some) as unknown as Personal);
  const ad = parameters.map((query) => (query === '' ? undefined : Object.fromEntries(new URLSearchParams(query))));
  const told = fc.tuple(who, ad).map(([by, told]) => ({ ...by, ...(told ? { ad: told } : {}) }) as Partial<ToldEvent>);
  const door = fc.constantFrom('browser', 'server') as fc.Arbitrary<'browser' | 'server'>;
  const id = fc.constantFrom('p-1', 'p-2', 'p-3', 'p-4');
  const properties = { order_id: '77', value: '59.90', currency: 'EUR', contents: [{ content_id: 'a', quantity: 1 }] };
  const tell = fc.oneof<fc.Arbitrary<Step['tell']>[]>(
    fc.tuple(door, id, fc.constantFrom('Pageview', 'CompleteRegistration'), told, personal).map(
      ([by, event_id, event, more, whom]) =>
        (at) =>
          eventTold(by, { event_id, event, ...more }, at, whom),
    ),
    fc.tuple(door, told, personal).map(([by, more, whom]) => (at) => ({
      ...orderTold(by, { properties, ...more }, at),
      personal: whom,
    })),
    fc.tuple(door, told, personal).map(([by, more, whom]) => (at) => ({
      ...purchaseTold(by, { properties, ...more }, at),
      personal: whom,
    })),
    fc.tuple(who, personal, fc.constantFrom('new', 'qualified')).map(
      ([by, whom, status]) =>
        (at) =>
          leadTold('server', { status, ...by }, at, whom),
    ),
    fc.tuple(fc.constantFrom('t-1', 't-2', 't-3'), who, user, fc.constantFrom('click', 'view', 'engagedView')).map(
      ([touch, by, whom, type]) =>
        (at) =>
          rawRecord(
            'touch',
            { touch, type: type as ToldTouch['type'], time: at - DAY, ...by, ad: { utm_source: 'tiktok' } },
            { door: 'import', receivedAt: at, personal: { user: whom } as Personal },
          ),
    ),
  );
  return fc.record({ tell, laterMs: fc.constantFrom(0, 1000, 6 * MINUTE, DAY) });
}

/** All that a warehouse in memory holds, in a fixed order, but for how it came to it: the numbers of statements and their time. */
export function contents({ rows }: { rows: WarehouseRows }): Record<string, string[]> {
  const standing = [...rows.statements.values()].filter(({ role }) => role === 'standing').at(-1);
  const credits = [...(rows.credits.get(standing?.statement ?? 0)?.values() ?? [])].flat();
  const { role: _role, statement: _n, asOf: _at, change: _change, ...rules } = standing ?? {};
  const all: Record<string, Iterable<unknown>> = {
    ...{ events: rows.events.all(), conversions: rows.conversions.all(), touches: rows.touches.all() },
    ...{ links: rows.links.all(), orders: rows.orders.all(), entries: rows.entries.all(), leads: rows.leads.all() },
    ...{ dispatches: rows.dispatches.all(), adReports: rows.adReports.all(), people: rows.people.all() },
    ...{ shared: rows.shared, credits, reach: rows.reach.values(), standing: [rules] },
  };
  return Object.fromEntries(Object.entries(all).map(([name, some]) => [name, [...some].map(text).sort(inOrder)]));
}

function inOrder(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function text(row: unknown): string {
  const fields = Object.entries(row as object).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(fields, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));
}

function known<T extends object>(fields: T): { [F in keyof T]: NonNullable<T[F]> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}
