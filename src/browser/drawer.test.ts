import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { names, read, remove, setOpen, write } from './drawer.ts';

let stored: Record<string, string>;

beforeEach(() => {
  setOpen(false);
  stored = {};
  provide(stored);
});

function provide(storage: object): void {
  Object.defineProperty(globalThis, 'localStorage', { value: storage, configurable: true });
}

const blocked = new Proxy({}, { set: () => assert.fail('blocked'), get: () => assert.fail('blocked') });

test('a closed drawer keeps values in memory only, and hands them on when it opens', () => {
  write('assay:visitor', 'v1', 1000);
  assert.deepEqual(stored, {});
  setOpen(true);
  write('assay:session', 's1', 1000);
  assert.deepEqual(Object.keys(stored), ['assay:visitor', 'assay:session']);
  assert.match(stored['assay:visitor'] ?? '', /v1/);
});

test('each value has an entry of its own, so what another tab writes counts beside it', () => {
  setOpen(true);
  write('assay:batch.1', 'mine', 1000);
  stored['assay:batch.2'] = JSON.stringify(['theirs', Date.now() / 1000 + 1]);
  stored['other'] = 'the page’s';
  assert.deepEqual(names('assay:batch.'), ['assay:batch.1', 'assay:batch.2']);
  assert.equal(read('assay:batch.2'), 'theirs');
  remove('assay:batch.1');
  assert.deepEqual(names('assay:batch.'), ['assay:batch.2']);
});

test('a value ends with its life, and is cleared away when the drawer opens', (context) => {
  context.mock.timers.enable({ apis: ['Date'], now: 1_000_000 });
  setOpen(true);
  write('assay:session', 's1', 1);
  write('assay:visitor', 'v1', 9);
  context.mock.timers.tick(1001);
  assert.equal(read('assay:session'), undefined);
  write('assay:session', 's2', 1);
  const kept = { ...stored };
  setOpen(false);
  provide(Object.assign(stored, kept));
  context.mock.timers.tick(1001);
  setOpen(true);
  assert.deepEqual(Object.keys(stored), ['assay:visitor']);
});

test('closing forgets everything of ours', () => {
  setOpen(true);
  write('assay:visitor', 'v1', 1000);
  stored['other'] = 'the page’s';
  setOpen(false);
  assert.deepEqual(stored, { other: 'the page’s' });
  assert.equal(read('assay:visitor'), undefined);
});

test('a blocked storage leaves the values in memory, and a broken value is none', () => {
  stored['assay:ad'] = 'not JSON';
  setOpen(true);
  assert.equal(read('assay:ad'), undefined);
  setOpen(false);
  provide(blocked);
  write('assay:visitor', 'v1', 1000);
  setOpen(true);
  write('assay:session', 's1', 1000);
  assert.deepEqual([read('assay:visitor'), read('assay:session')], ['v1', 's1']);
});

test('a storage that is full leaves the page in memory', () => {
  let full = false;
  provide(
    new Proxy(stored, {
      set: (target, name, text) => !full && Reflect.set(target, name, text),
    }),
  );
  setOpen(true);
  write('assay:visitor', 'v1', 1000);
  full = true;
  write('assay:session', 's1', 1000);
  assert.deepEqual([read('assay:visitor'), read('assay:session')], ['v1', 's1']);
  assert.deepEqual(Object.keys(stored), ['assay:visitor']);
});
