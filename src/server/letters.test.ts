import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import {
  answerTold,
  eventTold,
  type Kit,
  openKit,
  purchaseTold,
  rawRecord,
  START,
  sentTold,
  specTold,
} from '../../test/admission-kit.ts';
import type { LettersAnswer, ReplayAnswer, ReplayRequest, WholeLetterAnswer } from '../api/letters.ts';
import type { ProblemAnswer } from '../api/wire.ts';
import { HOUR } from '../event/time.ts';
import { listen } from './http.ts';
import { letterRoutes } from './letters.ts';
import { Specs } from './specs.ts';

const HASH = 'ab'.repeat(32);
const strict = (text: string): string => text.replace('events:\n', 'events:\n  Search: { require: [query] }\n');

interface Desk {
  kit: Kit;
  get<T>(path: string): Promise<T>;
  text(path: string): Promise<string>;
  replay(asked: ReplayRequest): Promise<ReplayAnswer>;
  status(method: string, path: string, body?: string): Promise<[number, string, string[]]>;
}

/** A refused event, one that may have arrived, and a quarantined record, 49 hours later. */
async function open(t: TestContext): Promise<Desk> {
  const kit = await openKit(specTold(strict));
  const personal = { user: { email: [HASH], ip: '192.0.2.7' } };
  await kit.tell(
    eventTold('server', { event_id: 'e-1', properties: { content_id: '=1+1' } }, START, personal),
    eventTold('server', { event_id: 'e-2' }, START, personal),
    eventTold('server', { event: 'Search', event_id: 'e-3' }, START, personal),
    sentTold(2),
    sentTold(3),
    answerTold(2, 'bury', START, { copy: false, why: 'refused_by_tiktok', code: 40002, message: 'bad' }),
    answerTold(3, 'park', START + 1, { why: 'may_have_arrived', code: 40050 }),
  );
  const now = START + 49 * HOUR;
  const specs = new Specs();
  const learn = async (): Promise<void> => specs.learn(await kit.ledger.specs());
  await learn();
  const routes = letterRoutes({
    ...{ reader: kit.ledger, specs, now: () => now },
    journal: {
      read: kit.journal.read,
      first: kit.journal.first,
      append: async (records) => {
        const seq = await kit.tell(...records);
        await learn();
        return seq;
      },
    },
    committed: async () => {},
  });
  const listener = await listen({ host: '127.0.0.1', port: 0 }, routes, {
    failed: (error) => assert.fail(String(error)),
  });
  t.after(() => listener.close());
  const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`http://127.0.0.1:${listener.port}${path}`, init);
  return {
    kit: {
      ...kit,
      tell: async (...records) => {
        const seq = await kit.tell(...records);
        await learn();
        return seq;
      },
    },
    get: async (path) => (await ask(path)).json() as Promise<never>,
    text: async (path) => (await ask(path)).text(),
    replay: async (asked) =>
      (
        await ask('/v1/letters/replay', { method: 'POST', body: JSON.stringify(asked) })
      ).json() as Promise<ReplayAnswer>,
    async status(method, path, body) {
      const answer = await ask(path, { method, ...(body === undefined ? {} : { body }) });
      const { code = '', problems = [] } = (await answer.json()) as Partial<ProblemAnswer>;
      return [answer.status, code, problems.map(({ where }) => where)];
    },
  };
}

