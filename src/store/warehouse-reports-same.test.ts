import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DAY, HOUR } from '../event/time.ts';
import { creativeNumber } from './creative.ts';
import { openReports } from './duckdb/reports/reports.ts';
import { openWarehouse } from './duckdb/warehouse.ts';
import { memoryWarehouse } from './memory/warehouse.ts';
import { memoryReports } from './memory/warehouse-reports.ts';
import { inTemporaryFolder } from './test-folder.ts';
import type { CreditWrite, FactBatch } from './warehouse.ts';
import { REPORT_LEVELS, type WarehouseReports } from './warehouse-reports.ts';
import {
  adReportFact,
  conversionFact,
  creditWrite,
  eventFact,
  factsOf,
  linkFact,
  placeAt,
  reachFrom,
  shareOf,
  statementOf,
  touchFact,
} from './warehouse-samples.ts';

const FIRST = 20_000;
const DAYS = { first: FIRST, starts: [0, 1, 2, 3].map((n) => (FIRST + n) * DAY), end: (FIRST + 4) * DAY };

test('SQL answers every question as plain loops do, whatever the warehouse holds', async (t) => {
  const columns = await inTemporaryFolder(t, openWarehouse);
  let change = 0;
  await fc.assert(
    fc.asyncProperty(
      worlds(),
      fc.array(questions(), { minLength: 6, maxLength: 6 }),
      async ({ facts, credits }, all) => {
        const memory = memoryWarehouse();
        change += 1;
        await memory.commit(facts, placeAt(change), credits);
        await columns.commit({ ...facts, gone: await everything(columns) }, placeAt(change), credits);
        const plain = memoryReports(memory.rows);
        const [sql, kept] = [openReports(columns.connect), openReports(columns.connect, 0)];
        for (const question of all) {
          const said = rounded(await question(plain));
          assert.deepEqual(rounded(await question(sql)), said);
          assert.deepEqual(rounded(await question(kept)), said);
        }
      },
    ),
    { numRuns: 50 },
  );
});

/** What is in the warehouse already makes room. */
async function everything(columns: Awaited<ReturnType<typeof openWarehouse>>): Promise<FactBatch['gone']> {
  const gone = factsOf({}).gone;
  for await (const page of columns.touches(0)) gone.touches.push(...page.map(({ touch }) => touch));
  for await (const page of columns.conversions(0)) gone.conversions.push(...page.map((row) => row.conversion));
  const db = await columns.connect();
  for (const table of ['event', 'link', 'ad_report', 'person']) await db.run(`DELETE FROM ${table}`);
  await db.run('DROP SCHEMA IF EXISTS kept CASCADE');
  db.closeSync();
  return gone;
}

const visitor = fc.constantFrom('v1', 'v2', 'v3', '~9');
const moment = fc.integer({ min: -1, max: 4 * 24 }).map((hour) => FIRST * DAY + hour * HOUR);
const kind = fc.constantFrom('click' as const, 'engagedView' as const, 'view' as const);
const creative = fc.record({
  channel: fc.constantFrom('tiktok / paid', 'mail / email'),
  campaignId: fc.constantFrom('c1', 'c2', null),
  campaign: fc.constantFrom('Spring', 'c1', null),
  adgroupId: fc.constantFrom('g1', null),
  adgroup: fc.constantFrom('broad', null),
  adId: fc.constantFrom('a1', null),
  ad: fc.constantFrom('Blue', 'Red', null),
});

