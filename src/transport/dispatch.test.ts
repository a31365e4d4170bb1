import assert from 'node:assert/strict';
import { test } from 'node:test';
import { consentTold, eventTold, orderTold, paymentTold, START } from '../../test/admission-kit.ts';
import { ACCEPTED, coded, openTransportKit, type TransportKit } from '../../test/transport-kit.ts';
import { AssayError } from '../event/error.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../event/time.ts';
import type { NewRecord } from '../store/journal.ts';
import type { Reply } from '../tiktok/answer.ts';

const EVENT = 2;
const contact = (id = 'e-1', more: Parameters<typeof eventTold>[1] = {}, at = START): NewRecord =>
  eventTold('server', { event_id: id, ...more }, at);
const http = (status: number, body = '<html>'): Reply => ({ kind: 'http', status, body });

test('each answer of TikTok leads to its own end', async () => {
  for (const [reply, leg] of [
    [ACCEPTED, 'delivered accepted'],
    [coded(40002), 'dead refused_by_tiktok'],
    [coded(40001), 'queued destination_paused'],
    [coded(40105), 'queued destination_paused'],
    [coded(40100), 'queued throttled'],
    [coded(50000), 'queued tiktok_failed'],
    [coded(60001), 'queued tiktok_failed'],
    [coded(40050), 'unknown may_have_arrived'],
    [coded(20001), 'unknown may_have_arrived'],
    [coded(20001, 'm', { failed_events: [{ order_in_batch: 0, error_message: 'no' }] }), 'dead refused_by_tiktok'],
    [http(502), 'queued tiktok_failed'],
    [http(404), 'queued destination_paused'],
    [http(429), 'queued throttled'],
    [http(200), 'unknown unreadable_answer'],
    [http(200, '{"message":"OK"}'), 'unknown unreadable_answer'],
    [http(500, '{"code":0}'), 'queued tiktok_failed'],
    [{ kind: 'unanswered', why: 'cut' }, 'queued no_answer'],
    [{ kind: 'unsent', why: 'ECONNREFUSED' }, 'queued not_connected'],
  ] as const) {
    const kit = await openTransportKit({ answer: () => reply });
    await kit.tell(contact());
    await kit.pass(1100);
    assert.equal(kit.posted.length, 1);
    assert.equal(await kit.leg(EVENT), leg, JSON.stringify(reply));
    await kit.transport.stop();
  }
});

test('an attempt is written down with what TikTok said, and a retry is the next one', async () => {
  const kit = await openTransportKit({ answer: (_, n) => (n === 1 ? coded(50000, 'busy') : ACCEPTED) });
  await kit.tell(contact());
  await kit.pass(5000);
  const { attempts, dispatches } = await kit.ledger.lineage([EVENT], []);
  assert.deepEqual(
    attempts.map(({ n, http: status, code, message, outcome }) => [n, status, code, message, outcome]),
    [
      [1, 200, 50000, 'busy', 'retry'],
      [2, 200, 0, 'OK', 'accepted'],
    ],
  );
  const api = dispatches.find((row) => row.leg === 'api');
  assert.deepEqual([api?.attempts, api?.code, api?.requestId], [2, 0, 'r']);
  assert.deepEqual(kit.posted[0]?.request, kit.posted[1]?.request, 'the same bytes go again');
});

test('retries wait up to firstRetry × factor to the power of their number, and never beyond the ceiling', async () => {
  for (const [chance, waits] of [
    [1, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]],
    [0.5, [0.5, 1, 2, 4, 8]],
  ] as const) {
    const kit = await openTransportKit({ answer: () => coded(50000), chance: () => chance });
    await kit.tell(contact());
    await kit.pass(2 * HOUR);
    const gaps = kit.posted.slice(1).map(({ at }, index) => (at - (kit.posted[index]?.at ?? 0)) / SECOND);
    assert.deepEqual(gaps.slice(0, waits.length), waits);
    assert.ok(gaps.every((gap) => gap <= 900));
    await kit.transport.stop();
  }
});

