import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LiveRow } from '../../api/answers.ts';
import { turnedAway } from './turned-away.ts';

const row = (seq: number, verdict: LiveRow['verdict'], reason: string, door: LiveRow['door'] = 'browser'): LiveRow => ({
  seq,
  receivedAt: seq * 1000,
  door,
  kind: 'unread',
  verdict,
  reasons: [reason, 'another'],
});

test('what was turned away stands by reason, the most frequent first, with its doors and its last time', () => {
  const rows = [
    row(1, 'refused', 'rate_limited'),
    row(2, 'quarantined', 'body_shape'),
    row(3, 'refused', 'rate_limited', 'server'),
    row(4, 'admitted', 'first_observation'),
  ];
  assert.deepEqual(turnedAway(rows), [
    { reason: 'rate_limited', verdict: 'refused', count: 2, doors: ['browser', 'server'], lastAt: 3000 },
    { reason: 'body_shape', verdict: 'quarantined', count: 1, doors: ['browser'], lastAt: 2000 },
  ]);
});

test('a record without a reason is grouped by its verdict', () => {
  assert.equal(turnedAway([{ ...row(1, 'refused', 'x'), reasons: [] }])[0]?.reason, 'refused');
});