function worlds(): fc.Arbitrary<{ facts: FactBatch; credits: CreditWrite }> {
  const touches = fc
    .array(fc.tuple(creative, visitor, moment, kind), { maxLength: 8 })
    .map((all) =>
      all.map(([ad, who, occurredAt, kind], n) => touchFact(n + 1, { ...ad, visitor: who, occurredAt, kind })),
    );
  const conversions = fc
    .array(
      fc.tuple(visitor, moment, fc.constantFrom('EUR', '', 'USD'), fc.boolean(), fc.constantFrom('Lead', 'Purchase')),
      {
        maxLength: 6,
      },
    )
    .map((all) =>
      all.map(([who, occurredAt, currency, confirmed, name], n) =>
        conversionFact(100 + n, {
          ...{ visitor: who, occurredAt, currency, confirmed, name },
          ...{ minor: BigInt(100 * (n % 3)), net: BigInt(50 * (n % 2)) },
        }),
      ),
    );
  const events = fc
    .array(
      fc.tuple(fc.option(visitor), moment, fc.constantFrom('ViewContent', 'AddToCart', 'Purchase'), fc.boolean()),
      {
        maxLength: 10,
      },
    )
    .map((all) =>
      all.map(([who, occurredAt, name, bot], n) => eventFact(98 + n, { visitor: who, occurredAt, name, bot })),
    );
  const adReports = fc
    .uniqueArray(
      fc.record({
        day: fc.constantFrom('2024-10-04', '2024-10-06', '2024-10-09'),
        level: fc.constantFrom('campaign' as const, 'adgroup' as const, 'ad' as const),
        id: fc.constantFrom('c1', 'c2', 'g1', 'a1'),
        basis: fc.constantFrom('impression' as const, 'conversion' as const),
        currency: fc.constantFrom('EUR', 'USD'),
        name: fc.constantFrom('Spring', null),
        minor: fc.constantFrom(5n, null),
        adgroupId: fc.constantFrom('g1', null),
      }),
      { maxLength: 8, selector: ({ day, level, id, basis }) => `${day} ${level} ${id} ${basis}` },
    )
    .map((all) => all.map(({ id, ...more }, n) => adReportFact(id, { ...more, spend: BigInt(10 + n), pulledAt: n })));
  const shares = fc.array(fc.tuple(fc.nat(8), fc.nat(2), fc.nat(5), fc.nat(5)), { minLength: 6, maxLength: 6 });
  const tied = fc.boolean();
  return fc
    .tuple(touches, conversions, events, adReports, shares, tied)
    .map(([touches, conversions, events, adReports, shares, tied]) => {
      const own = (n: number): (typeof touches)[number] | undefined => touches[n];
      const credits = conversions
        .filter(({ confirmed }) => confirmed)
        .map(({ conversion, minor, net }, n) => {
          const [touch = 0, kind = 0, touched = 0, converted = 0] = shares[n] ?? [];
          const earner = own(touch);
          const days = { touchedDay: FIRST + touched - 1, convertedDay: FIRST + converted - 1 };
          return earner
            ? shareOf(conversion, earner.touch, { creative: creativeNumber(earner), kind, minor, net, ...days })
            : shareOf(conversion, 0, { creative: 0, kind: 255, why: kind, minor, net, ...days });
        });
      const reach = reachFrom(
        conversions.map(({ conversion }, n) => {
          const [touch = 0, kind = 0, age = 0] = shares[n] ?? [];
          const number = own(touch)?.touch ?? 0;
          const words = ['click', 'engagedView', 'view'] as const;
          const word = words[kind] ?? 'click';
          return number === 0 ? { conversion } : { conversion, [word]: number, [`${word}Age`]: age * 9 * HOUR };
        }),
      );
      const links = tied ? [linkFact('v1', 'x'), linkFact('v2', 'x')] : [linkFact('v1', 'x')];
      const people = tied
        ? [
            { visitor: 'v2', person: 'v1' },
            { visitor: '~9', person: 'v1' },
          ]
        : [];
      return {
        facts: factsOf({ touches, conversions, events, adReports, links, people }),
        credits: { ...creditWrite(statementOf(1, { timezone: 'UTC' }), credits), reach },
      };
    });
}

type Question = (reports: WarehouseReports) => Promise<unknown>;

function questions(): fc.Arbitrary<Question> {
  const narrowed = fc.constantFrom(
    ...[{}, { channel: 'tiktok / paid' }, { campaign: 'c1' }, { channel: 'mail / email', campaign: 'Spring' }],
    ...[{ adgroup: 'broad' }, { campaign: '' }, { ad: 'a1' }, { campaign: 'c1', adgroup: 'g1', ad: 'Red' }],
  );
  const asked = fc.record({
    ...{ statement: fc.constantFrom(1, 2), days: fc.constant(DAYS), narrowed, currency: fc.constantFrom('EUR', 'JPY') },
    basis: fc.constantFrom('touch' as const, 'conversion' as const),
    names: fc.constantFrom<string[][]>([], ['Purchase'], ['Lead', 'Purchase']),
  });
  const by = fc.constantFrom(...REPORT_LEVELS);
  const steps = ['ViewContent', 'AddToCart', 'Purchase'];
  const windows = [
    { click: DAY, engagedView: 0, view: DAY },
    { click: 9 * HOUR, engagedView: 9 * HOUR, view: 0 },
  ];
  return fc.oneof(
    fc.tuple(asked, fc.constantFrom(...REPORT_LEVELS, 'day' as const)).map(
      ([question, by]): Question =>
        (reports) =>
          reports.figures(question, by),
    ),
    fc.tuple(asked, fc.constantFrom('earned' as const, 'views' as const, 'nobody' as const)).map(
      ([question, which]): Question =>
        (reports) =>
          reports.credited(question, which, undefined, 5),
    ),
    fc.constantFrom(100, 101, 102).map(
      (conversion): Question =>
        (reports) =>
          reports.path(conversion, 1),
    ),
    fc.tuple(by, narrowed, fc.constantFrom(DAY, 10 * HOUR)).map(
      ([by, narrowed, reach]): Question =>
        (reports) =>
          reports.funnel({ days: DAYS, steps, by, narrowed, reach }),
    ),
    asked.map(
      ({ names, currency }): Question =>
        async (reports) => {
          const figures = await reports.windows({
            ...{ days: DAYS, names, currency, precedence: ['engagedView', 'click', 'view'], windows },
          });
          const order = (a: { key: string; channel: string }, b: { key: string; channel: string }): number =>
            `${a.channel}\0${a.key}` < `${b.channel}\0${b.key}` ? -1 : 1;
          return { ...figures, campaigns: figures.campaigns.sort(order) };
        },
    ),
    fc.constant<Question>((reports) => reports.kinds(1)),
  );
}

/** Sums of shares without what is left of floats, and bigints as text. */
function rounded(answer: unknown): unknown {
  return JSON.parse(
    JSON.stringify(answer ?? null, (_, value) =>
      typeof value === 'bigint' ? `${value}` : typeof value === 'number' ? Math.round(value * 1e6) / 1e6 : value,
    ),
  );
}
