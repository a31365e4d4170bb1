import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  consentTold,
  eventTold,
  orderTold,
  paymentTold,
  rawRecord,
  START,
  testTold,
} from '../../test/admission-kit.ts';
import { ACCEPTED, coded, openTransportKit, type TransportKit } from '../../test/transport-kit.ts';

import { HOUR, MINUTE, SECOND } from '../event/time.ts';
import type { HandoutAnswer } from './handout.ts';

const EVENT = 2;
const CAPABILITY = 'c-server';

test('a handout is given once, with the event’s key and body, and only after TikTok took the api leg', async () => {
  const kit = await openTransportKit();
  await kit.tell(orderTold('server'));
  assert.deepEqual(await ask(kit), { fire: false, why: 'awaiting_api', again: true });
  await kit.tell(paymentTold());
  assert.deepEqual(await ask(kit), { fire: false, why: 'awaiting_api', again: true });
  await kit.pass(6 * SECOND);
  const sent = kit.posted[0];
  const given = await ask(kit);
  assert.deepEqual(given, {
    fire: true,
    event: 'Purchase',
    event_id: sent?.request.data[0]?.event_id,
    pixel: sent?.request.event_source_id,
    properties: sent?.request.data[0]?.properties,
    fire_before: START + 5 * SECOND + 4 * MINUTE,
    fire_in: 4 * MINUTE - SECOND,
    again: false,
  });
  assert.deepEqual(await ask(kit), { fire: false, why: 'handed_out', again: false });
  await kit.tell(
    rawRecord('fired', { capability: CAPABILITY, event_id: 'demo-77' }, { door: 'browser', receivedAt: kit.now() }),
  );
  assert.deepEqual(await ask(kit), { fire: false, why: 'fired_by_page', again: false });
});

test('the record of a handout stands before the page hears of it', async () => {
  const kit = await openTransportKit();
  await kit.tell(orderTold('server'), paymentTold());
  await kit.pass(6 * SECOND);
  const last = await kit.journal.last();
  await ask(kit);
  const [handout] = await kit.journal.read(last, 1);
  assert.deepEqual(
    [handout?.kind, handout?.body],
    ['handout', { sends: [{ event: EVENT, destination: 'main', leg: 'pixel', n: 1 }], at: kit.now() }],
  );
});

test('of many pages that ask at one moment, one fires', async () => {
  const kit = await openTransportKit();
  await kit.tell(orderTold('server'), paymentTold());
  await kit.pass(6 * SECOND);
  const answers = await Promise.all(Array.from({ length: 10 }, () => ask(kit)));
  assert.equal(answers.filter((answer) => answer?.fire).length, 1);
});

test('a page that asks too late, or with too little time left, is not told to fire', async () => {
  for (const [laterMs, fires] of [
    [4 * MINUTE - 2001, true],
    [4 * MINUTE - 2000, false],
    [5 * MINUTE, false],
  ] as const) {
    const kit = await openTransportKit();
    await kit.tell(orderTold('server'), paymentTold());
    await kit.pass(5 * SECOND);
    await kit.pass(laterMs);
    assert.equal((await ask(kit))?.fire, fires, String(laterMs));
    await kit.pass(MINUTE + 10 * SECOND);
    assert.equal(await kit.leg(EVENT, 'pixel'), fires ? 'unknown handout_unreported' : 'withheld handout_expired');
  }
});

test('where TikTok did not take the api leg, the page never fires', async () => {
  for (const reply of [coded(40002), coded(40050)]) {
    const kit = await openTransportKit({ answer: () => reply });
    await kit.tell(orderTold('server'), paymentTold());
    await kit.pass(10 * SECOND);
    assert.deepEqual(await ask(kit), { fire: false, why: 'api_not_delivered', again: false });
  }
});

