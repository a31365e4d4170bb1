import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Door } from '../event/event.ts';
import { DAY } from '../event/time.ts';
import { doorBit, fingerprint, GUARD_DAYS, Guard } from './guard.ts';
import { PAST_DAYS } from './guard-filter.ts';

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
  const first = 2 ** 47;
  for (const after of [0, 1, 2 ** 32 - 2, 2 ** 32 - 1, 2 ** 32, 2 ** 34 - 2]) {
    const seq = first + after;
    guard.add(key(seq), seq, 'import', NOON);
    assert.deepEqual(guard.find(key(seq), NOON), { seq, doors: doorBit('import') });
  }
});

test('more records in a day than a sequence can be told of are refused', () => {
  const guard = new Guard();
  guard.add(key(1), 1, 'browser', NOON);
  assert.throws(() => guard.add(key(2), 2 ** 34, 'browser', NOON), RangeError);
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

test('what the guard has left behind may have been told, for four weeks, and hardly anything else', () => {
  const guard = new Guard();
  const perDay = 2000;
  const idsOf = (day: number): number[] => Array.from({ length: perDay }, (_, n) => day * perDay + n);
  const forgotten = (id: number, day: number): boolean =>
    guard.mayHaveForgotten(key(id), NOON + day * DAY, NOON + day * DAY);
  for (let day = 0; day < 40; day++) {
    for (const id of idsOf(day)) guard.add(key(id), id + 1, 'browser', NOON + day * DAY);
    for (let old = Math.max(0, day - PAST_DAYS + 1); old <= day - GUARD_DAYS; old++)
      for (const id of idsOf(old).filter((_, n) => n % 97 === 0)) {
        assert.equal(guard.find(key(id), NOON + day * DAY), undefined);
        assert.ok(forgotten(id, day), `an id of day ${old} on day ${day}`);
      }
  }
  const unknown = Array.from({ length: 20_000 }, (_, n) => 1_000_000 + n).filter((id) => forgotten(id, 39));
  assert.ok(unknown.length < 200, `${unknown.length} of 20,000`);
  assert.ok(idsOf(0).filter((id) => forgotten(id, 39)).length < 40, 'the first day is over');
});

test('on a new day an id is never lost between the guard and its past', () => {
  const guard = new Guard();
  for (let id = 0; id < 500; id++) guard.add(key(id), id + 1, 'browser', NOON);
  const later = NOON + GUARD_DAYS * DAY;
  for (let added = 0; added < 80; added++) {
    for (let id = 0; id < 500; id++) assert.ok(guard.mayHaveForgotten(key(id), later, later), `${id} after ${added}`);
    guard.add(key(10_000 + added), 10_000 + added, 'browser', later);
  }
});

test('an old time is asked about, whatever the id', () => {
  const guard = new Guard();
  assert.equal(guard.mayHaveForgotten(key(1), NOON - 2 * DAY, NOON), false);
  assert.equal(guard.mayHaveForgotten(key(1), NOON - 3 * DAY, NOON), true);
});

test('until its past is filled in, any id may have been told', () => {
  const guard = new Guard();
  guard.isWhole = false;
  assert.equal(guard.mayHaveForgotten(key(1), NOON, NOON), true);
  guard.remember(key(2), NOON - 9 * DAY, 1);
  guard.isWhole = true;
  assert.deepEqual(
    [1, 2].map((id) => guard.mayHaveForgotten(key(id), NOON, NOON)),
    [false, true],
  );
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
