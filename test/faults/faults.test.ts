import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { DispatchRow } from '../../src/event/dispatch.ts';
import { type CodeClass, RETURN_CODES } from '../../src/tiktok/codes.ts';
import { type FaultKit, openFaultKit } from './kit.ts';

let kit: FaultKit;

before(async () => {
  kit = await openFaultKit('10ms');
});
after(() => kit.close());

/** What must become of a dispatch whose first answer is a code of this class. */
const ENDS: Record<CodeClass, DispatchRow['state']> = {
  accept: 'delivered',
  partial: 'unknown',
  retry: 'delivered',
  throttle: 'delivered',
  fixRequest: 'dead',
  fixToken: 'queued',
  unknown: 'unknown',
};

for (const { code, class: kind } of RETURN_CODES.values())
  test(`answered ${code} (${kind}), a dispatch ends ${ENDS[kind]}`, { timeout: 20_000 }, async () => {
    if (code !== 0) await kit.twin.fault({ channel: 'api', kind: 'code', code, times: 1 });
    const id = await tell();
    const leg = await kit.settled(
      id,
      (row) => row.state === ENDS[kind] && (kind !== 'fixToken' || row.why === 'destination_paused'),
    );
    if (kind !== 'retry' && kind !== 'throttle') assert.equal(leg.code, code);
    await agrees(id, leg);
    if (kind !== 'fixToken') return;
    assert.equal(
      (await kit.twin.events({ event_id: id })).length,
      0,
      'nothing reaches TikTok while the destination is paused',
    );
    await kit.later(6 * 60_000);
    // The next event wakes the outbox, now that the pause is over.
    const next = await tell();
    for (const each of [id, next]) await agrees(each, await kit.settled(each, (row) => row.state === 'delivered'));
  });

const FAULTS = `
  # fault          the twin then counts
  http502          1
  hang             1
  cutAfterAccept   1
  cutBefore        1
`;
for (const row of FAULTS.trim().split('\n').slice(1)) {
  const [kind = '', counted] = row.trim().split(/\s+/);
  test(`after ${kind}, the same id is sent again and the twin counts ${counted}`, { timeout: 40_000 }, async () => {
    await kit.twin.fault({ channel: 'api', kind: kind as 'hang', times: 1 });
    const id = await tell();
    const leg = await kit.settled(id, (state) => state.state === 'delivered');
    assert.equal(leg.attempts, 2);
    const [event] = await kit.twin.events({ event_id: id });
    assert.equal(event?.counted, Number(counted));
    assert.equal(event?.dropped, kind === 'cutAfterAccept' ? 1 : 0);
  });
}

test('a good event in a batch with a bad one is delivered where TikTok says so event by event', async () => {
  await kit.twin.fault({ channel: 'api', kind: 'partial', orders: [1], times: 1 });
  const ids = kit.ids(2);
  const [good = '', bad = ''] = ids;
  await kit.tell(ids);
  assert.equal((await kit.settled(good, (row) => row.state === 'delivered')).code, 20001);
  assert.equal((await kit.settled(bad, (row) => row.state === 'dead')).why, 'refused_by_tiktok');
  assert.equal((await kit.twin.events({ event_id: bad })).length, 0);
});

test('nothing is delivered that the twin did not accept, and nothing is counted twice', async () => {
  const { dispatches, events } = await kit.reader.load({
    events: Array.from({ length: 2000 }, (_, seq) => seq),
    orders: [],
  });
  const counted = new Map((await kit.twin.events()).map((event) => [event.event_id, event.counted]));
  const idOf = new Map(events.map((event) => [event.seq, event.eventId]));
  const delivered = dispatches.filter((leg) => leg.state === 'delivered').map((leg) => idOf.get(leg.event) ?? '');
  assert.ok(delivered.length > 60, `${delivered.length} delivered`);
  assert.deepEqual(
    delivered.filter((id) => counted.get(id) !== 1),
    [],
  );
});

async function tell(): Promise<string> {
  const ids = kit.ids(1);
  await kit.tell(ids);
  return ids[0] ?? '';
}

/** The ledger and TikTok say the same of this event. */
async function agrees(eventId: string, leg: DispatchRow): Promise<void> {
  const [event] = await kit.twin.events({ event_id: eventId });
  if (leg.state === 'delivered') assert.equal(event?.counted, 1);
}
