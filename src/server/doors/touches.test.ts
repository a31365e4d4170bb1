import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BOT, IN_APP, openDoor, PERSON } from '../../../test/door.ts';

const { ask, written, server } = openDoor({ views: true, rateAddress: { aSecond: 1, burst: 60 } });

const VISITOR = { 'user-agent': IN_APP };
const click = (to: string, more = ''): string => `/v1/click?to=${encodeURIComponent(to)}${more}`;

test('a click is noted and sent on with the ad’s parameters', async () => {
  await written();
  const path = click('https://shop.example/p?q=1', '&ttclid=E.C.P.abc&utm_source=tiktok&campaign=7&tt_ad=__CID__');
  const answer = await ask('GET', path, { ...VISITOR, cookie: 'x=1; _assay=v-1.s-1; y=2' });
  assert.deepEqual([answer.status, answer.text], [302, '']);
  const told = ['location', 'cache-control', 'referrer-policy'].map((name) => answer.headers.get(name));
  assert.deepEqual(told, [
    ...['https://shop.example/p?q=1&ttclid=E.C.P.abc&utm_source=tiktok', 'no-store', 'strict-origin-when-cross-origin'],
  ]);
  const [touch, ...more] = await written();
  assert.deepEqual(more, []);
  const { touch: id, ...body } = touch?.body ?? {};
  assert.match(String(id), /^[0-9a-f]{32}$/);
  assert.deepEqual(body, {
    ...{ type: 'click', visitor: 'v-1', session: 's-1', target: 'https://shop.example/p' },
    ad: { utm_source: 'tiktok', campaign: '7' },
  });
  assert.deepEqual(touch?.personal, { user: { ttclid: 'E.C.P.abc' } });
});

test('a cookie that is none of ours says nothing', async () => {
  await written();
  for (const cookie of [
    '_assay=',
    '_assay=v',
    '_assay=jane@mail.example.s',
    'x_assay=v.s',
    `_assay=${'v'.repeat(129)}.s`,
  ])
    assert.equal((await ask('GET', click('https://shop.example/'), { ...VISITOR, cookie })).status, 302);
  assert.deepEqual(
    (await written('touch')).map(({ body }) => body['visitor']),
    [undefined, undefined, undefined, undefined, undefined],
  );
});

test('a click that leads elsewhere is no redirect, and names its field and its fix', async () => {
  await written();
  for (const path of ['/v1/click', click('https://evil.example'), click('https://shop.example@evil.example')]) {
    const answer = await ask('GET', path, VISITOR);
    assert.deepEqual(
      [answer.status, answer.headers.get('location'), answer.json['code']],
      [400, null, 'target_foreign'],
    );
    const [problem] = answer.json['problems'] as { where: string; fix: string }[];
    assert.ok(problem?.where === 'to' && /sites\.domains/.test(problem.fix));
  }
  const refused = await written();
  assert.deepEqual(
    refused.map(({ kind, body }) => [kind, body['reason']]),
    Array.from({ length: 3 }, () => ['unread', 'target_foreign']),
  );
  assert.ok(!JSON.stringify(refused).includes('evil'));
});

test('a bot is sent on like anybody and counted as refused; a preview is not noted at all', async () => {
  await written();
  const to = click('https://shop.example/', '&ttclid=E.C.P.bot');
  const bot = await ask('GET', to, { 'user-agent': BOT });
  const person = await ask('GET', to, VISITOR);
  const preview = await ask('HEAD', to, VISITOR);
  for (const { status, headers } of [bot, preview])
    assert.deepEqual([status, headers.get('location')], [302, person.headers.get('location')]);
  const records = await written();
  assert.deepEqual(
    records.map(({ kind, body }) => [kind, body['reason']]),
    [
      ['unread', 'bot'],
      ['touch', undefined],
    ],
  );
  assert.ok(!JSON.stringify(records[0]).includes('E.C.P'));
});

test('a view gets a picture and says which ad, nothing of the person', async () => {
  await written();
  const headers = { 'user-agent': PERSON, cookie: '_assay=v-1.s-1', referer: 'https://news.example/' };
  const answer = await ask('GET', '/v1/view?campaign=7&ttclid=E.C.P.abc', headers);
  const about = ['content-type', 'cache-control', 'content-length', 'set-cookie'].map((name) =>
    answer.headers.get(name),
  );
  assert.deepEqual([answer.status, about], [200, ['image/gif', 'no-store', '42', null]]);
  assert.ok(answer.text.startsWith('GIF89a'));
  assert.equal((await ask('GET', '/v1/view', { 'user-agent': BOT })).status, 200);
  const [view, bot, ...more] = await written();
  assert.deepEqual(
    [Object.keys(view?.body ?? {}), view?.body['ad'], view?.personal, bot?.body['reason'], more],
    [['touch', 'type', 'ad'], { campaign: '7' }, null, 'bot', []],
  );
  const methods = [await ask('POST', '/v1/view', VISITOR), await ask('POST', '/v1/click', VISITOR)];
  assert.deepEqual(
    methods.map(({ status, headers }) => [status, headers.get('allow')]),
    [
      [405, 'GET'],
      [405, 'GET'],
    ],
  );
});

test('an address that is too fast is sent on all the same, and no longer noted', async () => {
  await written();
  const to = click('https://shop.example/');
  const answers = await Promise.all(Array.from({ length: 120 }, () => ask('GET', to, VISITOR)));
  assert.ok(answers.every(({ status }) => status === 302));
  const records = await written('touch');
  assert.ok(records.length < 70, `${records.length} were noted`);
  assert.deepEqual(server().log, []);
});
