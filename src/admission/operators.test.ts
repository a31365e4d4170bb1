import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openKit, rawRecord, START, testTold } from '../../test/admission-kit.ts';
import { AssayError } from '../event/error.ts';
import { DAY, HOUR } from '../event/time.ts';
import type { ToldKey } from '../event/told.ts';
import type { NewRecord } from '../store/journal.ts';
import { memoryLedger } from '../store/memory/ledger.ts';
import { openAdmission } from './run.ts';

const KEY: ToldKey = { id: 'k-1', role: 'server', name: 'shop', hash: 'h', createdAt: START };

test('a key is made once and ended once, and what it opens never changes', async () => {
  const kit = await openKit();
  const { draft: _none, ...row } = { ...KEY, draft: undefined };
  for (const [more, verdict, kept] of [
    [{}, 'admitted key_changed', {}],
    [{ role: 'browser', hash: 'other' }, 'duplicate key_unchanged', {}],
    [{ endsAt: START + DAY, hash: 'other' }, 'admitted key_changed', { endsAt: START + DAY }],
    [{ endsAt: START }, 'admitted key_changed', { endsAt: START }],
    [{ endsAt: START + HOUR }, 'duplicate key_unchanged', { endsAt: START }],
    [{ endsAt: START }, 'duplicate key_unchanged', { endsAt: START }],
  ] as [Partial<ToldKey>, string, object][]) {
    assert.equal(await kit.verdict(await kit.tell(keyTold(more))), verdict, JSON.stringify(more));
    assert.deepEqual(await kit.ledger.keys(), [{ ...row, draft: false, ...kept }]);
  }
});

test('a key that nobody made can’t be ended', async () => {
  const kit = await openKit();
  assert.equal(await kit.verdict(await kit.tell(keyTold({ endsAt: START }))), 'quarantined key_never_made');
  assert.deepEqual(await kit.ledger.keys(), []);
  await kit.tell(keyTold({ endsAt: START + HOUR, draft: true }));
  assert.deepEqual(await kit.ledger.keys(), [{ ...KEY, draft: true, endsAt: START + HOUR }]);
});

test('a test session lasts a day at most, and is closed by an end that has passed', async () => {
  const kit = await openKit();
  const opened = await kit.tell(testTold(START + 3 * DAY));
  assert.equal(await kit.verdict(opened), 'admitted test_session,session_cut');
  const session = { destination: 'main', code: 'TEST1', openedAt: START };
  assert.deepEqual(await kit.ledger.tests(), [{ ...session, until: START + DAY }]);
  assert.equal(await kit.verdict(await kit.tell(testTold(START + HOUR, START + HOUR))), 'admitted test_session');
  assert.deepEqual(await kit.ledger.tests(), [{ ...session, until: START + HOUR }]);
  const again = { code: 'TEST2', openedAt: START + 2 * HOUR };
  await kit.tell(testTold(START + 3 * HOUR, again.openedAt, { code: again.code }));
  assert.deepEqual(await kit.ledger.tests(), [{ ...session, ...again, until: START + 3 * HOUR }]);
});

test('a commit that fails leaves no key and no session behind', async () => {
  const { journal } = await openKit();
  await journal.append([keyTold({}), testTold(START + HOUR), testTold(START)]);
  const ledger = memoryLedger();
  let isFull = true;
  const admission = await openAdmission(journal, {
    ...ledger,
    async commit(effects, offset) {
      if (isFull && effects.keys.length > 0) throw new AssayError('ledger_unwritable', 'the disk is full');
      await ledger.commit(effects, offset);
    },
  });
  await assert.rejects(admission.catchUp(), { code: 'ledger_unwritable' });
  assert.deepEqual([admission.state.keys.size, admission.state.tests.size], [0, 0]);
  isFull = false;
  await admission.catchUp();
  assert.deepEqual((await ledger.verdicts(2, 2))[0]?.reasons, ['key_changed']);
  assert.equal((await ledger.tests())[0]?.until, START);
});

test('keys and sessions are known after a restart', async () => {
  const kit = await openKit();
  await kit.tell(keyTold({}), testTold(START + HOUR));
  const admission = await openAdmission(kit.journal, kit.ledger);
  const seq = await kit.journal.append([keyTold({})]);
  await admission.catchUp();
  assert.equal(await kit.verdict(seq), 'duplicate key_unchanged');
  assert.equal(admission.state.tests.get('main')?.code, 'TEST1');
});

function keyTold(more: Partial<ToldKey>): NewRecord {
  return rawRecord('key', { ...KEY, ...more }, { door: 'operator' });
}
