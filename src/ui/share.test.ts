import assert from 'node:assert/strict';
import { test } from 'node:test';
import { intervalText, shareText } from './share.ts';

test('shares are told with the digits that matter', () => {
  for (const [share, text] of [
    [1, '100 %'],
    [0.463, '46 %'],
    [0.042, '4.2 %'],
    [0.0004, 'under 0.1 %'],
    [0, '0 %'],
  ] as const)
    assert.equal(shareText(share), text);
});

test('each end of an interval is told with the digits that matter', () => {
  for (const [low, high, text] of [
    [0.041, 0.0634, '4.1 to 6.3 %'],
    [0.095, 0.12, '9.5 to 12 %'],
    [0.412, 0.55, '41 to 55 %'],
    [0, 1, '0 to 100 %'],
  ] as const)
    assert.equal(intervalText(low, high), text);
});
