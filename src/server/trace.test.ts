import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultSpec } from '../spec/default.ts';
import type { Spec } from '../spec/spec.ts';
import { memoryLedger } from '../store/memory/ledger.ts';
import {
  dispatchRow,
  effectsOf,
  entryRow,
  eventRow,
  leadRow,
  orderRow,
  testRow,
  touchRow,
  verdictRow,
} from '../store/sample-rows.ts';
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
      touchRow('t-4', 10, { visitor: 'v-1', type: 'engagedView', at: 900, door: 'import' }),
    ],
  });
  const answer = await of('t-1');
  assert.deepEqual(
    answer?.touches.map(({ touch, imported }) => [touch, imported]),
    [
      ['t-1', undefined],
      ['t-2', undefined],
      ['t-4', true],
    ],
  );
  assert.deepEqual(
    answer?.events[0]?.hops.map(({ kind, says }) => `${kind}: ${says}`),
    [
      'touch: The visitor watched an ad, as an import tells.',
      'touch: The visitor clicked an ad and went to https://shop.example/.',
      'observation: AddToCart was told.',
    ],
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

test('replays of a leg are told with who asked and what was refused, and so is a record that was judged again', async () => {
  const replays = [
    { seq: 8, at: 3000, by: 'ada', why: 'clock_passed' },
    { seq: 9, at: 4000 },
  ];
  const of = await known({
    events: [eventRow(5)],
    dispatches: [dispatchRow(5, { why: 'replayed', changedAt: 4000, dueAt: 4000, attempts: 1, replays })],
    verdicts: [
      verdictRow(5, { verdict: 'quarantined' }),
      verdictRow(5, { n: 2, event: 5, at: 2000, again: { seq: 7, by: 'ada' } }),
    ],
  });
  assert.deepEqual((await of('id-5'))?.events[0]?.hops.map(({ kind, says }) => `${kind}: ${says}`).slice(0, 4), [
    'observation: AddToCart was told.',
    'observation: AddToCart was told; judged again, as the operator ada wanted.',
    'replay: The operator ada wanted it tried again; refused: TikTok could count a copy that leaves now a second time.',
    'replay: An operator wanted it tried again.',
  ]);
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

test('a lead’s steps that TikTok does not get are told too, by the lead’s own id, with why', async () => {
  const step = (seq: number, status: string) => ({ seq, status, at: seq * 1000, receivedAt: seq * 1000, by: 'server' });
  const steps = [
    { ...step(5, 'new'), event: 5 },
    { ...step(8, 'rejected'), unsent: 'no_event', reversal: true as const },
  ];
  const signal = eventRow(5, { eventId: 'L1-new', leadId: 'L1', lead: { status: 'new' } });
  const of = await known({ events: [signal], leads: [leadRow('L1', { steps })] });
  for (const id of ['L1', 'L1-new'])
    assert.deepEqual(
      (await of(id))?.lead?.steps.map(({ status, eventId, unsent, reversal }) => [status, eventId, unsent, reversal]),
      [
        ['new', 'L1-new', undefined, undefined],
        ['rejected', undefined, 'no_event', true],
      ],
    );
  const alone = await known({ leads: [leadRow('L2', { steps: steps.slice(1) })] });
  assert.deepEqual((await alone('L2'))?.lead?.steps.length, 1);
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

test('where the session was lost is told once, on the record that shows it', async () => {
  const lostSession = { from: 'shop.example', to: 'stripe’s webhook', how: 'noVisitor', seq: 6, at: 1006 } as const;
  const says = 'the session was lost between shop.example and stripe’s webhook, which named no visitor';
  const at = { firstSeenAt: 1006, lastSeenAt: 1006, times: 1 };
  const of = await known({
    events: [eventRow(5, { name: 'Purchase', orderId: '77' })],
    orders: [orderRow('77', { event: 5, createdAt: 900, lostSession })],
    verdicts: [verdictRow(5, { event: 5 }), verdictRow(6, { event: 5, door: 'webhook:stripe', kind: 'order' })],
    findings: [
      { id: 'session_lost:order 77', check: 'session_lost', subject: 'order 77', what: says, ...at },
      { id: 'other:order 77', check: 'other', subject: 'order 77', what: 'is odd', ...at },
    ],
  });
  const hops = (await of('77'))?.events[0]?.hops.filter(({ kind }) => kind === 'finding');
  assert.deepEqual(
    hops?.map((hop) => [hop.says, hop.seq, hop.door, hop.reasons]),
    [
      [`T${says.slice(1)}.`, 6, 'webhook:stripe', ['session_lost']],
      ['order 77: is odd (1×).', undefined, undefined, []],
    ],
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

test('every fact of an order is a sentence on its way, also one that came before anybody told the order', async () => {
  const facts = [
    ['payment', '59.90 EUR', 'Payment of 59.90 EUR'],
    ['fee', '1.20 EUR', 'Fee of 1.20 EUR'],
    ['refund', '9.90 EUR', 'Refund of 9.90 EUR'],
    ['refundReversed', '9.90 EUR', 'A refund failed, and 9.90 EUR came back'],
    ['feeReturned', '1.20 EUR', 'A fee of 1.20 EUR was given back'],
    ['chargeback', '50.00 EUR', 'The payer’s bank took 50.00 EUR back'],
    ['chargebackReversed', '50.00 EUR', 'The payer’s bank gave 50.00 EUR back'],
    ['pending', undefined, 'The provider waits for the money'],
    ['cancellation', undefined, 'The order was cancelled'],
    ['dispute', undefined, 'The payer disputes a payment'],
    ['disputeWon', undefined, 'The dispute was decided for the shop'],
    ['disputeLost', undefined, 'The dispute was decided for the payer'],
  ] as const;
  const entries = facts.map(([kind, amount], index) => {
    const { amount: _sum, ...row } = entryRow('77', `r-${index}`, { kind, seq: index + 10, occurredAt: 1010 + index });
    return amount === undefined ? row : { ...row, amount };
  });
  const of = await known({
    events: [eventRow(5, { name: 'Purchase', orderId: '77' }), eventRow(6, { name: 'PlaceAnOrder', orderId: '77' })],
    orders: [orderRow('77', { event: 5, createdAt: 1005, net: '48.80 EUR', confirmedAt: 1012 })],
    entries,
    verdicts: [
      verdictRow(5, { event: 5 }),
      verdictRow(6, { event: 6 }),
      // The first came before its order, and one was told twice.
      ...entries.map(({ seq }, index) => verdictRow(seq, { kind: 'payment', ...(index > 0 && { event: 5 }) })),
      verdictRow(30, { event: 5, kind: 'payment', verdict: 'duplicate', reasons: ['resent'] }),
    ],
  });
  const answer = await of('77');
  const [other, purchase] = answer?.events ?? [];
  assert.deepEqual(
    purchase?.hops.filter(({ kind }) => kind === 'payment').map(({ says }) => says),
    [...facts.map(([, , says], index) => `${says}, reference r-${index}.`), 'A fact of the order was told again.'],
  );
  assert.deepEqual(
    other?.hops.map(({ kind }) => kind),
    ['observation'],
  );
  assert.equal(answer?.order?.net, '48.80 EUR');
  assert.deepEqual(answer?.order?.entries[7], { reference: 'r-7', kind: 'pending', occurredAt: 1017 });
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
