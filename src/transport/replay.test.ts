import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventTold, replayTold, START, specTold } from '../../test/admission-kit.ts';
import { ACCEPTED, coded, type KitOptions, openTransportKit, type TransportKit } from '../../test/transport-kit.ts';
import { HOUR, MINUTE } from '../event/time.ts';
import type { Reply } from '../tiktok/answer.ts';

const EVENT = 2;

/** TikTok's answers one after the other, then its yes. */
async function answering(replies: readonly Reply[], more: KitOptions = {}): Promise<TransportKit> {
  return openTransportKit({ ...more, answer: (_request, n) => replies[n - 1] ?? ACCEPTED });
}

async function replay(kit: TransportKit): Promise<void> {
  await kit.tell(replayTold([EVENT], [], kit.now()));
  await kit.pass(MINUTE);
}

test('what TikTok refused goes out again 49 hours later with the same id, name and time', async () => {
  const kit = await answering([coded(40002)]);
  await kit.tell(eventTold('server'));
  await kit.pass(MINUTE);
  assert.match(await kit.leg(EVENT), /^dead /);
  await kit.pass(49 * HOUR);
  await replay(kit);
  assert.equal(await kit.leg(EVENT), 'delivered accepted');
  const sent = kit.posted.map(({ request }) => request.data[0]);
  assert.equal(sent.length, 2);
  for (const name of ['event', 'event_id', 'event_time'] as const) assert.equal(sent[1]?.[name], sent[0]?.[name]);
  await kit.transport.stop();
});

test('what may have arrived is not sent again after 49 hours, and is settled by a replay within TikTok’s clock', async () => {
  for (const [hours, leg, requests] of [
    [49, 'unknown may_have_arrived', 1],
    [20, 'delivered accepted', 2],
  ] as const) {
    const kit = await answering([coded(40050)]);
    await kit.tell(eventTold('server'));
    await kit.pass(MINUTE);
    assert.equal(await kit.leg(EVENT), 'unknown may_have_arrived');
    await kit.pass(hours * HOUR);
    await replay(kit);
    assert.equal(await kit.leg(EVENT), leg);
    assert.equal(kit.posted.length, requests);
    await kit.transport.stop();
  }
});

test('a replay asked for twice, and on its way, leaves once', async () => {
  const kit = await answering([coded(40002)]);
  await kit.tell(eventTold('server'));
  await kit.pass(MINUTE);
  await kit.tell(replayTold([EVENT], [], kit.now()), replayTold([EVENT], [], kit.now()));
  await kit.pass(HOUR);
  await replay(kit);
  assert.equal(kit.posted.length, 2);
  await kit.transport.stop();
});

test('a new spec lets a quarantined record go, with its own time', async () => {
  const kit = await openTransportKit({
    spec: (text) => text.replace('events:\n', 'events:\n  Contact: { require: [content_id] }\n'),
  });
  const seq = await kit.tell(eventTold('server'));
  await kit.pass(HOUR);
  assert.equal(kit.posted.length, 0);
  await kit.tell(specTold(undefined, kit.now()), replayTold([], [seq], kit.now()));
  await kit.pass(MINUTE);
  assert.deepEqual(
    kit.posted.map(({ request }) => request.data[0]?.event_time),
    [START / 1000],
  );
  assert.equal(await kit.leg(seq), 'delivered accepted');
  await kit.transport.stop();
});

test('a replay that comes to nothing is given up before TikTok’s clock passes, and refused after it', async () => {
  const kit = await answering([coded(40050), coded(50000)]);
  await kit.tell(eventTold('server'));
  await kit.pass(46 * HOUR);
  await replay(kit);
  assert.equal(await kit.leg(EVENT), 'unknown gave_up');
  await kit.pass(3 * HOUR);
  await replay(kit);
  assert.equal(await kit.leg(EVENT), 'unknown gave_up');
  assert.equal(kit.posted.length, 2);
  await kit.transport.stop();
});
