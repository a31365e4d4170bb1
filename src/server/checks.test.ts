import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { ProblemAnswer } from '../api/wire.ts';
import type { KeyRole } from '../event/key.ts';
import { defaultSpec } from '../spec/default.ts';
import { memoryJournal } from '../store/memory/journal.ts';
import { trustedList } from './address.ts';
import { type Checks, openChecks } from './checks.ts';
import { type Asked, HttpProblem } from './http.ts';
import { hashOf, openKeys } from './keys.ts';
import { openLimits, type Rate } from './limits.ts';
import type { Specs } from './specs.ts';

const SECRET = 'secret-of-the-environment';
const RAW = Buffer.from('{"value":"never kept"}');
const ORIGIN = 'https://shop.example';
const spec = { ...defaultSpec(), version: 1 };
spec.sites.origins = [ORIGIN];

let now = 0;
let journal = memoryJournal();
beforeEach(() => {
  now = 0;
  journal = memoryJournal();
});

test('each door takes its keys and tells whose it was, and whether all is a draft', async () => {
  const check = checks();
  assert.deepEqual(await told(check.writeKey({ key: 'wk_shop' }, RAW)), ['env-browser', false]);
  assert.deepEqual(await told(check.secretKey(asked(`Bearer ${SECRET}`), RAW)), ['env-server', false]);
  assert.deepEqual(await told(check.secretKey(asked('Bearer sk_made'), RAW)), ['key-server', true]);
  assert.deepEqual(await told(check.importKey(asked('Bearer ik_made'), RAW)), ['key-import', false]);
  assert.deepEqual(await told(check.importKey(asked('Bearer sk_made'), RAW)), ['key-server', true]);
  assert.equal(await journal.last(), 0);
});

test('a wrong, a foreign, an ended and a missing key are one answer', async () => {
  const check = checks();
  const headers = [
    'Bearer sk_wrong',
    'Bearer wk_shop',
    'Bearer sk_ended',
    'Bearer ik_made',
    'Bearer ',
    SECRET,
    undefined,
  ];
  const answers = [
    ...(await Promise.all(headers.map((header) => refusal(check.secretKey(asked(header), RAW))))),
    ...(await Promise.all(
      [{ key: SECRET }, { key: 'wk_wrong' }, { key: 7 }, {}, null, 'wk_shop', ['wk_shop']].map((body) =>
        refusal(check.writeKey(body, RAW)),
      ),
    )),
  ];
  for (const { status, code } of answers) assert.deepEqual([status, code], [401, 'key_unknown']);
  assert.equal(new Set(answers.slice(0, headers.length).map(({ detail }) => detail)).size, 1);
});

test('an address that asks too fast is told when to come again, before its origin and key are looked at', async () => {
  const check = checks({ rateAddress: { aSecond: 1, burst: 2 } });
  for (let n = 0; n < 2; n++) await check.origin(asked(), RAW);
  for (const late of [() => check.origin(asked(), RAW), () => check.flood(asked())]) {
    const { status, code, retryAfter } = await refusal(late());
    assert.deepEqual([status, code, retryAfter], [429, 'rate_limited', '1']);
  }
  await check.origin(asked(undefined, '203.0.113.8'), RAW);
  now = 1000;
  await check.flood(asked());
  const kept = await journal.read(0, 10);
  assert.deepEqual(
    kept.map(({ kind, door, body }) => [kind, door, body['verdict'], body['reason']]),
    Array.from({ length: 2 }, () => ['unread', 'browser', 'refused', 'rate_limited']),
  );
  assert.ok(!JSON.stringify(kept).includes('never kept'));
});

test('a key that asks too fast waits alone; a write key has no limit of its own, since anybody may use it', async () => {
  const check = checks({ rateKey: { aSecond: 1, burst: 1 } });
  await check.secretKey(asked(`Bearer ${SECRET}`), RAW);
  assert.equal((await refusal(check.secretKey(asked(`Bearer ${SECRET}`), RAW))).code, 'rate_limited');
  await check.secretKey(asked('Bearer sk_made'), RAW);
  for (let n = 0; n < 50; n++) await check.writeKey({ key: 'wk_shop' }, RAW);
  now = 1000;
  await check.secretKey(asked(`Bearer ${SECRET}`), RAW);
});

test('an address that guesses keys is slowed, and is not told when it guesses right', async () => {
  const check = checks();
  for (let n = 0; n < 30; n++)
    assert.equal((await refusal(check.secretKey(asked(`Bearer sk_guess_${n}`), RAW))).code, 'key_unknown');
  for (const header of ['Bearer sk_guess', `Bearer ${SECRET}`]) {
    const { status, retryAfter } = await refusal(check.secretKey(asked(header), RAW));
    assert.deepEqual([status, retryAfter], [429, '1']);
  }
  assert.deepEqual(await told(check.secretKey(asked(`Bearer ${SECRET}`, '203.0.113.8'), RAW)), ['env-server', false]);
  now = 1000;
  assert.deepEqual(await told(check.secretKey(asked(`Bearer ${SECRET}`), RAW)), ['env-server', false]);
});

test('of a flood, twenty skeletons a second are kept, and every request is answered', async () => {
  const check = checks({ rateAddress: { aSecond: 1, burst: 1 } });
  await check.origin(asked(), RAW);
  for (let n = 0; n < 100; n++) assert.equal((await refusal(check.origin(asked(), RAW))).status, 429);
  assert.equal(await journal.last(), 20);
});

function checks(rates: { rateAddress?: Rate; rateKey?: Rate } = {}): Checks {
  const keys = openKeys({ writeKeys: ['wk_shop'], secretKeys: [SECRET] }, () => now);
  const made = (role: KeyRole, text: string, more = {}) => ({
    ...{ id: `key-${role}`, role, name: 'made', hash: hashOf(text), draft: false, createdAt: 0, ...more },
  });
  keys.learn([
    made('server', 'sk_made', { draft: true }),
    made('import', 'ik_made'),
    made('server', 'sk_ended', { id: 'key-ended', endsAt: 0 }),
  ]);
  return openChecks({
    ...{ keys, journal, now: () => now, trusted: trustedList([]) },
    limits: openLimits({ rateAddress: null, rateKey: null, ...rates, now: () => now }),
    specs: { newest: spec } as Specs,
  });
}

function asked(authorization?: string, remoteAddress = '203.0.113.7'): Asked {
  const headers = { origin: ORIGIN, ...(authorization === undefined ? {} : { authorization }) };
  return { request: { headers, socket: { remoteAddress } } } as unknown as Asked;
}

async function told(key: Promise<{ id: string; draft: boolean }>): Promise<[string, boolean]> {
  const { id, draft } = await key;
  return [id, draft];
}

async function refusal(work: Promise<unknown>): Promise<ProblemAnswer & { retryAfter: string | undefined }> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof HttpProblem && typeof error.answer === 'object' && 'text' in error.answer);
  const retryAfter = error.answer.headers?.['retry-after'];
  return { ...(JSON.parse(String(error.answer.text)) as ProblemAnswer), retryAfter };
}
