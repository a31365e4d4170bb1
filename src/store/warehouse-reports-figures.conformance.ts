import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ASKED, at, FIRST, GOOGLE, NOTHING, type OpenReports, sample, sum } from './report-samples.ts';
import type { FigureLine, ReportLine } from './warehouse-reports.ts';
import { factsOf, placeAt, touchFact } from './warehouse-samples.ts';

/** What lines, days and channels earned. */
export function figureConformance(open: OpenReports): void {
  test('an empty warehouse has figures of nothing', async (t) => {
    const { reports } = await open(t);
    assert.deepEqual(await reports.kinds(1), { names: [], currencies: [] });
    const { totals, lines, more, series } = await reports.figures(ASKED, 'campaign');
    assert.deepEqual([totals.earned, totals.views, totals.nobody, totals.why], [sum(), sum(), sum(), []]);
    assert.deepEqual([lines, more, series], [[], 0, []]);
    assert.equal((await reports.figures(ASKED, 'day')).lines.length, 3);
  });

  test('names and currencies are those of a statement’s conversions', async (t) => {
    const reports = await sample(open, t);
    assert.deepEqual(await reports.kinds(1), { names: ['Lead', 'Purchase'], currencies: ['EUR', 'USD'] });
    assert.deepEqual(await reports.kinds(2), { names: [], currencies: [] });
  });

  test('what views earned stands apart, and what nobody earned says why', async (t) => {
    const { totals } = await (await sample(open, t)).figures(ASKED, 'campaign');
    assert.deepEqual(totals.earned, sum(3, 4000n, 3900n));
    assert.deepEqual(totals.views, sum(1, 500n, 0n));
    assert.deepEqual(totals.nobody, sum(1, 700n, 700n));
    assert.deepEqual(totals.why, [{ why: 'no_touch', conversions: 1 }]);
  });

  test('a campaign is one line under its id, with its newest name and Ads Manager’s own figures beside', async (t) => {
    const { lines } = await (await sample(open, t)).figures(ASKED, 'campaign');
    assert.deepEqual(lines.map(told), [
      'tiktok / paid c1 (Spring sale): 2 for 4000, 1 viewed for 500; 1 clicks, 1 engaged, 2 views; spent 50',
      'mail / email News (News): 1 for 0, 0 viewed for 0; 1 clicks, 0 engaged, 0 views',
      'google / organic  (null): 0 for 0, 0 viewed for 0; 1 clicks, 0 engaged, 0 views',
      'tiktok / paid c2 (Asleep): 0 for 0, 0 viewed for 0; 0 clicks, 0 engaged, 0 views; spent 700',
    ]);
    assert.deepEqual(lines[0]?.of, { channel: 'tiktok / paid', campaign: 'c1' });
    assert.deepEqual([lines[0]?.ads?.basis, lines[0]?.ads?.conversions], ['conversion', 9]);
    // Of the other campaign there is no row by the day of the conversion.
    assert.deepEqual([lines[3]?.ads?.basis, lines[3]?.ads?.minor], ['touch', null]);
  });

  test('by the day of the touch, credits and Ads Manager’s rows are others', async (t) => {
    const days = { first: FIRST, starts: [at(0, 0)], end: at(1, 0) };
    const { lines, totals } = await (await sample(open, t)).figures({ ...ASKED, days, basis: 'touch' }, 'campaign');
    assert.deepEqual(totals.earned, sum(1.25, 1750n, 1650n));
    assert.deepEqual(
      lines.map(told),
      [
        'tiktok / paid c1 (Spring): 1.25 for 1750, 0 viewed for 0; 1 clicks, 0 engaged, 1 views; spent 100',
        'tiktok / paid c2 (Asleep): 0 for 0, 0 viewed for 0; 0 clicks, 0 engaged, 0 views; spent 700',
      ].map((line) => line.replace('(Spring)', `(${lines[0]?.names.campaign})`)),
    );
  });

  test('lines of ads say what is above them, and narrow to what they are', async (t) => {
    const reports = await sample(open, t);
    const { lines } = await reports.figures({ ...ASKED, narrowed: { channel: 'tiktok / paid', campaign: 'c1' } }, 'ad');
    assert.deepEqual(
      lines.map(({ key, of: narrowed, names, earned }) => [key, narrowed, names.adgroup, names.ad, earned.minor]),
      [
        ['a2', { channel: 'tiktok / paid', ad: 'a2' }, 'Shoes', 'Red', 2250n],
        ['a1', { channel: 'tiktok / paid', ad: 'a1' }, 'Shoes', 'Blue', 1750n],
      ],
    );
    const red = await reports.figures({ ...ASKED, narrowed: lines[0]?.of ?? {} }, 'day');
    assert.deepEqual(red.totals.earned, sum(0.75, 2250n, 2250n));
    assert.deepEqual(red.totals.nobody, sum());
    assert.deepEqual(
      red.lines.map(({ key, earned, touches }) => [key, earned.minor, touches.engagedView]),
      [
        ['2024-10-04', 0n, 0],
        ['2024-10-05', 2250n, 1],
        ['2024-10-06', 0n, 0],
      ],
    );
  });

  test('names alone are lines within their campaign, and what is not known is a line too', async (t) => {
    const { warehouse, reports } = await open(t);
    const named = (touch: number, campaign: string): ReturnType<typeof touchFact> =>
      touchFact(touch, { ...NOTHING, channel: 'x / y', campaign, adgroup: 'broad', occurredAt: at(0, touch) });
    const touches = [named(1, 'one'), named(2, 'two'), touchFact(3, { ...GOOGLE, occurredAt: at(0, 3) })];
    await warehouse.commit(factsOf({ touches }), placeAt(1));
    const { lines } = await reports.figures(ASKED, 'adgroup');
    assert.deepEqual(
      lines.map(({ key, of: narrowed }) => [key, narrowed]),
      [
        ['', { channel: 'google / organic', adgroup: '' }],
        ['broad', { channel: 'x / y', campaign: 'one', adgroup: 'broad' }],
        ['broad', { channel: 'x / y', campaign: 'two', adgroup: 'broad' }],
      ],
    );
    for (const line of lines)
      assert.deepEqual(
        (await reports.figures({ ...ASKED, narrowed: line.of }, 'adgroup')).lines.map(({ key }) => key),
        [line.key],
      );
  });

  test('channels and days have the spend of one level, never of two', async (t) => {
    const reports = await sample(open, t);
    const channels = await reports.figures({ ...ASKED, basis: 'touch' }, 'channel');
    assert.deepEqual(
      channels.lines.map(({ key, ads }) => [key, ads?.spend]),
      [
        ['tiktok / paid', 850n],
        ['mail / email', undefined],
        ['google / organic', undefined],
      ],
    );
    const { lines } = await reports.figures({ ...ASKED, basis: 'touch' }, 'day');
    assert.deepEqual(
      lines.map(({ day, earned, touches, ads }) => [day, earned.conversions, touches.click, ads?.spend ?? null]),
      [
        [FIRST, 1.25, 1, 800n],
        [FIRST + 1, 1.75, 1, 50n],
        [FIRST + 2, 0, 1, null],
      ],
    );
  });

  test('figures are of the names and the currency asked for', async (t) => {
    const reports = await sample(open, t);
    const leads = await reports.figures({ ...ASKED, names: ['Lead'] }, 'channel');
    assert.deepEqual(leads.totals.earned, sum(1, 0n, 0n));
    const dollars = await reports.figures({ ...ASKED, currency: 'USD' }, 'channel');
    assert.deepEqual(dollars.totals.nobody, sum(1, 9000n, 9000n));
    assert.deepEqual(dollars.totals.why, [{ why: 'outside_windows', conversions: 1 }]);
    const none = await reports.figures({ ...ASKED, names: ["x'; DROP TABLE touch; --"] }, 'channel');
    assert.deepEqual(none.totals.earned, sum());
  });

  test('series are what the first lines earned by day', async (t) => {
    const { series } = await (await sample(open, t)).figures(ASKED, 'campaign');
    assert.deepEqual(series, [
      { line: 0, day: FIRST, conversions: 1, minor: 1000n },
      { line: 0, day: FIRST + 1, conversions: 1, minor: 3000n },
      { line: 1, day: FIRST + 2, conversions: 1, minor: 0n },
    ]);
  });
}

function told({ earned, views, touches, ads, ...line }: FigureLine & ReportLine): string {
  const seen = `${touches.click} clicks, ${touches.engagedView} engaged, ${touches.view} views`;
  const spent = ads ? `; spent ${ads.spend}` : '';
  return `${line.channel} ${line.key} (${line.names.campaign}): ${earned.conversions} for ${earned.minor}, ${views.conversions} viewed for ${views.minor}; ${seen}${spent}`;
}
