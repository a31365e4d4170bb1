import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type FaultKit, openFaultKit } from './kit.ts';

const EVENTS = 1000;
/** Places of the bad events: at both ends, side by side and far apart. */
const BAD = [0, 1, 333, 500, 501, 776, 999];
const REFUSED = 'Refused at the twin’s controls';
const HOUR = 3_600_000;
let kit: FaultKit;

before(async () => {
  kit = await openFaultKit('1m');
});
after(() => kit.close());

for (const [messagePath, requestsMax] of [
  ['data', 8],
  ['none', 80],
] as const)
  test(`of a batch of 1,000 with 7 bad events, refused whole with ${messagePath === 'none' ? 'no index' : 'an index'}, the good ones count once in at most ${requestsMax} requests`, {
    timeout: 120_000,
  }, async (context) => {
    kit.stand();
    const ids = kit.ids(EVENTS);
    await kit.tell(ids.slice(0, EVENTS / 2));
    await kit.tell(ids.slice(EVENTS / 2));
    for (const id of ids) await kit.settled(id, ({ state }) => state === 'queued');
    const bad = new Set(BAD.map((place) => ids[place] ?? ''));
    await kit.twin.switch({ messagePath });
    await kit.twin.refuse(Object.fromEntries([...bad].map((id) => [id, 40002])));
    const before = (await kit.twin.requests()).length;
    await kit.later(HOUR);
    await kit.wake();
    const legs = await kit.ended(ids);

    const requests = (await kit.twin.requests()).slice(before);
    context.diagnostic(`${requests.length} requests`);
    assert.ok(requests.length <= requestsMax, `${requests.length} requests`);
    assert.equal(sizeOf(requests[0]?.body), EVENTS);
    const ended = new Map(legs.map((leg, index) => [ids[index] ?? '', leg]));
    for (const id of ids) {
      const leg = ended.get(id);
      assert.equal(`${leg?.state} ${leg?.why}`, bad.has(id) ? 'dead refused_by_tiktok' : 'delivered accepted', id);
      if (bad.has(id)) assert.match(leg?.message ?? '', new RegExp(`(^|event_id: )${REFUSED}$`));
    }
    const counted = await kit.twin.events();
    assert.deepEqual(new Set(counted.map(({ event_id }) => event_id)), new Set(ids.filter((id) => !bad.has(id))));
    for (const event of counted) assert.deepEqual([event.counted, event.dropped, event.merged], [1, 0, 0]);
    await kit.twin.reset();
    await kit.twin.clock({ advanceMs: HOUR });
  });

function sizeOf(body: string | undefined): number {
  return (JSON.parse(body ?? '{"data":[]}') as { data: unknown[] }).data.length;
}
