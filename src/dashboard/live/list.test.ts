import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LiveRow } from '../../api/answers.ts';
import { EMPTY_LIST, pause, ROWS_MAX, resume, take } from './list.ts';

const row = (seq: number, verdict: LiveRow['verdict'] = 'admitted'): LiveRow => ({
  seq,
  receivedAt: seq,
  door: 'browser',
  kind: 'event',
  verdict,
  reasons: [],
});
const rows = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => row(from + i));
const seqs = (list: { rows: readonly LiveRow[] }) => list.rows.map((each) => each.seq);

test('the newest stands first', () => {
  assert.deepEqual(seqs(take(take(EMPTY_LIST, rows(1, 2)), [row(3)])), [3, 2, 1]);
});

test('a record that comes again replaces the earlier one', () => {
  const list = take(take(EMPTY_LIST, rows(1, 2)), [row(1, 'quarantined')]);
  assert.deepEqual(seqs(list), [2, 1]);
  assert.equal(list.rows[1]?.verdict, 'quarantined');
});

test('a record that comes again unchanged stays the same object', () => {
  const list = take(EMPTY_LIST, [row(1)]);
  assert.equal(take(list, [row(1)]).rows[0], list.rows[0]);
});

test('the list is bounded and loses its oldest', () => {
  const list = take(EMPTY_LIST, rows(1, ROWS_MAX + 20));
  assert.equal(list.rows.length, ROWS_MAX);
  assert.equal(list.rows.at(-1)?.seq, 21);
});

test('a paused list stands still and counts what is new', () => {
  const list = take(take(pause(take(EMPTY_LIST, rows(1, 3))), rows(3, 5)), rows(4, 6));
  assert.deepEqual(seqs(list), [3, 2, 1]);
  assert.equal(list.freshTotal, 3);
});

test('a paused list counts more than it holds', () => {
  const list = take(pause(EMPTY_LIST), rows(1, ROWS_MAX + 20));
  assert.equal(list.freshTotal, ROWS_MAX + 20);
  assert.equal(list.fresh.length, ROWS_MAX);
});

test('resuming brings in what waited', () => {
  const list = resume(take(pause(take(EMPTY_LIST, rows(1, 3))), rows(4, 6)));
  assert.deepEqual(seqs(list), [6, 5, 4, 3, 2, 1]);
  assert.equal(list.freshTotal, 0);
  assert.equal(list.paused, false);
});
