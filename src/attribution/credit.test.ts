import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { conversion, DAY, HOUR, journeys, models, POLICY, policies, touch, WEIGHTS } from '../../test/journeys.ts';
import { credit } from './credit.ts';
import type { Journey } from './journey.ts';
import type { Model, Policy } from './policy.ts';

/** `touch share, …` of each conversion, or why it has none. */
function said(journey: Journey, policy: Policy = POLICY, model: Model = 'last'): string[] {
  return credit(journey, policy, model, WEIGHTS).map((one) =>
    one.kind === null
      ? one.why
      : one.shares.map(({ touch: { id }, share }) => `${id} ${Number(share.toFixed(4))}`).join(', '),
  );
}

const edges: [name: string, touchAt: number, convertsAt: number, says: string][] = [
  ['the instant of the click', 0, 0, 'click 1'],
  ['a millisecond before the click', 1, 0, 'no_touch'],
  ['exactly seven days after the click', 5, 5 + 7 * DAY, 'click 1'],
  ['a millisecond later', 5, 6 + 7 * DAY, 'outside_windows'],
];
for (const [name, touchAt, convertsAt, says] of edges)
  test(`a conversion at ${name} is ${says}`, () =>
    assert.deepEqual(said({ touches: [touch('click', touchAt)], conversions: [conversion('c', convertsAt)] }), [says]));

test('a day is 24 hours, also where the clocks go back', () => {
  // Berlin's 25 October 2026 has 25 hours.
  const viewed = Date.parse('2026-10-25T00:30:00+02:00');
  const views = { touches: [touch('view', viewed, 'view')], conversions: [conversion('c', viewed + DAY)] };
  assert.deepEqual(said(views), ['view 1']);
  assert.equal(new Date(viewed + DAY).toISOString(), '2026-10-25T22:30:00.000Z');
  assert.deepEqual(said({ ...views, conversions: [conversion('c', Date.parse('2026-10-26T00:30:00+01:00'))] }), [
    'outside_windows',
  ]);
});

test('an older click beats a later view, and a view earns where no click is in its window', () => {
  const touches = [touch('click', 0), touch('engaged', 6 * DAY, 'engagedView'), touch('view', 6 * DAY + HOUR, 'view')];
  const at = (ms: number): string[] => said({ touches, conversions: [conversion('c', ms)] });
  assert.deepEqual(at(6 * DAY + 2 * HOUR), ['click 1']);
  assert.deepEqual(at(7 * DAY), ['click 1']);
  assert.deepEqual(at(7 * DAY + 1), ['view 1'], 'the engaged view’s day is over too');
  assert.deepEqual(
    said({ touches, conversions: [conversion('c', 6.5 * DAY)] }, { ...POLICY, precedence: ['view', 'click'] }),
    ['view 1'],
  );
  assert.deepEqual(said({ touches, conversions: [conversion('c', 6.5 * DAY)] }, { ...POLICY, precedence: [] }), [
    'outside_windows',
  ]);
});

test('of touches in one millisecond the one with the higher id is the last', () => {
  const journey = { touches: [touch('b', 0), touch('a', 0)], conversions: [conversion('c', 1)] };
  assert.deepEqual([said(journey), said(journey, POLICY, 'first')], [['b 1'], ['a 1']]);
});

test('counted once, a touch earns one conversion of each name', () => {
  const journey = {
    touches: [touch('t1', 0), touch('t2', 3 * DAY)],
    conversions: [
      conversion('c1', DAY),
      conversion('c2', 2 * DAY),
      conversion('c3', 2 * DAY, 'Lead'),
      conversion('c4', 4 * DAY),
    ],
  };
  assert.deepEqual(said(journey), ['t1 1', 't1 1', 't1 1', 't2 1']);
  assert.deepEqual(said(journey, { ...POLICY, count: 'once' }), ['t1 1', 'counted_once', 't1 1', 't2 1']);
});

