import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import type { Command } from 'commander';
import { runAssay, startAssay } from '../../test/assay.ts';
import { testIo } from '../../test/io.ts';
import type { TraceAnswer } from '../api/answers.ts';
import { DEFAULT_TRACKING_YAML } from '../spec/default-text.ts';
import { program } from './program.ts';

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
  const all = program(testIo()).commands;
  assert.deepEqual(
    all.map((command) => command.name()),
    [
      ...['demo', 'init', 'serve', 'doctor', 'spec', 'verify', 'rebuild', 'backup', 'restore', 'explain', 'trace'],
      ...['clocks', 'audit-log', 'sql', 'export', 'attribute', 'import', 'dead', 'keys'],
    ],
  );
  for (const command of all) assert.match(stdout, new RegExp(`^  ${command.name()} `, 'm'));
  for (const command of leaves(all)) {
    let help = '';
    command.configureOutput({ writeOut: (part) => (help += part) }).outputHelp();
    assert.match(help, /\nExamples?:\n {2}\$ .*assay /, command.name());
    assert.match(help, /^ {2}--json /m, command.name());
  }
  const wrong = await assay(['trase']);
  assert.deepEqual([wrong.code, wrong.stdout], [1, '']);
  assert.match(wrong.stderr, /unknown command 'trase'/);
});

test('explain reads what is piped into it, with the spec of the folder or the built-in one', async () => {
  for (const [id, spec] of [
    ['demo', undefined],
    ['own', DEFAULT_TRACKING_YAML.replace('id: demo', 'id: own')],
  ] as const) {
    if (spec) writeFileSync(join(folder, 'tracking.yaml'), spec);
    const { code, stdout, stderr } = await assay(['explain', '--json'], { stdin: JSON.stringify(EVENT) });
    assert.deepEqual([code, stderr], [0, '']);
    const { results } = JSON.parse(stdout) as { results: { verdict: string; event: { source_id: string } }[] };
    assert.deepEqual(
      results.map(({ verdict, event }) => [verdict, event.source_id]),
      [['admitted', `${id}/web`]],
    );
  }
  writeFileSync(join(folder, 'tracking.yaml'), 'assay: 2\n');
  const bad = await assay(['explain'], { stdin: '{}' });
  assert.deepEqual([bad.code, bad.stdout], [1, '']);
  assert.match(bad.stderr, /^\.\/tracking\.yaml:1:\d+ /);
  assert.ok(!bad.stderr.includes('    at '), bad.stderr);
  rmSync(join(folder, 'tracking.yaml'));
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
  // TikTok can't be reached from here, and a slow machine leaves time to notice.
  assert.match(server.said(), /^(?:.*destination main is not answering: .*\n)?$/);
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

test('what init writes is taken by serve and by an import, each with one option', async (t) => {
  const shop = join(folder, 'shop');
  const { code, stderr } = await assay(['init', '--yes', '--dir', shop, '--confirm', 'none']);
  assert.deepEqual([code, stderr], [0, '']);
  assert.deepEqual((await runAssay(['spec', 'check'], { cwd: shop })).code, 0);
  // The environment wins over the file.
  const env = {
    ASSAY_DATA: join(shop, 'data'),
    ASSAY_SPEC: join(shop, 'tracking.yaml'),
    ASSAY_PORT: '0',
    ASSAY_ADMIN_PORT: '0',
  };
  const args = ['--settings', join(shop, '.env')];
  const server = await startAssay<{ publicPort: number }>(['serve', '--json', ...args], env, (child) =>
    t.after(() => child.kill('SIGKILL')),
  );
  const brought = await runAssay(
    [
      'import',
      'events',
      '-',
      '--format',
      'jsonl',
      '--source',
      'web',
      '--url',
      `http://127.0.0.1:${server.ready.publicPort}`,
      '--json',
      ...args,
    ],
    { cwd: shop, stdin: `${JSON.stringify(EVENT)}\n` },
  );
  assert.deepEqual([brought.code, (JSON.parse(brought.stdout) as { new: number }).new], [0, 1], brought.stderr);
  const clocks = await assay(['clocks', 'c-1'], { env });
  assert.match(clocks.stdout, /^Contact c-1$/m);
  assert.deepEqual(await server.end('SIGTERM'), [0, null]);
  const wrong = await assay(['serve', '--settings', 'none.env']);
  assert.deepEqual(
    [wrong.code, wrong.stderr],
    [1, 'none.env can’t be read: name a file of settings with --settings\n'],
  );
});

test('doctor ends with 1 when something is wrong', async () => {
  const { code, stdout, stderr } = await assay(['doctor'], {
    env: { ...settings(join(folder, 'doctor')), ASSAY_PORT: 'x' },
  });
  assert.deepEqual([code, stderr], [1, '']);
  assert.match(stdout, /^✗ settings: ASSAY_PORT can’t be used: /m);
});

/** Commands that do something. */
function leaves(commands: readonly Command[]): Command[] {
  return commands.flatMap((command) => (command.commands.length === 0 ? [command] : leaves(command.commands)));
}

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

async function takenPort(t: TestContext): Promise<number> {
  const other = createServer();
  t.after(() => other.close());
  await once(other.listen(0, '127.0.0.1'), 'listening');
  return (other.address() as AddressInfo).port;
}
