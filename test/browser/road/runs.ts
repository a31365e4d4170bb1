import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { launch } from '../../chromium.ts';
import { assertClean } from './proof.ts';
import { openRoad, type Road } from './road.ts';
import { startVisit, type Visit } from './visit.ts';

let road: Road;
let browser: Browser;
const visits: Visit[] = [];

before(async () => {
  [road, browser] = await Promise.all([openRoad(), launch()]);
});

after(async () => {
  await browser?.close();
  await road?.close();
});

/** Starts a customer's visit; with a flag on a device of its own, a second browser. */
type Visitor = (name: string, flag?: string) => Promise<Visit>;

/** One run over the file's road. Afterwards no page may have had trouble, but for what `expected` matches. */
export function run(name: string, drive: (road: Road, visitor: Visitor) => Promise<void>, expected = /^$/): void {
  test(name, async () => {
    const mine: Visit[] = [];
    const devices: Browser[] = [];
    const visitor: Visitor = async (label, flag) => {
      const device = flag === undefined ? browser : await launch(flag);
      if (flag !== undefined) devices.push(device);
      const visit = await startVisit(road, device, label);
      mine.push(visit);
      return visit;
    };
    try {
      await drive(road, visitor);
      for (const { troubles } of mine)
        assert.deepEqual(
          troubles.filter((text) => !expected.test(text)),
          [],
        );
    } finally {
      visits.push(...mine);
      for (const { context } of mine) await context.close();
      for (const device of devices) await device.close();
    }
  });
}

/** The last test of a file: what its runs have left behind, in all hosts, files and logs. */
export function checkWhatIsLeft(): void {
  test('all these runs left no plain contact anywhere, and nothing of the bank at TikTok', async () => {
    await assertClean(road, visits);
    // An outage is told, and its end.
    const outage = /^destination main is (?:not answering: |healthy$)/;
    assert.deepEqual(
      road.log.filter((line) => !outage.test(line)),
      [],
    );
  });
}
