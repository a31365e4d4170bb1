import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { type CodeClass, classOf, meaningOf, RETURN_CODES } from './codes.ts';

interface Published {
  code: number;
  meaning: string;
  retry_action: 'none' | 'retry' | 'wait' | 'after_fix' | 'no';
  backoff: string;
}
const { codes } = JSON.parse(
  readFileSync(new URL('../../test/data/tiktok-return-codes.json', import.meta.url), 'utf8'),
) as {
  codes: Published[];
};

test('the table holds every published code, and no other', () => {
  assert.deepEqual(new Set(RETURN_CODES.keys()), new Set(codes.map(({ code }) => code)));
  for (const { code } of RETURN_CODES.values()) assert.equal(RETURN_CODES.get(code)?.code, code);
});

test('the class of a code fits what is published about sending it again', () => {
  const allowed: Record<Published['retry_action'], readonly CodeClass[]> = {
    none: ['accept'],
    retry: ['retry', 'throttle'],
    wait: ['retry', 'throttle'],
    after_fix: ['fixToken', 'fixRequest', 'partial'],
    no: ['fixRequest', 'fixToken', 'unknown'],
  };
  for (const { code, retry_action, backoff } of codes) {
    assert.ok(allowed[retry_action].includes(classOf(code)), `${code}: ${retry_action}, ${classOf(code)}`);
    if (backoff === 'rate_limit') assert.equal(classOf(code), 'throttle', String(code));
  }
});

test('only 0 is a success, and every meaning is told', () => {
  assert.deepEqual(
    [...RETURN_CODES.values()].filter((row) => row.class === 'accept').map(({ code }) => code),
    [0],
  );
  for (const { code, meaning } of RETURN_CODES.values()) assert.ok(meaning.length > 4 && meaningOf(code) === meaning);
  assert.notEqual(meaningOf(49_999), '');
});

test('a code that is not published is judged by its range, and never a success', () => {
  for (const [code, kind] of [
    [1, 'unknown'],
    [-1, 'unknown'],
    [20_000, 'unknown'],
    [20_002, 'unknown'],
    [39_999, 'unknown'],
    [40_003, 'fixRequest'],
    [49_999, 'fixRequest'],
    [50_001, 'retry'],
    [59_999, 'retry'],
    [60_002, 'retry'],
    [69_999, 'retry'],
    [70_000, 'unknown'],
    [0.5, 'unknown'],
  ] as const)
    assert.equal(classOf(code), kind, String(code));
});
