import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import {
  attribution,
  byDay,
  campaigns,
  credited,
  fewWindows,
  noAttribution,
  pastAttribution,
  path,
  shared,
} from './attribution-answers.ts';
import { funnel, noFunnel } from './funnel-answers.ts';
import { assertAsked, assertAsks, assertFlawless, cutTables, type Kit, openKit } from './kit.ts';
import type { Scene } from './serve.ts';

let opened: Kit | undefined;
before(async () => {
  opened = await openKit();
});
after(() => opened?.close());

function kit(): Kit {
  assert.ok(opened);
  return opened;
}

const states: [name: string, path: string, shows: string, scene: Partial<Scene>][] = [
  ['Attribution', '/attribution', 'View-through, apart', {}],
  ['Attribution by day', '/attribution?by=day', 'All days', { attribution: byDay }],
  ['Attribution by a past statement', '/attribution?statement=9', 'is not in them', { attribution: pastAttribution }],
  ['Attribution of one campaign', '/attribution?by=adgroup&campaign=1790210033112', 'View-through, apart', {}],
  ['Attribution before the first conversion', '/attribution', 'No conversion yet', { attribution: noAttribution }],
  ['Attribution while the server is unwell', '/attribution?by=ad', 'Ask as the spec has it', { attribution: 503 }],
  ['Attribution when signed out', '/attribution', 'You are signed out', { attribution: 401 }],
  ['Attribution while it is read', '/attribution', 'Reading the credits', { attribution: 'silent' }],
  ['Attribution with shared identifiers', '/attribution', 'tie nobody', { shared }],
  ['Attribution while it is computed', '/attribution', 'still computing the credits', { attribution: 'notReady' }],
  ['Window lab', '/attribution/windows', 'Campaigns that change places', {}],
  ['Window lab without a conversion', '/attribution/windows', 'No conversion in this time', { windows: fewWindows }],
  ['Window lab while the server is unwell', '/attribution/windows', 'The ledger is being rebuilt.', { windows: 503 }],
  ['Window lab when signed out', '/attribution/windows', 'You are signed out', { windows: 401 }],
  ['Window lab while it is read', '/attribution/windows', 'Comparing the windows', { windows: 'silent' }],
  ['Funnel', '/funnel', 'a line opens to its ladder', {}],
  ['Funnel with rates', '/funnel?measure=rate', '15 to 22 %', {}],
  ['Funnel before the first visitor', '/funnel', 'Nobody on the ladder', { funnel: noFunnel }],
  ['Funnel while the server is unwell', '/funnel', 'The ledger is being rebuilt.', { funnel: 503 }],
  ['Funnel when signed out', '/funnel', 'You are signed out', { funnel: 401 }],
  ['Funnel while it is read', '/funnel', 'Reading the ladder', { funnel: 'silent' }],
];

