import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { DAY, HOUR } from '../event/time.ts';
import { creativeNumber } from './creative.ts';
import type { Warehouse } from './warehouse.ts';
import type { FigureLine, FiguresAsked, ReportLine, Sum, WarehouseReports } from './warehouse-reports.ts';
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

export type OpenReports = (t: TestContext) => Promise<{ warehouse: Warehouse; reports: WarehouseReports }>;

const FIRST = 20_000;
/** A moment of the sample's days, UTC ms. */
const at = (day: number, hour: number): number => (FIRST + day) * DAY + hour * HOUR;
const DAYS = { first: FIRST, starts: [at(0, 0), at(1, 0), at(2, 0)], end: at(3, 0) };
const ASKED: FiguresAsked = {
  ...{ statement: 1, days: DAYS, basis: 'conversion', names: [], currency: 'EUR', narrowed: {} },
};

const NOTHING = { campaignId: null, campaign: null, adgroupId: null, adgroup: null, adId: null, ad: null };
const BLUE = { campaignId: 'c1', campaign: 'Spring', adgroupId: 'g1', adgroup: 'Shoes', adId: 'a1', ad: 'Blue' };
const RED = { ...BLUE, adId: 'a2', ad: 'Red' };
const MAIL = { ...NOTHING, channel: 'mail / email', campaign: 'News' };
const GOOGLE = { ...NOTHING, channel: 'google / organic' };

const TOUCHES = [
  touchFact(1, { ...BLUE, occurredAt: at(0, 10), visitor: 'v1' }),
  touchFact(2, { ...BLUE, occurredAt: at(0, 11), visitor: 'v1', kind: 'view' }),
  touchFact(3, { ...RED, occurredAt: at(1, 9), visitor: 'v2', kind: 'engagedView' }),
  touchFact(4, { ...MAIL, occurredAt: at(1, 10), visitor: 'v3' }),
  touchFact(5, { ...GOOGLE, occurredAt: at(2, 23), visitor: 'v4' }),
  touchFact(6, { ...BLUE, campaign: 'Spring sale', occurredAt: at(2, 1), visitor: 'v2', kind: 'view' }),
];
const of = (touch: number): number => creativeNumber(TOUCHES[touch - 1] as (typeof TOUCHES)[number]);

const CONVERSIONS = [
  conversionFact(11, { occurredAt: at(0, 12), visitor: 'v1', minor: 1000n, net: 900n }),
  conversionFact(12, { occurredAt: at(1, 12), visitor: 'v2', minor: 3000n, net: 3000n }),
  conversionFact(13, { occurredAt: at(2, 12), visitor: 'v3', minor: 0n, net: 0n, currency: '', name: 'Lead' }),
  conversionFact(14, { occurredAt: at(2, 13), visitor: 'v2', minor: 500n, net: 0n }),
  conversionFact(15, { occurredAt: at(2, 14), visitor: 'v9', minor: 700n, net: 700n }),
  conversionFact(16, { occurredAt: at(2, 15), visitor: 'v9', minor: 9000n, net: 9000n, currency: 'USD' }),
  conversionFact(17, { occurredAt: at(2, 16), visitor: 'v9', confirmed: false }),
];