test('a page lists dead letters with reason, answers and what a replay would do', async (t) => {
  const desk = await open(t);
  const { letters, counts, asOf, specVersion } = await desk.get<LettersAnswer>('/v1/reports/letters');
  assert.deepEqual([asOf, specVersion], [START + 49 * HOUR, 1]);
  assert.deepEqual(
    letters.map(({ id, why, code, event, eventId, replay }) => [
      id,
      why,
      code,
      event,
      eventId,
      replay.allowed,
      replay.why,
    ]),
    [
      ['leg:3/main', 'may_have_arrived', 40050, 'Contact', 'e-2', false, 'clock_passed'],
      ['record:4', 'parameter_missing', undefined, 'Search', 'e-3', false, 'parameter_missing'],
      ['leg:2/main', 'refused_by_tiktok', 40002, 'Contact', 'e-1', true, undefined],
    ],
  );
  assert.match(letters[0]?.replay.says ?? '', /^It may have arrived: by the api .*second time/);
  assert.deepEqual(letters[0]?.replay.forecast, 'wouldCountTwice');
  assert.deepEqual(letters[2]?.last, { n: 1, sentAt: START, answeredAt: START, code: 40002, message: 'bad' });
  assert.deepEqual(
    letters[1]?.problems?.map(({ where }) => where),
    ['properties.query'],
  );
  assert.equal(
    counts.reduce((sum, { count }) => sum + count, 0),
    3,
  );
});

test('pages follow each other, narrowed or not', async (t) => {
  const desk = await open(t);
  const seen: string[] = [];
  for (let after = ''; ; ) {
    const { letters, next } = await desk.get<LettersAnswer>(`/v1/reports/letters?limit=1&after=${after}`);
    seen.push(...letters.map(({ id }) => id));
    if (next === undefined) break;
    after = next;
  }
  assert.deepEqual(seen, ['leg:3/main', 'record:4', 'leg:2/main']);
  for (const [query, ids] of [
    ['kind=record', ['record:4']],
    ['why=refused_by_tiktok&code=40002&event=Contact&money=false&destination=main', ['leg:2/main']],
    ['from=2026-08-02', []],
    ['from=2026-08-01&to=2026-08-01T12:00:00Z', []],
  ] as const) {
    const { letters } = await desk.get<LettersAnswer>(`/v1/reports/letters?${query}`);
    assert.deepEqual(
      letters.map(({ id }) => id),
      ids,
      query,
    );
  }
});

test('one letter is shown whole, and files hold all of them without anything personal', async (t) => {
  const desk = await open(t);
  const letter = await desk.get<WholeLetterAnswer>('/v1/letters/leg:2%2Fmain');
  assert.deepEqual(letter.body['properties'], { contents: [{ content_id: '=1+1' }] });
  assert.deepEqual(letter.replays, []);
  const lines = (await desk.text('/v1/reports/letters.ndjson')).trim().split('\n');
  assert.deepEqual(
    lines.map((line) => (JSON.parse(line) as WholeLetterAnswer).id),
    ['leg:3/main', 'record:4', 'leg:2/main'],
  );
  const csv = (await desk.text('/v1/reports/letters.csv')).trim().split('\r\n');
  assert.equal(csv.length, 4);
  for (const file of [lines.join('\n'), csv.join('\n'), JSON.stringify(letter)]) {
    assert.ok(!file.includes(HASH) && !file.includes('192.0.2.7'));
    assert.ok(file.includes('content_id'));
  }
});

test('a dry run has the figures of the replay that follows it, and changes nothing', async (t) => {
  const desk = await open(t);
  const before = await desk.kit.journal.last();
  const { dry, ...figures } = await desk.replay({ where: {}, dry: true });
  assert.equal(dry, true);
  assert.equal(figures.replayed, 1);
  assert.deepEqual(
    figures.refused.map(({ why, count, ids }) => [why, count, ids]),
    [
      ['clock_passed', 1, ['leg:3/main']],
      ['parameter_missing', 1, ['record:4']],
    ],
  );
  assert.equal(await desk.kit.journal.last(), before);
  assert.equal(await desk.kit.leg(2, 'api'), 'dead refused_by_tiktok');
  const { dry: _not, ...real } = await desk.replay({ where: {}, by: 'ada' });
  assert.deepEqual(real, figures);
  assert.equal(await desk.kit.leg(2, 'api'), 'queued replayed');
  const again = await desk.replay({ ids: ['leg:2/main', 'leg:3/main', 'record:4'] });
  assert.deepEqual(
    [again.replayed, again.refused.map(({ why }) => why)],
    [0, ['clock_passed', 'not_given_up', 'parameter_missing']],
  );
  const { replays } = await desk.get<WholeLetterAnswer>('/v1/letters/leg:3%2Fmain');
  assert.deepEqual(replays, [{ at: START + 49 * HOUR, by: 'ada', why: 'clock_passed' }]);
});

