import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { answerTold, eventTold, sentTold, specTold } from '../../test/admission-kit.ts';
import { type TestIo, testIo } from '../../test/io.ts';
import { startTestServer, type TestServer } from '../../test/server.ts';
import { openAdmission } from '../admission/run.ts';
import type { LettersAnswer, ReplayAnswer, WholeLetterAnswer } from '../api/letters.ts';
import { AssayError } from '../event/error.ts';
import { openJournal } from '../store/sqlite/journal.ts';
import { openLedger } from '../store/sqlite/ledger.ts';
import { deadExport, deadList, deadReplay, deadShow } from './dead.ts';

const strict = (text: string): string => text.replace('events:\n', 'events:\n  Search: { require: [query] }\n');

let folder = '';
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'assay-dead-'));
  await fill(folder);
});
after(() => rmSync(folder, { recursive: true }));

/** An event that TikTok refused, one that may have arrived two days ago, and a record in quarantine. */
async function fill(into: string): Promise<void> {
  const journal = await openJournal(into);
  const ledger = await openLedger(into);
  const at = Date.now() - 50 * 3_600_000;
  await journal.append([
    specTold(strict, at),
    eventTold('server', { event_id: 'e-1' }, at),
    eventTold('server', { event_id: 'e-2' }, at),
    eventTold('server', { event: 'Search', event_id: 'e-3' }, at),
    sentTold(2, at),
    sentTold(3, at),
    answerTold(2, 'bury', at, { copy: false, why: 'refused_by_tiktok', code: 40002, message: 'no such thing' }),
    answerTold(3, 'park', at, { why: 'may_have_arrived' }),
  ]);
  await (await openAdmission(journal, ledger)).catchUp();
  await ledger.close();
  await journal.close();
}

async function run(work: (io: TestIo) => Promise<number>, code = 0): Promise<string> {
  const io = testIo({ now: Date.now(), env: { USER: 'ada' } });
  assert.equal(await work(io), code, io.out() + io.err());
  return io.out();
}

async function json<T>(work: (io: TestIo) => Promise<number>, code = 0): Promise<T> {
  return JSON.parse(await run(work, code)) as T;
}

test('letters are listed, narrowed and shown, for people and for programs', async () => {
  const all = await json<LettersAnswer>((io) => deadList({ data: folder, json: true }, io));
  assert.deepEqual(new Set(all.letters.map(({ id }) => id)), new Set(['leg:2/main', 'leg:3/main', 'record:4']));
  const one = await json<LettersAnswer>((io) => deadList({ data: folder, json: true, code: '40002', since: '7d' }, io));
  assert.deepEqual(
    one.letters.map(({ id }) => id),
    ['leg:2/main'],
  );
  const first = await json<LettersAnswer>((io) => deadList({ data: folder, json: true, limit: '2' }, io));
  assert.deepEqual([first.letters.length, typeof first.next], [2, 'string']);
  const words = await run((io) => deadList({ data: folder }, io));
  assert.match(words, /leg:3\/main .*may_have_arrived .*replay: clock_passed/);
  assert.match(words, /leg:2\/main .*refused_by_tiktok \(40002\) .*replay: yes/);
  assert.match(
    await run((io) => deadList({ data: folder, until: '2020-01-01' }, io)),
    /There are no such dead letters/,
  );
  assert.match(await run((io) => deadShow('leg:3/main', { data: folder }, io)), /It may have arrived: by the api/);
  const whole = await json<WholeLetterAnswer>((io) => deadShow('record:4', { data: folder, json: true }, io));
  assert.equal(whole.body['event'], 'Search');
});

test('all that match are written into a file, by what its name says', async () => {
  const [lines, table] = [join(folder, 'letters.jsonl'), join(folder, 'letters.csv')];
  await run((io) => deadExport(lines, { data: folder }, io));
  await run((io) => deadExport(table, { data: folder, kind: 'dead' }, io));
  assert.equal(readFileSync(lines, 'utf8').trim().split('\n').length, 3);
  assert.match(readFileSync(table, 'utf8'), /^id,kind,at,.*\r\nleg:2\/main,dead,/);
  const out = await run((io) => deadExport(undefined, { data: folder, kind: 'record' }, io));
  assert.equal((JSON.parse(out) as WholeLetterAnswer).id, 'record:4');
});

test('a question that can’t be read, and a store that is not there, are 2; an unknown letter says so', async () => {
  await run((io) => deadList({ data: folder, since: 'yesterday' }, io), 2);
  await run((io) => deadList({ data: folder, limit: 'x' }, io), 2);
  await run((io) => deadReplay([], { data: folder }, io), 2);
  await run((io) => deadReplay(['leg:2/main'], { data: folder, all: true }, io), 2);
  await run((io) => deadReplay([], { data: folder, all: true }, io), 2);
  await run((io) => deadList({ data: join(folder, 'nowhere') }, io), 2);
  await assert.rejects(
    deadShow('leg:99/main', { data: folder }, testIo()),
    (error) => error instanceof AssayError && error.code === 'letter_unknown',
  );
});

test('a person sees what --all would do before it is done, and may leave', async () => {
  const io = { ...testIo({ now: Date.now() }), interactive: true };
  const asked: string[] = [];
  const code = await deadReplay([], { data: folder, all: true }, io, async (question) => {
    asked.push(question);
    return false;
  });
  assert.deepEqual([code, asked], [1, ['Replay them?']]);
  assert.match(io.out(), /A replay would try 1 letter again\.\n1 letter refused, clock_passed/);
});

test('a replay without a server is written down, says what was refused, and who asked', async () => {
  const dry = await json<ReplayAnswer>(
    (io) => deadReplay([], { data: folder, json: true, all: true, dryRun: true }, io),
    1,
  );
  const real = await json<ReplayAnswer>(
    (io) => deadReplay([], { data: folder, json: true, all: true, yes: true }, io),
    1,
  );
  assert.deepEqual({ ...real, dry: true }, dry);
  assert.deepEqual([real.replayed, real.refused.map(({ why }) => why)], [1, ['clock_passed', 'parameter_missing']]);
  const again = await json<ReplayAnswer>((io) => deadReplay(['leg:2/main'], { data: folder, json: true }, io), 1);
  assert.deepEqual([again.replayed, again.refused.map(({ why }) => why)], [0, ['not_given_up']]);
  const { replays } = await json<WholeLetterAnswer>((io) => deadShow('leg:3/main', { data: folder, json: true }, io));
  assert.deepEqual(
    replays.map(({ by, why }) => [by, why]),
    [['ada', 'clock_passed']],
  );
});

test('a running server answers the same commands', async (t) => {
  const server: TestServer = await startTestServer('http://127.0.0.1:1');
  t.after(() => server.stop());
  const data = server.folder;
  const { letters } = await json<LettersAnswer>((io) => deadList({ data, json: true }, io));
  assert.deepEqual(letters, []);
  assert.equal(await run((io) => deadExport(undefined, { data }, io)), '');
  const all = await json<ReplayAnswer>((io) => deadReplay([], { data, json: true, all: true, yes: true }, io));
  assert.deepEqual(all, { replayed: 0, refused: [], dry: false });
  const one = await json<ReplayAnswer>((io) => deadReplay(['record:1'], { data, json: true }, io), 1);
  assert.deepEqual(
    one.refused.map(({ why, ids }) => [why, ids]),
    [['not_quarantined', ['record:1']]],
  );
});
