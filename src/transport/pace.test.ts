import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startPace } from './pace.ts';

/** A loop on a clock that is moved by hand; each look names the next time. */
function openPace(next: () => number = () => Number.POSITIVE_INFINITY) {
  let now = 1000;
  const looks: number[] = [];
  const timers = new Set<{ at: number; run: () => void }>();
  let finish = (): void => {};
  let isSlow = false;
  const pace = startPace(
    async () => {
      looks.push(now);
      if (isSlow) await new Promise<void>((done) => (finish = done));
      return next();
    },
    () => now,
    (run, ms) => {
      const timer = { at: now + ms, run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
  );
  const settle = (): Promise<void> => new Promise((done) => setImmediate(done));
  return {
    pace,
    looks,
    timers,
    settle,
    slow: (slow: boolean) => {
      isSlow = slow;
    },
    finish: () => finish(),
    set: (at: number) => {
      now = at;
    },
    async pass(ms: number) {
      const until = now + ms;
      for (;;) {
        await settle();
        const due = [...timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
        if (!due) break;
        timers.delete(due);
        now = Math.max(now, due.at);
        due.run();
      }
      now = until;
    },
  };
}

test('it looks at the start, at once when woken after a pause, and at the time that a look named', async () => {
  let next = 5000;
  const kit = openPace(() => next);
  await kit.pass(1000);
  next = 5100;
  kit.pace.wake();
  await kit.pass(3050);
  assert.deepEqual(kit.looks, [1000, 2000]);
  await kit.pass(60);
  assert.deepEqual(kit.looks, [1000, 2000, 5100]);
});

test('wake-ups that come within 25 ms are one look', async () => {
  const kit = openPace();
  await kit.pass(100);
  for (let n = 0; n < 100; n++) {
    kit.pace.wake();
    await kit.pass(1);
  }
  assert.deepEqual(kit.looks, [1000, 1100, 1125, 1150, 1175, 1200]);
});

test('a wake-up that can wait lets the last look rest for as long as it says', async () => {
  const kit = openPace();
  await kit.pass(1000);
  for (let n = 0; n < 250; n++) {
    kit.pace.wake(100);
    await kit.pass(1);
  }
  assert.deepEqual(kit.looks, [1000, 2000, 2100, 2200]);
});

test('a time that comes at once, or has passed, makes nothing spin', async () => {
  const kit = openPace(() => 0);
  await kit.pass(100);
  assert.deepEqual(kit.looks, [1000, 1025, 1050, 1075, 1100]);
});

test('what wakes it during a look is looked at soon after, and looks never overlap', async () => {
  const kit = openPace();
  await kit.pass(100);
  kit.slow(true);
  kit.pace.wake();
  await kit.pass(500);
  for (let n = 0; n < 5; n++) kit.pace.wake();
  await kit.pass(500);
  assert.deepEqual(kit.looks, [1000, 1100]);
  kit.slow(false);
  kit.finish();
  await kit.pass(100);
  assert.deepEqual(kit.looks, [1000, 1100, 2125]);
});

test('it looks once a minute though nothing wakes it, and at once after the clock was set back', async () => {
  const kit = openPace();
  await kit.pass(60_000);
  assert.deepEqual(kit.looks, [1000, 61_000]);
  kit.set(500);
  kit.pace.wake();
  await kit.settle();
  assert.deepEqual(kit.looks, [1000, 61_000, 500]);
});

test('stopped, it waits for its look, and leaves no timer behind', async () => {
  const kit = openPace();
  kit.slow(true);
  await kit.pass(100);
  kit.pace.wake();
  let stopped = false;
  const stop = kit.pace.stop().then(() => {
    stopped = true;
  });
  await kit.pass(100);
  assert.equal(stopped, false);
  kit.finish();
  await stop;
  kit.pace.wake();
  await kit.pass(120_000);
  assert.deepEqual([kit.looks, kit.timers.size], [[1000, 1100], 0]);
});
