import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { creditByMarkov } from './markov.ts';
import { creditPaths, PATH_MODELS, type PathModel } from './models.ts';
import type { ChannelCredit, Path } from './path.ts';

function path(channels: string, conversions: number, value = 0, nulls = 0): Path {
  return { channels: channels.split(' > '), conversions, value, nulls };
}

function said(rows: readonly ChannelCredit[]): string[] {
  const short = (sum: number): number => Number(sum.toFixed(6));
  return rows.map(({ channel, conversions, value }) => `${channel} ${short(conversions)} ${short(value)}`);
}

const TWO = [path('a > b > c', 2, 30), path('b', 1, 5), path('a > a', 1, 10)];
const byHand: [PathModel, string[]][] = [
  ['first', ['a 3 40', 'b 1 5', 'c 0 0']],
  ['last', ['a 1 10', 'b 1 5', 'c 2 30']],
  ['linear', ['a 1.666667 20', 'b 1.666667 15', 'c 0.666667 10']],
  ['position', ['a 1.8 22', 'b 1.4 11', 'c 0.8 12']],
  ['decay', ['a 1.285714 14.285714', 'b 1.571429 13.571429', 'c 1.142857 17.142857']],
  ['shapley', ['a 1.666667 20', 'b 1.666667 15', 'c 0.666667 10']],
];
for (const [model, says] of byHand)
  test(`paths are credited by the model ${model} as by hand`, () =>
    assert.deepEqual(said(creditPaths(TWO, model)), says));

test('Markov’s removal effects are those of the equations solved by hand', () => {
  // From the start half go to a and half to b; a always goes on to b, and b converts one journey in two.
  // All convert with 1/2; without a with 1/4; without b never. So a counts 1/2, and b 1.
  const rows = creditByMarkov([path('a > b', 1, 0, 1), path('b', 1, 0, 1)], 1);
  assert.deepEqual(
    rows.map(({ channel, removal, conversions }) => [channel, removal, Number(conversions.toFixed(9))]),
    [
      ['a', 0.5, 0.666666667],
      ['b', 1, 1.333333333],
    ],
  );
});

test('a longer memory tells paths apart that a short one mixes', () => {
  // Only a > b > c converts, and x > b > d never: who remembers one channel thinks that b leads to either.
  const paths = [path('a > b > c', 10), path('x > b > d', 0, 0, 10)];
  const of = (order: 1 | 2): Map<string, number> =>
    new Map(creditByMarkov(paths, order).map(({ channel, removal }) => [channel, Number(removal.toFixed(9))]));
  assert.deepEqual(
    [...of(1)],
    [
      ['a', 0.5],
      ['b', 1],
      ['c', 1],
      ['d', 0],
      ['x', 0.5],
    ],
  );
  assert.deepEqual(
    [...of(2)],
    [
      ['a', 1],
      ['b', 1],
      ['c', 1],
      ['d', 0],
      ['x', 0],
    ],
  );
});

test('paths without a conversion earn nobody anything', () => {
  for (const model of PATH_MODELS)
    assert.deepEqual(said(creditPaths([path('a > b', 0, 0, 5)], model)), ['a 0 0', 'b 0 0']);
});

const paths = fc.array(
  fc
    .record({
      channels: fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 5 }),
      conversions: fc.nat(9),
      cents: fc.nat(5000),
      nulls: fc.nat(9),
    })
    .map(({ cents, ...rest }): Path => ({ ...rest, value: rest.conversions === 0 ? 0 : cents / 100 })),
  { minLength: 1, maxLength: 12 },
);
const near = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(b));

test('whatever the paths and the model, all that was brought is shared out', () => {
  fc.assert(
    fc.property(paths, fc.constantFrom(...PATH_MODELS), fc.constantFrom(1, 2, 3), (told, model, order) => {
      const rows = creditPaths(told, model, order as 1 | 2 | 3);
      for (const field of ['conversions', 'value'] as const) {
        const brought = told.reduce((sum, one) => sum + one[field], 0);
        const earned = rows.reduce((sum, row) => sum + row[field], 0);
        assert.ok(near(earned, brought), `${field}: ${earned} of ${brought}`);
        assert.ok(rows.every((row) => row[field] >= 0));
      }
    }),
  );
});

test('neither the order of the paths nor their division into rows changes a digit', () => {
  fc.assert(
    fc.property(paths, fc.constantFrom(...PATH_MODELS), (told, model) => {
      assert.deepEqual(creditPaths([...told].reverse(), model), creditPaths(told, model));
    }),
  );
});
