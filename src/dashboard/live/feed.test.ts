import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Failure } from '../fetch.ts';
import { follow } from './feed.ts';

/** As much of an EventSource as the feed uses, moved by hand. */
class Stream extends EventTarget {
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  readyState = 0;
  close(): void {
    this.readyState = 2;
  }
  say(name: string, body: unknown): void {
    this.dispatchEvent(Object.assign(new Event(name), { data: JSON.stringify(body) }));
  }
}

function start(t: TestContext, failure?: Failure) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const streams: Stream[] = [];
  const said: string[] = [];
  const stop = follow(
    {
      open: () => {
        const stream = new Stream();
        streams.push(stream);
        return stream as unknown as EventSource;
      },
      diagnose: () => Promise.resolve(failure),
      now: () => 1000,
    },
    {
      rows: (rows) => said.push(`${rows.length} rows`),
      counts: () => said.push('counts'),
      notices: () => said.push('notices'),
      connection: (connection) => said.push(JSON.stringify(connection)),
      failed: (why) => said.push(why.kind),
    },
  );
  t.after(stop);
  return { streams, said, stop };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

test('rows, counts and notices come through, and the line is live', (t) => {
  const { streams, said } = start(t);
  streams[0]?.onopen?.();
  streams[0]?.say('rows', [{}, {}]);
  streams[0]?.say('counts', {});
  streams[0]?.say('notices', {});
  assert.deepEqual(said, [
    '{"is":"connecting"}',
    '{"is":"live"}',
    '{"is":"live"}',
    '2 rows',
    '{"is":"live"}',
    'counts',
    '{"is":"live"}',
    'notices',
  ]);
});

test('a broken line says when data came last and leaves the retry to the browser', async (t) => {
  const { streams, said } = start(t);
  streams[0]?.say('rows', []);
  streams[0]?.onerror?.();
  await settle();
  t.mock.timers.tick(60_000);
  assert.equal(said.at(-1), '{"is":"reconnecting","lastAt":1000}');
  assert.equal(streams.length, 1);
});

test('a refused stream is explained and opened again', async (t) => {
  const { streams, said } = start(t, { kind: 'refused', code: '', what: '', fix: '', problems: [] });
  streams[0]?.close();
  streams[0]?.onerror?.();
  await settle();
  assert.equal(said.at(-1), 'refused');
  t.mock.timers.tick(3000);
  assert.equal(streams.length, 2);
});

test('a signed-out stream is not opened again', async (t) => {
  const { streams, said } = start(t, { kind: 'signedOut', code: '', what: '', fix: '', problems: [] });
  streams[0]?.close();
  streams[0]?.onerror?.();
  await settle();
  t.mock.timers.tick(60_000);
  assert.equal(said.at(-1), 'signedOut');
  assert.equal(streams.length, 1);
});

test('a stopped feed closes its stream and opens no other', async (t) => {
  const { streams, stop } = start(t);
  streams[0]?.close();
  streams[0]?.onerror?.();
  stop();
  await settle();
  t.mock.timers.tick(60_000);
  assert.equal(streams[0]?.readyState, 2);
  assert.equal(streams.length, 1);
});