test('retries end while TikTok would still drop a copy, and the event is unknown', async () => {
  const kit = await openTransportKit({ answer: () => ({ kind: 'unanswered', why: 'time-out' }) });
  await kit.tell(contact());
  await kit.pass(60 * HOUR);
  assert.equal(await kit.leg(EVENT), 'unknown gave_up');
  const [first, last] = [kit.posted[0], kit.posted.at(-1)];
  assert.ok((last?.at ?? 0) - (first?.at ?? 0) <= 40 * HOUR);
  assert.ok((last?.at ?? 0) - (first?.at ?? 0) > 39 * HOUR, 'it was tried to the end');
});

test('an event that never reached TikTok is tried until it is too old, and without money for a day', async () => {
  const kit = await openTransportKit({ answer: () => ({ kind: 'unsent', why: 'ECONNREFUSED' }) });
  await kit.tell(contact('e-1', { event: 'Lead' }), contact('e-2'));
  await kit.pass(23 * HOUR);
  assert.equal(await kit.leg(EVENT + 1), 'queued not_connected');
  await kit.pass(2 * DAY);
  assert.deepEqual([await kit.leg(EVENT), await kit.leg(EVENT + 1)], ['queued not_connected', 'dead expired_waiting']);
  await kit.pass(26 * DAY);
  assert.equal(await kit.leg(EVENT), 'withheld too_old');
});

test('what would count twice after a pause becomes a dead letter, and what would not leaves', async () => {
  let token = 'right';
  const kit = await openTransportKit({
    answer: (_, n) => (token === 'wrong' ? coded(40105, 'revoked') : n === 1 ? coded(50000, 'busy') : ACCEPTED),
    chance: () => 0,
  });
  await kit.tell(contact('e-1', { event: 'Lead' }));
  token = 'right';
  await kit.pass(100);
  token = 'wrong';
  const fired = await kit.tell(eventTold('browser', { event_id: 'e-2', pixel: 'fired' }, kit.now()));
  const fresh = await kit.tell(contact('e-3', { event: 'Lead' }, kit.now()));
  await kit.pass(50 * HOUR);
  assert.equal(kit.transport.destination('main').state, 'paused');
  token = 'right';
  await kit.pass(10 * MINUTE);
  assert.deepEqual(
    [await kit.leg(EVENT), await kit.leg(fired), await kit.leg(fresh)],
    ['unknown gave_up', 'dead clock_passed', 'delivered accepted'],
  );
});

test('throttling rests a second, then five minutes, then until midnight UTC', async () => {
  const kit = await openTransportKit({ answer: () => coded(40100), chance: () => 0 });
  await kit.tell(contact());
  await kit.pass(30 * HOUR);
  const times = kit.posted.map(({ at }) => at - START);
  const midnight = (day: number): number => Math.floor(START / DAY + day) * DAY - START;
  assert.deepEqual(times.slice(0, 4), [1000, 2000, 2000 + 5 * MINUTE, midnight(1)]);
  assert.equal(times[4], midnight(2) <= 30 * HOUR ? midnight(2) : undefined);
  assert.equal(kit.transport.destination('main').state, 'throttled');
});

test('requests that are throttled at one moment are one throttling', async () => {
  const kit = await openTransportKit({ answer: (_, n) => (n <= 3 ? coded(40100) : ACCEPTED), chance: () => 0 });
  const sources = [{}, { source: 'crm', lead: { lead_id: '1' } }, { source: 'app', app: { app_id: '1' } }] as const;
  await kit.tell(...sources.map((more, index) => contact(`e-${index}`, more)));
  await kit.pass(5000);
  assert.equal(kit.posted.filter(({ at }) => at === START + SECOND).length, 3);
  assert.equal(await kit.leg(EVENT), 'delivered accepted');
});

