import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Fault, parseFault, takeFault } from './faults.ts';
import { isPermitted, parsePixels } from './pixels.ts';
import { parseRefusedIds } from './refused-ids.ts';
import { changeSwitches, initialSwitches } from './switches.ts';

test('a fault meets as many requests as it says, then the next one takes over', () => {
  const faults = [fault({ kind: 'http502', times: 2 }), fault({ kind: 'hang' })];
  const first = takeFault(faults, 'api', 0);
  const second = takeFault(first.left, 'api', 0);
  const third = takeFault(second.left, 'api', 0);
  const kinds = [first, second, third].map(({ fault: met }) => met?.kind);
  assert.deepEqual([...kinds, third.left], ['http502', 'http502', 'hang', []]);
});

test('a fault with a time ends then, and one without number or time stays until it is cleared', () => {
  const timed = fault({ kind: 'cutBefore', untilNow: 1000 });
  assert.equal(takeFault([timed], 'api', 999).left.length, 1);
  assert.deepEqual(takeFault([timed], 'api', 1000), { left: [] });
  const lasting = fault({ kind: 'cutBefore', times: null });
  assert.deepEqual(takeFault([lasting], 'api', 1e15).left, [lasting]);
  assert.equal(takeFault([lasting], 'pixel', 0).fault, undefined);
});

test('a fault that makes no sense is refused with every reason', () => {
  assert.deepEqual(parseFault({ channel: 'pixel', kind: 'partial', times: 0, extra: 1 }), [
    'extra: unknown',
    'channel: partial takes api',
    'times: must be a whole number from 1, or null',
  ]);
  assert.deepEqual(parseFault({ channel: 'api', kind: 'code' }), ['code: must be a return code other than 0']);
  assert.deepEqual(parseFault('x'), ['the body must be a JSON object']);
});

test('switches change one by one; unknown names come back with the known ones', () => {
  const changed = changeSwitches(initialSwitches(), { mergeScope: 'anyCopy', qpsLimit: null });
  assert.ok(!Array.isArray(changed));
  assert.deepEqual(changed, { ...initialSwitches(), mergeScope: 'anyCopy', qpsLimit: null });
  const refused = changeSwitches(initialSwitches(), { mergeMs: -1, mergeScope: 'all', toString: 1 });
  assert.ok(Array.isArray(refused));
  assert.deepEqual(refused.slice(0, 2), [
    'mergeMs: must be a whole number from 0',
    'mergeScope: must be "pixelAndApi" or "anyCopy"',
  ]);
  assert.match(refused[2] ?? '', /^toString: unknown; known are mergeScope, mergeMs, /);
});

test('refused ids come with their codes, or with everything that is wrong', () => {
  assert.deepEqual(parseRefusedIds({ a: 40002, b: 50000 }), { a: 40002, b: 50000 });
  assert.deepEqual(parseRefusedIds({ a: 0, b: '40002', c: 1 }), [
    'a: must be a return code other than 0',
    'b: must be a return code other than 0',
  ]);
  assert.deepEqual(parseRefusedIds(['a']), ['the body must be a JSON object of event ids with their return codes']);
});

test('a token opens the ids of its own pixel, each for its own source', () => {
  const pixels = parsePixels([
    { code: 'A', tokens: ['a'], eventSets: { crm: ['1'] } },
    { code: 'B', tokens: ['b'], appIds: ['2'] },
  ]);
  const known = pixels.filter((pixel) => typeof pixel !== 'string');
  assert.ok(isPermitted(known, 'a', 'web', 'A'));
  assert.ok(isPermitted(known, 'a', 'crm', '1'));
  assert.ok(isPermitted(known, 'b', 'app', '2'));
  assert.ok(!isPermitted(known, 'a', 'web', 'B'));
  assert.ok(!isPermitted(known, 'a', 'offline', '1'));
  assert.deepEqual(parsePixels([{ tokens: 'a' }]), ['0.tokens: must be a list of texts', '0.code: must be a text']);
});

function fault(part: object): Fault {
  const parsed = parseFault({ channel: 'api', ...part });
  assert.ok(!Array.isArray(parsed), String(parsed));
  return parsed;
}
