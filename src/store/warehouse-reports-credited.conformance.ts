import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ASKED, type OpenReports, sample } from './report-samples.ts';

/** The conversions behind a figure. */
export function creditedConformance(open: OpenReports): void {
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
