import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KeyOf } from './changes.ts';
import type { Effects } from './effects.ts';
import type { OpenLedger } from './ledger.conformance.ts';
import type { Ledger } from './ledger.ts';
import {
  adReportRow,
  attemptRow,
  dispatchRow,
  effectsOf,
  entryRow,
  eventRow,
  findingRow,
  leadRow,
  orderRow,
  specRow,
  touchRow,
  verdictRow,
} from './sample-rows.ts';

/** What every engine tells those that follow the ledger. */
export function changeConformance(open: OpenLedger): void {
  test('an empty ledger has changed nothing', async (t) => {
    const ledger = await open(t);
    assert.deepEqual(await ledger.lastChange(), { n: 0, offset: 0 });
    assert.deepEqual(await ledger.changes(0, 10), []);
    for (const what of KINDS) assert.deepEqual(await ledger.keysFrom(what, undefined, 10), []);
  });

  const nothing = { events: [], orders: [], leads: [], touches: [], adReports: [], specs: [] };
  const shop = 'demo';
  const commits: [what: string, effects: Partial<Effects>, changed: object][] = [
    ['an event, a row of it', { events: [eventRow(7), eventRow(3)] }, { events: [3, 7] }],
    [
      'a dispatch and an attempt, their event, once',
      { events: [eventRow(4)], dispatches: [dispatchRow(4), dispatchRow(9)], attempts: [attemptRow(9, 1)] },
      { events: [4, 9] },
    ],
    ['an order', { orders: [orderRow('A')] }, { orders: [{ shop, orderId: 'A' }] }],
    ['an entry, its order', { entries: [entryRow('B', 'p1')] }, { orders: [{ shop, orderId: 'B' }] }],
    [
      'an order that is taken away, and one that gets its entry',
      { moved: [{ shop, orderId: 'C', reference: 'p1' }], entries: [entryRow('D', 'p1')], orders: [orderRow('D')] },
      {
        orders: [
          { shop, orderId: 'C' },
          { shop, orderId: 'D' },
        ],
      },
    ],
    ['a lead', { leads: [leadRow('L1')] }, { leads: ['L1'] }],
    ['a touch', { touches: [touchRow('t1', 3)] }, { touches: ['t1'] }],
    ['a row of a report', { adReports: [adReportRow('7', 3)] }, { adReports: ['ad|7|2026-08-01|impression'] }],
    ['a spec', { specs: [specRow(2)] }, { specs: [2] }],
    ['a verdict and a finding, nothing', { verdicts: [verdictRow(1)], findings: [findingRow('f1')] }, {}],
  ];
  for (const [what, effects, changed] of commits)
    test(`a change names ${what}`, async (t) => {
      const ledger = await open(t);
      await ledger.commit(effectsOf(effects), 12);
      assert.deepEqual(await ledger.changes(0, 10), [{ n: 1, offset: 12, ...nothing, ...changed }]);
      assert.deepEqual(await ledger.lastChange(), { n: 1, offset: 12 });
    });

  test('changes are numbered as they were committed, and read on from any of them', async (t) => {
    const ledger = await open(t);
    for (let seq = 1; seq <= 7; seq++) await ledger.commit(effectsOf({ events: [eventRow(seq)] }), 10 * seq);
    const read = async (after: number, limit: number) =>
      (await ledger.changes(after, limit)).map(({ n, offset, events }) => [n, offset, ...events]);
    assert.deepEqual(await read(0, 2), [
      [1, 10, 1],
      [2, 20, 2],
    ]);
    assert.deepEqual(await read(5, 9), [
      [6, 60, 6],
      [7, 70, 7],
    ]);
    assert.deepEqual(await read(7, 9), []);
    assert.deepEqual(await ledger.lastChange(), { n: 7, offset: 70 });
  });

  test('a commit that is refused is no change', async (t) => {
    const ledger = await open(t);
    await ledger.commit(effectsOf({ events: [eventRow(1)] }), 5);
    await assert.rejects(ledger.commit(effectsOf({ events: [eventRow(2)] }), 4));
    assert.deepEqual(await ledger.lastChange(), { n: 1, offset: 5 });
  });

  test('retention is no change', async (t) => {
    const ledger = await open(t);
    await ledger.commit(effectsOf({ events: [eventRow(1)], leads: [leadRow('L1')] }), 1);
    await ledger.forget(9e15);
    assert.deepEqual(await ledger.lastChange(), { n: 1, offset: 1 });
  });

  test('pages of keys come to all rows, each once', async (t) => {
    const ledger = await open(t);
    const ids = ['b', 'a', 'ä', 'B', '10', '9', 'c c'];
    await ledger.commit(
      effectsOf({
        events: ids.map((_, n) => eventRow(3 * n + 1)),
        orders: ids.flatMap((id) => [orderRow(id), orderRow(id, { shop: 'other' })]),
        leads: ids.map((id) => leadRow(id)),
        touches: ids.map((id) => touchRow(id, 3)),
        adReports: ids.map((id) => adReportRow(id, 3)),
      }),
      50,
    );
    const sorted = (keys: readonly unknown[]): string[] => keys.map((key) => JSON.stringify(key)).sort();
    assert.deepEqual(
      await allKeys(ledger, 'events'),
      ids.map((_, n) => 3 * n + 1),
    );
    assert.deepEqual(
      sorted(await allKeys(ledger, 'orders')),
      sorted(ids.flatMap((orderId) => [shop, 'other'].map((one) => ({ shop: one, orderId })))),
    );
    for (const what of ['leads', 'touches'] as const)
      assert.deepEqual(sorted(await allKeys(ledger, what)), sorted(ids));
    assert.deepEqual(
      sorted(await allKeys(ledger, 'adReports')),
      sorted(ids.map((id) => `ad|${id}|2026-08-01|impression`)),
    );
  });
}

const KINDS = ['events', 'orders', 'leads', 'touches', 'adReports'] as const;

/** By pages of two. */
async function allKeys<What extends keyof KeyOf>(ledger: Ledger, what: What): Promise<KeyOf[What][]> {
  const keys: KeyOf[What][] = [];
  for (;;) {
    const page = await ledger.keysFrom(what, keys.at(-1), 2);
    keys.push(...page);
    if (page.length < 2) return keys;
  }
}
