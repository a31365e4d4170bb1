import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OpenLedger } from './ledger.conformance.ts';
import {
  attemptRow,
  differenceRow,
  dispatchRow,
  effectsOf,
  entryRow,
  eventRow,
  findingRow,
  leadRow,
  orderRow,
  touchRow,
  verdictRow,
} from './sample-rows.ts';

/** From any id to everything known about it. */
export function traceConformance(open: OpenLedger): void {
  test('an event is found by each of its ids', async (t) => {
    const ledger = await open(t);
    const ids = {
      visitor: 'visitor-1',
      session: 'session-1',
      orderId: 'order-1',
      leadId: 'lead-1',
      eventId: 'event-1',
    };
    const event = eventRow(5, { ...ids, personal: { user: { ttclid: 'E.C.P.click' } } });
    await ledger.commit(
      effectsOf({
        events: [eventRow(4), event, eventRow(6)],
        verdicts: [verdictRow(5, { event: 5 }), verdictRow(7, { event: 5, verdict: 'paired' })],
        attempts: [attemptRow(5, 1, { requestId: 'request-1' })],
        dispatches: [dispatchRow(5, { requestId: 'request-2' })],
      }),
      7,
    );
    for (const id of [...Object.values(ids), 'E.C.P.click', 'request-1', 'request-2', '5', '7'])
      assert.deepEqual(await ledger.find(id, 10), [5], id);
    for (const id of ['visitor', 'VISITOR-1', '', '55', '99999999999999999999', 'E.C.P.other'])
      assert.deepEqual(await ledger.find(id, 10), [], id);
  });

  test('many events of one id come newest first, each once, up to the limit', async (t) => {
    const ledger = await open(t);
    const seqs = Array.from({ length: 9 }, (_, n) => 1 + n * 3000);
    const events = seqs.map((seq) => eventRow(seq, { visitor: 'v', session: 'v', orderId: 'v' }));
    await ledger.commit(effectsOf({ events }), seqs.at(-1) ?? 0);
    const newest = [...seqs].reverse();
    assert.deepEqual(await ledger.find('v', 100), newest);
    assert.deepEqual(await ledger.find('v', 4), newest.slice(0, 4));
  });

  test('an id that the event no longer has, or that was erased, finds nothing', async (t) => {
    const ledger = await open(t);
    await ledger.commit(
      effectsOf({ events: [eventRow(1, { visitor: 'old', personal: { user: { ttclid: 'E.C.P.1' } } })] }),
      1,
    );
    await ledger.commit(effectsOf({ events: [eventRow(1, { visitor: 'new', personal: null })] }), 2);
    assert.deepEqual(await ledger.find('old', 10), []);
    assert.deepEqual(await ledger.find('E.C.P.1', 10), []);
    assert.deepEqual(await ledger.find('new', 10), [1]);
  });

  test('the lineage of an event has its order, and that of an order its events, with all their rows', async (t) => {
    const ledger = await open(t);
    const lineage = {
      events: [eventRow(1, { orderId: 'A' }), eventRow(3, { orderId: 'A' })],
      orders: [orderRow('A', { event: 3 })],
      entries: [entryRow('A', 'pay-1', { seq: 5 }), entryRow('A', 'pay-2', { seq: 6 })],
      verdicts: [
        verdictRow(1, { event: 1 }),
        verdictRow(1, { event: 1, n: 2, verdict: 'refused' }),
        verdictRow(3, { event: 3 }),
        verdictRow(4, { event: 3, verdict: 'paired', door: 'server' }),
        verdictRow(5, { kind: 'payment', door: 'webhook:stripe' }),
        verdictRow(6, { kind: 'payment', door: 'webhook:stripe' }),
      ],
      dispatches: [dispatchRow(1), dispatchRow(1, { leg: 'pixel' }), dispatchRow(3)],
      attempts: [attemptRow(1, 1), attemptRow(1, 2), attemptRow(3, 1)],
      findings: [
        findingRow('a', { subject: 'order A' }),
        findingRow('b', { subject: 'event 1' }),
        findingRow('c', { subject: 'event id-3' }),
      ],
      differences: [differenceRow(1, 'currency', 9), differenceRow(1, 'value', 2), differenceRow(3, 'value', 4)],
      touches: [],
      leads: [],
    };
    await ledger.commit(effectsOf(lineage), 6);
    await ledger.commit(
      effectsOf({
        events: [eventRow(2, { orderId: 'B' }), eventRow(7)],
        orders: [orderRow('B')],
        entries: [entryRow('B', 'pay-1', { seq: 8 })],
        verdicts: [verdictRow(2, { event: 2 }), verdictRow(7, { event: 7 }), verdictRow(8)],
        dispatches: [dispatchRow(2)],
        attempts: [attemptRow(2, 1)],
        findings: [findingRow('d', { subject: 'order B' }), findingRow('e')],
        differences: [differenceRow(2, 'value', 3)],
      }),
      8,
    );
    assert.deepEqual(await ledger.lineage([1], []), lineage);
    assert.deepEqual(await ledger.lineage([3, 1, 3], []), lineage);
    assert.deepEqual(await ledger.lineage([], ['A']), lineage);
    assert.deepEqual(await ledger.lineage([3], ['A', 'A']), lineage);
  });

  test('the lineage of an orphan payment is its order, entry and verdict; of unknown ids it is empty', async (t) => {
    const ledger = await open(t);
    const empty = {
      events: [],
      orders: [],
      entries: [],
      verdicts: [],
      dispatches: [],
      attempts: [],
      findings: [],
      differences: [],
      touches: [],
      leads: [],
    };
    const orphan = {
      ...empty,
      orders: [orderRow('phone-1', { status: 'orphan' })],
      entries: [entryRow('phone-1', 'pay-1', { seq: 1 })],
      verdicts: [verdictRow(1, { kind: 'payment' })],
    };
    await ledger.commit(effectsOf(orphan), 1);
    assert.deepEqual(await ledger.lineage([], ['phone-1']), orphan);
    assert.deepEqual(await ledger.lineage([99], ['nobody']), empty);
  });

  test('leads come by their own id, and with their events; with each come its steps’ verdicts and its findings', async (t) => {
    const ledger = await open(t);
    const step = { status: 'new', at: 1, receivedAt: 1, by: 'server' };
    const silent = { ...step, status: 'lost', seq: 3, unsent: 'no_event' };
    const first = leadRow('L1', { steps: [{ ...step, seq: 2, event: 2 }, silent] });
    const second = leadRow('L2', { steps: [{ ...step, seq: 4 }] });
    const events = [eventRow(2, { leadId: 'L1' }), eventRow(5)];
    const verdicts = [verdictRow(2, { event: 2 }), verdictRow(3, { kind: 'lead' }), verdictRow(4, { kind: 'lead' })];
    const findings = [findingRow('a', { subject: 'lead L1' }), findingRow('b', { subject: 'lead L2' })];
    await ledger.commit(effectsOf({ leads: [second, first], events, verdicts, findings }), 5);
    const told = async (seqs: number[], ids: string[]) => {
      const lineage = await ledger.lineage(seqs, ids);
      return [lineage.leads, lineage.verdicts, lineage.findings];
    };
    assert.deepEqual(await told([2], []), [[first], verdicts.slice(0, 2), findings.slice(0, 1)]);
    assert.deepEqual(await told([2], ['L1']), [[first], verdicts.slice(0, 2), findings.slice(0, 1)]);
    assert.deepEqual(await told([], ['L2']), [[second], verdicts.slice(2), findings.slice(1)]);
    assert.deepEqual(await told([5], ['nobody']), [[], [], []]);
  });

  test('touches come by their own id, and with the events of their visitor, session or click', async (t) => {
    const ledger = await open(t);
    const touches = [
      touchRow('t1', 1, { visitor: 'v1' }),
      touchRow('t2', 2, { session: 's1' }),
      touchRow('t3', 3, { personal: { user: { ttclid: 'c1', email: ['e1'] } } }),
      touchRow('t4', 4, { visitor: 'v2' }),
    ];
    const personal = { user: { ttclid: 'c1' } };
    const events = [eventRow(5, { visitor: 'v1', session: 's1', personal }), eventRow(6)];
    await ledger.commit(effectsOf({ touches, events }), 6);
    const ids = async (seqs: number[], named: string[]) =>
      (await ledger.lineage(seqs, named)).touches.map((row) => row.touch);
    assert.deepEqual(await ids([5], []), ['t1', 't2', 't3']);
    assert.deepEqual(await ids([6], []), []);
    assert.deepEqual(await ids([], ['t4']), ['t4']);
    assert.deepEqual(await ids([], ['c1']), ['t3']);
    assert.deepEqual((await ledger.lineage([], ['t4'])).touches, touches.slice(3));
  });
}