test('a handout that is open, or asked for, answers no once the visitor has said no', async () => {
  for (const passed of [0, 6 * SECOND]) {
    const kit = await openTransportKit();
    await kit.tell(orderTold('server'), paymentTold());
    await kit.pass(passed);
    const waiting = passed === 0 ? ask(kit, 20_000) : undefined;
    await kit.tell(consentTold('denied', kit.now()));
    const no = { fire: false, why: 'consent_denied', again: false };
    assert.deepEqual(await waiting, waiting && no);
    assert.deepEqual(await ask(kit), no);
    await kit.pass(MINUTE);
    assert.equal(kit.posted.length, passed === 0 ? 0 : 1);
  }
});

test('a draft of an order has no handout', async () => {
  const kit = await openTransportKit();
  await kit.tell(testTold(START + HOUR), orderTold('server', { draft: true }), paymentTold());
  await kit.pass(10 * SECOND);
  assert.deepEqual([kit.posted.length, await ask(kit)], [1, undefined]);
});

test('an unknown capability has no answer', async () => {
  const kit = await openTransportKit();
  await kit.tell(orderTold('server'), eventTold('server'));
  assert.equal(await kit.handouts.ask('guessed', 0, new AbortController().signal), undefined);
});

test('a page that asks before the ledger knows its order waits for that', async () => {
  const kit = await openTransportKit();
  const waiting = ask(kit, 20_000);
  await new Promise((resolve) => setImmediate(resolve));
  await kit.tell(orderTold('server'), paymentTold());
  await kit.pass(6 * SECOND);
  assert.equal((await waiting)?.fire, true);
});

test('a page that waits hears at once when its time has come, and waits no longer than it said', async () => {
  const kit = await openTransportKit();
  await kit.tell(orderTold('server'), paymentTold());
  const waiting = ask(kit, 20_000);
  await kit.pass(6 * SECOND);
  assert.equal((await waiting)?.fire, true);
  const other = await openTransportKit();
  await other.tell(orderTold('server'));
  assert.deepEqual(await ask(other, 20), { fire: false, why: 'awaiting_api', again: true });
});

test('a page that goes away is let go', async () => {
  const kit = await openTransportKit();
  await kit.tell(orderTold('server'));
  const gone = new AbortController();
  const waiting = kit.handouts.ask(CAPABILITY, 20_000, gone.signal);
  await new Promise((resolve) => setImmediate(resolve));
  gone.abort();
  assert.equal((await waiting)?.fire, false);
});

test('a destination with old names hands out the old name', async () => {
  const kit = await openTransportKit({
    spec: (text) => text.replace('eventNames: current', 'eventNames: legacy'),
    answer: () => ACCEPTED,
  });
  await kit.tell(orderTold('server'), paymentTold());
  await kit.pass(6 * SECOND);
  const given = await ask(kit);
  assert.equal(given?.fire && given.event, 'CompletePayment');
  assert.equal(kit.posted[0]?.request.data[0]?.event, 'CompletePayment');
});

const second = (text: string): string =>
  text.replace(
    'consent:',
    '  - { id: other, pixel: CD9079RC77U0N3GBV16Z, token: env:OTHER_TOKEN, eventNames: legacy }\nconsent:',
  );
const fired = (kit: TransportKit, pixel?: string): ReturnType<typeof rawRecord> =>
  rawRecord(
    'fired',
    { capability: CAPABILITY, event_id: 'demo-77', ...(pixel ? { pixel } : {}) },
    { door: 'browser', receivedAt: kit.now() },
  );

test('each destination’s handout is given once, in its turn, and its report ends its own leg alone', async () => {
  const kit = await openTransportKit({ spec: second });
  await kit.tell(orderTold('server'), paymentTold());
  await kit.pass(6 * SECOND);
  const given: string[] = [];
  for (;;) {
    const answer = await ask(kit);
    assert.ok(answer?.fire);
    given.push(`${answer.pixel} ${answer.event}`);
    await kit.tell(fired(kit, answer.pixel));
    const legs = [await kit.leg(EVENT, 'pixel'), await kit.leg(EVENT, 'pixel', 'other')];
    assert.equal(legs.filter((leg) => leg === 'unknown fired_by_page').length, given.length, legs.join());
    if (!answer.again) break;
  }
  assert.deepEqual(given.toSorted(compareText), [
    'CD9079RC77U0N3GBV16Y Purchase',
    'CD9079RC77U0N3GBV16Z CompletePayment',
  ]);
  assert.equal((await ask(kit))?.fire, false);
});

