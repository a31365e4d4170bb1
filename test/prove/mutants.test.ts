import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MUTANTS } from './mutants.ts';
import { isFault, type Plan, planOf } from './plan.ts';
import { sentences } from './sentences.ts';
import { shrunk } from './shrink.ts';
import { openTwinRoom } from './twin-room.ts';
import { live } from './world.ts';

const SEEDS_MAX = 200;

const twin = openTwinRoom();

for (const { name, invariants, plant } of MUTANTS)
  test(`a system that would ${name} breaks invariant ${invariants.join(' or ')} within ${SEEDS_MAX} seeds`, async () => {
    for (let seed = 1; seed <= SEEDS_MAX; seed++) {
      const { violation } = await live(planOf(seed), twin, plant());
      if (!violation) continue;
      assert.ok(invariants.includes(violation.invariant), `seed ${seed}: ${violation.invariant}, ${violation.what}`);
      return;
    }
    assert.fail(`not found in ${SEEDS_MAX} seeds`);
  });

test('a failing plan is shrunk to the few acts that it needs, and told in sentences', async () => {
  const mutant = MUTANTS.find(({ name }) => name === 'trust HTTP 200') ?? assert.fail();
  const breaks = async (plan: Plan): Promise<boolean> =>
    (await live(plan, twin, mutant.plant())).violation?.invariant === 7;
  const whole = planOf(1);
  const least = await shrunk(whole, breaks);
  assert.ok(await breaks(least));
  assert.ok(least.acts.length <= 3 && least.acts.length < whole.acts.length, `${least.acts.length} acts are left`);
  assert.ok(least.acts.some(isFault));
  assert.equal(sentences(least).length, least.acts.length + 1);
  assert.match(sentences(least).join('\n'), /the twin answers the next \d+ requests with/);
});
