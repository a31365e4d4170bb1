import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CONVERSIONS, CREDITS, type OpenReports, TOUCHES } from './report-samples.ts';
import { creditWrite, factsOf, linkFact, placeAt, statementOf } from './warehouse-samples.ts';

/** The way of one person to a conversion. */
export function pathConformance(open: OpenReports): void {
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