const FOUR = {
  touches: [
    touch('t1', 0, 'click', 'a'),
    touch('t2', DAY, 'click', 'b'),
    touch('t3', 2 * DAY, 'click', 'a'),
    touch('t4', 3 * DAY, 'click', 'c'),
  ],
  conversions: [conversion('c', 4 * DAY)],
};
const byHand: [Model, string][] = [
  ['last', 't4 1'],
  ['first', 't1 1'],
  ['linear', 't1 0.25, t2 0.25, t3 0.25, t4 0.25'],
  ['position', 't1 0.4, t2 0.1, t3 0.1, t4 0.4'],
  // A half-life of one day: 1/8, 1/4, 1/2 and 1 of 15/8.
  ['decay', 't1 0.0667, t2 0.1333, t3 0.2667, t4 0.5333'],
  // Removal effects of 0.5 for a, 0.25 for b and none for c.
  ['markov', 't1 0.4, t2 0.2, t3 0.4'],
  // A third for each channel, in halves for the two touches of a.
  ['shapley', 't1 0.1667, t2 0.3333, t3 0.1667, t4 0.3333'],
];
for (const [model, says] of byHand)
  test(`four touches share a conversion by the model ${model}`, () =>
    assert.deepEqual(said(FOUR, { ...POLICY, halfLife: DAY }, model), [says]));

test('a share by removal effects needs them', () => {
  assert.throws(() => credit(FOUR, POLICY, 'markov'), { code: 'weights_missing' });
});

test('shares add up to 1, and only touches of one kind in their window have one', () => {
  fc.assert(
    fc.property(journeys, policies, models, (journey, policy, model) => {
      for (const one of credit(journey, policy, model, WEIGHTS)) {
        if (one.kind === null) continue;
        const sum = one.shares.reduce((total, { share }) => total + share, 0);
        assert.ok(Math.abs(sum - 1) < 1e-12, `${sum}`);
        for (const {
          touch: { at, kind },
        } of one.shares) {
          const age = one.conversion.at - at;
          assert.ok(kind === one.kind && age >= 0 && age <= policy.windows[kind]);
        }
      }
    }),
  );
});

test('the order in which a journey is told changes nothing', () => {
  const told = journeys.chain((journey) =>
    fc.record({
      journey: fc.constant(journey),
      shuffled: fc.record({
        touches: fc.shuffledSubarray([...journey.touches], { minLength: journey.touches.length }),
        conversions: fc.shuffledSubarray([...journey.conversions], { minLength: journey.conversions.length }),
      }),
    }),
  );
  fc.assert(
    fc.property(told, policies, models, ({ journey, shuffled }, policy, model) => {
      assert.deepEqual(credit(shuffled, policy, model, WEIGHTS), credit(journey, policy, model, WEIGHTS));
    }),
  );
});

test('a wider window never credits fewer conversions, where every one counts', () => {
  const kinds = fc.constantFrom('click', 'engagedView', 'view') as fc.Arbitrary<'click' | 'engagedView' | 'view'>;
  fc.assert(
    fc.property(
      journeys,
      policies,
      models,
      kinds,
      fc.integer({ min: 0, max: 14 * DAY }),
      (journey, told, model, kind, more) => {
        const policy = { ...told, count: 'every' as const };
        const wider = { ...policy, windows: { ...policy.windows, [kind]: policy.windows[kind] + more } };
        const counted = (one: Policy): number =>
          credit(journey, one, model, WEIGHTS).filter((row) => row.kind !== null).length;
        assert.ok(counted(wider) >= counted(policy));
      },
    ),
  );
});

test('a touch outside every window changes nothing', () => {
  fc.assert(
    fc.property(journeys, policies, models, (journey, policy, model) => {
      const late = [...journey.touches, touch('late', 21 * DAY)];
      const credits = credit({ ...journey, touches: late }, policy, model, WEIGHTS);
      assert.deepEqual(credits, credit(journey, policy, model, WEIGHTS));
    }),
  );
});

test('of more than a thousand touches the latest thousand share', () => {
  const touches = Array.from({ length: 1200 }, (_, n) => touch(String(n).padStart(4, '0'), n));
  const [one] = credit({ touches, conversions: [conversion('c', DAY)] }, POLICY, 'linear');
  const shares = one && one.kind !== null ? one.shares : [];
  assert.deepEqual([shares.length, shares[0]?.touch.id, shares[0]?.share], [1000, '0200', 0.001]);
});