test('after a new spec a quarantined record is let in, and is no letter any more', async (t) => {
  const desk = await open(t);
  await desk.kit.tell(specTold(undefined, START + HOUR));
  const [letter] = (await desk.get<LettersAnswer>('/v1/reports/letters?kind=record')).letters;
  assert.equal(letter?.replay.allowed, true);
  const { replayed, refused } = await desk.replay({ ids: ['record:4'] });
  assert.deepEqual([replayed, refused], [1, []]);
  assert.equal(await desk.kit.verdict(4), 'admitted first_observation');
  assert.deepEqual((await desk.get<LettersAnswer>('/v1/reports/letters?kind=record')).letters, []);
  assert.deepEqual(await desk.status('GET', '/v1/letters/record:4'), [404, 'letter_unknown', []]);
});

test('records that can’t be judged again are listed all the same', async (t) => {
  const desk = await open(t);
  const unread = { bytes: 3, digest: 'd', verdict: 'quarantined', reason: 'body_not_json', skeleton: ['a'] };
  const seq = await desk.kit.tell(
    rawRecord('unread', unread, { door: 'server' }),
    purchaseTold('server', { properties: {} }),
  );
  const { letters } = await desk.get<LettersAnswer>('/v1/reports/letters?kind=record');
  const byId = new Map(letters.map((letter) => [letter.id, letter]));
  assert.equal(byId.get(`record:${seq}`)?.replay.why, 'text_not_kept');
  assert.equal(byId.get(`record:${seq + 1}`)?.event, 'Purchase');
});

test('what can’t be read is refused with all that is wrong', async (t) => {
  const desk = await open(t);
  const rows: [string, string, string | undefined, number, string, string[]][] = [
    [
      'GET',
      '/v1/reports/letters?kind=x&code=y&money=maybe&from=z&limit=0',
      undefined,
      422,
      'query_unreadable',
      ['kind', 'code', 'money', 'from', 'limit'],
    ],
    ['GET', '/v1/reports/letters?after=x', undefined, 422, 'query_unreadable', ['after']],
    ['GET', '/v1/reports/letters?nothing=1', undefined, 422, 'query_unreadable', ['nothing']],
    ['GET', '/v1/letters/leg:99%2Fmain', undefined, 404, 'letter_unknown', []],
    ['GET', '/v1/letters/__proto__', undefined, 404, 'letter_unknown', []],
    ['POST', '/v1/letters/replay', '{', 400, 'body_not_json', []],
    ['POST', '/v1/letters/replay', '{}', 422, 'body_shape', ['ids']],
    ['POST', '/v1/letters/replay', '{"ids":["leg:1"],"where":{}}', 422, 'body_shape', ['ids']],
    ['POST', '/v1/letters/replay', '{"ids":["leg:1","record:x"]}', 422, 'body_shape', ['ids.0', 'ids.1']],
    ['POST', '/v1/letters/replay', '{"where":{"kind":"x"}}', 422, 'body_shape', ['kind']],
    ['POST', '/v1/letters/replay', JSON.stringify({ ids: Array(1001).fill('record:1') }), 422, 'body_shape', ['ids']],
  ];
  for (const [method, path, body, status, code, wheres] of rows)
    assert.deepEqual(
      await desk.status(method, path, body),
      [status, code, wheres],
      `${method} ${path} ${body?.slice(0, 60)}`,
    );
});
