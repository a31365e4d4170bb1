import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KeyRole, KeyRow } from '../event/key.ts';
import { hashOf, openKeys } from './keys.ts';

const ROLES: readonly KeyRole[] = ['browser', 'server', 'import'];
const MADE: Record<KeyRole, string> = { browser: 'wk_made', server: 'sk_made', import: 'ik_made' };
const ENVIRONMENT = {
  writeKeys: ['wk_env', 'wk_env_old'],
  secretKeys: ['secret-of-the-environment', 'the-secret-before-it'],
};

const row = (role: KeyRole, more: Partial<KeyRow> = {}): KeyRow => ({
  ...{ id: `key-${role}`, role, name: `my ${role}`, hash: hashOf(MADE[role]), draft: false, createdAt: 5, ...more },
});

const table = `
  # key       pages' doors  servers' doors  imports
  browser     opens         -               -
  server      -             opens           opens
  import      -             -               opens
`;
for (const line of table.trim().split('\n').slice(1)) {
  const [key = '', ...opens] = line.trim().split(/ {2,}/);
  for (const [n, door] of ROLES.entries())
    test(`a ${key} key ${opens[n] === 'opens' ? 'opens' : 'does not open'} the ${door} doors`, () => {
      const keys = openKeys(ENVIRONMENT, () => 0);
      keys.learn(ROLES.map((role) => row(role)));
      const found = keys.find(MADE[key as KeyRole], door);
      assert.equal(found?.id, opens[n] === 'opens' ? `key-${key}` : undefined);
    });
}

test('the environment may hold two keys of a role, told apart by their place', () => {
  const keys = openKeys(ENVIRONMENT, () => 0);
  const [write, oldWrite] = ENVIRONMENT.writeKeys;
  const [secret, oldSecret] = ENVIRONMENT.secretKeys;
  const ids = [
    ...[write, oldWrite].map((text = '') => keys.find(text, 'browser')?.id),
    ...[secret, oldSecret].map((text = '') => keys.find(text, 'server')?.id),
  ];
  assert.deepEqual(ids, ['env-browser', 'env-browser-2', 'env-server', 'env-server-2']);
});

test('a key that has ended opens nothing from that instant on, also one that was just used', () => {
  let now = 0;
  const keys = openKeys(ENVIRONMENT, () => now);
  keys.learn([row('server', { endsAt: 100 })]);
  now = 99;
  assert.equal(keys.find(MADE.server, 'server')?.id, 'key-server');
  now = 100;
  assert.equal(keys.find(MADE.server, 'server'), undefined);
  keys.learn([row('import')]);
  keys.learn([row('import', { endsAt: 100 })]);
  assert.equal(keys.find(MADE.import, 'import'), undefined);
});

test('the end of a key is learned although its text was seen before', () => {
  const keys = openKeys(ENVIRONMENT, () => 50);
  keys.learn([row('server')]);
  assert.ok(keys.find(MADE.server, 'server'));
  keys.learn([row('server', { endsAt: 50 })]);
  assert.equal(keys.find(MADE.server, 'server'), undefined);
});

test('what is no key of ours opens nothing', () => {
  const keys = openKeys(ENVIRONMENT, () => 0);
  keys.learn([row('server')]);
  for (const text of ['', 'wk_other', 'WK_ENV', 'wk_env ', hashOf(MADE.server), '__proto__', 'x'.repeat(100_000)])
    for (const role of ROLES) assert.equal(keys.find(text, role), undefined, text.slice(0, 20));
});

test('the list shows which keys are used, and no text and no hash', () => {
  let now = 10;
  const keys = openKeys(ENVIRONMENT, () => now);
  keys.learn([row('import', { draft: true, endsAt: 9000 })]);
  assert.equal(keys.find(MADE.import, 'import')?.draft, true);
  now = 20;
  keys.find('wk_env', 'browser');
  keys.learn([row('import', { draft: true, endsAt: 9000 })]);
  const list = keys.list();
  assert.deepEqual(
    list.map(({ id, usedAt }) => [id, usedAt]),
    [
      ['env-browser', 20],
      ['env-browser-2', undefined],
      ['env-server', undefined],
      ['env-server-2', undefined],
      ['key-import', 10],
    ],
  );
  assert.deepEqual(list.at(-1), {
    ...{ id: 'key-import', role: 'import', name: 'my import', draft: true, from: 'operator' },
    ...{ createdAt: 5, endsAt: 9000, usedAt: 10 },
  });
  const shown = JSON.stringify(list);
  for (const text of [...ENVIRONMENT.writeKeys, ...ENVIRONMENT.secretKeys, ...Object.values(MADE)])
    for (const secret of [text, hashOf(text)]) assert.ok(!shown.includes(secret), secret);
});
