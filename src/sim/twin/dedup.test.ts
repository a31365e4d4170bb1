import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Channel, fill, judge, type Known, type Outcome, type Windows } from './dedup.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const WINDOWS: Windows = { mergeMs: 5 * MINUTE, dropMs: 48 * HOUR, mergeScope: 'pixelAndApi' };

// Copies of one event as channel@time, where `+1` is one millisecond more.
const table = `
  # scope        copies                                what becomes of them
  pixelAndApi    api@0                                 counted
  pixelAndApi    pixel@0 pixel@0                       counted dropped
  pixelAndApi    api@0 api@5m                          counted dropped
  pixelAndApi    pixel@0 api@0                         counted merged
  pixelAndApi    pixel@0 api@5m                        counted merged
  pixelAndApi    pixel@0 api@5m+1                      counted dropped
  pixelAndApi    api@0 pixel@4m pixel@5m               counted merged dropped
  pixelAndApi    api@0 pixel@4m api@5m                 counted merged dropped
  pixelAndApi    api@0 api@1m pixel@5m                 counted dropped merged
  pixelAndApi    api@0 pixel@10m pixel@12m             counted dropped dropped
  pixelAndApi    api@0 api@48h                         counted dropped
  pixelAndApi    api@0 pixel@48h                       counted dropped
  pixelAndApi    api@0 api@48h+1                       counted counted_again
  pixelAndApi    api@0 pixel@48h+1                     counted counted_again
  pixelAndApi    api@0 api@30h api@49h                 counted dropped counted_again
  pixelAndApi    api@0 api@49h pixel@49h api@50h       counted counted_again merged dropped
  pixelAndApi    api@0 api@49h api@97h                 counted counted_again dropped
  pixelAndApi    api@0 api@49h api@97h+1               counted counted_again counted_again
  anyCopy        api@0 api@5m                          counted merged
  anyCopy        api@0 api@5m+1                        counted dropped
  anyCopy        pixel@0 api@1m pixel@2m               counted merged merged
`;

for (const line of table.split('\n')) {
  const [scope, ...words] = line.trim().split(/\s+/);
  if (scope !== 'pixelAndApi' && scope !== 'anyCopy') continue;
  const copies = words.filter((word) => word.includes('@'));
  const expected = words.filter((word) => !word.includes('@'));
  test(`with ${scope}, ${copies.join(' ')} are ${expected.join(' ')}`, () => {
    assert.deepEqual(walk(copies.map(parseCopy), { ...WINDOWS, mergeScope: scope }), expected);
  });
}

test('one event is counted once in any 48 hours, whatever copies come', () => {
  const copies = fc.array(fc.record({ channel: fc.constantFrom<Channel[]>('api', 'pixel'), gap: fc.nat(60 * HOUR) }));
  fc.assert(
    fc.property(copies, fc.constantFrom('pixelAndApi', 'anyCopy'), (list, mergeScope) => {
      let at = 0;
      const timed = list.map(({ channel, gap }) => {
        at += gap;
        return { channel, at };
      });
      const outcomes = walk(timed, { ...WINDOWS, mergeScope });
      const counts = timed.filter((_, place) => outcomes[place]?.startsWith('counted'));
      for (const [place, count] of counts.entries())
        assert.ok(place === 0 || count.at - (counts[place - 1]?.at ?? 0) > WINDOWS.dropMs);
    }),
  );
});

test('a later copy fills what the first lacked, at any depth, and changes nothing else', () => {
  const kept = { event: 'Purchase', user: { ip: '203.0.113.7' }, properties: { value: 5, contents: [1] }, page: null };
  const later = {
    user: { ip: '203.0.113.8', email: 'e' },
    properties: { value: 6, contents: [2] },
    page: { url: 'u' },
  };
  const first = { event: 'Purchase', user: { ip: '203.0.113.7', email: 'e' }, page: { url: 'u' } };
  assert.deepEqual(fill(kept, later, 'first'), { ...first, properties: { value: 5, contents: [1] } });
  const last = { event: 'Purchase', user: { ip: '203.0.113.8', email: 'e' }, page: { url: 'u' } };
  assert.deepEqual(fill(kept, later, 'last'), { ...last, properties: { value: 6, contents: [2] } });
});

/** Judges the copies one after the other, as a store would. */
function walk(copies: readonly { channel: Channel; at: number }[], windows: Windows): Outcome[] {
  let known: Known | undefined;
  return copies.map(({ channel, at }) => {
    const outcome = judge(known, at, channel, windows);
    const isNew = !known || outcome === 'counted' || outcome === 'counted_again';
    known =
      isNew || !known ? { firstAt: at, channels: [channel] } : { ...known, channels: [...known.channels, channel] };
    return outcome;
  });
}

function parseCopy(text: string): { channel: Channel; at: number } {
  const match = /^(api|pixel)@(\d+)([mh]?)(\+1)?$/.exec(text);
  assert.ok(match, text);
  const unit = match[3] === 'h' ? HOUR : MINUTE;
  return { channel: match[1] as Channel, at: Number(match[2]) * unit + (match[4] ? 1 : 0) };
}