// Each page has a process of its own in the browser.
describe('the pages Attribution and Funnel', { concurrency: 2 }, () => {
  for (const [name, address, shows, scene] of states)
    test(`${name} fits every width and has no accessibility fault in either theme`, () =>
      kit().onPage(
        address,
        scene,
        async (page) => {
          await page.getByText(shows).first().waitFor();
          await assertFlawless(page);
        },
        { axe: true },
      ));

  const panels: [name: string, path: string, open: (page: Page) => Promise<void>][] = [
    ['a figure', '/attribution', openFigure],
    [
      'a conversion',
      '/attribution',
      async (page) => {
        await openFigure(page);
        await page.getByRole('dialog').getByRole('button', { name: 'Purchase' }).first().click();
        await page.getByText('Why these visitors are one person').waitFor();
      },
    ],
    ['a creative on the ladder', '/funnel', (page) => page.getByRole('button', { name: 'Autumn sale DE 1' }).click()],
  ];
  for (const [name, address, open] of panels)
    test(`the panel of ${name} fits every width and has no accessibility fault in either theme`, () =>
      kit().onPage(
        address,
        {},
        async (page) => {
          await open(page);
          await page.getByRole('dialog').waitFor();
          await assertFlawless(page);
        },
        { axe: true },
      ));

  test('figures say by which rules, windows and zone they were credited, and as of when', () =>
    kit().onPage('/attribution', {}, async (page) => {
      const card = page.getByRole('region', { name: 'Statement' });
      for (const words of [
        'Statement 12',
        'as the spec has it, kept up to date',
        'spec version 7, days of Europe/Berlin, those of the conversion, as of 22 Nov 2026, 14:03:26 CET',
        'Last touch; click 7d, engaged view 1d, view 1d; click before engaged view before view; every conversion counts.',
      ])
        await card.getByText(words).waitFor();
    }));

  test('while the figures are computed the page says so, and shows them by itself once they are there', () =>
    kit().onPage('/attribution', { attribution: 'notReady' }, async (page, at) => {
      await page.getByText('The server is still computing the credits.').waitFor();
      at.scene.attribution = attribution;
      await page.getByText('View-through, apart').waitFor();
      assert.equal(await page.getByText('still computing').count(), 0);
    }));

  test('what became of the spec is marked in the charts and said in words, on all three pages', () =>
    kit().onPage('/attribution', {}, async (page) => {
      const days = page.getByRole('region', { name: 'Day by day' });
      await days.getByText('attribution.click: was 28d, becomes 7d').waitFor();
      await days.getByText('the freeze of spec version 7 ended').waitFor();
      const marks = days.locator('.mark');
      assert.equal(await marks.count(), await days.locator('svg').count());
      // The lines stand at the beginning of the 17th and the 28th of these days.
      assert.equal(await marks.first().getAttribute('d'), 'M16 0V100M27 0V100');
      for (const address of ['/attribution/windows', '/funnel']) {
        await page.goto(new URL(address, page.url()).href);
        await page.getByRole('region', { name: 'The spec in these days' }).getByText('9 Nov 2026').waitFor();
      }
    }));

  test('identifiers that tie too many are counted, and the count opens their list', () =>
    kit().onPage('/attribution', { shared }, async (page) => {
      const notice = page.getByText('3 identifiers tie nobody: more than 10 visitors came with each');
      await notice.waitFor();
      assert.equal(await page.getByText('3f9a01bc…').isVisible(), false);
      await notice.click();
      await page.getByRole('row', { name: '3f9a01bc… email 1,840' }).waitFor();
      await page.getByText('Those of most visitors, of 3.').waitFor();
    }));

  test('every switch stands in the address, is asked of the server, and reaches the file', () =>
    kit().onPage('/attribution', {}, async (page, at) => {
      for (const [label, value] of [
        ['By', 'adgroup'],
        ['Conversion', 'Lead'],
        ['Currency', 'JPY'],
        ['Day of the', 'touch'],
        ['Model', 'decay'],
        ['Click window', '28d'],
        ['Engaged view window', 'off'],
        ['View window', '7d'],
        ['Count', 'once'],
      ] as const)
        await page.getByLabel(label, { exact: true }).selectOption(value);
      await page.getByLabel('From').fill('2026-11-01');
      await page.getByLabel('To', { exact: true }).fill('2026-11-22');
      const question =
        '?by=adgroup&from=2026-11-01&to=2026-11-22&model=decay&click=28d&engagedView=off&view=7d&count=once&basis=touch&name=Lead&currency=JPY';
      await page.waitForURL(`**/attribution${question}`);
      await assertAsks(at, `GET /v1/reports/attribution${question}`);
      const file = page.getByRole('link', { name: 'Table as CSV' });
      assert.equal(await file.getAttribute('href'), `/v1/reports/attribution.csv${question}`);
      await page.reload();
      await page.getByText('View-through, apart').waitFor();
      assert.equal(await page.getByLabel('Model', { exact: true }).inputValue(), 'decay');
      assert.equal(await page.getByLabel('Conversion', { exact: true }).inputValue(), 'Lead');
    }));

  test('a past statement is chosen in place of rules, is marked, and any rule leaves it', () =>
    kit().onPage('/attribution?model=linear&click=1d', {}, async (page, at) => {
      at.scene.attribution = pastAttribution;
      await page.getByRole('combobox', { name: 'Statement' }).selectOption('9');
      await page.waitForURL('**/attribution?statement=9');
      await page.getByText('These credits stand as they were under spec version 5.').waitFor();
      assert.equal(await page.getByLabel('Click window').inputValue(), '28d');
      at.scene.attribution = attribution;
      await page.getByLabel('Click window').selectOption('14d');
      await page.waitForURL('**/attribution?click=14d');
      await page.getByText('as the spec has it, kept up to date').waitFor();
    }));

  test('any column puts the table in order, both ways, and the order stands in the address', () =>
    kit().onPage('/attribution', {}, async (page) => {
      const table = page.getByRole('region', { name: 'Credit' });
      const first = async () => (await table.locator('tbody tr').first().innerText()).split('\n')[0];
      await table.locator('tbody tr').first().waitFor();
      assert.equal(await table.locator('th[aria-sort]').innerText(), 'Value');
      assert.equal(await first(), 'Autumn sale DE 1');
      await table.getByRole('button', { name: 'Value' }).click();
      await page.waitForURL('**/attribution?sort=value');
      assert.equal(await first(), 'not known');
      for (const [column, top] of [
        ['Net', 'Autumn sale DE 1'],
        ['Campaign', 'Retargeting DE 7'],
        ['ROAS', 'Autumn sale DE 1'],
        ['Reported', 'Autumn sale DE 1'],
      ] as const) {
        await table.getByRole('button', { name: column, exact: true }).click();
        await table.locator('th[aria-sort=descending]').getByText(column, { exact: true }).waitFor();
        assert.equal(await first(), top, column);
      }
      await table.getByRole('button', { name: 'Spend' }).click();
      await table.getByRole('button', { name: 'Spend' }).click();
      await page.waitForURL('**/attribution?sort=spend');
      assert.equal(await first(), 'Retargeting DE 7');
      assert.match(await table.locator('tbody tr').last().innerText(), /–\s+–\s+–/);
    }));

  test('a return on spend stands only where value and spend are there in one currency', () => {
    const [own, other, none] = campaigns(3);
    assert.ok(own && other?.adsManager && none);
    const dollars = { ...other, adsManager: { ...other.adsManager, spend: { amount: '100.00', currency: 'USD' } } };
    return kit().onPage(
      '/attribution',
      { attribution: { ...attribution, rows: [own, dollars, none] } },
      async (page) => {
        const table = page.getByRole('region', { name: 'Credit' });
        await table.locator('tbody tr').first().waitFor();
        const head = await table.locator('th').allInnerTexts();
        const cells = await table.locator(`tbody td:nth-child(${head.indexOf('ROAS') + 1})`).allInnerTexts();
        assert.deepEqual(cells, ['6.54', '–', '–']);
      },
    );
  });

  test('a report of Ads Manager that counts days otherwise says so', async () => {
    const says = 'Its report has conversions by the day of the conversion alone, ours stand by that of the touch.';
    const asked = { ...attribution.asked, basis: 'touch' as const };
    await kit().onPage('/attribution', { attribution: { ...attribution, asked } }, (page) =>
      page.getByText(says).waitFor(),
    );
    await kit().onPage('/attribution', {}, async (page) => {
      await page.getByText('ROAS is our').waitFor();
      assert.equal(await page.getByText('Its report has conversions').count(), 0);
    });
  });

  test('without a report of Ads Manager nothing of it is shown beside ours', () => {
    const rows = attribution.rows.map((row) => ({ ...row, adsManager: null }));
    return kit().onPage('/attribution', { attribution: { ...attribution, rows } }, async (page) => {
      const table = page.getByRole('region', { name: 'Credit' });
      await table.locator('tbody tr').first().waitFor();
      assert.deepEqual(await table.locator('th').allInnerTexts(), ['Campaign', 'Touches', 'Credited', 'Value', 'Net']);
    });
  });

  test('a campaign leads to its ad groups, those to their ads, and each step back', () =>
    kit().onPage('/attribution?model=first', {}, async (page, at) => {
      const credit = page.getByRole('region', { name: 'Credit' });
      await credit.getByRole('link', { name: 'Autumn sale DE 1' }).click();
      const inCampaign = '?by=adgroup&model=first&channel=tiktok+%2F+paid&campaign=1790210033112';
      await page.waitForURL(`**/attribution${inCampaign}`);
      await assertAsks(at, `GET /v1/reports/attribution${inCampaign}`);
      const way = page.getByRole('navigation', { name: 'Narrowed to' });
      await way.getByText('Autumn sale DE 1').waitFor();
      await way.getByRole('link', { name: 'All' }).click();
      await page.waitForURL('**/attribution?by=campaign&model=first');
      await page.goBack();
      await page.waitForURL(`**/attribution${inCampaign}`);
    }));

  test('a figure opens to its conversions, page by page, and a conversion to its touches with the reason of each', () =>
    kit().onPage('/attribution', {}, async (page, at) => {
      await openFigure(page);
      const of = '?channel=tiktok+%2F+paid&campaign=1790210033112&of=earned';
      const list = '/v1/reports/attribution/conversions';
      await assertAsked(at, `GET ${list}${of}`);
      const panel = page.getByRole('dialog', { name: 'Credited to Autumn sale DE 1' });
      await panel.getByText('33 % of 40.00 EUR').waitFor();
      await panel.getByText('No touch came before it.').waitFor();
      const { next: _, ...last } = credited;
      at.scene.credited = last;
      await panel.getByRole('button', { name: 'Next page' }).click();
      await assertAsked(at, `GET ${list}${of}&after=MTIz`);
      await panel.getByText('the last').waitFor();
      await panel.getByRole('button', { name: 'Purchase' }).first().click();
      await assertAsked(at, `GET ${list}/8120`);
      const shown = page.getByRole('dialog', { name: 'Purchase 10045' });
      await shown.getByText('Earned by one click, 2 days 3 hours before.').waitFor();
      const line = await shown.locator('.timeline > li').allInnerTexts();
      assert.deepEqual(
        line.map((one) => one.split('\n').slice(1, 3).join(' ').trim()),
        [
          'newsletter / email click, 11 d 22 h before black friday',
          'tiktok / paid click, 2 d 3 h before Autumn sale DE 1 › Women 25–34 › Kitchen video 3',
          'Purchase 1,259.90 EUR',
          'tiktok / paid view, 1 h after',
        ],
      );
      await shown.getByText('It came after the conversion.').waitFor();
      await shown.getByText('100 %, 1,259.90 EUR: ').waitFor();
      await shown.getByText('973dfe463ec8…').waitFor();
      for (const [name, href] of [
        ['Trace', '/trace/10045'],
        ['record 7990', '/trace/7990'],
        ['record 6020', '/trace/6020'],
      ] as const)
        assert.equal(await shown.getByRole('link', { name, exact: true }).getAttribute('href'), href);
      assert.equal(await shown.getByText('computed again today', { exact: false }).count(), 0);
      await shown.getByRole('button', { name: 'Back to the list' }).click();
      await panel.getByText('the last').waitFor();
      await page.keyboard.press('Escape');
      assert.equal(await page.getByRole('dialog').count(), 0);
    }));

  test('what was credited otherwise than it would be today says so', () =>
    kit().onPage('/attribution', { path: { ...path, differs: true } }, async (page) => {
      await openFigure(page);
      await page.getByRole('dialog').getByRole('button', { name: 'Purchase' }).first().click();
      await page.getByText('Facts have changed since this statement.').waitFor();
    }));

  test('totals open to what nobody earned, with the reasons, and to what was only viewed', () =>
    kit().onPage('/attribution', {}, async (page, at) => {
      const totals = page.getByRole('region', { name: 'Totals' });
      await totals.getByText('Why nobody earned 391 conversions').click();
      await totals.getByText('Touches came before it, and none within its window.').waitFor();
      for (const [name, of] of [
        ['391 conversions nobody earned: show', 'nobody'],
        ['82 conversions only viewed: show', 'views'],
        ['1,112.33 conversions credited: show', 'earned'],
      ] as const) {
        await totals.getByRole('button', { name }).click();
        await assertAsked(at, `GET /v1/reports/attribution/conversions?of=${of}`);
      }
    }));

  test('view-through stands in a place of its own, and Ads Manager’s beside it in its own words', () =>
    kit().onPage('/attribution', {}, async (page, at) => {
      const card = page.getByRole('region', { name: 'View-through' });
      await card.getByText('in no figure above').waitFor();
      await card.getByText('the marketing book weighs them by 1, finance by 0').waitFor();
      await card.getByRole('button', { name: '46 conversions only viewed, of Autumn sale DE 1: show' }).click();
      await assertAsked(
        at,
        'GET /v1/reports/attribution/conversions?channel=tiktok+%2F+paid&campaign=1790210033112&of=views',
      );
      await page.getByRole('dialog', { name: 'Only viewed, of Autumn sale DE 1' }).waitFor();
      assert.equal(await page.getByRole('region', { name: 'Credit' }).getByText('46', { exact: true }).count(), 0);
    }));

  test('days stand side by side on one scale, and the day that is pointed at says what it is', () =>
    kit().onPage('/attribution', {}, async (page) => {
      const card = page.getByRole('region', { name: 'Day by day' });
      await card.getByText('credited value in EUR, on one scale, by the day of the conversion').waitFor();
      const chart = card.getByRole('img', { name: /^Prospecting DE 2, credited value in EUR by day: 13,983\.00 EUR/ });
      const box = await chart.boundingBox();
      assert.ok(box);
      await chart.hover({ position: { x: 1, y: box.height - 2 } });
      await card.getByText('24 Oct 2026: 708.00 EUR, 12 conversions').waitFor();
      await chart.hover({ position: { x: box.width - 1, y: 1 } });
      await card.getByText(/^22 Nov 2026: /).waitFor();
      await card
        .getByText('Statement 9 ended on 12 Nov 2026. All days here are by the rules of statement 12.')
        .waitFor();
      await card.getByRole('link', { name: 'Days as a table' }).click();
      await page.waitForURL('**/attribution?by=day');
    }));

  test('a thousand lines are built a hundred at a time, in the order that was asked for', () =>
    kit().onPage('/attribution', { attribution: { ...attribution, rows: campaigns(1000) } }, async (page) => {
      const table = page.getByRole('region', { name: 'Credit' });
      await table.getByText('100 of 1,000 rows are shown').waitFor();
      assert.equal(await table.locator('tbody tr').count(), 100);
      await table.getByRole('button', { name: 'Show more' }).click();
      await table.getByText('200 of 1,000 rows are shown').waitFor();
      await table.getByRole('button', { name: 'Campaign', exact: true }).click();
      await table.locator('tbody tr').first().getByText('Retargeting DE 999').waitFor();
    }));

  test('while other figures are computed the last ones stand and say so', () =>
    kit().onPage('/attribution', {}, async (page, at) => {
      await page.getByText('View-through, apart').waitFor();
      at.scene.attribution = 'silent';
      await page.getByLabel('Model', { exact: true }).selectOption('shapley');
      await page.getByText('Being computed anew').waitFor();
      await page.getByText('View-through, apart').waitFor();
    }));

  test('a question that the server refuses says what is wrong, and leads back', () => {
    const refused = [{ where: 'model', what: 'no such model', fix: 'Use one of last, first.', code: 'query_word' }];
    return kit().onPage('/attribution?model=luck', { attribution: refused }, async (page, at) => {
      await page.getByRole('alert').getByText('Use one of last, first.').waitFor();
      at.scene.attribution = attribution;
      await page.getByRole('link', { name: 'Ask as the spec has it' }).click();
      await page.getByText('View-through, apart').waitFor();
    });
  });

  test('the window lab says what the evidence supports, and each window leads to its credits', () =>
    kit().onPage('/attribution/windows?from=2026-10-24&currency=EUR&model=first', {}, async (page, at) => {
      await assertAsked(at, 'GET /v1/reports/windows?from=2026-10-24&currency=EUR');
      await page.getByText('What 1,585 conversions can tell').waitFor();
      await page.getByText('can’t tell a difference from chance').waitFor();
      const row = page.getByRole('row', { name: /click 1d, engaged view 1d, view 1d/ });
      await row.getByText('45 to 48 %').waitFor();
      await page.getByText('half within 11 h').first().waitFor();
      const rank = page.getByRole('row', { name: /Creators DE 8/ });
      await rank.getByText('none').waitFor();
      await rank.getByText('may be chance').waitFor();
      await page
        .getByRole('navigation', { name: 'Views of Attribution' })
        .getByRole('link', { name: 'Credit' })
        .waitFor();
      await row.getByRole('link').click();
      await page.waitForURL('**/attribution?from=2026-10-24&model=last&click=1d&engagedView=1d&view=1d&currency=EUR');
      assert.equal(await page.title(), 'Attribution · Assay');
    }));

  test('a creative opens to its ladder, and that leads to its credits', () =>
    kit().onPage('/funnel?from=2026-10-24', {}, async (page) => {
      await page.getByRole('button', { name: 'Autumn sale DE 1' }).click();
      const panel = page.getByRole('dialog');
      const steps = await panel.locator('.funnel > li').allInnerTexts();
      assert.equal(steps.length, 4);
      assert.match(steps[1] ?? '', /AddToCart[\s\S]*half within 5 min 40 s[\s\S]*3,715[\s\S]*18 %[\s\S]*15 to 22 %/);
      assert.match(steps[1] ?? '', /16,696 visitors went no further/);
      await panel.getByRole('link', { name: 'Attribution' }).click();
      await page.waitForURL(
        '**/attribution?by=adgroup&from=2026-10-24&to=2026-11-22&channel=tiktok+%2F+paid&campaign=1790210033112',
      );
    }));

  test('the ladder’s table shows one measure at a time and is put in order by any step', () =>
    kit().onPage('/funnel', {}, async (page, at) => {
      const table = page.getByRole('region', { name: 'By creative' });
      await table.getByText('20,411').waitFor();
      await page.getByLabel('Table shows').selectOption('rate');
      await page.waitForURL('**/funnel?measure=rate');
      assert.deepEqual(await table.locator('th').allInnerTexts(), [
        ...['Creative', 'AddToCart', 'InitiateCheckout', 'Purchase'],
      ]);
      await table.getByRole('button', { name: 'AddToCart' }).click();
      await page.waitForURL('**/funnel?measure=rate&sort=-step2');
      await table.locator('tbody tr').first().getByText('no ad or link').waitFor();
      await page.getByLabel('By', { exact: true }).selectOption('ad');
      await assertAsks(at, 'GET /v1/reports/funnel?by=ad');
      for (const [measure, cell] of [
        ['dropped', '16,696'],
        ['median', '5 min 40 s'],
      ] as const) {
        await page.getByLabel('Table shows').selectOption(measure);
        await table.getByText(cell).first().waitFor();
      }
    }));

  test('no table of these pages is cut, whatever the width', async () => {
    for (const [address, shows] of [
      ['/attribution', 'View-through, apart'],
      ['/attribution/windows', 'Campaigns that change places'],
      ['/funnel', 'a line opens to its ladder'],
      ['/funnel?measure=rate', '15 to 22 %'],
    ] as const)
      await kit().onPage(address, { funnel }, async (page) => {
        await page.getByText(shows).first().waitFor();
        for (let width = 320; width <= 1600; width += 64) {
          await page.setViewportSize({ width, height: 800 });
          assert.deepEqual(await cutTables(page), [], `${address} at ${width} px`);
        }
      });
  });
});

test('no page broke a script or the content policy', () => {
  assert.deepEqual(kit().errors, []);
});

/** The credited conversions of the first campaign. */
async function openFigure(page: Page): Promise<void> {
  await page.getByRole('button', { name: '412 conversions of Autumn sale DE 1: show' }).click();
  await page.getByRole('dialog').getByText('shares on this page').waitFor();
}