test('a token that is wrong pauses the destination, keeps everything, and the repair is noticed', async () => {
  let token = 'wrong';
  const kit = await openTransportKit({
    answer: () => (token === 'right' ? ACCEPTED : coded(40105, 'revoked')),
    chance: () => 0,
  });
  await kit.tell(contact('e-1'));
  await kit.pass(1100);
  assert.deepEqual(
    [kit.transport.destination('main').state, kit.alarms],
    ['paused', ['main is paused: 40105 revoked']],
  );
  const second = await kit.tell(
    contact('e-2', {}, kit.now()),
    contact('e-3', { source: 'crm', lead: { lead_id: '1' } }, kit.now()),
  );
  await kit.pass(4 * MINUTE);
  assert.equal(kit.posted.length, 1, 'nothing is tried while it is paused');
  await kit.pass(2 * HOUR);
  assert.ok(kit.posted.length > 10 && kit.posted.length < 30, `it tries now and then: ${kit.posted.length}`);
  token = 'right';
  await kit.pass(6 * MINUTE);
  for (const event of [EVENT, second, second + 1]) assert.equal(await kit.leg(event), 'delivered accepted');
  assert.deepEqual(kit.alarms, ['main is paused: 40105 revoked', 'main is healthy']);
});

test('a new token in the source of a paused destination’s tokens is tried within seconds', async () => {
  let token = 'wrong';
  const kit = await openTransportKit({
    answer: () => (token === 'right' ? ACCEPTED : coded(40105, 'revoked')),
    tokenMark: () => token,
    chance: () => 0,
  });
  await kit.tell(contact('e-1'));
  await kit.pass(MINUTE);
  assert.deepEqual([kit.transport.destination('main').state, kit.posted.length], ['paused', 1]);
  token = 'other';
  await kit.pass(10 * SECOND);
  assert.deepEqual([kit.transport.destination('main').state, kit.posted.length], ['paused', 2]);
  token = 'right';
  const second = await kit.tell(contact('e-2', {}, kit.now()));
  await kit.pass(10 * SECOND);
  for (const event of [EVENT, second]) assert.equal(await kit.leg(event), 'delivered accepted');
  assert.deepEqual(kit.alarms, ['main is paused: 40105 revoked', 'main is healthy']);
});

test('a destination that is not well gets one request at a time', async () => {
  let together = 0;
  let most = 0;
  const kit = await openTransportKit({
    chance: () => 0,
    async answer() {
      most = Math.max(most, ++together);
      await new Promise((resolve) => setImmediate(resolve));
      together--;
      return coded(40105);
    },
  });
  await kit.tell(contact('e-1'));
  await kit.pass(1100);
  assert.equal(most, 1);
  await kit.tell(
    contact('e-2', {}, kit.now()),
    contact('e-3', { source: 'crm', lead: { lead_id: '1' } }, kit.now()),
    contact('e-4', { event: 'Lead' }, kit.now()),
  );
  await kit.pass(20 * MINUTE);
  assert.equal(most, 1);
});

test('one destination’s trouble is not another’s', async () => {
  const second = '  - { id: other, pixel: CD9079RC77U0N3GBV16Z, token: env:OTHER_TOKEN }\nconsent:';
  const kit = await openTransportKit({
    spec: (text) => text.replace('consent:', second),
    answer: (request) => (request.event_source_id.endsWith('Z') ? ACCEPTED : coded(40105)),
  });
  await kit.tell(contact());
  await kit.pass(1100);
  assert.equal(await kit.leg(EVENT, 'api', 'main'), 'queued destination_paused');
  assert.equal(await kit.leg(EVENT, 'api', 'other'), 'delivered accepted');
});

