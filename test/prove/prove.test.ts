import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planOf } from './plan.ts';
import { runSeeds } from './run-seeds.ts';
import { openTwinRoom } from './twin-room.ts';
import { live } from './world.ts';

const SEEDS = 200;

test(`${SEEDS} worlds with faults at every boundary break no invariant`, { timeout: 300_000 }, async () => {
  const sum = await runSeeds(1, SEEDS);
  const said = sum.failures.map(
    ({ seed, violation, steps }) =>
      `seed ${seed} breaks invariant ${violation.invariant}: ${violation.what}\n${steps.join('\n')}\n` +
      `npm run prove -- --from ${seed} --seeds 1`,
  );
  assert.equal(said.join('\n\n'), '');
  // A proof of worlds in which nothing happens would be none.
  assert.ok(sum.told >= 100 * SEEDS, `${sum.told} told`);
  assert.equal(sum.onDisk, SEEDS / 50);
  assert.ok(sum.crashes > SEEDS / 2, `${sum.crashes} crashes`);
  const legs = Object.values(sum.ends).reduce((all, count) => all + count, 0);
  assert.ok((sum.ends['delivered'] ?? 0) > legs / 2, JSON.stringify(sum.ends));
  for (const end of ['unknown', 'dead', 'withheld', 'held']) assert.ok((sum.ends[end] ?? 0) > 0, `none is ${end}`);
  const kinds = [
    ...['crash', 'full', 'lag', 'clock', 'token', 'throttle'],
    ...['twin code', 'twin http502', 'twin partial'],
  ];
  for (const what of ['unsent', 'lostBefore', 'lostAfter', 'twice', 'late', 'slow']) kinds.push(`net ${what}`);
  for (const kind of kinds) assert.ok((sum.faults[kind] ?? 0) > 0, `no fault of the kind ${kind}`);
});

test('a seed is the same world each time', async () => {
  const twin = openTwinRoom();
  for (const seed of [1, 2, 3, 4, 5, 6])
    assert.deepEqual(await live(planOf(seed), twin), await live(planOf(seed), twin), `seed ${seed}`);
});
