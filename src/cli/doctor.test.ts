import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { testIo } from '../../test/io.ts';
import { HOUR } from '../event/time.ts';
import { DEFAULT_TRACKING_YAML } from '../spec/default-text.ts';
import { noteBackup } from '../store/care/last-backup.ts';
import { journalFile } from '../store/sqlite/journal-file.ts';
import { openWriter } from '../store/sqlite/open.ts';
import { doctor } from './doctor.ts';
import { specText } from './init-files.ts';
import { usualAnswers } from './init-questions.ts';

const SECRET_KEY = 'secret-key-of-the-server-door';
const TOKEN = 'token-of-the-test';

let folder = '';
let tiktok: Server;
let port = '';
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'assay-doctor-'));
  writeFileSync(join(folder, 'tracking.yaml'), DEFAULT_TRACKING_YAML);
  writeFileSync(join(folder, 'bad.yaml'), DEFAULT_TRACKING_YAML.replace('giveUp: 40h', 'giveUp: 50h'));
  writeFileSync(join(folder, 'new.yaml'), specText(usualAnswers({})));
  tiktok = createServer((_, response) => void response.writeHead(404).end());
  await once(tiktok.listen(0, '127.0.0.1'), 'listening');
  port = String((tiktok.address() as AddressInfo).port);
});
after(() => {
  tiktok.closeAllConnections();
  tiktok.close();
  rmSync(folder, { recursive: true });
});

test('each thing that would keep a server from working is found, and no secret is told', async () => {
  for (const [change, code, check, state, says] of [
    [{}, 0, 'tiktok', 'ok', /answers$/],
    [{}, 0, 'destination main', 'ok', /^TIKTOK_TOKEN is set$/],
    [{}, 0, 'public port', 'ok', /is free$/],
    [{ TIKTOK_TOKEN: '' }, 1, 'destination main', 'fail', /^TIKTOK_TOKEN is not set: /],
    [{ ASSAY_SPEC: join(folder, 'bad.yaml') }, 1, 'spec', 'fail', /delivery\.giveUp/],
    [{ ASSAY_SPEC: join(folder, 'missing.yaml') }, 0, 'spec', 'warn', /does not exist/],
    [{ ASSAY_SPEC: join(folder, 'new.yaml') }, 1, 'destination main', 'fail', /pixel is still to be filled in/],
    [{ ASSAY_WEBHOOK_SECRET: '' }, 0, 'payment webhook', 'warn', /^Purchase waits .* ASSAY_WEBHOOK_SECRET/],
    [{ ASSAY_PROVIDERS: 'none' }, 0, 'payment webhook', 'warn', /^Purchase waits .* a provider in ASSAY_PROVIDERS/],
    [{ ASSAY_PROVIDERS: 'standard,stripe' }, 1, 'settings', 'fail', /^ASSAY_STRIPE_SECRET is not set: .* Stripe /],
    [{ ASSAY_PORT: port }, 0, 'public port', 'warn', /is taken/],
    [{ ASSAY_ADMIN_PORT: port }, 0, 'admin port', 'warn', /is taken/],
    [{ ASSAY_SECRET_KEY: '' }, 1, 'settings', 'fail', /^ASSAY_SECRET_KEY is not set: /],
    [{ ASSAY_SECRET_KEY: 'too-short' }, 1, 'settings', 'fail', /^ASSAY_SECRET_KEY can’t be used: /],
    [{ ASSAY_DATA: join(folder, 'bad.yaml', 'x') }, 1, 'store', 'fail', /can.t be written/],
    [{ ASSAY_TIKTOK_API: 'http://127.0.0.1:1' }, 1, 'tiktok', 'fail', /can.t be reached/],
  ] as const) {
    const io = testIo({ env: { ...good(), ...change } });
    const ended = await doctor({ json: true }, io);
    const answer = JSON.parse(io.out()) as { ok: boolean; checks: { check: string; state: string; says: string }[] };
    const found = answer.checks.find((one) => one.check === check);
    assert.deepEqual(
      [ended, answer.ok, found?.state],
      [code, code === 0, state],
      `${JSON.stringify(change)}: ${io.out()}`,
    );
    assert.match(found?.says ?? '', says);
    for (const secret of [SECRET_KEY, TOKEN, 'too-short']) assert.ok(!io.out().includes(secret));
  }
});

test('in words a line is a check, with a mark for how it went', async () => {
  const io = testIo({ env: good() });
  assert.equal(await doctor({}, io), 0);
  assert.match(io.out(), /^(✓ [a-z ]+: .+\n)+$/);
  const ill = testIo({ env: { ...good(), TIKTOK_TOKEN: '', ASSAY_PORT: port } });
  assert.equal(await doctor({}, ill), 1);
  assert.match(ill.out(), /^✗ destination main: /m);
  assert.match(ill.out(), /^! public port: /m);
});

test('of a store it tells the versions of its files, and how old its last backup is', async () => {
  const data = join(folder, 'with-store');
  openWriter(data, journalFile).close();
  const looked = async (): Promise<Record<string, string>> => {
    const io = testIo({ env: { ...good(), ASSAY_DATA: data }, now: NOW });
    await doctor({ json: true }, io);
    const { checks } = JSON.parse(io.out()) as { checks: { check: string; state: string; says: string }[] };
    return Object.fromEntries(checks.map(({ check, state, says }) => [check, `${state} ${says}`]));
  };
  const first = await looked();
  assert.match(first['store versions'] ?? '', /^ok journal\.db \d+$/);
  assert.equal(first['last backup'], 'warn none is known: assay backup <folder>');
  const ages: [hours: number, sound: boolean, says: string][] = [
    [0, true, 'ok made within the last hour, in /b'],
    [30, true, 'ok made 30h ago, in /b'],
    [8 * 24, true, 'warn made 8d ago, in /b'],
    [1, false, 'warn made 1h ago, in /b, and it is not sound: assay verify'],
  ];
  for (const [hours, sound, says] of ages) {
    noteBackup(data, { madeAt: NOW - hours * HOUR, to: '/b', sound });
    assert.equal((await looked())['last backup'], says);
  }
});

const NOW = Date.UTC(2026, 7, 1, 12);

function good(): Record<string, string> {
  return {
    ASSAY_DATA: join(folder, 'store'),
    ASSAY_SPEC: join(folder, 'tracking.yaml'),
    ASSAY_PORT: '0',
    ASSAY_ADMIN_PORT: '0',
    ASSAY_SECRET_KEY: SECRET_KEY,
    ASSAY_WEBHOOK_SECRET: 'whsec_c2VjcmV0c2VjcmV0c2VjcmV0',
    ASSAY_TIKTOK_API: `http://127.0.0.1:${port}`,
    TIKTOK_TOKEN: TOKEN,
  };
}
