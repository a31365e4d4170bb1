import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  answerTold,
  eventTold,
  openKit,
  orderTold,
  paymentTold,
  rawRecord,
  START,
  sentTold,
} from '../../test/admission-kit.ts';
import { type DispatchInput, type DispatchRow, type DispatchState, transitions } from '../event/dispatch.ts';
import { noEffects } from '../store/effects.ts';
import type { NewRecord } from '../store/journal.ts';

const EVENT = 2;
const STATES = Object.keys(transitions) as DispatchState[];

test('every cell of the machine leads where the table says, and an impossible one changes nothing', async () => {
  const tell: Record<
    Exclude<DispatchInput, 'release' | 'withhold' | 'report' | 'replay' | 'restore'>,
    () => NewRecord
  > = {
    send: () => sentTold(EVENT),
    accept: () => answerTold(EVENT, 'accept'),
    retry: () => answerTold(EVENT, 'retry', START, { dueAt: START + 1 }),
    bury: () => answerTold(EVENT, 'bury'),
    park: () => answerTold(EVENT, 'park'),
  };
  for (const state of STATES)
    for (const [input, record] of Object.entries(tell) as [DispatchInput, () => NewRecord][]) {
      const kit = await openKit();
      await kit.tell(eventTold('server'));
      const before = await put(kit, state);
      const seq = await kit.tell(record());
      assert.equal(
        await kit.verdict(seq),
        state === 'withheld' && input === 'send' ? 'admitted noted,left_meanwhile' : 'admitted noted',
      );
      const to = transitions[state][input];
      const { dispatches, findings } = await kit.ledger.lineage([EVENT], []);
      const [row] = dispatches;
      if (to === 'impossible') {
        assert.deepEqual(row, before, `${state} ${input}`);
        assert.deepEqual(
          (await kit.ledger.findings(9)).map(({ check }) => check),
          ['dispatch_impossible'],
          `${state} ${input}`,
        );
      } else {
        assert.equal(row?.state, to, `${state} ${input}`);
        assert.deepEqual(findings, []);
      }
    }
});

test('an end that comes too late changes nothing and is no finding', async () => {
  for (const state of STATES) {
    const kit = await openKit();
    await kit.tell(eventTold('server'));
    const before = await put(kit, state);
    await kit.tell(ended('withhold'));
    const { dispatches } = await kit.ledger.lineage([EVENT], []);
    const to = transitions[state].withhold;
    if (to === 'impossible') assert.deepEqual(dispatches[0], before, state);
    else assert.equal(dispatches[0]?.state, to, state);
    assert.deepEqual(await kit.ledger.findings(9), []);
  }
});

test('a page’s report ends where the table says from every state of its leg', async () => {
  for (const state of STATES) {
    const kit = await openKit();
    await kit.tell(orderTold('server'), paymentTold());
    await put(kit, state, 'pixel');
    await kit.tell(rawRecord('fired', { capability: 'c-server', event_id: 'demo-77' }, { door: 'browser' }));
    const to = transitions[state].report;
    assert.equal((await kit.leg(EVENT, 'pixel')).split(' ')[0], to === 'impossible' ? state : to);
  }
});

test('a try-out’s page can’t report for a live order', async () => {
  const kit = await openKit();
  await kit.tell(orderTold('server'), paymentTold());
  const told = { capability: 'c-server', event_id: 'demo-77', draft: true };
  const seq = await kit.tell(rawRecord('fired', told, { door: 'browser' }));
  assert.equal(await kit.verdict(seq), 'refused capability_unknown');
  assert.equal(await kit.leg(EVENT, 'pixel'), 'held awaiting_api');
});

test('a confirmed order releases a held leg and no other', async () => {
  for (const state of STATES) {
    const kit = await openKit();
    await kit.tell(orderTold('server'));
    await put(kit, state);
    await kit.tell(paymentTold());
    assert.equal(await kit.leg(EVENT, 'api'), state === 'held' ? 'held delay' : `${state} was`);
  }
});

test('a handout whose end was written at the same moment may have fired', async () => {
  const kit = await openKit();
  await kit.tell(orderTold('server'), paymentTold());
  await kit.tell(
    sentTold(EVENT),
    answerTold(EVENT, 'accept'),
    sentTold(EVENT, START, 'pixel'),
    ended('withhold', 'pixel'),
  );
  assert.equal(await kit.leg(EVENT, 'pixel'), 'unknown handout_unreported');
});

test('the earliest copy is kept, and an attempt without one leaves it alone', async () => {
  const kit = await openKit();
  await kit.tell(eventTold('server'), sentTold(EVENT));
  const copyAt = async () => (await kit.ledger.lineage([EVENT], [])).dispatches[0]?.copyAt;
  await kit.tell(answerTold(EVENT, 'retry', START, { dueAt: START, copy: false }), sentTold(EVENT, START + 10));
  assert.equal(await copyAt(), undefined);
  await kit.tell(
    answerTold(EVENT, 'retry', START + 20, { dueAt: START, sentAt: START + 10 }),
    sentTold(EVENT, START + 30),
  );
  await kit.tell(answerTold(EVENT, 'accept', START + 40, { sentAt: START + 30 }));
  assert.deepEqual(await copyAt(), [START + 10, START + 20]);
});

test('a record about a leg that does not exist is noted and changes nothing', async () => {
  const kit = await openKit();
  for (const record of [sentTold(99), answerTold(99, 'accept'), ended('withhold')])
    assert.equal(await kit.verdict(await kit.tell(record)), 'admitted noted');
  assert.deepEqual((await kit.ledger.totals()).dispatches, []);
});

test('what is found again is counted, over batches too', async () => {
  const kit = await openKit();
  await kit.tell(eventTold('server'));
  for (let n = 0; n < 3; n++) await kit.tell(answerTold(EVENT, 'accept', START + n));
  const [finding] = await kit.ledger.findings(9);
  assert.deepEqual([finding?.times, finding?.firstSeenAt, finding?.lastSeenAt], [3, START, START + 2]);
});

/** Sets a leg of the event to a state. */
async function put(
  kit: Awaited<ReturnType<typeof openKit>>,
  state: DispatchState,
  leg: 'api' | 'pixel' = 'api',
): Promise<DispatchRow> {
  const row: DispatchRow = {
    event: EVENT,
    destination: 'main',
    leg,
    state,
    why: 'was',
    money: false,
    attempts: 0,
    changedAt: START,
  };
  await kit.ledger.commit({ ...noEffects(), dispatches: [row] }, await kit.ledger.offset());
  return row;
}

function ended(input: DispatchInput, leg = 'api'): NewRecord {
  return rawRecord('expired', { legs: [{ event: EVENT, destination: 'main', leg, input, why: 'over' }] });
}
