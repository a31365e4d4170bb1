import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Door } from '../event/event.ts';
import { DAY } from '../event/time.ts';
import { doorBit, fingerprint, GUARD_DAYS, Guard } from './guard.ts';

const NOON = 20_000 * DAY + DAY / 2;

test('a hundred thousand events are found again with their sequence, and no other is', () => {
  const guard = new Guard();
  for (let seq = 1; seq <= 100_000; seq++) guard.add(key(seq), seq, 'browser', NOON);
  assert.equal(guard.size, 100_000);
  for (let seq = 1; seq <= 100_000; seq++) assert.equal(guard.find(key(seq), NOON)?.seq, seq);
  for (let seq = 100_001; seq <= 110_000; seq++) assert.equal(guard.find(key(seq), NOON), undefined);
});

test('sequences beyond 32 bits are kept whole, beside the doors', () => {
  const guard = new Guard();
  for (const seq of [1, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1, 2 ** 48 - 1]) {
    guard.add(key(seq), seq, 'import', NOON);
    assert.deepEqual(guard.find(key(seq), NOON), { seq, doors: doorBit('import') });
  }
});

test('every door has a bit of its own, and a mark adds it', () => {
  const doors: Door[] = ['browser', 'server', 'webhook:standard', 'crm', 'import'];
  assert.equal(new Set(doors.map(doorBit)).size, doors.length);
  assert.equal(doorBit('webhook:other'), doorBit('webhook:standard'));
  const guard = new Guard();
  guard.add(key(1), 1, 'browser', NOON);
  guard.mark(key(2), 'server');
  assert.equal(guard.find(key(2), NOON), undefined);
  for (const door of doors) guard.mark(key(1), door);
  assert.equal(guard.find(key(1), NOON)?.doors, 31);
});

test('an event is remembered for three calendar days, whether or not others came', () => {
  for (const isBusy of [true, false]) {
    const guard = new Guard();
    guard.add(key(1), 1, 'browser', NOON);
    for (let day = 1; day <= GUARD_DAYS; day++) {
      if (isBusy) guard.add(key(day + 1), day + 1, 'browser', NOON + day * DAY);
      assert.equal(guard.find(key(1), NOON + day * DAY)?.seq, day < GUARD_DAYS ? 1 : undefined, `day ${day}`);
    }
    assert.equal(guard.size, isBusy ? GUARD_DAYS : 1);
  }
});

test('the same event added again is one', () => {
  const guard = new Guard();
  guard.add(key(1), 1, 'browser', NOON);
  guard.add(key(1), 1, 'browser', NOON);
  assert.equal(guard.size, 1);
});

test('each part of the key counts', () => {
  const keys = [
    ['a', 'b', 'c'],
    ['a', 'b', 'd'],
    ['a', 'x', 'c'],
    ['y', 'b', 'c'],
  ].map(([source = '', name = '', id = '']) => fingerprint(source, name, id).join());
  assert.equal(new Set(keys).size, keys.length);
});

function key(n: number): Uint32Array {
  return fingerprint('demo/web', 'Contact', `id-${n}`);
}