test('the handout of a destination whose api leg is late is waited for, and has its own deadline', async () => {
  let late = true;
  const kit = await openTransportKit({
    spec: second,
    answer: (request) => (late && request.event_source_id.endsWith('Z') ? coded(50000, 'busy') : ACCEPTED),
  });
  await kit.tell(orderTold('server'), paymentTold());
  await kit.pass(6 * SECOND);
  const first = await ask(kit);
  assert.deepEqual(first?.fire && [first.pixel, first.again], ['CD9079RC77U0N3GBV16Y', true]);
  assert.deepEqual(await ask(kit), { fire: false, why: 'awaiting_api', again: true });
  late = false;
  await kit.pass(30 * SECOND);
  const other = await ask(kit);
  assert.deepEqual(other?.fire && [other.pixel, other.again], ['CD9079RC77U0N3GBV16Z', false]);
  const sentAt = kit.posted.findLast(({ request }) => request.event_source_id.endsWith('Z'))?.at ?? 0;
  const firstAt = kit.posted.find(({ request }) => request.event_source_id.endsWith('Z'))?.at ?? 0;
  assert.ok(sentAt > firstAt);
  assert.equal(other?.fire && other.fire_before, firstAt + 4 * MINUTE, 'from its first copy that may have arrived');
});

test('a destination whose api leg TikTok refused gives no handout, and is not waited for', async () => {
  const kit = await openTransportKit({
    spec: second,
    answer: (request) => (request.event_source_id.endsWith('Z') ? coded(40002) : ACCEPTED),
  });
  await kit.tell(orderTold('server'), paymentTold());
  await kit.pass(6 * SECOND);
  const first = await ask(kit);
  assert.deepEqual(first?.fire && [first.pixel, first.again], ['CD9079RC77U0N3GBV16Y', false]);
  assert.equal(await kit.leg(EVENT, 'pixel', 'other'), 'withheld api_not_delivered');
});

test('a report that names no pixel, or one that is in no spec any more, speaks of all that were handed out', async () => {
  for (const pixel of [undefined, 'CD9079RC77U0N3GBV0OLD']) {
    const kit = await openTransportKit({ spec: second });
    await kit.tell(orderTold('server'), paymentTold());
    await kit.pass(6 * SECOND);
    await ask(kit);
    await kit.tell(fired(kit, pixel));
    assert.deepEqual(
      [await kit.leg(EVENT, 'pixel'), await kit.leg(EVENT, 'pixel', 'other')],
      ['unknown fired_by_page', 'queued handout_open'],
    );
  }
});

test('pages that wait look at their orders ten times a second at most', async () => {
  let reads = 0;
  const kit = await openTransportKit();
  await kit.tell(orderTold('server'));
  const { capability } = kit.ledger;
  kit.ledger.capability = (hash) => {
    reads++;
    return capability(hash);
  };
  const from = performance.now();
  const waiting = ask(kit, 350);
  while (performance.now() - from < 300) {
    kit.handouts.wake();
    await new Promise((resolve) => setImmediate(resolve));
  }
  await waiting;
  assert.ok(reads <= 10, `${reads} reads`);
});

function compareText(a: string, b: string): number {
  return a < b ? -1 : 1;
}

function ask(kit: TransportKit, waitMs = 0): Promise<HandoutAnswer | undefined> {
  return kit.handouts.ask(CAPABILITY, waitMs, new AbortController().signal);
}
