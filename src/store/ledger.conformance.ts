import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { AssayError } from '../event/error.ts';
import { noEffects } from './effects.ts';
import type { Ledger } from './ledger.ts';
import { changeConformance } from './ledger-changes.conformance.ts';
import { deliveryConformance } from './ledger-deliveries.conformance.ts';
import { forgetConformance } from './ledger-forget.conformance.ts';
import { keyConformance } from './ledger-keys.conformance.ts';
import { leadConformance } from './ledger-leads.conformance.ts';
import { letterConformance } from './ledger-letters.conformance.ts';
import { listConformance } from './ledger-lists.conformance.ts';
import { orderConformance } from './ledger-orders.conformance.ts';
import { outboxConformance } from './ledger-outbox.conformance.ts';
import { totalConformance } from './ledger-totals.conformance.ts';
import { traceConformance } from './ledger-trace.conformance.ts';
import {
  adReportRow,
  attemptRow,
  differenceRow,
  dispatchRow,
  effectsOf,
  entryRow,
  eventRow,
  findingRow,
  keyRow,
  leadRow,
  orderRow,
  specRow,
  testRow,
  touchRow,
  verdictRow,
} from './sample-rows.ts';

export type OpenLedger = (t: TestContext) => Promise<Ledger>;

/** What every engine of the ledger does; `open` gives an empty one that the test's end closes. */
export function ledgerConformance(engine: string, open: OpenLedger): void {
  describe(`ledger, ${engine}`, () => {
    commitConformance(open);
    keyConformance(open);
    outboxConformance(open);
    traceConformance(open);
    listConformance(open);
    orderConformance(open);
    leadConformance(open);
    totalConformance(open);
    letterConformance(open);
    deliveryConformance(open);
    forgetConformance(open);
    changeConformance(open);
  });
}