test('a bad event is found in its batch, with or without TikTok naming it, and all others are delivered', async () => {
  for (const naming of ['data.', 'Batch.', null]) {
    const bad = new Set(['e-7', 'e-30', 'e-31']);
    const kit = await openTransportKit({
      chance: () => 0,
      answer({ data }) {
        const index = data.findIndex(({ event_id }) => bad.has(event_id));
        return index < 0
          ? ACCEPTED
          : coded(40002, naming ? `${naming}${index}.event: Not a valid string` : 'event: Not a valid string');
      },
    });
    await kit.tell(...Array.from({ length: 64 }, (_, n) => contact(`e-${n}`)));
    await kit.pass(MINUTE);
    for (let n = 0; n < 64; n++)
      assert.equal(
        await kit.leg(EVENT + n),
        bad.has(`e-${n}`) ? 'dead refused_by_tiktok' : 'delivered accepted',
        `e-${n}`,
      );
    assert.ok(kit.posted.length < 30, `${kit.posted.length} requests`);
    await kit.transport.stop();
  }
});

test('a batch holds one source, one source id and one test code, at most 1,000 events and 1 MB', async () => {
  const second = '  - { id: test, pixel: CD9079RC77U0N3GBV16Z, token: env:OTHER_TOKEN, testCode: TEST1 }\nconsent:';
  const kit = await openTransportKit({ spec: (text) => text.replace('consent:', second) });
  const wide = { description: '成'.repeat(900) };
  await kit.tell(
    ...Array.from({ length: 1001 }, (_, n) => contact(`a-${n}`)),
    ...Array.from({ length: 500 }, (_, n) =>
      contact(`b-${n}`, { source: 'crm', lead: { lead_id: '1' }, properties: wide }),
    ),
  );
  await kit.pass(10 * SECOND);
  for (const { request } of kit.posted) {
    assert.ok(request.data.length <= 1000);
    assert.ok(Buffer.byteLength(JSON.stringify(request)) <= 1_000_000);
    assert.equal(request.test_event_code, request.event_source_id.endsWith('Z') ? 'TEST1' : undefined);
    assert.ok(request.data.every(({ lead }) => (lead !== undefined) === (request.event_source === 'crm')));
  }
  const sent = (id: string, source: string) =>
    kit.posted.filter(({ request }) => request.event_source_id === id && request.event_source === source);
  for (const [id, source, count] of [
    ['CD9079RC77U0N3GBV16Y', 'web', 1001],
    ['CD9079RC77U0N3GBV16Z', 'web', 1001],
    ['7300000000000000001', 'crm', 500],
  ] as const)
    assert.equal(
      sent(id, source).reduce((sum, { request }) => sum + request.data.length, 0),
      count,
    );
  assert.ok(sent('7300000000000000001', 'crm').length >= 2);
});

test('money leaves before everything else', async () => {
  const kit = await openTransportKit({
    spec: (text) => text.replace('delay: 5s', 'delay: 1s').replace('linger: 1s', 'linger: 1s'),
  });
  await kit.tell(
    contact('e-1'),
    contact('e-2', { source: 'crm', lead: { lead_id: '1' } }),
    orderTold('server'),
    paymentTold(),
  );
  await kit.pass(1000);
  assert.equal(kit.posted[0]?.request.data[0]?.event, 'Purchase');
  assert.equal(kit.posted.length, 3);
});

test('what a crash left under way is taken up as unanswered, and goes again inside TikTok’s clock', async () => {
  const before = await openTransportKit({ answer: () => new Promise(() => {}) });
  await before.tell(contact());
  await before.pass(1100);
  assert.equal(await before.leg(EVENT), 'inFlight sending');
  const after = await openTransportKit({
    after: { journal: before.journal, ledger: before.ledger, now: before.now() + HOUR },
  });
  assert.equal(await after.leg(EVENT), 'queued no_answer');
  await after.pass(5000);
  assert.equal(await after.leg(EVENT), 'delivered accepted');
  const { dispatches, attempts } = await after.ledger.lineage([EVENT], []);
  assert.deepEqual(
    attempts.map(({ n, outcome }) => [n, outcome]),
    [
      [1, 'retry'],
      [2, 'accepted'],
    ],
  );
  assert.equal(
    dispatches.find((row) => row.leg === 'api')?.copyAt?.[0],
    START + SECOND,
    'the first copy may be the lost one',
  );
});

