import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readReceipt } from '../../src/collection/receipt.ts';
import { start as startTwin, TWIN } from '../../src/sim/twin/client.ts';
import { chance } from '../../src/sim/world/random.ts';
import { DEFAULT_TRACKING_YAML } from '../../src/spec/default-text.ts';
import { openLedgerReader } from '../../src/store/sqlite/ledger.ts';
import { temporaryFolder } from '../../src/store/test-folder.ts';
import { runAssay, type Started, startAssay } from '../assay.ts';
import { type Load, openLoad } from '../crash/load.ts';

const ASSAY = fileURLToPath(new URL('../../bin/assay.js', import.meta.url));
const REQUESTS_A_SECOND = 100;
const SPEC = DEFAULT_TRACKING_YAML.replace('delay: 5s', 'delay: 50ms').replace('linger: 1s', 'linger: 50ms');

test('a backup made under load has all that was acknowledged before it, is sound, and what it brings back is sent to nobody twice', {
  timeout: 180_000,
}, async (t) => {
  const world = await openWorld(t);
  // Nobody answers there: whatever is told waits to be sent.
  const server = await world.serve(world.data, 'http://127.0.0.1:9');
  const stop = new AbortController();
  const running = world.load.run(server.ready.publicUrl, REQUESTS_A_SECOND, stop.signal);
  await acknowledged(world.load, 200);

  const seen = Math.max(...world.load.acknowledged.keys());
  const to = join(world.folder, 'backup');
  const made = await runAssay(['backup', to, '--data', world.data, '--json']);
  assert.equal(made.code, 0, made.stdout + made.stderr);
  const { journal, offset } = JSON.parse(made.stdout) as { journal: { last: number }; offset: number };
  assert.ok(journal.last >= seen && offset <= journal.last, `${seen} ${offset} ${journal.last}`);

  await cutBackup(world.data, join(world.folder, 'cut'));
  const checked = await runAssay(['verify', '--data', world.data, '--json']);
  assert.equal(checked.code, 0, checked.stdout + checked.stderr);
  await acknowledged(world.load, world.load.acknowledged.size + 50);
  stop.abort();
  await running;
  await server.end('SIGTERM');

  const restored = await runAssay(['restore', to, '--data', world.data, '--force', '--json']);
  assert.equal(restored.code, 0, restored.stdout + restored.stderr);
  const { lost, unknown } = JSON.parse(restored.stdout) as { lost: { from: number; to: number }; unknown: number };
  assert.ok(lost.from === journal.last + 1 && lost.to > lost.from && unknown > 0, restored.stdout);

  const twin = await startTwin();
  t.after(() => twin.stop());
  const again = await world.serve(world.data, twin.url);
  const body = {
    event: 'Contact',
    event_id: 'after-the-restore',
    consent: 'granted',
    page: { url: 'https://shop.example/' },
  };
  const answer = await fetch(`${again.ready.publicUrl}/v1/server/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${world.secretKey}` },
    body: JSON.stringify(body),
  });
  assert.equal(answer.status, 202, await answer.text());
  const arrived = async (): Promise<string[]> =>
    (await twin.events({ event: 'Contact', limit: 1_000_000 })).map((view) => view.event_id ?? '');
  for (let tries = 0; !(await arrived()).includes('after-the-restore'); tries++) {
    assert.ok(tries < 600, 'what is told after the restore arrives');
    await wait(50);
  }
  await again.end('SIGTERM');

  const ledger = await openLedgerReader(world.data);
  const { dispatches } = await ledger.totals();
  const parked = dispatches.filter(({ leg, state }) => leg === 'api' && state === 'unknown');
  assert.equal(
    parked.reduce((sum, { count }) => sum + count, 0),
    unknown,
  );
  await ledger.close();
  assert.deepEqual(await arrived(), ['after-the-restore']);
  const equal = await runAssay(['rebuild', '--check', '--data', world.data, '--json']);
  assert.equal(equal.code, 0, equal.stdout + equal.stderr);
});

/** kill -9 of a backup that is under way: it is no backup, and no other one minds it. */
async function cutBackup(data: string, to: string): Promise<void> {
  const child = spawn(process.execPath, [ASSAY, 'backup', to, '--data', data], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  while (!existsSync(`${to}.partial`) && child.exitCode === null) await wait(1);
  child.kill('SIGKILL');
  await ended;
  if (!existsSync(to)) {
    const restored = await runAssay(['restore', `${to}.partial`, '--data', `${to}-data`]);
    assert.equal(restored.code, 2, restored.stdout);
    assert.match(restored.stderr, /is no whole backup/);
  }
  const other = await runAssay(['backup', `${to}-again`, '--data', data, '--json']);
  assert.equal(other.code, 0, other.stdout + other.stderr);
  assert.deepEqual(readdirSync(`${to}-again`).sort(), ['backup.json', 'journal.db', 'ledger.db']);
}

async function acknowledged(load: Load, count: number): Promise<void> {
  for (let tries = 0; load.acknowledged.size < count; tries++) {
    assert.ok(tries < 1200, `only ${load.acknowledged.size} were acknowledged`);
    await wait(50);
  }
}

interface World {
  folder: string;
  data: string;
  secretKey: string;
  load: Load;
  serve(data: string, tiktok: string): Promise<Started<{ publicUrl: string }>>;
}

async function openWorld(t: TestContext): Promise<World> {
  const folder = await temporaryFolder(t);
  const specFile = join(folder, 'tracking.yaml');
  writeFileSync(specFile, SPEC);
  const secretKey = randomBytes(24).toString('base64');
  const webhookSecret = `whsec_${randomBytes(24).toString('base64')}`;
  let last: ChildProcess | undefined;
  t.after(() => last?.kill('SIGKILL'));
  const read = (receipt: string) => readReceipt(secretKey, receipt);
  return {
    folder,
    data: join(folder, 'data'),
    secretKey,
    load: openLoad({ secretKey, webhookSecret, readReceipt: read }, chance(5)),
    serve: (data, tiktok) =>
      startAssay(
        ['serve', '--json'],
        {
          ...{ ASSAY_DATA: data, ASSAY_SPEC: specFile, ASSAY_PORT: '0', ASSAY_ADMIN_PORT: '0' },
          ...{ ASSAY_SECRET_KEY: secretKey, ASSAY_WEBHOOK_SECRET: webhookSecret },
          ...{ ASSAY_TIKTOK_API: tiktok, TIKTOK_TOKEN: TWIN.token },
        },
        (child) => {
          last = child;
        },
      ),
  };
}
