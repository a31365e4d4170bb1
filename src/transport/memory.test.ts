import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventTold } from '../../test/admission-kit.ts';
import { ACCEPTED, coded, openTransportKit } from '../../test/transport-kit.ts';
import { MINUTE, SECOND } from '../event/time.ts';
import type { Reply } from '../tiktok/answer.ts';

const PER_ROUND = 120;
const NEVER_ANSWERED = new Promise<Reply>(() => {});

test('the bytes of a body stay as they are until TikTok has taken every event in it', async () => {
  const others: (Reply | Promise<Reply>)[] = [
    NEVER_ANSWERED,
    coded(50000),
    { kind: 'unanswered', why: 'time-out' },
    { kind: 'http', status: 502, body: '<html>' },
    coded(20001, 'part', { failed_events: [{ order_in_batch: 3, code: 40002, message: 'bad' }] }),
  ];
  const took = new Set<number>();
  const kit = await openTransportKit({
    answer: (_, n) => {
      const other = n % 2 === 0 ? others.shift() : undefined;
      if (other === undefined) took.add(n - 1);
      return other ?? ACCEPTED;
    },
  });
  for (let round = 0; round < 12; round++) {
    const at = kit.now();
    await kit.tell(
      ...Array.from({ length: PER_ROUND }, (_, n) => eventTold('server', { event_id: `e-${round}-${n}` }, at)),
    );
    await kit.pass(2 * SECOND);
  }
  await kit.pass(5 * MINUTE);
  assert.equal(others.length, 0);
  const memories = new Set(kit.posted.map(({ body }) => body.buffer));
  assert.ok(memories.size < kit.posted.length, 'memory is used again');
  for (const [n, { request, body }] of kit.posted.entries())
    if (!took.has(n)) assert.deepEqual(JSON.parse(body.toString()), request, `request ${n}`);
});
