import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readReceipt, receiptOf } from './receipt.ts';

test('a receipt is read back as the records it was given for', () => {
  for (const [first, count] of [
    [1, 1],
    [4711, 500],
    [2 ** 48, 1],
  ] as const)
    assert.deepEqual(readReceipt('secret', receiptOf('secret', first, count)), { first, count });
});

test('a receipt that we did not give opens nothing', () => {
  const receipt = receiptOf('secret', 100, 2);
  const [, range = '', mac = ''] = /^r_(.+)-(.{22})$/.exec(receipt) ?? [];
  const flipped = `${mac[0] === 'A' ? 'B' : 'A'}${mac.slice(1)}`;
  for (const forged of [
    `r_2t-2-${mac}`,
    `r_2s-3-${mac}`,
    `r_${range}-${flipped}`,
    `r_${range}-${mac.slice(1)}`,
    `r_${range}-${mac}A`,
    `r_${range}-`,
    `r_${range}-${'é'.repeat(22)}`,
    receipt.toUpperCase(),
    ` ${receipt}`,
    `${receipt}\n`,
    '',
    receiptOf('other', 100, 2),
  ])
    assert.equal(readReceipt('secret', forged), undefined, forged);
});