const CREDITS = [
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

async function sample(open: OpenReports, t: TestContext): Promise<WarehouseReports> {
  const { warehouse, reports } = await open(t);
  await warehouse.commit(
    factsOf({ touches: TOUCHES, conversions: CONVERSIONS, adReports: REPORTS }),
    placeAt(1),
    creditWrite(statementOf(1, { timezone: 'UTC' }), CREDITS),
  );
  return reports;
}

/** What every engine answers. */
export function reportsConformance(engine: string, open: OpenReports): void {
  describe(`reports, ${engine}`, () => {
    figureConformance(open);
    creditedConformance(open);
    pathConformance(open);
    windowsConformance(open);
    funnelConformance(open);
    sharedConformance(open);
  });
}

function figureConformance(open: OpenReports): void {
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

function creditedConformance(open: OpenReports): void {
  test('a figure opens to its conversions, the newest first, page by page', async (t) => {
    const reports = await sample(open, t);
    const all = await reports.credited(ASKED, 'earned', undefined, 10);
    assert.deepEqual(
      all.map(({ conversion, touch, share, minor, wholeMinor }) => [conversion, touch, share, minor, wholeMinor]),
      [
        [13, 4, 1, 0n, 0n],
        [12, 3, 0.75, 2250n, 3000n],
        [12, 1, 0.25, 750n, 3000n],
        [11, 1, 1, 1000n, 1000n],
      ],
    );
    const paged: unknown[] = [];
    for (let after: (typeof all)[number] | undefined; ; ) {
      const place = after && { ...after, touch: after.touch ?? 0 };
      const [next] = await reports.credited(ASKED, 'earned', place, 1);
      if (!next) break;
      paged.push(next);
      after = next;
    }
    assert.deepEqual(paged, all);
  });

  test('what nobody earned and what was viewed are lists of their own', async (t) => {
    const reports = await sample(open, t);
    const nobody = await reports.credited(ASKED, 'nobody', undefined, 10);
    assert.deepEqual(
      nobody.map(({ conversion, touch, kind, why }) => [conversion, touch, kind, why]),
      [[15, null, null, 'no_touch']],
    );
    const narrowed = { ...ASKED, narrowed: { ad: 'a1' } };
    assert.deepEqual(
      (await reports.credited(narrowed, 'views', undefined, 10)).map(({ conversion, kind }) => [conversion, kind]),
      [[14, 'view']],
    );
    assert.deepEqual(
      (await reports.credited({ ...narrowed, basis: 'touch', names: ['Purchase'] }, 'earned', undefined, 10)).length,
      2,
    );
  });
}

function pathConformance(open: OpenReports): void {
  test('a path has the touches of all visitors of a person, and what ties them', async (t) => {
    const { warehouse, reports } = await open(t);
    const links = [
      linkFact('v1', 'hash', { firstAt: 5, seq: 5 }),
      linkFact('v2', 'hash', { firstAt: 7, seq: 7 }),
      linkFact('v1', 'tablet'),
      linkFact('v2', 'tablet'),
      linkFact('v2', 'alone'),
    ];
    const people = [{ visitor: 'v2', person: 'v1' }];
    const shared = [{ kind: 'email' as const, value: 'tablet', visitors: 40 }];
    await warehouse.commit(
      factsOf({ touches: TOUCHES, conversions: CONVERSIONS, links, people, shared }),
      placeAt(1),
      creditWrite(statementOf(1), CREDITS),
    );
    const path = await reports.path(12, 1);
    assert.deepEqual(path?.conversion, CONVERSIONS[1]);
    assert.deepEqual([path?.person, path?.visitors], ['v1', ['v1', 'v2']]);
    assert.deepEqual(path?.touches, [TOUCHES[0], TOUCHES[1], TOUCHES[2], TOUCHES[5]]);
    assert.deepEqual(
      path?.conversions.map(({ conversion }) => conversion),
      [11, 12, 14],
    );
    assert.deepEqual(path?.ties, [links[0], links[1]]);
    assert.deepEqual(
      path?.credits.map(({ touch, kind, why, share, minor }) => [touch, kind, why, share, minor]).sort(),
      [
        [1, 'click', null, 0.25, 750n],
        [3, 'engagedView', null, 0.75, 2250n],
      ],
    );
    assert.deepEqual((await reports.path(13, 1))?.visitors, ['v3']);
    assert.equal(await reports.path(999, 1), undefined);
  });
}

function windowsConformance(open: OpenReports): void {
  test('each window credits what it reaches, by precedence, and views stand apart', async (t) => {
    const { warehouse, reports } = await open(t);
    const reach = reachFrom([
      { conversion: 11, click: 1, clickAge: 2 * HOUR, view: 2, viewAge: HOUR },
      { conversion: 12, click: 1, clickAge: 26 * HOUR, engagedView: 3, engagedViewAge: 3 * HOUR },
      { conversion: 13, click: 4, clickAge: 26 * HOUR },
      { conversion: 14, view: 6, viewAge: 12 * HOUR },
    ]);
    await warehouse.commit(factsOf({ touches: TOUCHES, conversions: CONVERSIONS }), placeAt(1), {
      ...creditWrite(statementOf(1), CREDITS),
      conversions: CONVERSIONS.map(({ conversion }) => conversion),
      reach,
    });
    const figures = await reports.windows({
      ...{ days: DAYS, names: [], currency: 'EUR', precedence: ['click', 'engagedView', 'view'] },
      windows: [
        { click: DAY, engagedView: 0, view: 0 },
        { click: DAY, engagedView: DAY, view: DAY },
        { click: 7 * DAY, engagedView: DAY, view: 11 * HOUR },
      ],
    });
    assert.equal(figures.conversions, 5);
    assert.equal(figures.asOf, statementOf(1).asOf);
    assert.deepEqual(
      figures.windows.map(({ earned, views }) => [earned, views]),
      [
        [sum(1, 1000n, 900n), sum()],
        [sum(2, 4000n, 3900n), sum(1, 500n, 0n)],
        [sum(3, 4000n, 3900n), sum()],
      ],
    );
    assert.deepEqual(
      figures.lag.map(({ kind, conversions, byHour }) => [
        kind,
        conversions,
        byHour[0],
        byHour[2],
        byHour[25],
        byHour[26],
        byHour.at(-1),
      ]),
      [
        ['click', 3, 0, 1, 1, 3, 3],
        ['engagedView', 1, 0, 0, 1, 1, 1],
        ['view', 2, 0, 1, 2, 2, 2],
      ],
    );
    assert.deepEqual(
      figures.campaigns.map(({ key, name, sums }) => [
        key,
        name,
        sums.map(({ conversions, minor }) => [conversions, minor]),
      ]),
      [
        [
          'c1',
          'Spring sale',
          [
            [1, 1000n],
            [2, 4000n],
            [2, 4000n],
          ],
        ],
        [
          'News',
          'News',
          [
            [0, 0n],
            [0, 0n],
            [1, 0n],
          ],
        ],
      ],
    );
  });
}

function funnelConformance(open: OpenReports): void {
  test('people climb the ladder, each under the click that brought them', async (t) => {
    const { warehouse, reports } = await open(t);
    const step = (seq: number, visitor: string | null, name: string, hour: number, more = {}) =>
      eventFact(seq, { visitor, name, occurredAt: at(1, hour), ...more });
    const events = [
      // by the blue ad, on two devices: all steps
      step(21, 'v1', 'ViewContent', 1),
      step(22, 'v1', 'AddToCart', 2),
      step(23, 'v2', 'AddToCart', 4),
      step(24, 'v2', 'Purchase', 6),
      // by mail: buys without a cart
      step(31, 'v3', 'ViewContent', 11),
      step(32, 'v3', 'Purchase', 12),
      // by nothing
      step(41, 'v8', 'ViewContent', 3),
      // counts nobody: bots, what was not confirmed, who is not known, other days, other events
      step(51, 'v9', 'ViewContent', 3, { bot: true }),
      step(17, 'v8', 'Purchase', 4),
      step(52, null, 'Purchase', 4),
      step(53, 'v8', 'Purchase', 100),
      step(54, 'v8', 'Search', 3),
    ];
    const people = [{ visitor: 'v2', person: 'v1' }];
    await warehouse.commit(factsOf({ touches: TOUCHES, conversions: CONVERSIONS, events, people }), placeAt(1));
    const days = { first: FIRST + 1, starts: [at(1, 0)], end: at(2, 0) };
    const asked = { days, steps: ['ViewContent', 'AddToCart', 'Purchase'], reach: 28 * DAY, narrowed: {} };
    const { total, lines, more } = await reports.funnel({ ...asked, by: 'campaign' });
    const rungs = ({ steps }: { steps: typeof total }): unknown =>
      steps.map(({ visitors, medianMs }) => [visitors, medianMs]);
    assert.deepEqual(rungs({ steps: total }), [
      [3, null],
      [2, HOUR],
      [2, 4 * HOUR],
    ]);
    assert.deepEqual(
      lines.map((line) => [line.channel, line.key, rungs(line)]),
      [
        [
          '',
          '',
          [
            [1, null],
            [0, null],
            [0, null],
          ],
        ],
        [
          'mail / email',
          'News',
          [
            [1, null],
            [1, null],
            [1, null],
          ],
        ],
        [
          'tiktok / paid',
          'c1',
          [
            [1, null],
            [1, HOUR],
            [1, 4 * HOUR],
          ],
        ],
      ],
    );
    assert.equal(more, 0);
    const mail = await reports.funnel({ ...asked, by: 'channel', narrowed: { channel: 'mail / email' } });
    assert.deepEqual(rungs({ steps: mail.total }), [
      [1, null],
      [1, null],
      [1, null],
    ]);
    const old = await reports.funnel({ ...asked, by: 'channel', reach: HOUR });
    assert.deepEqual(
      old.lines.map(({ channel }) => channel),
      ['', 'mail / email'],
    );
  });
}

function sharedConformance(open: OpenReports): void {
  test('identifiers that tie too many are counted, those of most visitors first', async (t) => {
    const { warehouse, reports } = await open(t);
    assert.deepEqual(await reports.shared(2), { count: 0, most: [] });
    const identifier = (kind: 'email' | 'phone', value: string, visitors: number) => ({ kind, value, visitors });
    const [tablet, desk, hall] = [
      identifier('email', 'x', 11),
      identifier('phone', 'x', 40),
      identifier('email', 'a', 11),
    ];
    await warehouse.commit(factsOf({ shared: [tablet, desk, hall] }), placeAt(1));
    assert.deepEqual(await reports.shared(2), { count: 3, most: [desk, hall] });
  });
}

function sum(conversions = 0, minor = 0n, net = 0n): Sum {
  return { conversions, minor, net };
}

function told({ earned, views, touches, ads, ...line }: FigureLine & ReportLine): string {
  const seen = `${touches.click} clicks, ${touches.engagedView} engaged, ${touches.view} views`;
  const spent = ads ? `; spent ${ads.spend}` : '';
  return `${line.channel} ${line.key} (${line.names.campaign}): ${earned.conversions} for ${earned.minor}, ${views.conversions} viewed for ${views.minor}; ${seen}${spent}`;
}