test('a crash that is noticed too late gives the event up', async () => {
  const before = await openTransportKit({ answer: () => new Promise(() => {}) });
  await before.tell(contact());
  await before.pass(1100);
  const after = await openTransportKit({
    after: { journal: before.journal, ledger: before.ledger, now: before.now() + 2 * DAY },
  });
  await after.pass(HOUR);
  assert.deepEqual([await after.leg(EVENT), after.posted], ['unknown gave_up', []]);
});

test('nothing is sent that could not be written down first, and it goes when the disk has room', async () => {
  let full = true;
  const kit = await openTransportKit({
    append: (records, append) =>
      full ? Promise.reject(new AssayError('journal_unwritable', 'no room')) : append(records),
  });
  await kit.tell(contact());
  await kit.pass(10 * SECOND);
  assert.deepEqual([kit.posted, await kit.leg(EVENT)], [[], 'queued ready']);
  assert.ok(kit.alarms.length > 0 && kit.alarms.length <= 11, `${kit.alarms.length} alarms`);
  full = false;
  await kit.pass(5 * SECOND);
  assert.equal(await kit.leg(EVENT), 'delivered accepted');
  assert.equal(kit.posted.length, 1);
});

test('an answer that could not be written down is not sent again before a restart', async () => {
  const kit = await openTransportKit({
    append: (records, append) =>
      records[0]?.kind === 'answer' ? Promise.reject(new AssayError('journal_unwritable', 'no room')) : append(records),
  });
  await kit.tell(contact());
  await kit.pass(HOUR);
  assert.deepEqual([kit.posted.length, await kit.leg(EVENT)], [1, 'inFlight sending']);
});

test('the ledger may be slow: nothing is sent twice meanwhile', async () => {
  const kit = await openTransportKit();
  await kit.journal.append([contact()]);
  await kit.tell();
  await kit.pass(1000);
  for (let n = 0; n < 20; n++) kit.transport.wake(0);
  await kit.pass(10 * SECOND);
  assert.equal(kit.posted.length, 1);
});

test('a visitor who says no before the event has left is obeyed', async () => {
  const kit = await openTransportKit();
  await kit.tell(orderTold('server'), paymentTold());
  await kit.pass(4 * SECOND);
  await kit.tell(orderTold('browser', { consent: 'denied' }, kit.now()));
  await kit.pass(10 * SECOND);
  assert.deepEqual(
    [kit.posted.length, await kit.leg(EVENT), await kit.leg(EVENT, 'pixel')],
    [0, 'withheld consent_denied', 'withheld api_not_delivered'],
  );
});

test('a withdrawn consent keeps back what waits, and what comes back from an attempt', async () => {
  const kit = await openTransportKit({ answer: () => coded(50000, 'busy') });
  const visitor = { visitor: 'v-1' };
  await kit.tell(contact('e-1', visitor));
  await kit.pass(1100);
  assert.equal(await kit.leg(EVENT), 'queued tiktok_failed');
  const second = await kit.tell(contact('e-2', visitor, kit.now()));
  await kit.tell(consentTold('denied', kit.now()));
  await kit.pass(HOUR);
  assert.deepEqual(
    [kit.posted.length, await kit.leg(EVENT), await kit.leg(second)],
    [1, 'withheld consent_denied', 'withheld consent_denied'],
  );
});

