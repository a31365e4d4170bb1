import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { openKit, rawRecord, START } from '../../test/admission-kit.ts';
import type { AdReport } from '../event/ad-report.ts';
import { DAY } from '../event/time.ts';
import type { NewRecord } from '../store/journal.ts';

const KEY = 'ad|7|2026-07-30|impression';

test('a day of an ad is taken once, and later figures take its place', async () => {
  const kit = await openKit();
  const told: [more: Partial<AdReport>, verdict: string][] = [
    [{}, 'admitted ad_report_taken'],
    [{}, 'duplicate ad_report_same'],
    [{ clicks: 21, pulledAt: START + DAY }, 'admitted ad_report_updated'],
    [{ clicks: 20 }, 'duplicate ad_report_older'],
    [{ clicks: 21, pulledAt: START + 3 * DAY }, 'duplicate ad_report_same'],
    [{ clicks: 22, pulledAt: START + 2 * DAY }, 'duplicate ad_report_older'],
    [{ basis: 'conversion' }, 'admitted ad_report_taken'],
    [{ day: '2026-07-31' }, 'admitted ad_report_taken'],
    [{ level: 'campaign' }, 'admitted ad_report_taken'],
  ];
  const first = await kit.tell(...told.map(([more]) => reportTold(more)));
  for (const [n, [more, verdict]] of told.entries())
    assert.equal(await kit.verdict(first + n), verdict, JSON.stringify(more));
  const { adReports } = await kit.ledger.load({ events: [], orders: [], adReports: [KEY] });
  assert.deepEqual(adReports, [{ ...REPORT, clicks: 21, pulledAt: START + 3 * DAY, seq: first + 2 }]);
  const { verdicts } = await kit.ledger.totals();
  assert.deepEqual(
    verdicts.filter(({ door }) => door === 'import').map(({ verdict, count }) => [verdict, count]),
    [
      ['admitted', 5],
      ['duplicate', 4],
    ],
  );
});

test('in whatever order and batches reports come, and however often, the same figures stand', async () => {
  const reports = fc.array(
    fc.record({
      day: fc.constantFrom('2026-07-30', '2026-07-31'),
      clicks: fc.integer({ min: 1, max: 3 }),
      pulledAt: fc.integer({ min: START, max: START + 3 }),
      viewConversions: fc.option(fc.constantFrom(0, 1), { nil: undefined }),
    }),
    { minLength: 1, maxLength: 8 },
  );
  const ways = reports.chain((some) =>
    fc.record({
      some: fc.constant(some),
      others: fc.shuffledSubarray([...some, ...some], { minLength: 2 * some.length }),
      batch: fc.integer({ min: 1, max: 5 }),
    }),
  );
  await fc.assert(
    fc.asyncProperty(ways, async ({ some, others, batch }) => {
      assert.deepEqual(await standing(others, batch), await standing(some, some.length));
    }),
    { numRuns: 60 },
  );
});

/** What the ledger has in the end, without the sequences. */
async function standing(reports: readonly object[], batch: number): Promise<unknown> {
  const kit = await openKit();
  for (let at = 0; at < reports.length; at += batch)
    await kit.tell(...reports.slice(at, at + batch).map((more) => reportTold(defined(more))));
  const days = ['2026-07-30', '2026-07-31'].map((day) => `ad|7|${day}|impression`);
  const { adReports } = await kit.ledger.load({ events: [], orders: [], adReports: days });
  return adReports.map(({ seq: _seq, ...row }) => row);
}

function defined(more: object): Partial<AdReport> {
  return Object.fromEntries(Object.entries(more).filter(([, value]) => value !== undefined));
}

const REPORT: AdReport = {
  ...{ level: 'ad', id: '7', day: '2026-07-30', basis: 'impression', timezone: 'Europe/Berlin' },
  ...{ spend: '12.34 EUR', impressions: 1000, clicks: 20, conversions: 3, pulledAt: START },
};

function reportTold(more: Partial<AdReport>): NewRecord {
  return rawRecord('adReport', { ...REPORT, ...more }, { door: 'import' });
}
