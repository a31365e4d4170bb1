import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { readReceipt } from '../../src/collection/receipt.ts';
import { DEFAULT_TRACKING_YAML } from '../../src/spec/default-text.ts';
import { openJournalReader } from '../../src/store/sqlite/journal-reader.ts';
import { openLedgerReader } from '../../src/store/sqlite/ledger.ts';
import { type Started, startAssay } from '../assay.ts';
import { limitedFiles, type SmallDisk, smallDisk, smallFileSystem } from './small-disk.ts';

const SECRET = 'secret-key-of-the-server-door';
const WAIT_MS_MAX = 45_000;
const SENDERS = 8;

for (const [name, disk] of Object.entries({ 'a full disk': smallDisk, 'files that cannot grow': limitedFiles }))
  test(`under load ${name} turns requests away with 503, tears nothing, and all goes on by itself`, {
    timeout: 180_000,
  }, async (t) => {
    const small = disk(t);
    const server = await start(t, small);
    const { publicUrl, adminUrl } = server.ready;
    const load = openLoad(publicUrl);
    t.after(load.stop);
    await load.until(() => load.taken.size >= 200, 'requests are taken');

    small.fill(server.pid);
    await load.until(() => load.turnedAway >= 50, 'requests are turned away');
    await load.until(async () => (await ready(adminUrl)).status === 503, 'readiness says that the journal waits');
    assert.equal((await ready(adminUrl)).journal.state, 'waits');
    const atWorst = load.taken.size;

    small.free(server.pid);
    // What was free once is free again also for one who sends nothing: the doors and readiness find out by themselves.
    await load.until(async () => (await ready(adminUrl)).status === 200, 'readiness says that the journal is written');
    await load.until(() => load.taken.size >= atWorst + 200, 'requests are taken again');
    await load.stop();
    await checkWhole(small.folder, load.taken);
    assert.deepEqual(load.odd, []);
    assert.match(server.said(), /the journal can't be written: .*The doors answer 503/);
    assert.match(server.said(), /the journal is written again/);
    assert.deepEqual(await server.end('SIGTERM'), [0, null]);
    t.diagnostic(`by ${small.how}: ${load.taken.size} taken, ${load.turnedAway} turned away`);
  });

test('a server does not start on a read-only disk, says so, and starts once it can be written', {
  timeout: 120_000,
}, async (t) => {
  const disk = readOnlyDisk(t);
  const first = await start(t, disk);
  const load = openLoad(first.ready.publicUrl);
  t.after(load.stop);
  await load.until(() => load.taken.size >= 20, 'requests are taken');
  await load.stop();
  assert.deepEqual(await first.end('SIGTERM'), [0, null]);
  disk.readOnly(true);
  await assert.rejects(start(t, disk), /read-?only|can't be|cannot be|permission/i);
  disk.readOnly(false);
  const second = await start(t, disk);
  await checkWhole(disk.folder, load.taken);
  assert.deepEqual(await second.end('SIGTERM'), [0, null]);
});

/** A folder that can be made read-only: by its file system for root, who may write whatever its rights say. */
function readOnlyDisk(t: TestContext): SmallDisk & { readOnly(only: boolean): void } {
  const mounted = smallFileSystem(t);
  if (mounted) return mounted;
  const at = mkdtempSync(join(tmpdir(), 'assay-disk-'));
  const folder = join(at, 'assay');
  const store = join(at, 'store');
  mkdirSync(store);
  symlinkSync(store, folder);
  const readOnly = (only: boolean): void => {
    chmodSync(store, only ? 0o555 : 0o755);
    // Rights stop no root; the kernel's own file system does, where none may be mounted.
    rmSync(folder);
    symlinkSync(only && process.getuid?.() === 0 ? '/sys' : store, folder);
  };
  t.after(() => {
    readOnly(false);
    rmSync(at, { recursive: true });
  });
  return { ...limitedFiles(t), folder, readOnly };
}

type Server = Started<{ publicUrl: string; adminUrl: string }>;

async function start(t: TestContext, { folder }: SmallDisk): Promise<Server> {
  const specs = mkdtempSync(join(tmpdir(), 'assay-disk-spec-'));
  t.after(() => rmSync(specs, { recursive: true }));
  const specFile = join(specs, 'tracking.yaml');
  writeFileSync(specFile, DEFAULT_TRACKING_YAML);
  const env = {
    ASSAY_DATA: folder,
    ASSAY_SPEC: specFile,
    ASSAY_PORT: '0',
    ASSAY_ADMIN_PORT: '0',
    ASSAY_SECRET_KEY: SECRET,
    ASSAY_RATE_KEY: 'off',
    // TikTok can't be reached all the while, which is nothing to the doors.
    ASSAY_TIKTOK_API: 'http://127.0.0.1:9',
    TIKTOK_TOKEN: 'token',
  };
  return startAssay(['serve', '--json'], env, (child) => t.after(() => child.kill('SIGKILL')));
}

async function ready(adminUrl: string): Promise<{ status: number; journal: { state: string } }> {
  const answer = await fetch(`${adminUrl}/readyz`);
  return { status: answer.status, ...((await answer.json()) as { journal: { state: string } }) };
}

interface Load {
  /** event ids by the sequence under which they were acknowledged */
  taken: Map<number, string>;
  turnedAway: number;
  /** answers that are neither 202 nor 503 of the journal */
  odd: string[];
  /** Sends until it holds. */
  until(holds: () => boolean | Promise<boolean>, what: string): Promise<void>;
  stop(): Promise<void>;
}

/** Some senders of events, one request after another each. */
function openLoad(publicUrl: string): Load {
  let stopped = false;
  const load: Load = {
    ...{ taken: new Map(), turnedAway: 0, odd: [] },
    async until(holds, what) {
      const end = performance.now() + WAIT_MS_MAX;
      while (!(await holds())) {
        assert.ok(performance.now() < end, `waited in vain: ${what}; ${load.taken.size} taken, ${load.turnedAway} not`);
        await wait(50);
      }
    },
    async stop() {
      stopped = true;
      await Promise.all(senders);
    },
  };
  async function tell(id: string): Promise<void> {
    const body = JSON.stringify({
      event: 'Contact',
      event_id: id,
      source: 'web',
      page: { url: 'https://shop.example/' },
    });
    const headers = { authorization: `Bearer ${SECRET}`, 'content-type': 'application/json' };
    const answer = await fetch(`${publicUrl}/v1/server/events`, { method: 'POST', headers, body });
    const told = (await answer.json()) as { receipt?: string; code?: string };
    const receipt = readReceipt(SECRET, told.receipt ?? '');
    if (answer.status === 202 && receipt) load.taken.set(receipt.first, id);
    else if (answer.status === 503 && told.code === 'journal_unwritable' && answer.headers.get('retry-after') === '5')
      load.turnedAway++;
    else load.odd.push(`${answer.status} ${JSON.stringify(told)}`);
  }
  async function send(sender: number): Promise<void> {
    for (let n = 0; !stopped; n++) {
      await tell(`e-${sender}-${n}`);
      await wait(5);
    }
  }
  const senders = Array.from({ length: SENDERS }, (_, sender) => send(sender));
  return load;
}

/** What was acknowledged is there, what is there is whole, and each record has its verdict in the end. */
async function checkWhole(folder: string, taken: ReadonlyMap<number, string>): Promise<void> {
  const [journal, ledger] = [await openJournalReader(folder), await openLedgerReader(folder)];
  try {
    const records = await journal.read(0, 1_000_000);
    assert.deepEqual([records.length, records.at(-1)?.seq], [await journal.last(), records.length]);
    for (const [seq, id] of taken) assert.equal(records[seq - 1]?.body['event_id'], id);
    for (const end = performance.now() + WAIT_MS_MAX; ; await wait(50)) {
      const { offset, verdicts } = await ledger.totals();
      const last = await journal.last();
      assert.equal(
        verdicts.reduce((sum, { count }) => sum + count, 0),
        offset,
      );
      if (offset === last) return;
      assert.ok(performance.now() < end, `admission stands at ${offset} of ${last}`);
    }
  } finally {
    await Promise.all([journal.close(), ledger.close()]);
  }
}