test('a consent that is withdrawn during an attempt lets no other one follow', async () => {
  let answer: (reply: Reply) => void = () => {};
  const kit = await openTransportKit({ answer: () => new Promise((resolve) => (answer = resolve)) });
  await kit.tell(contact('e-1', { visitor: 'v-1' }));
  await kit.pass(1100);
  const said = await kit.tell(consentTold('denied', kit.now()));
  assert.deepEqual((await kit.ledger.verdicts(said, said))[0]?.reasons, ['consent_withdrawn', 'left_before']);
  answer({ kind: 'unsent', why: 'ECONNREFUSED' });
  await kit.pass(HOUR);
  assert.deepEqual([kit.posted.length, await kit.leg(EVENT)], [1, 'withheld consent_denied']);
});

test('what left in the moment of a withdrawal is told as it was', async () => {
  const kit = await openTransportKit({
    // The no is written down just before the record of the batch that is about to leave.
    append: (records, append) =>
      append(records[0]?.kind === 'sent' ? [consentTold('denied', kit.now()), ...records] : records),
  });
  await kit.tell(contact('e-1', { visitor: 'v-1' }));
  await kit.pass(1100);
  assert.deepEqual([kit.posted.length, await kit.leg(EVENT)], [1, 'delivered accepted']);
  assert.deepEqual(await kit.ledger.findings(9), []);
});

test('an unconfirmed order ends after confirmWithin', async () => {
  const kit = await openTransportKit();
  await kit.tell(orderTold('server'));
  await kit.pass(14 * DAY - SECOND);
  assert.equal(await kit.leg(EVENT), 'held awaiting_confirmation');
  await kit.pass(2 * MINUTE);
  assert.deepEqual(
    [await kit.leg(EVENT), await kit.leg(EVENT, 'pixel'), kit.posted.length],
    ['withheld confirmation_expired', 'withheld api_not_delivered', 0],
  );
});

test('stopping waits for what is under way, writes its answer down and takes nothing new', async () => {
  let answer: (reply: Reply) => void = () => {};
  const kit = await openTransportKit({ answer: () => new Promise((resolve) => (answer = resolve)) });
  await kit.tell(contact('e-1'));
  await kit.pass(1100);
  let stopped = false;
  const stop = kit.transport.stop().then(() => {
    stopped = true;
  });
  const second = await kit.tell(contact('e-2', {}, kit.now()));
  await kit.pass(MINUTE);
  assert.equal(stopped, false);
  answer(ACCEPTED);
  await stop;
  await kit.tell();
  assert.deepEqual(
    [await kit.leg(EVENT), await kit.leg(second), kit.posted.length],
    ['delivered accepted', 'queued ready', 1],
  );
});

test('nothing is delivered that TikTok did not accept, whatever happens on the way', async () => {
  let seed = 42;
  const random = (): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return seed / 2 ** 31;
  };
  const took = new Set<string>();
  const kit: TransportKit = await openTransportKit({
    chance: random,
    answer({ data }) {
      const roll = random();
      if (roll < 0.3) for (const { event_id } of data) took.add(event_id);
      if (roll < 0.2) return ACCEPTED;
      const replies: Reply[] = [
        { kind: 'unanswered', why: 'cut' },
        coded(50000),
        http(502),
        coded(40100),
        { kind: 'unsent', why: 'x' },
        http(200),
        coded(40002),
        coded(40050),
      ];
      return replies[Math.floor(random() * replies.length)] as Reply;
    },
  });
  const events: number[] = [];
  for (let n = 0; n < 60; n++) {
    events.push(await kit.tell(contact(`e-${n}`, {}, kit.now())));
    await kit.pass(random() * 2 * MINUTE);
  }
  await kit.pass(4 * DAY);
  const states = new Set<string>();
  for (const [n, event] of events.entries()) {
    const leg = await kit.leg(event);
    states.add(leg.split(' ')[0] ?? '');
    if (leg.startsWith('delivered')) assert.ok(took.has(`e-${n}`));
    if (took.has(`e-${n}`)) assert.doesNotMatch(leg, /^withheld/);
  }
  assert.ok(states.has('delivered') && states.size > 1, [...states].join());
});
