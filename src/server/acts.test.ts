import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openKit, START } from '../../test/admission-kit.ts';
import type { ProblemAnswer } from '../api/wire.ts';
import { type Acts, openActs } from './acts.ts';
import { HttpProblem } from './http.ts';
import { openKeys } from './keys.ts';

const HOUR_MS = 3_600_000;
const SHOP = { role: 'server', name: 'shop' };

test('a key that was made opens its doors at once; its text is shown once and only its hash is kept', async () => {
  const { acts, keys, kit } = await open();
  for (const [role, begins] of [
    ['browser', 'wk_'],
    ['server', 'sk_'],
    ['import', 'ik_'],
  ] as const) {
    const { key, ...made } = await acts.makeKey({ role, name: 'shop 2', draft: role === 'import' });
    assert.ok(key.startsWith(begins) && key.length >= 19, key);
    assert.deepEqual(keys.find(key, role)?.id, made.id);
    assert.deepEqual([made.role, made.name, made.draft], [role, 'shop 2', role === 'import']);
    assert.deepEqual([made.from, made.createdAt], ['operator', START]);
    assert.equal(await kit.verdict(await kit.journal.last()), 'admitted key_changed');
    const written = JSON.stringify([await kit.journal.read(0, 100), await kit.ledger.keys(), keys.list()]);
    assert.ok(!written.includes(key));
  }
  const texts = await Promise.all(Array.from({ length: 20 }, async () => (await acts.makeKey(SHOP)).key));
  assert.equal(new Set(texts).size, 20);
});

test('a key ends at once, or after a grace in which the old and the new one live', async () => {
  const { acts, keys, clock } = await open();
  const [old, other] = [await acts.makeKey(SHOP), await acts.makeKey(SHOP)];
  const lives = (text: string): boolean => keys.find(text, 'server') !== undefined;
  assert.equal((await acts.endKey(old.id, '24h')).endsAt, START + 24 * HOUR_MS);
  const fresh = await acts.makeKey(SHOP);
  assert.deepEqual([lives(old.key), lives(fresh.key)], [true, true]);
  assert.equal((await acts.endKey(other.id, '0s')).endsAt, START);
  assert.deepEqual([lives(other.key), lives(old.key)], [false, true]);
  clock.now += 24 * HOUR_MS;
  assert.deepEqual([lives(old.key), lives(fresh.key)], [false, true]);
});

test('an end may be brought forward, and never put off or undone', async () => {
  const { acts, clock } = await open();
  const { id } = await acts.makeKey({ ...SHOP, draft: true });
  for (const [grace, hours] of [
    ['3h', 3],
    ['1h', 1],
  ] as const) {
    const { endsAt, draft } = await acts.endKey(id, grace);
    assert.deepEqual([endsAt, draft], [START + hours * HOUR_MS, true]);
  }
  assert.deepEqual(await why(acts.endKey(id, '2h')), [409, 'key_ended']);
  clock.now += HOUR_MS;
  assert.deepEqual(await why(acts.endKey(id, '0s')), [409, 'key_ended']);
});

test('what is no key, or none of an operator’s, is not ended', async () => {
  const { acts, kit } = await open();
  const before = await kit.journal.last();
  assert.deepEqual(await why(acts.endKey('key-none', '0s')), [404, 'key_not_found']);
  assert.deepEqual(await why(acts.endKey('env-server', '0s')), [409, 'key_of_environment']);
  const { id } = await acts.makeKey(SHOP);
  for (const grace of ['', '1', '-1h', '1y', '31d', '999999999d', 'soon'])
    assert.deepEqual(await why(acts.endKey(id, grace)), [422, 'grace_unreadable'], grace);
  assert.equal(await kit.journal.last(), before + 1);
});

