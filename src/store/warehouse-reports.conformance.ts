import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { OpenReports } from './report-samples.ts';
import { creditedConformance } from './warehouse-reports-credited.conformance.ts';
import { figureConformance } from './warehouse-reports-figures.conformance.ts';
import { funnelConformance } from './warehouse-reports-funnel.conformance.ts';
import { pathConformance } from './warehouse-reports-path.conformance.ts';
import { windowsConformance } from './warehouse-reports-windows.conformance.ts';
import { factsOf, placeAt } from './warehouse-samples.ts';

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
