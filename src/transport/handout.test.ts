import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventTold, orderTold, paymentTold, rawRecord, START } from '../../test/admission-kit.ts';
import { ACCEPTED, coded, openTransportKit, type TransportKit } from '../../test/transport-kit.ts';

import { MINUTE, SECOND } from '../event/time.ts';
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

test('an unknown capability has no answer', async () => {
  const kit = await openTransportKit();
  await kit.tell(orderTold('server'), eventTold('server'));
  assert.equal(await kit.handouts.ask('guessed', 0, new AbortController().signal), undefined);
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

function ask(kit: TransportKit, waitMs = 0): Promise<HandoutAnswer | undefined> {
  return kit.handouts.ask(CAPABILITY, waitMs, new AbortController().signal);
}
