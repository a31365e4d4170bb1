import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { read, setOpen, write } from './drawer.ts';

let stored: Map<string, string>;

beforeEach(() => {
  stored = new Map();
  provide({
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, text: string) => void stored.set(key, text),
    removeItem: (key: string) => void stored.delete(key),
  });
  setOpen(false);
});

function provide(storage: object): void {
  Object.defineProperty(globalThis, 'localStorage', { value: storage, configurable: true });
}

test('a closed drawer keeps values in memory only, and hands them on when it opens', () => {
  write('visitor', 'v1', 1000);
  assert.equal(stored.size, 0);
  setOpen(true);
  write('session', 's1', 1000);
  assert.match(stored.get('assay') ?? '', /v1.*s1/);
});

test('what another tab wrote counts, and what it did not touch stays', () => {
  setOpen(true);
  write('visitor', 'v1', 1000);
  const now = Date.now();
  stored.set('assay', JSON.stringify({ visitor: ['v1', now + 1000], session: ['s2', now + 1000] }));
  write('ad', {}, 1000);
  assert.deepEqual([read('visitor'), read('session')], ['v1', 's2']);
});

test('a value ends with its life', (context) => {
  context.mock.timers.enable({ apis: ['Date'], now: 1_000_000 });
  write('session', 's1', 1000);
  context.mock.timers.tick(1001);
  assert.equal(read('session'), undefined);
});

test('closing forgets everything', () => {
  setOpen(true);
  write('visitor', 'v1', 1000);
  setOpen(false);
  assert.equal(stored.size, 0);
  assert.equal(read('visitor'), undefined);
});

test('a blocked or broken storage leaves the values in memory', () => {
  setOpen(true);
  stored.set('assay', 'not JSON');
  assert.equal(read('visitor'), undefined);
  provide({
    getItem: () => assert.fail('blocked'),
    setItem: () => assert.fail('blocked'),
    removeItem: () => assert.fail('blocked'),
  });
  write('visitor', 'v1', 1000);
  assert.equal(read('visitor'), 'v1');
});
