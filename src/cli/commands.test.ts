import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { runAssay, startAssay } from '../../test/assay.ts';
import type { TraceAnswer } from '../api/answers.ts';
import { DEFAULT_TRACKING_YAML } from '../spec/default-text.ts';

const ROOT = join(import.meta.dirname, '../..');
const EVENT = { event: 'Contact', event_id: 'c-1', page: { url: 'https://shop.example/' }, consent: 'granted' };
const SECRET_KEY = 'secret-key-of-the-server-door';

let folder = '';
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-commands-'));
});
after(() => rmSync(folder, { recursive: true }));

test('npx runs the command of this checkout, whatever Node npx itself has', () => {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  const said = execFileSync('npx', ['--no-install', 'assay', '--version'], {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  assert.equal(said, `${version}\n`);
});

test('help names every command with an example, and a wrong command says where to look', async () => {
  const { code, stdout } = await assay(['--help']);
  assert.equal(code, 0);
  for (const command of ['demo', 'serve', 'doctor', 'spec', 'explain', 'trace']) {
    assert.match(stdout, new RegExp(`^  ${command} `, 'm'));
    if (command !== 'spec') assert.match((await assay([command, '--help'])).stdout, /\nExample:\n {2}\$ .*assay /);
  }
  const wrong = await assay(['trase']);
  assert.deepEqual([wrong.code, wrong.stdout], [1, '']);
  assert.match(wrong.stderr, /unknown command 'trase'/);
});

test('explain reads standard input or a file and answers in input order', async () => {
  const events = [EVENT, EVENT, { event: 'purchase now', page: EVENT.page }, 7];
  const now = ['--now', '2026-08-01T12:00:00Z', '--json'];
  const piped = await assay(['explain', ...now], { stdin: JSON.stringify(events) });
  assert.deepEqual([piped.code, piped.stderr], [0, '']);
  const { results } = JSON.parse(piped.stdout) as { results: Record<string, unknown>[] };
  assert.deepEqual(
    results.map(({ verdict }) => verdict),
    ['admitted', 'duplicate', 'quarantined', 'quarantined'],
  );
  for (const result of results) {
    assert.deepEqual(Object.keys(result), ['verdict', 'reasons', 'event', 'request', 'problems', 'legs']);
    assert.ok((result['reasons'] as string[]).length > 0);
  }
  const [admitted] = results;
  assert.deepEqual(
    (admitted?.['request'] as { data: { event_time: number }[] } | undefined)?.data[0]?.event_time,
    Date.UTC(2026, 7, 1, 12) / 1000,
  );
  assert.deepEqual(
    results.slice(1).map(({ request }) => request),
    [null, null, null],
  );

  writeFileSync(join(folder, 'events.json'), JSON.stringify(events));
  assert.deepEqual(await assay(['explain', 'events.json', ...now]), piped);
  const seconds = await assay(['explain', 'events.json', '--json', '--now', String(Date.UTC(2026, 7, 1, 12) / 1000)]);
  assert.equal(seconds.stdout, piped.stdout);
});

test('explain takes the spec it is told, else the one in the folder, else the built-in one', async () => {
  const input = JSON.stringify({ ...EVENT, event: 'CompleteRegistration' });
  const eventOf = (stdout: string): unknown =>
    (JSON.parse(stdout) as { results: { event: { source_id: string } }[] }).results[0]?.event.source_id;
  const own = join(folder, 'own');
  execFileSync('mkdir', [own]);
  const run = (args: string[], cwd: string) => runAssay(['explain', '--json', ...args], { cwd, stdin: input });
  writeFileSync(join(folder, 'other.yaml'), DEFAULT_TRACKING_YAML.replace('id: demo', 'id: other'));
  assert.equal(eventOf((await run([], own)).stdout), 'demo/web');
  writeFileSync(join(own, 'tracking.yaml'), DEFAULT_TRACKING_YAML.replace('id: demo', 'id: own'));
  assert.equal(eventOf((await run([], own)).stdout), 'own/web');
  assert.equal(eventOf((await run(['--spec', join(folder, 'other.yaml')], own)).stdout), 'other/web');
});

test('explain in words names verdict, problems, legs and TikTok’s request', async () => {
  const { code, stdout } = await assay(['explain'], { stdin: JSON.stringify([EVENT, { event: '1st', page: {} }]) });
  assert.equal(code, 0);
  assert.match(stdout, /^1\. Contact: admitted \(first_observation\)$/m);
  assert.match(stdout, /^ {3}api leg to main: queued \(ready\)$/m);
  assert.match(stdout, /^ {5}"event_source": "web",$/m);
  assert.match(stdout, /^2\. \S+: quarantined \(/m);
  assert.match(stdout, /^ {3}no request to TikTok$/m);
});

test('what explain can’t read is said in a sentence, with exit code 2 for input and 1 for a bad spec', async () => {
  writeFileSync(join(folder, 'bad.yaml'), 'assay: 1\nbusiness: { id: demo }\nevent: {}\n');
  for (const [args, stdin, code, says] of [
    [[], '{"event"', 2, /^The input is not JSON: /],
    [[], '', 2, /^The input is not JSON: /],
    [['nothing.json'], '', 2, /^nothing\.json can’t be read\. Check the name and the folder\.$/m],
    [['--now', 'soon'], '{}', 2, /^--now soon is not a time\. Write ISO 8601 or Unix seconds\.$/m],
    [['--spec', 'nothing.yaml'], '{}', 2, /^nothing\.yaml does not exist\.$/m],
    [['--spec', 'bad.yaml'], '{}', 1, /^bad\.yaml:\d+:\d+ /m],
  ] as const) {
    const { code: ended, stdout, stderr } = await assay(['explain', ...args], { stdin });
    assert.deepEqual([ended, stdout], [code, ''], `${args.join(' ')} ${stdin}: ${stderr}`);
    assert.match(stderr, says);
    assert.ok(!stderr.includes('    at '), stderr);
  }
});

test('serve collects, trace follows what it collected, and a signal ends it in order', async (t) => {
  const data = join(folder, 'store');
  const nothing = await assay(['trace', 'c-1', '--data', data]);
  assert.deepEqual(
    [nothing.code, nothing.stderr],
    [2, `There is no store in ${data}. Name its folder with --data or ASSAY_DATA.\n`],
  );
  const env = settings(data);
  const server = await startAssay<{ publicUrl: string; spec: number }>(['serve', '--json'], env, (child) =>
    t.after(() => child.kill('SIGKILL')),
  );
  assert.equal(server.ready.spec, 1);
  const answer = await fetch(`${server.ready.publicUrl}/v1/server/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${SECRET_KEY}`, prefer: 'wait=10' },
    body: JSON.stringify(EVENT),
  });
  assert.equal(answer.status, 202);
  await answer.text();

  const second = await assay(['serve', '--json'], { env });
  assert.deepEqual([second.code, second.stdout], [1, '']);
  assert.match(second.stderr, /^another writer has this store open: .*\n$/);

  const json = await assay(['trace', 'c-1', '--json'], { env });
  assert.equal(json.code, 0, json.stderr);
  assert.deepEqual(
    (JSON.parse(json.stdout) as TraceAnswer).events.map(({ eventId, event }) => [eventId, event]),
    [['c-1', 'Contact']],
  );
  const words = await assay(['trace', 'c-1', '--data', data]);
  assert.match(words.stdout, /^c-1 as of .* \(Europe\/Berlin\)\n\nContact c-1, happened .*\n {2}api /);
  const unknown = await assay(['trace', 'nobody', '--data', data]);
  assert.deepEqual([unknown.code, unknown.stdout, unknown.stderr], [1, '', 'Nothing is known about "nobody".\n']);
  assert.deepEqual(await server.end('SIGTERM'), [0, null]);
  assert.equal(server.said(), '');
});

test('serve lists every wrong setting at once and starts nothing', async () => {
  const { code, stdout, stderr } = await assay(['serve'], {
    env: { ASSAY_DATA: join(folder, 'none'), ASSAY_PORT: 'x', ASSAY_SECRET_KEY: 'short' },
  });
  assert.deepEqual([code, stdout], [1, '']);
  assert.match(stderr, /^The environment has 2 problems:\n {2}ASSAY_PORT .*\n {2}ASSAY_SECRET_KEY .*\n$/);
  assert.ok(!stderr.includes('short'));
});

test('serve on a port that is taken says so and ends', async (t) => {
  const port = String(await takenPort(t));
  for (const name of ['ASSAY_PORT', 'ASSAY_ADMIN_PORT']) {
    const { code, stderr } = await assay(['serve'], { env: { ...settings(join(folder, name)), [name]: port } });
    assert.deepEqual([code, stderr], [1, `127.0.0.1:${port} can't be listened on (EADDRINUSE): set another port\n`]);
  }
});

test('doctor finds what would keep a server from working', async (t) => {
  const tiktok = `http://127.0.0.1:${await takenPort(t, 'HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n')}`;
  const spec = join(folder, 'doctor.yaml');
  const bad = join(folder, 'doctor-bad.yaml');
  writeFileSync(spec, DEFAULT_TRACKING_YAML);
  writeFileSync(bad, DEFAULT_TRACKING_YAML.replace('giveUp: 40h', 'giveUp: 50h'));
  writeFileSync(join(folder, 'file'), '');
  const good = {
    ...settings(join(folder, 'doctor')),
    ASSAY_SPEC: spec,
    ASSAY_TIKTOK_API: tiktok,
  };
  const taken = new URL(tiktok).port;
  for (const [change, code, check, state, says] of [
    [{}, 0, 'tiktok', 'ok', /answers$/],
    [{}, 0, 'destination main', 'ok', /^TIKTOK_TOKEN is set$/],
    [{ TIKTOK_TOKEN: '' }, 1, 'destination main', 'fail', /^TIKTOK_TOKEN is not set: /],
    [{ ASSAY_SPEC: bad }, 1, 'spec', 'fail', /delivery\.giveUp/],
    [{ ASSAY_SPEC: join(folder, 'missing.yaml') }, 0, 'spec', 'warn', /does not exist/],
    [{ ASSAY_PORT: taken }, 0, 'public port', 'warn', /is taken/],
    [{ ASSAY_ADMIN_PORT: taken }, 0, 'admin port', 'warn', /is taken/],
    [{ ASSAY_SECRET_KEY: '' }, 1, 'settings', 'fail', /^ASSAY_SECRET_KEY is not set: /],
    [{ ASSAY_DATA: join(folder, 'file', 'x') }, 1, 'store', 'fail', /can't be written/],
    [{ ASSAY_TIKTOK_API: 'http://127.0.0.1:1' }, 1, 'tiktok', 'fail', /can't be reached/],
  ] as const) {
    const { code: ended, stdout } = await assay(['doctor', '--json'], { env: { ...good, ...change } });
    const answer = JSON.parse(stdout) as { ok: boolean; checks: { check: string; state: string; says: string }[] };
    const found = answer.checks.find((one) => one.check === check);
    assert.deepEqual(
      [ended, answer.ok, found?.state],
      [code, code === 0, state],
      `${JSON.stringify(change)}: ${stdout}`,
    );
    assert.match(found?.says ?? '', says);
    for (const secret of [SECRET_KEY, 'token-of-the-test']) assert.ok(!stdout.includes(secret));
  }
  const words = await assay(['doctor'], { env: good });
  assert.equal(words.code, 0);
  assert.match(words.stdout, /^(✓ [a-z ]+: .+\n)+$/);
});

function assay(args: readonly string[], more: { env?: Record<string, string>; stdin?: string } = {}) {
  return runAssay(args, { cwd: folder, ...more });
}

function settings(data: string): Record<string, string> {
  return {
    ASSAY_DATA: data,
    ASSAY_PORT: '0',
    ASSAY_ADMIN_PORT: '0',
    ASSAY_SECRET_KEY: SECRET_KEY,
    ASSAY_TIKTOK_API: 'http://127.0.0.1:1',
    TIKTOK_TOKEN: 'token-of-the-test',
  };
}

/** A port that something else listens on, and what that something says. */
async function takenPort(t: TestContext, says = ''): Promise<number> {
  const other = createServer((socket) => {
    socket.on('error', () => undefined).once('data', () => socket.end(says));
  });
  t.after(() => other.close());
  await once(other.listen(0, '127.0.0.1'), 'listening');
  return (other.address() as AddressInfo).port;
}
