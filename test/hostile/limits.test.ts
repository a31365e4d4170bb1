import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { batch } from '../door.ts';
import { SECRET_KEY } from '../server.ts';
import { told } from './bodies.ts';
import { assertProblem } from './outcome.ts';
import { type Answer, openStage, type Stage } from './stage.ts';

const clock = { ahead: 0 };
let stage: Stage;
before(async () => {
  stage = await openStage({ rateAddress: { aSecond: 1, burst: 5 }, rateKey: { aSecond: 1, burst: 20 } }, clock);
});
after(() => stage?.stop());

const MINUTE = 60_000;
const bearer = (key: unknown): Record<string, string> => ({ authorization: `Bearer ${String(key)}` });

/** The answers to so many of the same request, one after the other, by status. */
async function statuses(times: number, ask: () => Promise<Answer>): Promise<Record<number, number>> {
  const counts: Record<number, number> = {};
  for (let n = 0; n < times; n++) {
    const answer = await ask();
    counts[answer.status] = (counts[answer.status] ?? 0) + 1;
    if (answer.status === 429) {
      assertProblem(answer, 'rate_limited');
      assert.match(answer.headers.get('retry-after') ?? '', /^\d+$/);
    }
  }
  return counts;
}

test('a flood of one address is told to come again, nothing of the refused is kept, and later it may', async () => {
  await stage.written();
  const sent = (): Promise<Answer> => stage.ask('page POST /v1/events', batch({ events: [{ event: 'Probe' }] }));
  const counts = await statuses(12, sent);
  assert.ok((counts[429] ?? 0) >= 5, JSON.stringify(counts));
  assert.equal((await stage.written()).filter(({ kind }) => kind === 'event').length, counts[202]);
  clock.ahead += MINUTE;
  assert.equal((await sent()).status, 202);
});

test('a made-up address in a header is no way around the limit', async () => {
  clock.ahead += MINUTE;
  let n = 0;
  const counts = await statuses(12, () =>
    stage.ask('page POST /v1/events', batch(), {
      'x-forwarded-for': `203.0.113.${n++}`,
      forwarded: `for=203.0.113.${n}`,
    }),
  );
  assert.ok((counts[429] ?? 0) >= 5, JSON.stringify(counts));
});

test('a flood of clicks still leads to the shop, and writes no more than the limit', async () => {
  clock.ahead += MINUTE;
  await stage.written();
  const counts = await statuses(30, () =>
    stage.ask('page GET /v1/click?to=https%3A%2F%2Fshop.example%2F&campaign_id=1'),
  );
  assert.deepEqual(counts, { 302: 30 });
  assert.ok((await stage.written()).filter(({ kind }) => kind === 'touch').length < 15);
});

test('who asks faster than a key may is told to come again', async () => {
  clock.ahead += MINUTE;
  const counts = await statuses(30, () => stage.ask('server POST /v1/server/events', told()));
  assert.ok((counts[429] ?? 0) >= 5, JSON.stringify(counts));
});

test('who guesses keys is soon told nothing of them, not even that one is right', async () => {
  clock.ahead += MINUTE;
  let n = 0;
  const counts = await statuses(40, () =>
    stage.ask('nobody POST /v1/server/events', told(), bearer(`sk_guess-${n++}`)),
  );
  assert.ok((counts[401] ?? 0) >= 30 && (counts[429] ?? 0) >= 5, JSON.stringify(counts));
  assert.equal((await stage.ask('nobody POST /v1/server/events', told(), bearer(SECRET_KEY))).status, 429);
  clock.ahead += 10 * MINUTE;
  assert.equal((await stage.ask('nobody POST /v1/server/events', told(), bearer(SECRET_KEY))).status, 202);
});

test('a key opens its own doors until it ends, and none after that', async () => {
  const doors = {
    browser: 'page POST /v1/events',
    server: 'nobody POST /v1/server/events',
    import: 'nobody POST /v1/server/import',
  };
  const opens = { browser: ['browser'], server: ['server', 'import'], import: ['import'] };
  for (const role of ['browser', 'server', 'import'] as const) {
    const made = (await stage.ask('operator POST /v1/keys', { role, name: `of ${role}` })).json;
    const key = made['key'];
    const statusAt = async (door: keyof typeof doors): Promise<number> => {
      clock.ahead += MINUTE;
      return (
        await stage.ask(
          doors[door],
          door === 'browser' ? batch({ key }) : told(),
          door === 'browser' ? {} : bearer(key),
        )
      ).status;
    };
    for (const door of ['browser', 'server', 'import'] as const)
      assert.equal(await statusAt(door), opens[role].includes(door) ? 202 : 401, `${role} at ${door}`);
    // With a grace it goes on until that is over; without one it ends at once.
    if (role === 'server') {
      await stage.ask(`operator DELETE /v1/keys/${String(made['id'])}?grace=1h`);
      assert.equal(await statusAt(role), 202);
      clock.ahead += 61 * MINUTE;
    } else await stage.ask(`operator DELETE /v1/keys/${String(made['id'])}`);
    assert.equal(await statusAt(role), 401, `${role} after its end`);
  }
});

test('fifty lines that are slow to ask keep nobody else waiting', async () => {
  clock.ahead += MINUTE;
  const slow = Array.from({ length: 50 }, (_, n) =>
    stage.raw(
      n % 2 === 0
        ? 'GET /healthz HTTP/1.1\r\nhost: x\r\nx-a'
        : 'POST /v1/events HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n{',
      'public',
      1000,
    ),
  );
  await pause(100);
  assert.equal((await stage.ask('nobody GET /healthz')).status, 200);
  assert.equal((await stage.ask('page POST /v1/events', batch())).status, 202);
  await Promise.all(slow);
});
