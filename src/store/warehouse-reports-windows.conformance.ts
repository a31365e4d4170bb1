import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY, HOUR } from '../event/time.ts';
import { CONVERSIONS, CREDITS, DAYS, type OpenReports, sum, TOUCHES } from './report-samples.ts';
import { creditWrite, factsOf, placeAt, reachFrom, statementOf } from './warehouse-samples.ts';

/** What other windows would credit. */
export function windowsConformance(open: OpenReports): void {
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
