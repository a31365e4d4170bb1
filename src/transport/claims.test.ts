import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dispatchRow } from '../store/sample-rows.ts';
import { Claims } from './claims.ts';

const rows = (count: number, more = {}) => Array.from({ length: count }, (_, n) => dispatchRow(n + 1, more));

test('a dispatch is taken until the record about it is committed, or at once where there is none', () => {
  for (const [seq, committed, isFree] of [
    [undefined, 99, false],
    [7, 6, false],
    [7, 7, true],
    [0, 0, true],
  ] as const) {
    const claims = new Claims();
    const written = claims.take(rows(2));
    if (seq !== undefined) written(seq);
    claims.commit(committed);
    assert.equal(claims.asOf()(dispatchRow(1)), isFree);
    assert.equal(claims.asOf()(dispatchRow(3)), true);
    assert.equal(claims.asOf()(dispatchRow(1, { destination: 'other' })), true);
  }
});

test('the commit may be known before the record’s sequence is', () => {
  const claims = new Claims();
  const written = claims.take(rows(1));
  claims.commit(7);
  written(7);
  assert.equal(claims.asOf()(dispatchRow(1)), true);
});

test('what was taken when the reading began is not free, whatever is committed meanwhile', () => {
  const claims = new Claims();
  const written = claims.take(rows(1));
  const isFree = claims.asOf();
  written(7);
  claims.commit(7);
  assert.equal(isFree(dispatchRow(1)), false);
});

test('a lane of which much is taken is crowded, its destination’s other lane is not', () => {
  const claims = new Claims();
  const main = (money: boolean) => ({ destination: 'main', money });
  claims.take(rows(60));
  assert.deepEqual([claims.isCrowded(main(false)), claims.destinations()], [false, ['main']]);
  const written = claims.take(rows(60, { leg: 'pixel' }));
  assert.deepEqual([claims.isCrowded(main(false)), claims.isCrowded(main(true))], [true, false]);
  written(0);
  assert.equal(claims.isCrowded(main(false)), false);
});

test('what is taken is counted but for crowded lanes, and taken twice it is taken until both have ended', () => {
  const claims = new Claims();
  const crowd = claims.take(rows(101, { money: true }));
  const [first, second] = [claims.take(rows(3)), claims.take(rows(2))];
  assert.equal(claims.taken(), 5);
  crowd(0);
  first(0);
  assert.deepEqual([claims.taken(), claims.asOf()(dispatchRow(2)), claims.asOf()(dispatchRow(3))], [2, false, true]);
  second(0);
  assert.deepEqual([claims.taken(), claims.asOf()(dispatchRow(2))], [0, true]);
});