test('a key of another shape is refused with what is wrong, and nothing is written', async () => {
  const { acts, kit } = await open();
  const before = await kit.journal.last();
  for (const [asked, where] of [
    [{ name: 'shop' }, 'role'],
    [{ role: 'admin', name: 'shop' }, 'role'],
    [{ role: 'server' }, 'name'],
    [{ role: 'server', name: '' }, 'name'],
    [{ role: 'server', name: ' shop' }, 'name'],
    [{ role: 'server', name: 'anna@shop.example' }, 'name'],
    [{ role: 'server', name: '<b>' }, 'name'],
    [{ role: 'server', name: 'shop\u0000' }, 'name'],
    [{ role: 'server', name: 'x'.repeat(61) }, 'name'],
    [{ role: 'server', name: 'shop', draft: 'yes' }, 'draft'],
    [[], 'body'],
    ['shop', 'body'],
  ] as const) {
    const { status, problems } = await refusal(acts.makeKey(asked));
    assert.equal(status, 422);
    assert.ok(
      problems?.some((problem) => problem.where === where),
      `${JSON.stringify(asked)}: ${JSON.stringify(problems)}`,
    );
  }
  assert.equal(await kit.journal.last(), before);
  assert.equal((await acts.makeKey({ role: 'server', name: 'Küche 2.b-c_d' })).name, 'Küche 2.b-c_d');
});

test('there is a ceiling for living keys', async () => {
  const { acts } = await open();
  const made = [];
  for (let n = 0; n < 200; n++) made.push(await acts.makeKey(SHOP));
  assert.deepEqual(await why(acts.makeKey(SHOP)), [409, 'too_many_keys']);
  await acts.endKey(made[0]?.id ?? '', '0s');
  assert.equal((await acts.makeKey(SHOP)).name, 'shop');
});

test('a test session opens for at most a day, is replaced by a new one, and closes', async () => {
  const { acts, kit, clock } = await open();
  assert.deepEqual(await acts.openTest({ destination: 'main', code: 'TEST12345' }), {
    ...{ destination: 'main', code: 'TEST12345', openedAt: START, until: START + HOUR_MS },
  });
  assert.equal(await kit.verdict(await kit.journal.last()), 'admitted test_session');
  clock.now += 1000;
  const longer = await acts.openTest({ destination: 'main', code: 'TEST2', hours: 24 });
  assert.equal(longer.until, START + 1000 + 24 * HOUR_MS);
  assert.equal((await acts.closeTest('main')).until, START + 1000);
  assert.deepEqual(await why(acts.closeTest('main')), [404, 'test_not_open']);
  assert.deepEqual(await why(acts.closeTest('other')), [404, 'test_not_open']);
});

test('a test session that can’t be is not opened', async () => {
  const { acts } = await open();
  assert.deepEqual(await why(acts.openTest({ destination: 'other', code: 'TEST1' })), [404, 'destination_unknown']);
  for (const more of [
    { hours: 25 },
    { hours: 0 },
    { hours: -1 },
    { hours: '2' },
    { code: '' },
    { code: 'a b' },
    { code: 'x'.repeat(65) },
  ])
    assert.deepEqual(
      await why(acts.openTest({ destination: 'main', code: 'TEST1', ...more })),
      [422, 'body_shape'],
      JSON.stringify(more),
    );
});

test('what admission has not come to is said to be written, not done', async () => {
  const { acts } = await open({ committed: async () => undefined });
  assert.deepEqual(await why(acts.makeKey(SHOP)), [503, 'not_decided']);
});

async function open(more: { committed?: () => Promise<void> } = {}) {
  const kit = await openKit();
  const clock = { now: START };
  const now = (): number => clock.now;
  const keys = openKeys({ writeKeys: ['wk_env'], secretKeys: ['secret-of-the-environment'] }, now);
  const acts: Acts = openActs({
    ...{ keys, now, reader: kit.ledger, journal: kit.journal, destinations: () => ['main'] },
    // The kit decides what the journal has.
    committed: async () => void (await kit.tell()),
    ...more,
  });
  return { acts, keys, kit, clock };
}

async function why(work: Promise<unknown>): Promise<[number, string]> {
  const { status, code } = await refusal(work);
  return [status, code];
}

async function refusal(work: Promise<unknown>): Promise<ProblemAnswer> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof HttpProblem && typeof error.answer === 'object' && 'text' in error.answer, String(error));
  return JSON.parse(String(error.answer.text)) as ProblemAnswer;
}
