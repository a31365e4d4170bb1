import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openDoor, PAGE } from '../../../test/door.ts';
import { SHOP, WRITE_KEY } from '../../../test/server.ts';

const clock = { ms: 0 };
const { ask, written } = openDoor({}, { now: () => Date.now() + clock.ms });

const IDS = { visitor: 'v-1', session: 's_1' };
const give = async (): Promise<string> => {
  const answer = await ask('POST', '/v1/carry', PAGE, { key: WRITE_KEY, ...IDS });
  assert.deepEqual([answer.status, answer.json['expires_in']], [201, 120], answer.text);
  assert.equal(answer.headers.get('access-control-allow-origin'), SHOP);
  return String(answer.json['token']);
};

test('a token gives the ids back once, and is written down nowhere', async () => {
  await written();
  const token = await give();
  assert.match(token, /^[\w-]{22}$/);
  assert.notEqual(token, await give());
  const head = await ask('HEAD', `/v1/carry/${token}`, PAGE);
  assert.equal(head.status, 404, 'a head does not spend it');
  const first = await ask('GET', `/v1/carry/${token}`, PAGE);
  assert.deepEqual([first.status, first.json], [200, IDS]);
  assert.deepEqual(
    ['cache-control', 'set-cookie', 'access-control-allow-origin'].map((name) => first.headers.get(name)),
    ['no-store', null, SHOP],
  );
  const unknown = await ask('GET', `/v1/carry/${'A'.repeat(22)}`, PAGE);
  const again = await ask('GET', `/v1/carry/${token}`, PAGE);
  assert.deepEqual([again.status, again.text], [404, unknown.text]);
  assert.deepEqual(await written(), []);
});

test('a token is good for two minutes', async () => {
  const [early, late] = [await give(), await give()];
  clock.ms = 119_000;
  assert.equal((await ask('GET', `/v1/carry/${early}`, PAGE)).status, 200);
  clock.ms = 120_000;
  assert.equal((await ask('GET', `/v1/carry/${late}`, PAGE)).status, 404);
  clock.ms = 0;
});

test('only pages of ours may give and take, and only plain ids go along', async () => {
  const token = await give();
  const body = { key: WRITE_KEY, ...IDS };
  for (const [method, path, headers, told, status] of [
    ['GET', `/v1/carry/${token}`, {}, undefined, 403],
    ['GET', `/v1/carry/${token}`, { origin: 'https://evil.example' }, undefined, 403],
    ['POST', '/v1/carry', {}, body, 403],
    ['POST', '/v1/carry', PAGE, { ...body, key: 'wk_other' }, 401],
    ['POST', '/v1/carry', PAGE, { key: WRITE_KEY, visitor: 'v' }, 422],
    ['POST', '/v1/carry', PAGE, { ...body, visitor: 'jane@mail.example' }, 422],
    ['POST', '/v1/carry', PAGE, { ...body, session: 'x'.repeat(129) }, 422],
    ['POST', '/v1/carry', PAGE, { ...body, more: 'x'.repeat(5000) }, 413],
    ['GET', '/v1/carry', PAGE, undefined, 405],
  ] as const)
    assert.equal((await ask(method, path, headers, told)).status, status, `${method} ${path} ${JSON.stringify(told)}`);
  for (const path of ['/v1/carry', '/v1/carry/x'])
    assert.equal((await ask('OPTIONS', path, PAGE)).headers.get('access-control-allow-origin'), SHOP);
  assert.equal((await ask('GET', `/v1/carry/${token}`, PAGE)).status, 200, 'nobody else spent it');
  assert.ok(!JSON.stringify(await written()).includes(token));
});
