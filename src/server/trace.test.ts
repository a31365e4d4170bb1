import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultSpec } from '../spec/default.ts';
import type { Spec } from '../spec/spec.ts';
import { memoryLedger } from '../store/memory/ledger.ts';
import { dispatchRow, effectsOf, eventRow, testRow, touchRow, verdictRow } from '../store/sample-rows.ts';
import { trace } from './trace.ts';

const standard = defaultSpec();
const [main] = standard.destinations;
const spec: Spec = main
  ? { ...standard, destinations: [main, { ...main, id: 'second', pixel: 'CSECOND', eventNames: 'legacy' }] }
  : standard;
const specOf = (): Spec => spec;

async function known(effects: Parameters<typeof effectsOf>[0]) {
  const ledger = memoryLedger();
  await ledger.commit(effectsOf(effects), 100);
  return (id: string) => trace(ledger, id, specOf, 10_000);
}

test('what nobody knows has no trace', async () => {
  const of = await known({});
  assert.equal(await of('nothing'), undefined);
});

test('contact with an ad stands before the event it led to, and leads to it by its own id', async () => {
  const of = await known({
    events: [eventRow(5, { visitor: 'v-1' })],
    verdicts: [verdictRow(5, { event: 5 })],
    touches: [
      touchRow('t-1', 3, { visitor: 'v-1', target: 'https://shop.example/' }),
      touchRow('t-2', 9, { visitor: 'v-1', type: 'view' }),
      touchRow('t-3', 4, { visitor: 'v-other' }),
    ],
  });
  const answer = await of('t-1');
  assert.deepEqual(
    answer?.touches.map(({ touch }) => touch),
    ['t-1', 't-2'],
  );
  assert.deepEqual(
    answer?.events[0]?.hops.map(({ kind, says }) => `${kind}: ${says}`),
    ['touch: The visitor clicked an ad and went to https://shop.example/.', 'observation: AddToCart was told.'],
  );
});

test('contact with an ad that led to nothing has a trace all the same', async () => {
  const of = await known({ touches: [touchRow('t-1', 3)] });
  const answer = await of('t-1');
  assert.deepEqual([answer?.touches.length, answer?.events.length], [1, 0]);
});

test('each destination gets its own body, under its own name of the event', async () => {
  const of = await known({ events: [eventRow(5, { name: 'Purchase' })] });
  const requests = (await of('id-5'))?.events[0]?.requests;
  assert.deepEqual(
    requests?.map(({ destination, event, request }) => [destination, event, request['event_source_id']]),
    [
      [main?.id, 'Purchase', main?.pixel],
      ['second', 'CompletePayment', 'CSECOND'],
    ],
  );
});

test('a lead is told with all its steps, from any of them', async () => {
  const step = (seq: number, status: string) =>
    eventRow(seq, { eventId: `L1-${status}`, leadId: 'L1', lead: { status }, source: 'crm' });
  const of = await known({ events: [step(5, 'new'), step(8, 'qualified')] });
  const answer = await of('L1-qualified');
  assert.equal(answer?.events.length, 1);
  assert.deepEqual(
    answer?.lead?.steps.map(({ status, eventId }) => `${status} ${eventId}`),
    ['new L1-new', 'qualified L1-qualified'],
  );
});

test('each leg says what TikTok would do with a copy, by its own destination', async () => {
  const of = await known({
    events: [eventRow(5)],
    dispatches: [
      dispatchRow(5, { destination: main?.id ?? '', leg: 'pixel', state: 'unknown', copyAt: [9_000, 9_100] }),
      dispatchRow(5, { destination: main?.id ?? '' }),
      dispatchRow(5, { destination: 'second' }),
    ],
  });
  const legs = (await of('id-5'))?.events[0]?.dispatches;
  assert.deepEqual(
    legs?.map(({ destination, leg, forecast }) => `${destination === 'second' ? 2 : 1} ${leg} ${forecast}`).toSorted(),
    ['1 api willMerge', '1 pixel willBeDropped', '2 api willCount'],
  );
});

test('what two doors said differently stands on the way, and where the legs differ is told', async () => {
  const observations = [
    { seq: 5, door: 'server' as const, occurredAt: 1, receivedAt: 1, verdict: 'admitted' as const },
    { seq: 6, door: 'browser' as const, occurredAt: 1, receivedAt: 2, verdict: 'paired' as const },
  ];
  const of = await known({
    events: [eventRow(5, { value: '2.00 EUR', observations })],
    verdicts: [verdictRow(5, { event: 5, door: 'server' }), verdictRow(6, { event: 5, verdict: 'paired' })],
    dispatches: [dispatchRow(5, { leg: 'pixel', state: 'unknown', copyAt: [1, 2] })],
    differences: [{ event: 5, field: 'value', seq: 6, kept: '2.00 EUR', told: '1.00 EUR', decidedBy: 'server' }],
  });
  const event = (await of('id-5'))?.events[0];
  assert.deepEqual(event?.legsDiffer, ['The pixel carried value 1.00 EUR, the api leg carries 2.00 EUR.']);
  const hop = event?.hops.find(({ kind }) => kind === 'difference');
  assert.match(hop?.says ?? '', /browser says value 1\.00 EUR; 2\.00 EUR was kept, because/);
});

test('a draft goes with the code of its test session, and nothing else does', async () => {
  const of = await known({
    events: [eventRow(5, { namespace: 'draft' }), eventRow(6)],
    tests: [testRow('second', { code: 'TEST7' })],
  });
  const codes = async (id: string) =>
    (await of(id))?.events[0]?.requests.map(({ request }) => request['test_event_code'] ?? '-');
  assert.deepEqual(await codes('id-5'), ['-', 'TEST7']);
  assert.deepEqual(await codes('id-6'), ['-', '-']);
});

test('a draft is marked', async () => {
  const of = await known({ events: [eventRow(5, { namespace: 'draft' }), eventRow(6)] });
  assert.equal((await of('id-5'))?.events[0]?.draft, true);
  assert.equal((await of('id-6'))?.events[0]?.draft, undefined);
});