function commitConformance(open: OpenLedger): void {
  test('an empty ledger knows nothing', async (t) => {
    const ledger = await open(t);
    assert.equal(await ledger.offset(), 0);
    assert.deepEqual(await ledger.load({ events: [1], orders: [{ shop: 'demo', orderId: '1' }] }), {
      events: [],
      orders: [],
      entries: [],
      paid: [],
      dispatches: [],
      findings: [],
      touches: [],
      adReports: [],
      refusers: [],
      contexts: [],
      leads: [],
    });
    assert.deepEqual(await ledger.due(9e15, 10), []);
    assert.equal(await ledger.nextDueAt(), undefined);
    assert.deepEqual(await ledger.totals(), { offset: 0, verdicts: [], dispatches: [] });
    assert.deepEqual(await ledger.recent(9e15, 10), []);
    assert.deepEqual(await ledger.find('1', 10), []);
    assert.deepEqual(await ledger.specs(), []);
  });

  test('a commit writes every kind of row and the offset', async (t) => {
    const ledger = await open(t);
    const effects = {
      verdicts: [verdictRow(1, { event: 1 })],
      events: [eventRow(1, { orderId: '10045', leadId: 'L1', visitor: 'v1' })],
      orders: [orderRow('10045', { event: 1 })],
      entries: [entryRow('10045', 'pay-1')],
      dispatches: [dispatchRow(1)],
      attempts: [attemptRow(1, 1)],
      findings: [findingRow('f1', { subject: 'order 10045' })],
      differences: [differenceRow(1, 'value', 2)],
      specs: [specRow(1, { rates: 'EUR;USD' })],
      touches: [touchRow('t1', 3, { visitor: 'v1', personal: { user: { email: ['e1'] } } })],
      adReports: [adReportRow('7', 3)],
      keys: [keyRow('k1')],
      tests: [testRow('main')],
      leads: [leadRow('L1')],
      choices: [{ visitor: 'v1', choice: 'denied' as const, at: 1 }],
      moved: [],
    };
    await ledger.commit(effects, 1);
    const { specs, keys, tests, adReports, choices: _choices, moved: _moved, ...lineage } = effects;
    assert.deepEqual(await ledger.lineage([1], []), lineage);
    assert.deepEqual(await ledger.specs(), specs);
    assert.deepEqual(await ledger.keys(), keys);
    assert.deepEqual(await ledger.tests(), tests);
    const { adReports: reports } = await ledger.load({
      events: [],
      orders: [],
      adReports: ['ad|7|2026-08-01|impression'],
    });
    assert.deepEqual(reports, adReports);
    assert.deepEqual((await ledger.load({ events: [], orders: [], choosers: ['v1'] })).refusers, ['v1']);
    assert.equal(await ledger.offset(), 1);
  });

  test('a row replaces the one with its key, whole', async (t) => {
    const ledger = await open(t);
    const first = {
      verdicts: [verdictRow(1, { event: 1 })],
      events: [eventRow(1, { orderId: 'A', leadId: 'L1', visitor: 'v1' })],
      orders: [orderRow('A', { visitor: 'v1', personal: { user: { ip: '192.0.2.1' } } })],
      entries: [entryRow('A', 'pay-1')],
      dispatches: [dispatchRow(1, { dueAt: 5, message: 'first' })],
      attempts: [attemptRow(1, 1, { message: 'first' })],
      findings: [findingRow('f1', { subject: 'order A' })],
      differences: [differenceRow(1, 'value', 2)],
      specs: [specRow(1)],
      touches: [touchRow('t1', 3, { visitor: 'v1', personal: { user: { email: ['e1'] } } })],
      adReports: [adReportRow('7', 3)],
      keys: [keyRow('k1')],
      tests: [testRow('main')],
      leads: [leadRow('L1', { value: '5.00 EUR', personal: { user: { ip: '192.0.2.1' } } })],
      choices: [],
      moved: [],
    };
    const second = {
      verdicts: [verdictRow(1, { event: 1, verdict: 'refused' })],
      events: [eventRow(1, { orderId: 'A', leadId: 'L1', session: 's2', personal: null })],
      orders: [orderRow('A', { status: 'paid' })],
      entries: [entryRow('A', 'pay-1', { amount: '10.00 EUR' })],
      dispatches: [dispatchRow(1, { state: 'delivered', code: 0 })],
      attempts: [attemptRow(1, 1, { answeredAt: 9 })],
      findings: [findingRow('f1', { subject: 'order A', times: 2 })],
      differences: [{ ...differenceRow(1, 'value', 2), told: '1.00 EUR' }],
      specs: [specRow(1, { text: 'second' })],
      touches: [touchRow('t1', 3, { session: 's2', ad: { campaign: '7' } })],
      adReports: [adReportRow('7', 4, { spend: '99.00 EUR' })],
      keys: [keyRow('k1', { endsAt: 9 })],
      tests: [testRow('main', { code: 'TEST2' })],
      leads: [leadRow('L1', { status: 'qualified' })],
      choices: [],
      moved: [],
    };
    await ledger.commit(first, 1);
    await ledger.commit(second, 2);
    const { specs, keys, tests, adReports, choices: _choices, moved: _moved, ...lineage } = second;
    assert.deepEqual(await ledger.lineage([1], []), lineage);
    assert.deepEqual(await ledger.specs(), specs);
    assert.deepEqual(await ledger.keys(), keys);
    assert.deepEqual(await ledger.tests(), tests);
    const { adReports: reports } = await ledger.load({
      events: [],
      orders: [],
      adReports: ['ad|7|2026-08-01|impression'],
    });
    assert.deepEqual(reports, adReports);
  });

  test('a commit that cannot be written whole writes nothing', async (t) => {
    const ledger = await open(t);
    await ledger.commit(effectsOf({ events: [eventRow(1)] }), 1);
    const circular: Record<string, unknown> = {};
    circular['self'] = circular;
    const effects = effectsOf({
      verdicts: [verdictRow(2)],
      events: [eventRow(2)],
      dispatches: [dispatchRow(2, { dueAt: 1 })],
      // The last kind of row that is written cannot be stored.
      specs: [specRow(1, { text: circular as unknown as string })],
    });
    await assert.rejects(ledger.commit(effects, 2));
    assert.equal(await ledger.offset(), 1);
    assert.deepEqual(await ledger.load({ events: [2], orders: [] }), {
      events: [],
      orders: [],
      entries: [],
      paid: [],
      dispatches: [],
      findings: [],
      touches: [],
      adReports: [],
      refusers: [],
      contexts: [],
      leads: [],
    });
    assert.deepEqual(await ledger.totals(), { offset: 1, verdicts: [], dispatches: [] });
    await ledger.commit(effectsOf({ events: [eventRow(2)] }), 2);
    assert.equal(await ledger.offset(), 2);
  });

  test('the offset stays or grows; a commit that would set it back is refused and writes nothing', async (t) => {
    const ledger = await open(t);
    await ledger.commit(noEffects(), 10);
    await ledger.commit(effectsOf({ events: [eventRow(1)] }), 10);
    await assert.rejects(
      ledger.commit(effectsOf({ events: [eventRow(2)] }), 9),
      (error) => error instanceof AssayError && error.code === 'ledger_backwards',
    );
    assert.equal(await ledger.offset(), 10);
    assert.deepEqual((await ledger.load({ events: [1, 2], orders: [] })).events, [eventRow(1)]);
  });

  test('rows are copies: changing what was committed or read changes nothing that is kept', async (t) => {
    const ledger = await open(t);
    const told = eventRow(1, { orderId: 'A' });
    const dispatch = dispatchRow(1, { dueAt: 1 });
    const order = orderRow('A', { event: 1, capabilities: ['c1'] });
    const verdict = verdictRow(1, { event: 1 });
    await ledger.commit(effectsOf({ verdicts: [verdict], events: [told], orders: [order], dispatches: [dispatch] }), 1);
    const before = await everything(ledger);
    told.properties['content_id'] = 'changed';
    dispatch.state = 'dead';
    order.capabilities.push('c2');
    verdict.reasons.push('changed');
    for (const row of await everything(ledger)) spoil(row);
    assert.deepEqual(await everything(ledger), before);
  });

  test('closing twice is harmless', async (t) => {
    const ledger = await open(t);
    await ledger.close();
    await ledger.close();
  });
}

async function everything(ledger: Ledger): Promise<object[]> {
  return [
    await ledger.load({ events: [1], orders: [{ shop: 'demo', orderId: 'A' }] }),
    await ledger.due(10, 10),
    (await ledger.capability('c1')) ?? {},
    await ledger.guard(0, 0, 10),
    await ledger.lineage([1], ['A']),
    await ledger.verdicts(1, 1),
    await ledger.recent(10, 10),
    await ledger.totals(),
  ];
}

/** Overwrites every plain value in a document. */
function spoil(document: object): void {
  for (const [key, value] of Object.entries(document)) {
    if (typeof value === 'object' && value !== null) spoil(value);
    else Reflect.set(document, key, 'spoiled');
  }
}
