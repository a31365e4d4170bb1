import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { startTestServer, type TestServer } from '../../test/server.ts';
import type { ImportedAnswer } from '../api/imports.ts';
import { openLedgerReader } from '../store/sqlite/ledger.ts';
import { readOperator } from './operator.ts';

let server: TestServer;
let token = '';
before(async () => {
  server = await startTestServer('http://127.0.0.1:1');
  token = readOperator(server.folder)?.token ?? '';
});
after(() => server.stop());

function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(server.adminUrl + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

async function taken(path: string, body: unknown): Promise<ImportedAnswer> {
  const answer = await post(path, body);
  assert.equal(answer.status, 200, await answer.clone().text());
  return (await answer.json()) as ImportedAnswer;
}

async function records(): Promise<number> {
  const reader = await openLedgerReader(server.folder);
  const offset = await reader.offset();
  await reader.close();
  return offset;
}

const TOUCH = { type: 'click', time: '2021-08-01T12:00:00Z', visitor: 'v-1' };
const ROW = {
  ...{ level: 'ad', id: '7', day: '2021-08-01', basis: 'impression', currency: 'EUR', spend: '1', impressions: 1 },
  ...{ clicks: 1, conversions: 1, pulled_at: '2021-08-05T00:00:00Z' },
};

const [TOUCHES, ADS] = ['/v1/imports/touches', '/v1/imports/ads'];
const wrong: [name: string, path: string, body: unknown, says: string][] = [
  ['what is no JSON', TOUCHES, '{', '400 body_not_json'],
  ['a body without its list', TOUCHES, { rows: [] }, '422 body_shape touches'],
  ['an empty list', ADS, { rows: [] }, '422 body_shape rows'],
  ['more than 1,000', TOUCHES, { touches: Array(1001).fill(TOUCH) }, '422 body_shape touches'],
  ['another kind', TOUCHES, { touches: [{ ...TOUCH, type: 'tap' }] }, '422 body_shape touches.0.type'],
  [
    'a time without its zone',
    TOUCHES,
    { touches: [{ ...TOUCH, time: '2021-08-01T12:00:00' }] },
    '422 body_shape touches.0.time',
  ],
  [
    'a day as time',
    TOUCHES,
    { touches: [TOUCH, { ...TOUCH, time: '2021-13-01T12:00:00Z' }] },
    '422 body_shape touches.1.time',
  ],
  ['nobody', TOUCHES, { touches: [{ ...TOUCH, visitor: undefined }] }, '422 body_shape touches.0.visitor'],
  [
    'fields that are no text',
    TOUCHES,
    { touches: [{ ...TOUCH, ad: { campaign_id: 7 } }] },
    '422 body_shape touches.0.ad.campaign_id',
  ],
  ['an id that is a list', ADS, { rows: [{ ...ROW, id: ['7'] }] }, '422 body_shape rows.0.id'],
  ['a key’s sign in an id', ADS, { rows: [{ ...ROW, id: '7|8' }] }, '422 body_shape rows.0.id'],
  ['money as a number', ADS, { rows: [{ ...ROW, spend: 1.5 }] }, '422 body_shape rows.0.spend'],
  ['a day that is none', ADS, { rows: [ROW, { ...ROW, day: '2021-02-30' }] }, '422 body_shape rows.1.day'],
  ['half a click', ADS, { rows: [{ ...ROW, clicks: 0.5 }] }, '422 body_shape rows.0.clicks'],
  ['no zone', ADS, { rows: [{ ...ROW, timezone: 'Berlin' }] }, '422 body_shape rows.0.timezone'],
];
for (const [name, path, body, says] of wrong)
  test(`an import of ${name} is refused whole`, async () => {
    const before = await records();
    const answer = await post(path, body);
    const { code, problems = [] } = (await answer.json()) as { code: string; problems?: { where: string }[] };
    const told = [answer.status, code, problems[0]?.where].filter((part) => part !== undefined).join(' ');
    assert.equal(told, says);
    assert.equal(await records(), before);
  });

test('only an operator imports', async () => {
  for (const path of [TOUCHES, ADS]) assert.equal((await post(path, {}, { authorization: '' })).status, 401);
});

test('a batch says what came of it, and a dry run writes nothing', async () => {
  const before = await records();
  const touches = [TOUCH, TOUCH, { ...TOUCH, user: { phone: 'none', ttclid: '__CLICKID__' } }];
  const dry = await taken(`${TOUCHES}?dry_run=1`, { touches });
  assert.deepEqual([dry, await records()], [{ new: 0, updated: 0, known: 0, older: 0, leftOut: 1 }, before]);
  assert.deepEqual(await taken(TOUCHES, { touches }), { new: 1, updated: 0, known: 2, older: 0, leftOut: 1 });
  const rows = [ROW, { ...ROW, clicks: 2, pulled_at: '2021-08-04T00:00:00Z' }, { ...ROW, id: '8' }];
  assert.deepEqual(await taken(ADS, { rows }), { new: 2, updated: 0, known: 0, older: 1, leftOut: 0 });
  const later = { ...ROW, clicks: 3, pulled_at: '2021-08-06T00:00:00Z' };
  assert.deepEqual(await taken(ADS, { rows: [later, ROW] }), { new: 0, updated: 1, known: 0, older: 1, leftOut: 0 });
});

test('touches that come twice, in pieces or in another order are the same touches', async () => {
  const one = fc.record({
    type: fc.constantFrom('click', 'view', 'engaged_view'),
    time: fc.constantFrom('2021-08-01T12:00:00Z', '2021-08-01T12:00:01Z'),
    visitor: fc.constantFrom('p-1', 'p-2'),
    ad: fc.constantFrom({ campaign_id: '1' }, { campaign_id: '2' }),
  });
  const ways = fc
    .uniqueArray(one, { minLength: 1, maxLength: 6, selector: (row) => JSON.stringify(row) })
    .chain((rows) =>
      fc.tuple(fc.constant(rows), fc.shuffledSubarray([...rows, ...rows], { minLength: 2 * rows.length })),
    );
  let run = 0;
  await fc.assert(
    fc.asyncProperty(ways, fc.integer({ min: 1, max: 5 }), async ([rows, again], piece) => {
      run++;
      const of = (list: typeof rows) => list.map((row) => ({ ...row, session: `run-${run}` }));
      let fresh = 0;
      for (let at = 0; at < again.length; at += piece)
        fresh += (await taken(TOUCHES, { touches: of(again.slice(at, at + piece)) })).new;
      assert.equal(fresh, rows.length);
      assert.equal((await taken(TOUCHES, { touches: of(rows) })).known, rows.length);
    }),
    { numRuns: 15 },
  );
});
