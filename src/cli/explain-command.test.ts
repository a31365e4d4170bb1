import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { testIo } from '../../test/io.ts';
import { AssayError } from '../event/error.ts';
import { DEFAULT_TRACKING_YAML } from '../spec/default-text.ts';
import { type ExplainOptions, explainCommand } from './explain-command.ts';

const EVENT = { event: 'Contact', event_id: 'c-1', page: { url: 'https://shop.example/' }, consent: 'granted' };
const EVENTS = [EVENT, EVENT, { event: 'purchase now', page: EVENT.page }, 7];
const NOW = Date.UTC(2026, 7, 1, 12);

let folder = '';
const inFolder = (name: string, text?: string): string => {
  const path = join(folder, name);
  if (text !== undefined) writeFileSync(path, text);
  return path;
};
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-explain-'));
});
after(() => rmSync(folder, { recursive: true }));

interface Result {
  verdict: string;
  reasons: string[];
  event: { source_id?: string };
  request: { data: { event_time: number }[] } | null;
}

test('explain --json answers in input order, each result with the same fields', async () => {
  const { code, results } = await explain(undefined, {}, JSON.stringify(EVENTS));
  assert.equal(code, 0);
  assert.deepEqual(
    results.map(({ verdict }) => verdict),
    ['admitted', 'duplicate', 'quarantined', 'quarantined'],
  );
  for (const result of results) {
    assert.deepEqual(Object.keys(result), ['verdict', 'reasons', 'event', 'request', 'problems', 'legs']);
    assert.ok(result.reasons.length > 0);
  }
  assert.equal(results[0]?.request?.data[0]?.event_time, NOW / 1000);
  assert.deepEqual(
    results.slice(1).map(({ request }) => request),
    [null, null, null],
  );
});

test('a file is read as standard input is, and one event as a list of one', async () => {
  const piped = await explain(undefined, {}, JSON.stringify(EVENTS));
  assert.deepEqual(await explain(inFolder('events.json', JSON.stringify(EVENTS)), {}), piped);
  const { results } = await explain(undefined, {}, JSON.stringify(EVENT));
  assert.deepEqual(results, piped.results.slice(0, 1));
});

test('--now is the time to judge at, as ISO 8601 or as Unix seconds', async () => {
  for (const now of ['2026-08-02T00:00:00Z', '2026-08-02T02:00:00+02:00', '1785628800', '1785628800.5']) {
    const { results } = await explain(undefined, { now }, JSON.stringify(EVENT));
    assert.equal(results[0]?.request?.data[0]?.event_time, Date.UTC(2026, 7, 2) / 1000, now);
  }
});

test('--spec names the tracking spec', async () => {
  const spec = inFolder('other.yaml', DEFAULT_TRACKING_YAML.replace('id: demo', 'id: other'));
  assert.equal((await explain(undefined, { spec }, JSON.stringify(EVENT))).results[0]?.event.source_id, 'other/web');
  assert.equal((await explain(undefined, {}, JSON.stringify(EVENT))).results[0]?.event.source_id, 'demo/web');
});

test('in words it names verdict, problems, legs and TikTok’s request', async () => {
  const io = testIo({ stdin: JSON.stringify([EVENT, { event: '1st', page: {} }]) });
  assert.equal(await explainCommand(undefined, {}, io), 0);
  assert.match(io.out(), /^1\. Contact: admitted \(first_observation\)$/m);
  assert.match(io.out(), /^ {3}api leg to main: queued \(ready\)$/m);
  assert.match(io.out(), /^ {5}"event_source": "web",$/m);
  assert.match(io.out(), /^2\. \S+: quarantined \(/m);
  assert.match(io.out(), /^ {3}no request to TikTok$/m);
});

test('what can’t be read is said in a sentence, with exit code 2', async () => {
  for (const [file, options, stdin, says] of [
    [undefined, {}, '{"event"', /^The input is not JSON \(line 1 column 9\)\. Write one event, .+\n$/],
    [undefined, {}, 'ann@example.com', /^The input is not JSON\. Write one event, [^@]+\n$/],
    [undefined, {}, '', /^The input is not JSON\. .+\n$/],
    [inFolder('nothing.json'), {}, '', /nothing\.json can’t be read\. Check the name and the folder\.\n$/],
    [undefined, { now: 'soon' }, '{}', /^--now soon is not a time\. Write ISO 8601 or Unix seconds\.\n$/],
    [undefined, { spec: inFolder('nothing.yaml') }, '{}', /nothing\.yaml does not exist\.\n$/],
  ] as const) {
    const io = testIo({ stdin });
    assert.equal(await explainCommand(file, options, io), 2, io.err());
    assert.equal(io.out(), '');
    assert.match(io.err(), says);
  }
});

test('a spec with problems is answered with all of them and their lines', async () => {
  const spec = inFolder(
    'bad.yaml',
    DEFAULT_TRACKING_YAML.replace('delay: 5s', 'delai: 5s').replace('giveUp: 40h', 'giveUp: 50h'),
  );
  await assert.rejects(explainCommand(undefined, { spec }, testIo({ stdin: '{}' })), (error) => {
    assert.ok(error instanceof AssayError);
    assert.match(error.message, /bad\.yaml:\d+:5 events\.Purchase\.delai is unknown/);
    assert.match(error.message, /delivery\.giveUp/);
    return true;
  });
});

async function explain(
  file: string | undefined,
  options: ExplainOptions,
  stdin = '',
): Promise<{ code: number; results: Result[] }> {
  const io = testIo({ stdin, now: NOW });
  const code = await explainCommand(file, { ...options, json: true }, io);
  assert.equal(io.err(), '');
  return { code, results: (JSON.parse(io.out()) as { results: Result[] }).results };
}
