import assert from 'node:assert/strict';
import { test } from 'node:test';
import { consentTold, eventTold, START } from '../../test/admission-kit.ts';
import { ACCEPTED, coded, type KitOptions, openTransportKit, type TransportKit } from '../../test/transport-kit.ts';
import { HOUR, MINUTE, SECOND } from '../event/time.ts';
import type { NewRecord } from '../store/journal.ts';

const EVENT = 2;
const contact = (id: string, at = START, more: Parameters<typeof eventTold>[1] = {}): NewRecord =>
  eventTold('server', { event_id: id, ...more }, at);
const contacts = (count: number): NewRecord[] => Array.from({ length: count }, (_, n) => contact(`e-${n}`));

/** TikTok refuses a batch for its first bad event, and names it or not. */
function refusing(isBad: (id: string) => boolean, isNamed: boolean): NonNullable<KitOptions['answer']> {
  return ({ data }) => {
    const place = data.findIndex(({ event_id }) => isBad(event_id));
    if (place < 0) return ACCEPTED;
    return coded(40002, isNamed ? `data.${place}.event: Not a valid string` : 'event: Not a valid string');
  };
}

async function legs(kit: TransportKit, count: number): Promise<string[]> {
  return Promise.all(Array.from({ length: count }, (_, n) => kit.leg(EVENT + n)));
}

test('of a thousand events with seven bad ones each good one is accepted once, in few requests', async () => {
  const bad = new Set(['e-3', 'e-111', 'e-112', 'e-500', 'e-640', 'e-998', 'e-999']);
  for (const [isNamed, most] of [
    [true, 8],
    [false, 80],
  ] as const) {
    const accepted: string[] = [];
    const answer = refusing((id) => bad.has(id), isNamed);
    const kit = await openTransportKit({
      chance: () => 0,
      async answer(request, n, now) {
        const reply = await answer(request, n, now);
        if (reply === ACCEPTED) accepted.push(...request.data.map(({ event_id }) => event_id));
        return reply;
      },
    });
    await kit.tell(...contacts(1000));
    await kit.pass(MINUTE);
    const ends = await legs(kit, 1000);
    for (const [n, end] of ends.entries())
      assert.equal(end, bad.has(`e-${n}`) ? 'dead refused_by_tiktok' : 'delivered accepted', `e-${n}`);
    assert.equal(accepted.length, 993);
    assert.equal(new Set(accepted).size, 993);
    assert.ok(kit.posted.length <= most, `${kit.posted.length} requests`);
    await kit.transport.stop();
  }
});

test('while a batch is searched others leave', async () => {
  let answer = (): void => {};
  const kit = await openTransportKit({
    async answer(request, n, now) {
      // The search stands still at its first test.
      if (n === 2) await new Promise<void>((resolve) => (answer = resolve));
      return refusing((id) => id === 'e-5', false)(request, n, now);
    },
  });
  await kit.tell(...contacts(16));
  await kit.pass(1100);
  assert.equal(kit.posted.length, 2);
  const later = await kit.tell(contact('f-1', kit.now()), contact('f-2', kit.now()));
  await kit.pass(2 * SECOND);
  assert.deepEqual([await kit.leg(later), await kit.leg(later + 1)], ['delivered accepted', 'delivered accepted']);
  answer();
  await kit.pass(MINUTE);
  assert.deepEqual(new Set(await legs(kit, 16)), new Set(['delivered accepted', 'dead refused_by_tiktok']));
  await kit.transport.stop();
});

test('who says no during a search leaves it, and all others go on', async () => {
  const kit: TransportKit = await openTransportKit({
    async answer(request, n, now) {
      if (n === 1) await kit.journal.append([consentTold('denied', now)]);
      return refusing((id) => id === 'e-1', false)(request, n, now);
    },
  });
  await kit.tell(contact('e-0', START, { visitor: 'v-1' }), ...contacts(8).slice(1));
  await kit.pass(MINUTE);
  assert.deepEqual((await legs(kit, 8)).slice(0, 3), [
    'withheld consent_denied',
    'dead refused_by_tiktok',
    'delivered accepted',
  ]);
  for (const { request } of kit.posted.slice(1)) assert.ok(request.data.every(({ event_id }) => event_id !== 'e-0'));
  await kit.transport.stop();
});

test('a throttle, a pause or a failure within a search loses nothing and buries nobody else', async () => {
  for (const [name, trouble] of [
    ['a throttle', coded(40100)],
    ['a wrong token', coded(40105)],
    ['a failure', coded(50000)],
    ['a cut', { kind: 'unanswered', why: 'cut' }],
  ] as const) {
    const kit = await openTransportKit({
      chance: () => 0,
      answer: (request, n, now) =>
        n >= 3 && n <= 5 ? trouble : refusing((id) => id === 'e-9', false)(request, n, now),
    });
    await kit.tell(...contacts(32));
    await kit.pass(13 * HOUR);
    const ends = await legs(kit, 32);
    assert.equal(ends[9], 'dead refused_by_tiktok', name);
    assert.deepEqual(new Set(ends.toSpliced(9, 1)), new Set(['delivered accepted']), name);
    await kit.transport.stop();
  }
});

test('a destination that refuses everything is at fault, not its events: a few are buried, all others wait for it', async () => {
  for (const isNamed of [true, false]) {
    let isIll = true;
    const kit = await openTransportKit({
      chance: () => 0,
      answer: (request, n, now) => refusing(() => isIll, isNamed)(request, n, now),
    });
    await kit.tell(...contacts(400));
    await kit.pass(20 * MINUTE);
    const { state, why } = kit.transport.destination('main');
    assert.deepEqual([state === 'open' || state === 'halfOpen', why], [true, 'refuses_everything']);
    const dead = (await legs(kit, 400)).filter((leg) => leg.startsWith('dead')).length;
    assert.ok(dead < (isNamed ? 100 : 20), `${dead} were buried`);
    assert.deepEqual(kit.alarms, ['main is refusing all events: refuses_everything']);
    const before = kit.posted.length;
    await kit.pass(30 * MINUTE);
    assert.ok(kit.posted.length - before <= 7, 'one is tried every five minutes');
    isIll = false;
    await kit.pass(30 * MINUTE);
    const ends = await legs(kit, 400);
    assert.equal(ends.filter((leg) => leg === 'delivered accepted').length, 400 - dead);
    assert.equal(kit.alarms.at(-1), 'main is healthy');
    await kit.transport.stop();
  }
});
