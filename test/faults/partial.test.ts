import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type FaultKit, openFaultKit } from './kit.ts';

let kit: FaultKit;

before(async () => {
  kit = await openFaultKit('10ms');
});
after(() => kit.close());

// Of four events TikTok refuses the second and takes the others: what becomes of them, by the shape in which it says so.
const SHAPES = `
  # shape          names its event by    the good ones   the bad one
  failedEvents     order_in_batch        delivered       dead
  failedList       index                 delivered       dead
  failures         order                 delivered       dead
  errors           position              delivered       dead
  errorList        event_id              delivered       dead
  failed           both                  delivered       dead
  list             event_id              delivered       dead
  results          none                  delivered       dead
  events           event_id              delivered       dead
  items            index                 delivered       dead
  resultList       none                  delivered       dead
  failedEvents     none                  unknown         unknown
  failedEvents     beyond                unknown         unknown
  results          beyond                unknown         unknown
  list             none                  unknown         unknown
  unheardOf        order_in_batch        unknown         unknown
  twoLists         order_in_batch        unknown         unknown
  text             order_in_batch        unknown         unknown
  empty            order_in_batch        unknown         unknown
`;
for (const row of SHAPES.trim().split('\n').slice(1)) {
  const [partialShape = '', partialNames = '', good = '', bad = ''] = row.trim().split(/\s+/);
  test(`told by ${partialShape} with ${partialNames} that one of four is bad, it is ${bad} and the others are ${good}`, {
    timeout: 30_000,
  }, async () => {
    const ids = await refusedSecond(40002, {
      batchFailures: 'partial20001',
      ...({ partialShape, partialNames } as object),
    });
    const legs = await kit.ended(ids);
    assert.deepEqual(
      legs.map(({ state }) => state),
      [good, bad, good, good],
    );
    for (const [index, id] of ids.entries())
      assert.deepEqual(
        (await kit.twin.events({ event_id: id })).map(({ counted, dropped }) => [counted, dropped]),
        index === 1 ? [] : [[1, 0]],
      );
    if (bad === 'dead') assert.match(legs[1]?.message ?? '', /event_id: Refused at the twin’s controls$/);
    if (bad === 'dead') assert.equal(legs[1]?.why, 'refused_by_tiktok');
  });
}

for (const messagePath of ['data', 'Batch', 'events', 'data[]', 'events[]', '$.data[]', 'none'] as const)
  test(`refused whole with the path ${messagePath}, four events end as they are`, { timeout: 30_000 }, async () => {
    const ids = await refusedSecond(40002, { messagePath });
    const legs = await kit.ended(ids);
    assert.deepEqual(
      legs.map(({ state, why, attempts }) => `${state} ${why} ${messagePath === 'none' ? '' : attempts}`.trim()),
      ['delivered accepted', 'dead refused_by_tiktok', 'delivered accepted', 'delivered accepted'].map((end, index) =>
        messagePath === 'none' ? end : `${end} ${index === 1 ? 1 : 2}`,
      ),
    );
    for (const [index, id] of ids.entries())
      assert.equal((await kit.twin.events({ event_id: id }))[0]?.counted, index === 1 ? undefined : 1);
  });

for (const [code, state] of [
  [50000, 'tiktok_failed'],
  [40100, 'throttled'],
] as const)
  test(`an event that part of an answer defers with ${code} goes again by itself, and counts once`, {
    timeout: 30_000,
  }, async () => {
    const ids = await refusedSecond(code, { batchFailures: 'partial20001', partialShape: 'results' });
    const [first = '', bad = ''] = ids;
    assert.equal((await kit.settled(first, (leg) => leg.state === 'delivered')).attempts, 1);
    await kit.settled(bad, (leg) => leg.why === state || leg.attempts > 1);
    await kit.twin.refuse({});
    await kit.later(10 * 60_000);
    await kit.wake();
    const legs = await kit.ended(ids);
    assert.deepEqual(
      legs.map((leg) => leg.state),
      ['delivered', 'delivered', 'delivered', 'delivered'],
    );
    for (const id of ids) assert.equal((await kit.twin.events({ event_id: id }))[0]?.counted, 1);
  });

/** Four events in one batch, of which the twin refuses the second. */
async function refusedSecond(code: number, switches: Parameters<FaultKit['twin']['switch']>[0]): Promise<string[]> {
  await kit.twin.switch({
    batchFailures: 'allOrNothing',
    partialShape: 'failedEvents',
    partialNames: 'order_in_batch',
    messagePath: 'data',
    ...switches,
  });
  const ids = kit.ids(4);
  await kit.twin.refuse({ [ids[1] ?? '']: code });
  await kit.tell(ids);
  return ids;
}
