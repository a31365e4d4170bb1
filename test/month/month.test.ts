import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DAY } from '../../src/event/time.ts';
import { differenceText } from '../../src/sim/month/summary.ts';
import { type MonthRun, runMonth } from './run.ts';

const SEEDS = [1, 2, 3, 4, 5];

describe('a small month', { concurrency: SEEDS.length }, () => {
  for (const seed of SEEDS)
    test(`of seed ${seed}: every order, sum and Purchase is as it really was`, { timeout: 180_000 }, async () => {
      check(await runMonth({ seed, orders: 300, tickMs: DAY }));
    });
});

test('20,000 orders: net by currency and Purchases at TikTok are exact', { timeout: 420_000 }, async () => {
  check(await runMonth({ seed: 7, orders: 20_000 }));
});

function check({ truth, books, differences }: MonthRun): void {
  assert.equal(differenceText(differences), '');
  const truths = [...truth.orders.values()];
  const confirmed = truths.filter(({ isConfirmed }) => isConfirmed);
  const left = confirmed.filter(({ isUndone }) => !isUndone);
  const counted = [...books.purchases].map(([orderId, { times }]) => [orderId, times] as const);
  assert.deepEqual(new Map(counted), new Map(left.map(({ orderId }) => [orderId, 1])));
  assert.deepEqual(books.nets, truth.nets);
  assert.equal(books.orders.size, truths.length);
}
