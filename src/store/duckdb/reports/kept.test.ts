import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { DAY } from '../../../event/time.ts';
import { inTemporaryFolder } from '../../test-folder.ts';
import type { FunnelFigures } from '../../warehouse-reports.ts';
import { creditWrite, eventFact, factsOf, placeAt, statementOf } from '../../warehouse-samples.ts';
import { type ColumnWarehouse, openWarehouse } from '../warehouse.ts';
import { openReports } from './reports.ts';

const DAYS = { first: 20_000, starts: [20_000 * DAY], end: 20_001 * DAY };
const ASKED = { days: DAYS, steps: ['ViewContent', 'Purchase'], by: 'channel', narrowed: {}, reach: DAY } as const;

/** Another visitor looks at something; the newest record is of that moment. */
async function look(warehouse: ColumnWarehouse, n: number): Promise<void> {
  const events = [eventFact(n, { name: 'ViewContent', visitor: `v${n}`, occurredAt: 20_000 * DAY + n })];
  const statement = statementOf(1, { asOf: n, change: n });
  await warehouse.commit(factsOf({ events }), placeAt(n), { ...creditWrite(statement, []), what: 'these' });
}

const said = ({ asOf, total }: FunnelFigures): unknown => ({ asOf, visitors: total[0]?.visitors });

test('of few facts an answer knows all of them', async (t) => {
  const warehouse = await inTemporaryFolder(t, openWarehouse);
  const reports = openReports(warehouse.connect);
  for (const n of [1, 2, 3]) {
    await look(warehouse, n);
    assert.deepEqual(said(await reports.funnel(ASKED)), { asOf: n, visitors: n });
  }
});

test('of many facts the first answer waits for its table, and a later one says how old it is until the table is made anew', async (t) => {
  const warehouse = await inTemporaryFolder(t, openWarehouse);
  await look(warehouse, 1);
  assert.deepEqual(said(await openReports(warehouse.connect, 0).funnel(ASKED)), { asOf: 1, visitors: 1 });
  await look(warehouse, 2);
  // Nobody knows how long ago a table was made that was there before: it is made anew at once, and the question does not wait.
  const reports = openReports(warehouse.connect, 0);
  assert.deepEqual(said(await reports.funnel(ASKED)), { asOf: 1, visitors: 1 });
  let answer = await reports.funnel(ASKED);
  while (answer.asOf < 2) {
    await pause(5);
    answer = await reports.funnel(ASKED);
  }
  assert.deepEqual(said(answer), { asOf: 2, visitors: 2 });
});

test('questions that come at once wait for one making of their table', async (t) => {
  const warehouse = await inTemporaryFolder(t, openWarehouse);
  await look(warehouse, 1);
  const reports = openReports(warehouse.connect, 0);
  const windows = {
    ...{ days: DAYS, names: [], currency: 'EUR', precedence: ['click'] as const },
    windows: [{ click: DAY, engagedView: 0, view: 0 }],
  };
  const answers = await Promise.all([reports.funnel(ASKED), reports.windows(windows), reports.funnel(ASKED)]);
  assert.deepEqual(
    answers.map(({ asOf }) => asOf),
    [1, 1, 1],
  );
});

test('a warehouse may be closed while a table is made anew', async (t) => {
  const warehouse = await inTemporaryFolder(t, openWarehouse);
  await look(warehouse, 1);
  await openReports(warehouse.connect, 0).funnel(ASKED);
  await look(warehouse, 2);
  const answer = await openReports(warehouse.connect, 0).funnel(ASKED);
  assert.equal(answer.asOf, 1);
});
